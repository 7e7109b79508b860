import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from cachetools import LRUCache
from obspy import Trace, read
from obspy.core.inventory import Channel, Inventory, Network, Station
from obspy.core.inventory.response import Response

from seispipe import correction
from seispipe.archive import Recordings
from seispipe.archive.recordings import _SIGNAL, _path, load_waveforms
from seispipe.correction import UNITS, CorrectionSettings, to_ground_motion
from seispipe.errors import BadSamples, NoResponse, UnsuitableSettings


@pytest.mark.parametrize("units", UNITS)
def test_it_equals_obspys_own_chain(jochberg, inventory_rjob, units):
    """Only the length of the Fourier transform differs, and with it what wraps round at the ends.

    Without a water level, because ObsPy's is relative to the largest gain in the unit asked for:
    at 60 dB it cuts into the pass band of an acceleration.
    """
    by_hand = jochberg[0].copy()
    by_hand.detrend("linear")
    by_hand.remove_response(
        inventory_rjob,
        output=units,
        pre_filt=(0.25, 0.5, 70.0, 80.0),
        water_level=None,
        taper_fraction=2 / 60,
    )
    corrected = to_ground_motion(jochberg[0], inventory_rjob, units)
    inner = slice(200, -200)
    difference = np.abs(corrected.data - by_hand.data)[inner].max()
    tolerance = 1e-5 if units == "DISP" else 1e-6
    assert difference < tolerance * np.abs(by_hand.data).max()
    assert corrected.stats.starttime == jochberg[0].stats.starttime


def test_ground_motion_comes_back_from_its_own_counts(inventory_rjob):
    """Forward and back: a known velocity through the response, corrected, is that velocity."""
    rate, count = 200.0, 12_000
    seconds = np.arange(count) / rate - 30.0
    velocity = 1e-6 * np.exp(-((seconds / 0.5) ** 2)) * np.sin(2 * np.pi * 5.0 * seconds)
    start = load_waveforms("rjob-2005")[0].stats.starttime
    response = inventory_rjob.get_response("BW.RJOB..EHZ", start)
    # The longer transform leaves room for the response to ring without wrapping round.
    transform = 2 * count
    gain, _ = response.get_evalresp_response(1 / rate, transform, output="VEL")
    counts = np.fft.irfft(np.fft.rfft(velocity, transform) * gain, transform)[:count]
    trace = Trace(
        counts,
        header={
            "network": "BW",
            "station": "RJOB",
            "channel": "EHZ",
            "sampling_rate": rate,
            "starttime": start,
        },
    )
    corrected = to_ground_motion(trace, inventory_rjob)
    assert np.abs(corrected.data - velocity).max() < 0.002 * np.abs(velocity).max()


def test_crlz_agrees_with_the_reference_that_sac_made():
    """ObsPy ships the same data corrected by SAC. With SAC's own taper it asks for 0.0094."""
    reference = read(str(_path(f"{_SIGNAL}/CRLZ.HHZ.10.NZ.SAC_resp")))[0]  # nm/s
    raw = load_waveforms("crlz-2009")[0]
    inventory = Recordings().get_stations(network="NZ", station="CRLZ")
    settings = CorrectionSettings(
        low_hz=(0.00588, 0.00625), high_nyquist=(30 / 50, 35 / 50), taper_s=0.05 * 327.68
    )
    ours = 1e9 * to_ground_motion(raw, inventory, "VEL", settings).data
    misfit = np.sqrt(np.sum((ours - reference.data) ** 2) / np.sum(reference.data**2))
    assert misfit < 0.015


def test_units_are_derivatives_of_one_another(jochberg, inventory_rjob):
    motion = {u: to_ground_motion(jochberg[0], inventory_rjob, u) for u in ("DISP", "VEL", "ACC")}
    inside = slice(1000, -1000)
    for lower, higher in (("DISP", "VEL"), ("VEL", "ACC")):
        derivative = motion[lower].copy().differentiate().data[inside]
        wanted = motion[higher].data[inside]
        # A central difference loses a little at high frequency, so amplitudes are compared loosely.
        assert np.corrcoef(derivative, wanted)[0, 1] > 0.99
        assert derivative.std() == pytest.approx(wanted.std(), rel=0.1)


def test_the_wrong_epoch_would_be_wrong_by_the_ratio_of_sensitivities(jochberg, inventory_rjob):
    later = jochberg[0].copy()
    later.stats.starttime += 4 * 365 * 86400  # the same counts, claimed for 2009
    right = np.abs(to_ground_motion(jochberg[0], inventory_rjob).data).max()
    wrong = np.abs(to_ground_motion(later, inventory_rjob).data).max()
    assert wrong / right == pytest.approx(4.0e8 / 2.5168e9, rel=0.1)


def test_amplitudes_do_not_depend_on_the_length_of_the_window(inventory_rjob):
    """Found as a bug: a taper that grew with the window ate an event early in it."""
    start = load_waveforms("rjob-2005")[0].stats.starttime
    peaks = []
    for seconds in (60, 600, 3600):
        trace = Trace(
            np.random.default_rng(1).standard_normal(seconds * 200),
            header={"network": "BW", "station": "RJOB", "channel": "EHZ", "sampling_rate": 200.0},
        )
        trace.stats.starttime = start
        time_after = np.arange(600) / 200.0
        trace.data[3000:3600] += 5000 * np.exp(-time_after) * np.sin(2 * np.pi * 5 * time_after)
        peaks.append(np.abs(to_ground_motion(trace, inventory_rjob).data).max())
    assert peaks == pytest.approx([peaks[0]] * 3, rel=0.01)


def test_the_water_level_is_the_one_asked_for(jochberg, inventory_rjob):
    high, usual = (
        to_ground_motion(jochberg[0], inventory_rjob, "VEL", settings).data
        for settings in (CorrectionSettings(water_level_db=1.0), CorrectionSettings())
    )
    # A floor only 1 dB below the peak holds back the low frequencies, where the response falls.
    assert np.abs(high - usual).max() > 0.001 * np.abs(usual).max()


def test_the_input_is_left_as_it_was(jochberg, inventory_rjob):
    before = jochberg[0].copy()
    to_ground_motion(jochberg[0], inventory_rjob)
    assert jochberg[0] == before


def test_wrong_units_are_named_with_the_right_ones(jochberg, inventory_rjob):
    with pytest.raises(ValueError, match=r"'VELOCITY'; choose one of VEL \(m/s\), DISP \(m\), ACC"):
        to_ground_motion(jochberg[0], inventory_rjob, "VELOCITY")


def test_no_response_for_the_time_is_named(jochberg, inventory_rjob):
    jochberg[0].stats.starttime -= 10 * 365 * 86400
    with pytest.raises(NoResponse, match=r"no response for BW\.RJOB\.\.EHZ at 1995"):
        to_ground_motion(jochberg[0], inventory_rjob)


def test_a_gap_is_refused(jochberg, inventory_rjob):
    jochberg[0].data = np.ma.masked_less(jochberg[0].data, -4000)
    with pytest.raises(BadSamples, match="masked"):
        to_ground_motion(jochberg[0], inventory_rjob)


def test_a_rate_too_low_for_the_pass_band_is_refused(jochberg, inventory_rjob):
    jochberg[0].stats.sampling_rate = 1.0
    with pytest.raises(UnsuitableSettings, match=r"at 1 Hz the pre-filter would rise to 0\.5 Hz"):
        to_ground_motion(jochberg[0], inventory_rjob)


@pytest.mark.parametrize(
    "wrong",
    [
        {"low_hz": (0.5, 0.25)},
        {"low_hz": (0, 1)},
        {"high_nyquist": (0.9, 1.1)},
        {"taper_s": -1},
    ],
)
def test_settings_that_make_no_sense_are_refused_at_once(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        CorrectionSettings(**wrong)


@pytest.fixture
def nothing_kept(monkeypatch):
    """A cache of its own, so that each test evaluates anew."""
    cache = LRUCache(maxsize=256e6, getsizeof=lambda inverse: inverse.nbytes)
    monkeypatch.setattr(correction, "_evaluated", cache)
    return cache


@pytest.fixture
def evaluations(monkeypatch):
    """How often a response was evaluated, and how many threads were in it at most."""
    seen = {"count": 0, "inside": 0, "most": 0}
    original = Response.get_evalresp_response

    def watched(response, *arguments, **options):
        seen["count"] += 1
        seen["inside"] += 1
        seen["most"] = max(seen["most"], seen["inside"])
        time.sleep(0.02)  # long enough for a second thread to come in, were it let
        try:
            return original(response, *arguments, **options)
        finally:
            seen["inside"] -= 1

    monkeypatch.setattr(Response, "get_evalresp_response", watched)
    return seen


def test_only_one_thread_at_a_time_evaluates_a_response(
    jochberg, inventory_rjob, nothing_kept, evaluations
):
    """ObsPy's evaluation keeps its state in C globals: two threads in it go wrong silently."""
    alone = to_ground_motion(jochberg[0], inventory_rjob).data
    settings = [CorrectionSettings(water_level_db=60.0 + k) for k in range(8)] * 2

    def correct(chosen):
        return to_ground_motion(jochberg[0], inventory_rjob, "VEL", chosen).data

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(correct, settings))
    assert evaluations["most"] == 1
    assert evaluations["count"] == 8
    for data in results:
        np.testing.assert_allclose(data, alone, rtol=0, atol=1e-6 * np.abs(alone).max())


def test_a_response_is_evaluated_once_and_never_taken_for_another(
    jochberg, inventory_rjob, nothing_kept, evaluations
):
    trace = jochberg[0]
    first = to_ground_motion(trace, inventory_rjob).data
    assert np.array_equal(to_ground_motion(trace, inventory_rjob.copy()).data, first)
    assert evaluations["count"] == 1
    other = inventory_rjob.copy()
    for channel in other.select(channel="EHZ")[0][0]:
        channel.response.response_stages[0].stage_gain *= 2
        channel.response.instrument_sensitivity.value *= 2
    halved = to_ground_motion(trace, other).data
    assert np.allclose(2 * halved, first, rtol=0, atol=1e-9 * np.abs(first).max())
    assert evaluations["count"] == 2
    to_ground_motion(trace.copy().trim(trace.stats.starttime + 20), inventory_rjob)
    to_ground_motion(trace, inventory_rjob, "DISP")
    assert evaluations["count"] == 4


def test_what_is_kept_is_bounded_and_cannot_be_changed(jochberg, inventory_rjob, monkeypatch):
    small = LRUCache(maxsize=300_000, getsizeof=lambda inverse: inverse.nbytes)
    monkeypatch.setattr(correction, "_evaluated", small)
    for units in UNITS:
        to_ground_motion(jochberg[0], inventory_rjob, units)
    assert 0 < small.currsize <= 300_000
    (inverse, *_) = small.values()
    with pytest.raises(ValueError, match="read-only"):
        inverse[0] = 1


def test_twenty_thousand_corrections_in_eight_threads_are_all_right(monkeypatch):
    """Nothing is kept, so that each evaluates; long evaluations in between make it dangerous.

    Without the lock some dozens come out wrong on two cores. (On one core none does.)
    """
    monkeypatch.setattr(correction, "_evaluated", LRUCache(maxsize=0))
    response = Response.from_paz([0, 0], [-0.037 - 0.037j, -0.037 + 0.037j], 1500.0)
    channel = Channel("HHZ", "", 0, 0, 0, 0, response=response, sample_rate=100.0)
    inventory = Inventory([Network("XX", [Station("S", 0, 0, 0, channels=[channel])])])
    header = {"network": "XX", "station": "S", "channel": "HHZ", "sampling_rate": 100.0}
    window = Trace(np.random.default_rng(0).standard_normal(100), header)
    settings = CorrectionSettings(low_hz=(1.0, 2.0))
    alone = to_ground_motion(window, inventory, "VEL", settings).data
    long = correction._Plan.of(400_000, 100.0, "VEL", CorrectionSettings(low_hz=(0.01, 2.0)))
    assert long.blocks.length > 400_000

    def is_right(turn):
        if turn % 40 == 0:
            long.inverse(response, b"")
        return np.array_equal(to_ground_motion(window, inventory, "VEL", settings).data, alone)

    with ThreadPoolExecutor(8) as pool:
        wrong = sum(not right for right in pool.map(is_right, range(20_000)))
    assert wrong == 0


def test_long_windows_of_any_length_share_one_evaluation(inventory_rjob, monkeypatch):
    monkeypatch.setattr(correction, "_evaluated", LRUCache(maxsize=1e9))
    response = load_waveforms("rjob-2005")[0].stats.starttime
    response = inventory_rjob.get_response("BW.RJOB..EHZ", response)
    found = [
        correction._Plan.of(samples, 200.0, "VEL", CorrectionSettings()).inverse(response, b"")
        for samples in (400_000, 500_000, 17_280_000)
    ]
    assert found[0] is found[1] is found[2]
    assert found[0].nbytes < 2e6


@pytest.mark.parametrize("samples", [*range(11_990, 12_001), 7603])
def test_it_equals_obspys_chain_at_every_length(jochberg, inventory_rjob, samples):
    """Found with a transform of 16807 = 7⁵ samples: ObsPy takes an even length for granted."""
    window = jochberg[0].copy()
    window.data = window.data[:samples]
    by_hand = window.copy().detrend("linear")
    by_hand.remove_response(
        inventory_rjob,
        output="VEL",
        pre_filt=(0.25, 0.5, 70.0, 80.0),
        water_level=60,
        taper_fraction=2 / (samples / 200.0),
    )
    found = to_ground_motion(window, inventory_rjob).data
    apart = np.abs(found - by_hand.data)[400:-400].max()
    assert apart < 2e-6 * np.abs(by_hand.data).max()
