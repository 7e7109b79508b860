"""The teaching archive has a known answer, and the pipeline finds it."""

import hashlib
import json
import math
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_features__
from obspy import Trace, UTCDateTime, read

from seispipe.archive import Request
from seispipe.correction import to_ground_motion
from seispipe.frequency import FrequencySettings, amplitude_spectrum, fit_source
from seispipe.inventory import channel_inventory
from seispipe.pipeline import run
from seispipe.results import beside_truth
from seispipe.sources import open_archive
from seispipe.synthesis.build import SAMPLING_RATE, build, default_stations, digest
from seispipe.synthesis.defects import CLOCK_ERROR_S, DEFECTS
from seispipe.synthesis.earth import LayeredEarth
from seispipe.synthesis.instrument import broadband_response, station_inventory
from seispipe.synthesis.motion import DURATION_S, ground_motion, in_counts, transform_length
from seispipe.synthesis.network import CENTRE, earthquakes, hour_stations
from seispipe.synthesis.source import DENSITY_KG_M3, FREE_SURFACE, S_SPEED_M_S
from seispipe.trimming import cut
from seispipe.waveforms import read_window


@pytest.fixture(scope="module")
def folder(teaching) -> Path:
    return teaching


@pytest.fixture(scope="module")
def truth(folder) -> dict:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "truth.json"
    }


def test_it_holds_what_it_should_and_is_small(folder, truth):
    files = digests(folder)
    assert sum(name.endswith(".ms") for name in files) == 24 * 3 + 2 + len(DEFECTS)
    assert sum(name.endswith(".xml") for name in files) == 26 + len(DEFECTS) - 1
    assert len(truth["arrivals"]) == (26 + len(DEFECTS)) * len(truth["earthquakes"])
    assert "No such network exists" in truth["statement"]
    assert sum(path.stat().st_size for path in folder.rglob("*.*")) < 50e6
    day = read(str(next(folder.rglob("XXD001*.ms"))), headonly=True)
    assert sum(trace.stats.npts for trace in day) == 8_640_000


def test_any_stations_in_any_order_by_any_number_of_workers_are_the_same_bytes(folder, tmp_path):
    chosen = [hour_stations(30)[k] for k in (16, 2)]
    part = digests(build(tmp_path / "part", chosen, workers=2))
    whole = digests(folder)
    assert len(part) == 8
    assert all(whole[name] == digest for name, digest in part.items())


def test_it_is_the_archive_that_was_pinned_with_these_packages(folder):
    """Byte for byte, as long as the packages are those of the lock file.

    On another kind of machine, or after `make upgrade`, a last digit may fall otherwise and turn a
    count by one. Then look at what has changed, and pin anew what this test prints. NumPy's
    exponentials differ in the last digit where the processor has AVX-512.
    """
    here = {
        "machine": f"{platform.system()} {platform.machine()}",
        **{package: version(package) for package in ("numpy", "scipy", "obspy")},
    }
    pinned = json.loads((Path(__file__).parent / "archive_digest.json").read_text())
    if pinned["machine"] == here["machine"]:
        kind = "with AVX-512" if __cpu_features__["AVX512F"] else "without AVX-512"
        assert {**here, "sha256": digest(folder)} == {**pinned, "sha256": pinned["sha256"][kind]}


def test_a_larger_archive_has_more_stations_and_the_same_first_ones():
    small, large = default_stations(), default_stations(3)
    assert len(large) == 3 * 26 + len(DEFECTS)
    assert all(station in large for station in small)
    assert len({station.number for station in large}) == len(large)


def test_the_noise_level_in_the_truth_is_that_of_the_noise(folder, truth):
    quiet = UTCDateTime("2026-03-14T09:01:00")
    archive = open_archive(str(folder))
    ratios = []
    for station in truth["stations"][:24]:
        request = Request.from_id(f"XX.{station['code']}..HHZ", quiet, quiet + 240)
        counts = read_window(archive, request)
        velocity = to_ground_motion(counts, channel_inventory(archive, request))
        velocity.filter("bandpass", freqmin=1.0, freqmax=20.0, corners=8)
        inner = velocity.data[1000:-1000]
        ratios.append(inner.std() / station["noise_velocity_m_s"])
    assert 0.9 < min(ratios) <= max(ratios) < 1.1


@pytest.mark.parametrize("reading", ["objects", "records"])
def test_each_defect_has_the_status_that_the_truth_gives_it(folder, reading):
    archive = open_archive(str(folder), reading)
    truth = archive.truth()
    rows = run(truth.requests("defects"), archive)
    assert {row.station: row.status for row in rows} == {
        defect["station"]: defect["status"] for defect in truth.contents["defects"]
    }
    (late,) = (row for row in rows if row.status == "ok")
    (error,) = beside_truth([late], truth)["p_error_s"]
    assert error == pytest.approx(CLOCK_ERROR_S, abs=0.05)


def test_a_build_that_fails_leaves_nothing_behind(tmp_path):
    def two_and_then_trouble():
        yield hour_stations(1)[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "half", two_and_then_trouble())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_never_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(FileExistsError, match="mine exists already; remove it first"):
        build(tmp_path / "mine")


def test_stations_lie_in_every_direction_and_at_every_distance():
    """Found on the map: one sequence for distance and azimuth left a quarter of it empty."""
    sectors, rings = set(), set()
    for station in hour_stations(24):
        north = (station.latitude - CENTRE[0]) * 111.2
        east = (station.longitude - CENTRE[1]) * 111.2 * math.cos(math.radians(CENTRE[0]))
        sectors.add(int(math.degrees(math.atan2(east, north)) % 360 // 60))
        rings.add(int(math.hypot(north, east) // 20))
    assert sectors == set(range(6))
    assert rings >= set(range(5))


def test_every_station_is_told_apart_from_the_others():
    stations = default_stations()
    assert len({station.code for station in stations}) == len(stations)
    assert len({(station.latitude, station.longitude) for station in stations}) == len(stations)


@pytest.fixture(scope="module")
def outcome(folder, truth):
    """One row for each station and earthquake, with the error of its pick in seconds."""
    times = [UTCDateTime(quake["time"]) for quake in truth["earthquakes"]]
    arrivals = [known for known in truth["arrivals"] if known["station"].startswith("S")]
    requests = [
        Request.from_id(f"XX.{known['station']}..HHZ", origin - 30, origin + 90)
        for known in arrivals
        for origin in [times[known["event"]]]
    ]
    rows = run(requests, open_archive(str(folder)))
    errors = [
        math.nan if row.p_time is None else row.p_time - UTCDateTime(known["p_time"])
        for row, known in zip(rows, arrivals, strict=True)
    ]
    return rows, np.array(errors), np.array([row.snr or 0.0 for row in rows])


def test_each_request_is_a_row(outcome):
    rows, _, _ = outcome
    assert len(rows) == 24 * 5
    assert {row.status for row in rows} <= {"ok", "no_pick"}


def test_picks_on_clear_signals_meet_the_truth(outcome):
    _, errors, snr = outcome
    clear = errors[snr >= 100]
    near = np.abs(clear) <= 0.5
    assert len(clear) > 60
    assert near.mean() >= 0.95
    assert np.mean(np.isfinite(clear) & ~near) <= 0.03
    assert np.median(np.abs(clear[near])) <= 0.020
    assert np.percentile(np.abs(clear[near]), 90) <= 0.050


def test_picks_on_weaker_signals_are_fewer_or_worse_but_not_wild(outcome):
    _, errors, snr = outcome
    weak = errors[(snr > 0) & (snr < 100)]
    assert len(weak) > 10
    assert np.mean(np.abs(weak) <= 0.5) >= 0.8


def noise_free(station, number):
    """A vertical record without noise, corrected, and the truth about it."""
    quake = earthquakes()[number]
    spectra, truth = ground_motion(quake, number, station, LayeredEarth(), SAMPLING_RATE)
    gain, _ = broadband_response(SAMPLING_RATE).get_evalresp_response(
        1 / SAMPLING_RATE, transform_length(SAMPLING_RATE), output="VEL"
    )
    counts = in_counts(spectra["Z"], gain, SAMPLING_RATE)
    quiet = np.zeros(int(30 * SAMPLING_RATE))
    codes = {"network": "XX", "station": station.code, "channel": "HHZ"}
    header = {**codes, "sampling_rate": SAMPLING_RATE, "starttime": quake.time - 30}
    inventory = station_inventory(
        "XX", station.code, station.latitude, station.longitude, 0.0, quake.time - 86400
    )
    trace = Trace(np.concatenate([quiet, counts]), header=header)
    velocity = np.fft.irfft(spectra["Z"])[: int(DURATION_S * SAMPLING_RATE)]
    return to_ground_motion(trace, inventory), np.concatenate([quiet, velocity]), truth


@pytest.mark.parametrize("number", [0, 2, 4])
def test_ground_motion_comes_back_through_the_instrument(number):
    corrected, velocity, _ = noise_free(hour_stations(5)[4], number)
    truth, found = np.fft.rfft(velocity), np.fft.rfft(corrected.data)
    frequency = np.fft.rfftfreq(len(velocity), 1 / SAMPLING_RATE)
    band = (frequency >= 0.5) & (frequency <= 20.0)
    difference = np.linalg.norm((found - truth)[band]) / np.linalg.norm(truth[band])
    assert difference < 0.002


def test_magnitude_and_corner_come_back_from_the_spectra():
    magnitudes, corners = [], []
    for station in hour_stations(24):
        for number, quake in enumerate(earthquakes()):
            velocity, _, truth = noise_free(station, number)
            p, s = UTCDateTime(truth.p_time), UTCDateTime(truth.s_time)
            if s - p < 4:
                continue  # too little time for P alone
            window = cut(velocity, p - 0.5, 4.0)
            settings = FrequencySettings(band_hz=(1.0, 30.0), t_star_s=truth.p_t_star_s)
            spectrum = amplitude_spectrum(window, settings.taper_fraction)
            silence = amplitude_spectrum(cut(velocity, p - 5, 3.0))
            fit = fit_source(spectrum, silence, settings)
            speed = S_SPEED_M_S * 1.73
            spreading = 4 * math.pi * DENSITY_KG_M3 * speed**3 * 1000 * truth.hypocentral_km
            along_the_ray = fit.plateau / math.cos(math.radians(truth.incidence_deg))
            moment = along_the_ray * spreading / (FREE_SURFACE * abs(truth.p_radiation))
            magnitudes.append((math.log10(moment) - 9.1) / 1.5 - quake.magnitude)
            if fit.corner_hz:
                corners.append(fit.corner_hz / truth.p_corner_hz)
    assert len(magnitudes) > 40
    assert abs(np.median(magnitudes)) <= 0.1
    assert np.mean(np.abs(magnitudes) <= 0.1) >= 0.95
    assert abs(np.median(corners) - 1) <= 0.15
