import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import Stream, Trace, UTCDateTime
from obspy.signal.trigger import trigger_onset
from scipy.signal import firwin

from seispipe.archive.recordings import CATALOGUE, load_waveforms
from seispipe.errors import BadSamples, UnsuitableSettings
from seispipe.picking import (
    PickingSettings,
    explain_no_pick,
    filter_for_picking,
    find_events,
    first_onset,
    pick_p,
    refine,
    samples,
)
from seispipe.synthesis.instrument import FILTERS


@pytest.mark.parametrize(("name", "tolerance"), [("rjob-2005", 0.02), ("manz-waldk", 0.1)])
def test_published_onsets_are_met(name, tolerance):
    trace = load_waveforms(name)[0]
    seconds = pick_p(trace).time - trace.stats.starttime
    assert seconds == pytest.approx(CATALOGUE[name].published_p, abs=tolerance)


def test_the_three_events_of_2010_are_found():
    """ObsPy's tutorial data: three events, each seen by at least three of four stations."""
    stream = Stream(load_waveforms(f"uh{number}-2010")[0] for number in (1, 2, 3, 4))
    settings = PickingSettings(band_hz=(10.0, 20.0), on=3.5, off=1.0)
    events = find_events(stream, 3, settings)
    published = [UTCDateTime(f"2010-05-27T16:{time}") for time in ("24:33", "27:01", "27:30")]
    assert len(events) == 3
    for event, time in zip(events, published, strict=True):
        assert abs(event["time"] - time) < 2
    assert [len(event["stations"]) for event in events] == [4, 3, 4]


def onset_at(noise: Trace, seconds: float, snr: float) -> Trace:
    """Noise with a 5 Hz wave that starts at a known time and dies away."""
    trace = noise.copy()
    time = np.maximum(0.0, trace.times() - seconds)
    trace.data = trace.data + snr * np.exp(-time / 2) * np.sin(2 * np.pi * 5.0 * time)
    return trace


@pytest.mark.parametrize("seconds", [15.0, 29.37, 50.0])
@pytest.mark.parametrize("scale", [1.0, 1e-9])
def test_a_known_onset_is_found_whatever_the_unit(noise, seconds, scale):
    trace = onset_at(noise, seconds, snr=50)
    trace.data *= scale
    pick = pick_p(trace)
    assert pick.time - trace.stats.starttime == pytest.approx(seconds, abs=0.05)
    assert pick.time <= pick.trigger_time
    assert pick.snr > 10


def test_the_signal_to_noise_ratio_is_what_it_says(noise):
    trace = onset_at(noise, 30.0, snr=50)
    settings = PickingSettings()
    pick = pick_p(trace, settings)
    filtered = filter_for_picking(trace, settings)
    before = filtered.slice(pick.time - 5, pick.time - filtered.stats.delta).data
    after = filtered.slice(pick.time, pick.time + 0.5 - filtered.stats.delta).data
    assert len(before) == 500
    assert pick.snr == pytest.approx(np.abs(after).max() / np.sqrt(np.mean(before**2)))


def test_a_pick_moves_with_the_clock(noise):
    trace = onset_at(noise, 30.0, snr=50)
    before = pick_p(trace).time
    trace.stats.starttime += 86400
    assert pick_p(trace).time - before == 86400


def test_polarity_does_not_matter(noise):
    trace = onset_at(noise, 30.0, snr=50)
    flipped = trace.copy()
    flipped.data *= -1
    assert pick_p(flipped).time == pick_p(trace).time


def test_noise_has_no_onset_and_is_told_how_near_it_came(noise):
    assert pick_p(noise) is None
    assert "of the 5 it takes" in explain_no_pick(noise)


def test_the_first_long_average_is_blind():
    """The recording of 2009 has less than 5 s of noise, so 10 s of average cannot see its P."""
    trace = load_waveforms("rjob-2009")[0]
    assert pick_p(trace) is None
    assert "an onset in the first 10 s" in explain_no_pick(trace)
    shorter = pick_p(trace, replace(PickingSettings(), long_s=4.0))
    assert shorter.time - trace.stats.starttime == pytest.approx(4.72, abs=0.05)


def test_the_input_is_left_as_it_was(noise):
    before = noise.copy()
    pick_p(noise)
    assert noise == before


@pytest.mark.parametrize("constant", [0.0, 1234.5])
def test_a_dead_channel_is_said_to_be_dead(noise, constant):
    noise.data[:] = constant
    with pytest.raises(BadSamples, match=r"every sample of .* is the same"):
        pick_p(noise)


def test_samples_that_are_no_numbers_are_refused(noise):
    noise.data[100] = np.nan
    with pytest.raises(BadSamples, match="non-finite"):
        pick_p(noise)


def test_a_band_beyond_nyquist_is_refused(noise):
    noise.stats.sampling_rate = 40.0
    with pytest.raises(UnsuitableSettings, match="above 20 Hz, too little for a band_hz from 1"):
        pick_p(noise, PickingSettings(band_hz=(1.0, 20.0)))
    noise.stats.sampling_rate = 4.0
    with pytest.raises(UnsuitableSettings, match="above 2 Hz, too little for a band_hz from 1"):
        pick_p(noise)


@pytest.mark.parametrize(("rate", "end"), [(20, 4), (40, 8), (50, 10), (100, 20), (200, 20)])
def test_the_usual_band_ends_well_below_the_nyquist_frequency(rate, end):
    assert PickingSettings().pass_band(rate) == (1.0, end)
    assert PickingSettings(band_hz=(2.0, 9.0)).pass_band(rate) == (2.0, 9.0)


def test_a_window_shorter_than_the_long_average_is_refused(noise):
    noise.data = noise.data[:1000]
    with pytest.raises(
        UnsuitableSettings, match="10 s long, but the long average alone takes 10 s"
    ):
        pick_p(noise)


@pytest.mark.parametrize(
    "wrong",
    [{"band_hz": (20.0, 1.0)}, {"short_s": 20.0}, {"off": 9.0}, {"aic_after_s": 0.0}],
)
def test_settings_that_make_no_sense_are_refused_at_once(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        PickingSettings(**wrong)


def test_the_onset_is_the_first_sample_of_the_signal_and_not_the_last_of_the_noise():
    """Found on the teaching archive: all picks were a sample early."""
    generator = np.random.default_rng(1)
    found = []
    for _ in range(50):
        data = generator.standard_normal(600)
        data[300:] *= 100
        trace = Trace(data, header={"sampling_rate": 100.0})
        found.append(refine(trace, 310, PickingSettings()))
    assert np.median(found) == 300


@given(ratio=st.lists(st.floats(0, 10), min_size=30, max_size=80))
def test_the_first_trigger_is_the_one_that_obspy_finds(ratio):
    """The picker looks for the first alone, where ObsPy goes through all of them."""
    ratio = np.array(ratio)
    expected = trigger_onset(ratio, 5.0, 1.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "sta_lta_ratio", lambda *_: ratio)
        noise = np.random.default_rng(0).standard_normal(len(ratio))
        found = first_onset(noise, 100.0, PickingSettings())
    if len(expected) == 0:
        assert (found.trigger, found.sta_lta) == (None, ratio.max())
        return
    start, stop = expected[0]
    assert (found.trigger, found.sta_lta) == (start, ratio[start : stop + 1].max())


def through_symmetric_filters(fast: np.ndarray) -> np.ndarray:
    """Thin out samples as the teaching archive's digitiser does: with filters that look ahead."""
    for factor, taps in FILTERS:
        fast = np.convolve(fast, firwin(taps, 0.8 / factor), mode="same")[::factor]
    return fast


@pytest.mark.parametrize("hertz", [2.0, 8.0, 25.0])
@pytest.mark.parametrize("snr", [50, 5000])
def test_the_precursor_of_a_symmetric_filter_hardly_moves_the_pick(hertz, snr):
    """Such a filter lets an onset be seen before it came; the sharper it is, the more."""
    factor = math.prod(factor for factor, _ in FILTERS)
    fast = np.random.default_rng(7).standard_normal(60 * 100 * factor)
    onset = len(fast) // 2
    after = np.arange(len(fast) - onset) / (100 * factor)
    fast[onset:] += snr * np.cos(2 * np.pi * hertz * after) * np.exp(-after)
    trace = Trace(through_symmetric_filters(fast), header={"sampling_rate": 100.0})
    early = onset / (100 * factor) - (pick_p(trace).time - trace.stats.starttime)
    assert -0.011 < early < 0.021
