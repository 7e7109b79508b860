"""One word, or one variable, says where the data come from."""

import copy
import pickle
import time

import numpy as np
import pytest
from obspy import UTCDateTime

from seispipe.archive import FdsnArchive, FolderArchive, Recordings, Request, S3Archive, Truth
from seispipe.archive.endpoint import serve
from seispipe.archive.metadata import KEPT_S
from seispipe.errors import ArchiveUnreachable
from seispipe.pipeline import run
from seispipe.results import beside_truth
from seispipe.sources import by_full_name, open_archive, opened, teaching_folder
from seispipe.waveforms import read_window


@pytest.fixture(autouse=True)
def cache(teaching_cache, monkeypatch):
    monkeypatch.setenv("SEISPIPE_CACHE", str(teaching_cache))
    for variable in ("SOURCE", "READING", "S3_ENDPOINT"):
        monkeypatch.delenv(f"SEISPIPE_{variable}", raising=False)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (None, FolderArchive),
        ("teaching", FolderArchive),
        ("recordings", Recordings),
        ("scedc", S3Archive),
        ("http://127.0.0.1:9", S3Archive),
        ("fdsn:EARTHSCOPE", FdsnArchive),
    ],
)
def test_a_word_is_an_archive_and_none_is_opened_before_it_is_read(source, kind):
    assert type(open_archive(source)) is kind


def test_a_folder_is_an_archive_if_it_is_laid_out_as_one(tmp_path):
    with pytest.raises(ValueError, match="seispipe archive fill"):
        open_archive(str(tmp_path))
    (tmp_path / "continuous_waveforms").mkdir()
    assert type(open_archive(str(tmp_path))) is FolderArchive


def test_a_word_stays_a_word_where_a_folder_has_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("teaching", "own"):
        (tmp_path / name).mkdir()
    assert by_full_name("teaching") == "teaching"
    assert by_full_name("own") == str(tmp_path / "own")
    assert by_full_name("fdsn:EARTHSCOPE") == "fdsn:EARTHSCOPE"


def test_variables_say_the_same_as_arguments(monkeypatch):
    monkeypatch.setenv("SEISPIPE_SOURCE", "scedc")
    monkeypatch.setenv("SEISPIPE_READING", "records")
    archive = open_archive()
    assert (type(archive), archive.reading) == (S3Archive, "records")


def test_the_bucket_of_the_teaching_archive_needs_a_server():
    with pytest.raises(ValueError, match="seispipe archive serve"):
        open_archive("s3")
    with opened("s3") as archive:
        address = archive.endpoint_url
        assert len(archive.requests()) == 24
    assert S3Archive(endpoint_url=address).endpoint_url == address
    (row,) = run(FolderArchive(teaching_folder()).requests()[:1], S3Archive(endpoint_url=address))
    assert row.status == "unreachable"


def test_the_archive_is_made_once_and_older_ones_are_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("SEISPIPE_CACHE", str(tmp_path))
    old = tmp_path / "teaching-archive-0123"
    old.mkdir()
    built = []

    def build(folder):
        built.append(folder)
        folder.mkdir()

    monkeypatch.setattr("seispipe.sources.building.build", build)
    assert teaching_folder() == teaching_folder()
    assert [folder.parent for folder in built] == [tmp_path]
    assert not old.exists()


def test_two_that_make_it_at_once_share_the_one_that_was_first(tmp_path, monkeypatch):
    monkeypatch.setenv("SEISPIPE_CACHE", str(tmp_path))

    def lose_the_race(folder):
        folder.mkdir()  # by another process, meanwhile
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr("seispipe.sources.building.build", lose_the_race)
    assert teaching_folder().is_dir()


def test_a_cache_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("SEISPIPE_CACHE", str(blocked))
    with pytest.raises(OSError, match="file"):
        teaching_folder()


@pytest.mark.parametrize("reading", ["objects", "records"])
def test_a_bucket_and_a_folder_give_the_same_rows_by_either_way_of_reading(reading):
    folder = open_archive("teaching")
    requests = folder.requests("hour", "day", "defects")
    rows = run(requests, folder)
    with serve(teaching_folder()) as endpoint:
        bucket = pickle.loads(pickle.dumps(open_archive(endpoint.url, reading)))  # noqa: S301
        assert run(requests, bucket) == rows
        moved = bucket.traffic.bytes
    assert (moved < 4e6) == (reading == "records")
    assert len(rows) == len(requests)


def test_the_truth_stands_beside_the_rows():
    archive = open_archive("teaching")
    truth = archive.truth()
    rows = run(archive.requests()[:3], archive)
    table = beside_truth(rows, truth)
    assert table["p_error_s"].abs().max() < 0.05
    assert list(table["magnitude"]) == [3.6] * 3
    assert truth.arrival(archive.requests("day")[0])["s_time"] > rows[0].start
    assert open_archive("scedc").layout.name == "scedc"
    with pytest.raises(ValueError, match="group is 'night'; choose among: hour, day, defects"):
        archive.requests("night")


def test_a_window_without_an_earthquake_has_no_truth():
    archive = open_archive("teaching")
    request = archive.requests()[0]
    quiet = type(request).from_id(request.seed_id, request.start - 300, request.start - 200)
    truth = archive.truth()
    assert truth.arrival(quiet) is None
    table = beside_truth(run([quiet], archive), truth)
    assert table["p_error_s"].isna().all()
    assert isinstance(truth, Truth)
    assert beside_truth([], truth).empty


def test_all_stations_can_be_asked_for_at_once_from_a_folder_and_from_a_bucket():
    folder = open_archive("teaching")
    stations = folder.get_stations(network="XX", station="S*", channel="HHZ")
    assert len(stations.get_contents()["channels"]) == 24
    assert folder.get_stations(network="XX", station="Q*").networks == []
    with serve(teaching_folder()) as endpoint:
        bucket = open_archive(endpoint.url)
        assert bucket.keys("FDSNstationXML/XX/") == folder.keys("FDSNstationXML/XX/")
        assert bucket.keys("nothing/") == folder.keys("nothing/") == []
        found = bucket.get_stations(network="XX", station="S00?", channel="HHZ")
        assert len(found.get_contents()["channels"]) == 9
    with pytest.raises(ArchiveUnreachable, match=r"FDSNstationXML/XX/\* in bucket"):
        bucket.keys("FDSNstationXML/XX/")


@pytest.mark.parametrize("reading", ["objects", "records"])
def test_a_window_that_ends_at_midnight_reads_one_day(reading):
    """Found in a lesson that counts bytes: it fetched the next day's object for one sample."""
    archive = open_archive("teaching", reading)
    midnight = UTCDateTime(2026, 3, 15)
    fetched = []
    original = archive.ranged, archive.fetch
    archive.ranged = lambda key: fetched.append(key) or original[0](key)
    archive.fetch = lambda key: fetched.append(key) or original[1](key)
    request = Request.from_id("XX.D001..HHZ", midnight - 120, midnight)
    assert len(read_window(archive, request)) == 12_000
    assert {key[-10:] for key in fetched} == {"2026073.ms"}
    assert archive.traffic.bytes < 1e5 or reading == "objects"


def test_metadata_are_read_once_for_a_station_and_kept_for_a_while(teaching, monkeypatch):
    archive = FolderArchive(teaching)
    asked = {"network": "XX", "station": "S001", "location": "", "channel": "HHZ"}
    first = archive.get_stations(**asked)
    reads = archive.traffic.reads
    assert archive.get_stations(**asked) is first
    assert archive.traffic.reads == reads
    # What is not there may be there later, and is asked for each time.
    missing = {**asked, "station": "S999"}
    assert not archive.get_stations(**missing).networks
    fetched = []
    monkeypatch.setattr(archive, "fetch", lambda key: fetched.append(key))
    archive.get_stations(**missing)
    assert len(fetched) == 1
    # In another process, and after ten minutes, it is read again.
    assert copy.copy(FolderArchive(teaching)).get_stations(**asked) is not first
    archive._metadata._known.expire(time.monotonic() + KEPT_S + 1)
    archive.get_stations(**asked)
    assert len(fetched) == 2
    again = FolderArchive(teaching)
    first = again.get_stations(**asked)
    again.forget()
    assert again.get_stations(**asked) is not first


def test_a_subclass_with_waveforms_of_its_own_is_asked_for_those(teaching):
    class Louder(FolderArchive):
        def get_waveforms(self, *arguments):
            stream = super().get_waveforms(*arguments)
            for trace in stream:
                trace.data = trace.data * 2
            return stream

    request = FolderArchive(teaching).requests()[0]
    louder = read_window(Louder(teaching), request)
    np.testing.assert_array_equal(
        louder.data, 2 * read_window(FolderArchive(teaching), request).data
    )
