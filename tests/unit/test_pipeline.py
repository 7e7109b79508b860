import logging
import re

import numpy as np
import pytest
from obspy import Stream

from seispipe import errors
from seispipe.archive import Recordings, Request
from seispipe.archive.recordings import CATALOGUE
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    dominant_frequency,
    fit_source,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import PickingSettings, pick_p
from seispipe.pipeline import Settings, process_station, run
from seispipe.results import STATUSES
from seispipe.trimming import TrimmingSettings, signal_and_noise
from seispipe.waveforms import read_window


def test_rjob_is_picked_where_it_was_published(request_2005):
    row = process_station(request_2005, Recordings())
    assert (row.status, row.reason) == ("ok", "")
    published = request_2005.start + CATALOGUE["rjob-2005"].published_p
    assert abs(row.p_time - published) <= 0.02
    assert row.snr > 100
    # A thousandth of a millimetre a second: a small earthquake close by, in m/s and not in counts.
    assert 1e-6 < row.peak_velocity < 1e-4
    assert 1 < row.dominant_hz < 20
    assert 1 < row.corner_hz < 20


def by_hand(request, settings):
    """The six stages, called one by one."""
    archive = Recordings()
    inventory = channel_inventory(archive, request)
    velocity = to_ground_motion(
        read_window(archive, request), inventory, "VEL", settings.correction
    )
    pick = pick_p(velocity, settings.picking)
    signal, noise = signal_and_noise(velocity, pick.time, settings.trimming)
    taper = settings.frequency.taper_fraction
    spectrum = amplitude_spectrum(signal, taper)
    fit = fit_source(spectrum, amplitude_spectrum(noise, taper), settings.frequency)
    return pick, signal, spectrum, fit


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(correction=CorrectionSettings(low_hz=(0.3, 0.6))),
        Settings(picking=PickingSettings(band_hz=(5.0, 30.0))),
        Settings(trimming=TrimmingSettings(after_s=2.0)),
        Settings(frequency=FrequencySettings(taper_fraction=0.5, t_star_s=0.01)),
    ],
)
def test_a_row_is_what_the_stages_give_with_the_same_settings(request_2005, settings):
    row = process_station(request_2005, Recordings(), settings)
    pick, signal, spectrum, fit = by_hand(request_2005, settings)
    assert (row.p_time, row.snr) == (pick.time, pick.snr)
    assert row.peak_velocity == np.abs(signal.data).max()
    assert row.dominant_hz == dominant_frequency(spectrum)
    assert (row.corner_hz, row.plateau) == (fit.corner_hz, fit.plateau)
    if settings != Settings():
        assert row != process_station(request_2005, Recordings())


def test_a_pick_in_the_faded_end_becomes_a_row(request_2005):
    """The window ends just where the taper would eat into the signal."""
    onset = request_2005.start + 30.645
    for spare, status in ((0.5, "outside_window"), (1.1, "ok")):
        request = Request.from_id("BW.RJOB..EHZ", request_2005.start, onset + 4.5 + spare)
        assert process_station(request, Recordings()).status == status


def test_every_recording_in_is_a_row_out():
    requests = Recordings().requests()
    rows = run(requests, Recordings())
    assert [(row.seed_id, row.start) for row in rows] == [(r.seed_id, r.start) for r in requests]
    assert [row.status for row in rows] == [
        "ok", "bad_metadata", *["no_response"] * 4, "ok", "no_response"
    ]  # fmt: skip
    for row in rows:
        assert bool(row.reason) == (row.status != "ok")


def test_a_run_twice_is_the_same_run():
    requests = Recordings().requests()
    assert run(requests, Recordings()) == run(requests, Recordings())


def spoil(trace, how):
    if how == "gap":
        start = trace.stats.starttime
        return [trace.slice(endtime=start + 20), trace.slice(start + 21.005)]
    if how == "no_data":
        return []
    if how == "bad_samples":
        trace.data[5] = np.nan
    if how == "dead":
        trace.data[:] = 7.0
    return [trace]


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("gap", "gap", "has a gap of 1.00 s"),
        ("no_data", "no_data", "holds no sample of BW.RJOB..EHZ"),
        ("bad_samples", "bad_samples", "1 of the 12000 samples"),
        ("dead", "bad_samples", "the channel is dead"),
    ],
)
def test_bad_data_become_a_row_with_a_reason(
    jochberg, archive_of, request_2005, how, status, reason
):
    row = process_station(request_2005, archive_of(*spoil(jochberg[0], how)))
    assert row.status == status
    assert reason in row.reason
    assert row.p_time is None


def test_an_unknown_station_becomes_a_row(request_2005, archive_of, jochberg):
    request = Request.from_id("XX.NOPE..HHZ", request_2005.start, request_2005.end)
    row = process_station(request, archive_of(jochberg[0]))
    assert (row.station, row.status) == ("NOPE", "unknown_station")


def test_a_pick_too_near_the_edge_becomes_a_row(request_2005):
    settings = Settings(trimming=TrimmingSettings(after_s=40.0))
    row = process_station(request_2005, Recordings(), settings)
    assert row.status == "outside_window"


def test_settings_that_do_not_fit_become_a_row(request_2005):
    settings = Settings(picking=PickingSettings(band_hz=(1.0, 150.0)))
    row = process_station(request_2005, Recordings(), settings)
    assert row.status == "unsuitable_settings"
    assert "hold nothing above 100 Hz" in row.reason


@pytest.mark.parametrize(
    "settings",
    [
        Settings(correction=CorrectionSettings(low_hz=(1.0, 2.0))),
        Settings(correction=CorrectionSettings(high_nyquist=(0.2, 0.25))),
        Settings(picking=PickingSettings(band_hz=(1.0, 60.0))),
    ],
)
def test_a_pre_filter_that_reaches_among_the_picks_frequencies_is_refused(request_2005, settings):
    for rows in (
        [process_station(request_2005, Recordings(), settings)],
        run([request_2005], Recordings(), settings),
    ):
        assert [row.status for row in rows] == ["unsuitable_settings"]
        assert "picks come out early" in rows[0].reason


def test_p_is_not_picked_on_a_horizontal_channel(request_2005):
    request = Request.from_id("BW.RJOB..EHN", request_2005.start, request_2005.end)
    row = process_station(request, Recordings())
    assert row.status == "unsuitable_settings"
    assert "ask for EHZ" in row.reason


def test_what_nobody_foresaw_becomes_a_row_and_a_traceback_in_the_log(request_2005, caplog):
    class Broken:
        def get_stations(self, **_):
            raise ZeroDivisionError("the archive fell over")

    with caplog.at_level(logging.ERROR):
        row = process_station(request_2005, Broken())
    assert (row.status, row.reason) == ("error", "ZeroDivisionError: the archive fell over")
    assert "Traceback" in caplog.text


def test_one_bad_station_does_not_lose_the_others(request_2005, archive_of, jochberg):
    bad = Request.from_id("XX.NOPE..HHZ", request_2005.start, request_2005.end)
    rows = run([bad, request_2005, bad], archive_of(jochberg[0]))
    assert [row.status for row in rows] == ["unknown_station", "ok", "unknown_station"]


def test_data_in_two_records_give_the_same_row(request_2005, archive_of, jochberg):
    trace = jochberg[0]
    middle = trace.stats.starttime + 30.5
    records = Stream([trace.slice(endtime=middle), trace.slice(middle + trace.stats.delta)])
    assert process_station(request_2005, archive_of(*records)) == process_station(
        request_2005, archive_of(trace)
    )


def test_every_error_has_a_status_that_rows_know():
    statuses = {error.status for error in vars(errors).values() if isinstance(error, type)}
    assert statuses <= set(STATUSES)
    assert all(re.fullmatch("[a-z_]+", status) for status in STATUSES)
