import dataclasses
import itertools

import numpy as np
import pytest
from obspy import Trace, UTCDateTime

from seispipe.archive import FolderArchive, Request, S3Archive
from seispipe.archive.endpoint import serve
from seispipe.pipeline import Settings, run
from seispipe.teaching import traditional as module
from seispipe.teaching.traditional import (
    find_keys,
    label,
    read_picks,
    read_trace,
    traditional,
    write_trace,
)

OTHER = Settings(picking=dataclasses.replace(Settings().picking, band_hz=(2.0, 10.0)))


class PowerCut(BaseException):
    pass


class Watched(FolderArchive):
    """Notes what it is asked for, and dies at one station."""

    def __init__(self, folder, asked, deadly=""):
        super().__init__(folder)
        self.asked, self.deadly = asked, deadly

    def get_waveforms(self, network, station, *rest):
        self.asked.append(station)
        if station == self.deadly:
            raise PowerCut
        return super().get_waveforms(network, station, *rest)


@pytest.fixture(scope="module")
def requests(teaching):
    archive = FolderArchive(teaching)
    return archive.requests()[:6] + archive.requests("defects")


@pytest.fixture(scope="module")
def url(teaching):
    with serve(teaching) as endpoint:
        yield endpoint.url


@pytest.fixture(scope="module")
def done(requests, url, tmp_path_factory):
    """The folder of a finished run, which no test may change."""
    folder = tmp_path_factory.mktemp("traditional")
    archive = S3Archive(endpoint_url=url)
    rows = traditional(requests, archive, folder)
    return folder, rows, archive.traffic


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_rows_are_those_of_the_pipeline(done, requests, teaching):
    assert done[1] == run(requests, FolderArchive(teaching))
    assert {"ok", "gap", "unknown_station"} <= {row.status for row in done[1]}


def test_what_was_downloaded_is_whole_and_counted(done, requests, teaching):
    folder, _, traffic = done
    objects = [path for path in (folder / "archive").rglob("*") if path.is_file()]
    for path in objects:
        there = teaching / path.relative_to(folder / "archive")
        assert path.read_bytes() == there.read_bytes()
    assert traffic.bytes == sum(path.stat().st_size for path in objects)
    assert traffic.reads == len(objects) + 2
    (found,) = folder.glob("found-*.txt")
    assert len(found.read_text(encoding="utf-8").split()) == len(objects)
    # One station of the defects has no metadata in the bucket.
    assert len(objects) == 2 * len(requests) - 1


def test_a_second_call_finds_everything_done(done, requests, url):
    folder, rows, _ = done
    before, asked = files(folder), []
    archive = S3Archive(endpoint_url=url)
    again = traditional(requests, archive, folder, disk=lambda path: Watched(path, asked))
    assert again == rows
    assert archive.traffic.reads == 0
    assert asked == []
    changed = {path for path, time in files(folder).items() if before.get(path) != time}
    assert {path.name.split("-")[0] for path in changed} <= {"rows"}


def test_after_a_crash_it_goes_on_where_it_was(requests, url, tmp_path, done):
    asked = []
    archive = S3Archive(endpoint_url=url)
    with pytest.raises(PowerCut):
        traditional(requests, archive, tmp_path, disk=lambda path: Watched(path, asked, "S004"))
    assert asked == ["S001", "S002", "S003", "S004"]
    asked.clear()
    moved = archive.traffic.bytes
    rows = traditional(requests, archive, tmp_path, disk=lambda path: Watched(path, asked))
    assert rows == done[1]
    assert archive.traffic.bytes == moved
    assert not {"S001", "S002", "S003"} & set(asked)
    assert not list(tmp_path.rglob(".*"))


def test_another_question_makes_files_of_its_own(requests, url, tmp_path, done, teaching):
    archive = S3Archive(endpoint_url=url)
    traditional(requests[:4], archive, tmp_path)
    before, moved, asked = files(tmp_path), archive.traffic.bytes, []
    rows = traditional(
        requests[:4], archive, tmp_path, OTHER, disk=lambda path: Watched(path, asked)
    )
    assert rows == run(requests[:4], FolderArchive(teaching), OTHER)
    assert rows != done[1][:4]
    # Nothing was fetched, and the correction, which is the same, not repeated.
    assert archive.traffic.bytes == moved
    assert asked == []
    assert before.items() <= files(tmp_path).items()


def test_what_cannot_be_downloaded_is_said(requests, url, tmp_path, monkeypatch):
    archive = S3Archive(endpoint_url=url)
    keys = find_keys(requests, archive)
    monkeypatch.setattr(module, "find_keys", lambda *_: [*keys, "FDSNstationXML/XX/XX_GONE.xml"])
    with pytest.raises(RuntimeError, match="1 objects could not be downloaded"):
        traditional(requests, archive, tmp_path)
    assert not list(tmp_path.glob("found-*"))
    monkeypatch.undo()
    rows = traditional(requests, archive, tmp_path)
    assert len(rows) == len(requests)
    assert not (tmp_path / "failed.csv").exists()


def test_a_window_over_midnight_needs_two_objects(url):
    end = UTCDateTime("2026-03-15T00:00:00")
    needed = [
        find_keys([Request("XX", "D001", "", "HHZ", end - 60, last)], _Everything(url))
        for last in (end, end + 1)
    ]
    assert [len(keys) for keys in needed] == [2, 3]


class _Everything(S3Archive):
    """A bucket that has every object of these two days."""

    def __init__(self, url):
        super().__init__(endpoint_url=url)

    def keys(self, prefix):
        days = ("2026073", "2026074")
        waveforms = [f"{prefix}XXD001_HHZ___{day}.ms" for day in days]
        return [*waveforms, f"{prefix}XX_D001.xml"]


def test_samples_come_back_to_the_last_digit(tmp_path):
    rng = np.random.default_rng(20)
    data = rng.standard_normal(12_345) * 10.0 ** rng.uniform(-12, 3, 12_345)
    header = {
        "network": "XX",
        "station": "S001",
        "channel": "HHZ",
        "sampling_rate": 100.0,
        "starttime": UTCDateTime("2026-03-14T09:26:23.001234"),
    }
    trace = Trace(data, header=header)
    write_trace(trace, tmp_path / "a" / "trace.mseed")
    back = read_trace(tmp_path / "a" / "trace.mseed")
    assert np.array_equal(back.data, data)
    assert back.id == trace.id
    for name in ("starttime", "sampling_rate", "npts"):
        assert back.stats[name] == trace.stats[name]


def test_picks_come_back_to_the_last_digit(done, requests):
    (path,) = done[0].glob("picks-*.csv")
    picks = read_picks(requests, path)
    for row in done[1]:
        if row.status == "ok":
            pick = picks[label(requests[done[1].index(row)])]
            assert (pick.time, pick.snr) == (row.p_time, row.snr)


def test_different_windows_have_different_names():
    start = UTCDateTime("2026-03-14T09:00:00")
    windows = [
        Request("XX", station, "", "HHZ", begin, begin + seconds)
        for station, begin, seconds in itertools.product(
            ("S001", "S002"), (start, start + 0.01), (60, 60.01)
        )
    ]
    assert len({label(window) for window in windows}) == len(windows)
