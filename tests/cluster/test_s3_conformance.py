"""All of the course that speaks S3, held to the same claims by two servers that are no kin.

One is the course's own, ``rclone``; the other is Ceph, the server of many research clouds. What
needs a server with users and policies, or one that can be stopped, is asked of Ceph alone, in
``test_s3_troubles.py``.
"""

import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from ceph import ceph
from obspy import UTCDateTime

from benchmarks.clients import CLIENTS
from seispipe.archive import FolderArchive, Request, S3Archive
from seispipe.archive.download import download, read_failures, write_failures
from seispipe.archive.endpoint import serve
from seispipe.archive.objects import NoObject
from seispipe.archive.s3 import s3_client
from seispipe.errors import NoSuchBucket
from seispipe.pipeline import process_station, run
from seispipe.sources import open_archive, teaching_folder

BUCKET = "scedc-pds"
ODD = "odd/a b+c&d=%41 ü.ms"
# More than one answer to a listing may hold, twice over.
MANY = 2100


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The teaching archive, and beside it what no archive should have and every one may."""
    folder = tmp_path_factory.mktemp("archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEISPIPE_CACHE", str(folder))
        built = teaching_folder()
    many = built / "FDSNstationXML" / "ZZ"
    many.mkdir()
    for number in range(MANY):
        (many / f"ZZ_{number:04d}.xml").write_text("<FDSNStationXML/>")
    (built / "empty.ms").touch()
    (built / ODD).parent.mkdir()
    (built / ODD).write_bytes(b"odd")
    return built


@pytest.fixture(scope="module", params=["rclone", "ceph"])
def server(request):
    """The name of the server."""
    return request.param


@pytest.fixture(scope="module")
def publish(server, tmp_path_factory):
    """Make a folder a public bucket, and return the address of its server."""
    with ExitStack() as stack:
        if server == "rclone":
            yield lambda folder, bucket: stack.enter_context(serve(folder, bucket)).url
        else:
            running = stack.enter_context(ceph(tmp_path_factory.mktemp("ceph")))

            def upload(folder, bucket):
                running.create_bucket(bucket)
                running.upload(folder, bucket)
                return running.url

            yield upload


@pytest.fixture(scope="module")
def url(folder, publish):
    return publish(folder, BUCKET)


@pytest.fixture(scope="module")
def requests(folder):
    known = FolderArchive(folder).requests("hour", "day", "defects")
    return [*known, Request.from_id("XX.S999..HHZ", known[0].start, known[0].end)]


@pytest.fixture
def fetch(tmp_path):
    """Download into a folder of the test's own."""

    def fetch(url, keys, bucket=BUCKET):
        client = s3_client(url)
        options = {"progress": False, "pause": lambda _: None}
        outcomes = download(client, bucket, keys, tmp_path / "target", **options)
        client.close()
        return outcomes

    return fetch


def waveform_keys(folder):
    found = (folder / "continuous_waveforms").rglob("*.ms")
    return sorted(path.relative_to(folder).as_posix() for path in found)


@pytest.mark.parametrize("reading", ["objects", "records"])
def test_the_rows_are_the_same_from_a_folder_and_from_a_bucket(folder, url, requests, reading):
    here = FolderArchive(folder, reading=reading)
    there = S3Archive(endpoint_url=url, reading=reading)
    rows = run(requests, here)
    assert run(requests, there) == rows
    assert {"ok", "gap", "bad_samples", "no_response", "unknown_station"} <= {
        row.status for row in rows
    }
    traffic = there.traffic
    assert (traffic.reads, traffic.bytes) == (here.traffic.reads, here.traffic.bytes)
    assert there.requests() == here.requests()


def test_parts_of_an_object_are_what_they_are_in_the_file(folder, url):
    archive = S3Archive(endpoint_url=url)
    key = waveform_keys(folder)[0]
    data = (folder / key).read_bytes()
    for first, last in [(0, 127), (512, 1023), (len(data) - 100, len(data) + 1000)]:
        assert archive.fetch_range(key, first, last) == (data[first : last + 1], len(data))
    assert archive.fetch_range(key, len(data) + 1, len(data) + 128)[0] == b""
    assert archive.fetch(key) == data
    assert archive.fetch("not/there") is None
    with pytest.raises(NoObject):
        archive.fetch_range("not/there", 0, 127)
    assert archive.fetch("empty.ms") == b""
    assert archive.fetch_range("empty.ms", 0, 127) == (b"", 0)


def test_threads_may_share_it_and_other_processes_may_have_it(url, requests):
    archive = S3Archive(endpoint_url=url, reading="records")
    requests = requests[:8]
    alone = run(requests, archive)
    sent = pickle.dumps(archive)  # after use, with a client inside
    assert run(requests, pickle.loads(sent)) == alone  # noqa: S301 (we made it ourselves)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda r: process_station(r, archive), requests * 2)) == alone * 2
    assert run(requests, archive, how="processes", workers=2) == alone


def test_one_variable_turns_the_public_archive_into_this_one(url, requests, monkeypatch):
    monkeypatch.setenv("SEISPIPE_S3_ENDPOINT", url)
    assert process_station(requests[0], open_archive("scedc")).status == "ok"


def test_a_day_without_an_object_is_no_data(url):
    start = UTCDateTime(2026, 3, 20, 9)
    request = Request.from_id("XX.S001..HHZ", start, start + 60)
    row = process_station(request, S3Archive(endpoint_url=url))
    assert row.status == "no_data"


def test_another_bucket_is_said_to_be_missing(url, requests):
    archive = S3Archive("ncedc", endpoint_url=url)
    row = process_station(requests[0], archive)
    assert row.status == "no_bucket"
    assert "has no bucket ncedc-pds" in row.reason
    with pytest.raises(NoSuchBucket):
        archive.keys("FDSNstationXML/")


def test_a_listing_of_many_pages_is_complete_and_in_order(folder, url):
    archive = S3Archive(endpoint_url=url)
    listed = archive.keys("FDSNstationXML/ZZ/")
    assert listed == [f"FDSNstationXML/ZZ/ZZ_{number:04d}.xml" for number in range(MANY)]
    assert archive.keys("continuous_waveforms/") == waveform_keys(folder)
    assert archive.keys("FDSNstationXML/QQ/") == []
    assert archive.keys("odd/") == [ODD]


def test_a_wildcard_finds_the_stations_of_a_network(folder, url):
    asked = {"network": "XX", "station": "S00?", "channel": "HHZ"}
    there = S3Archive(endpoint_url=url).get_stations(**asked)
    assert there.get_contents() == FolderArchive(folder).get_stations(**asked).get_contents()
    assert len(there.networks) > 1


@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_of_the_benchmarks_brings_the_same_bytes(folder, server, url, name):
    keys = waveform_keys(folder)[:5]
    files = [(folder / key).read_bytes() for key in keys]
    with CLIENTS[name](url) as read:
        assert read([(key, None) for key in keys]) == files
        # rclone sends the part and calls it the whole (status 200), which obstore refuses.
        if (server, name) != ("rclone", "obstore"):
            parts = read([(key, (512, 1024)) for key in keys])
            assert parts == [data[512 : 512 + 1024] for data in files]


def test_what_is_downloaded_is_what_was_there_and_a_second_call_mends(folder, url, fetch, tmp_path):
    keys, target = [*waveform_keys(folder), "empty.ms", ODD], tmp_path / "target"
    outcomes = fetch(url, [*keys, keys[0]])
    assert [(outcome.key, outcome.status) for outcome in outcomes] == [
        (key, "downloaded") for key in keys
    ]
    for outcome in outcomes:
        data = (target / outcome.key).read_bytes()
        assert data == (folder / outcome.key).read_bytes()
        assert len(data) == outcome.size
    (target / keys[3]).write_bytes(b"spoilt")
    (target / keys[4]).unlink()
    again = {outcome.key: outcome.status for outcome in fetch(url, keys)}
    assert [key for key in keys if again.pop(key) == "downloaded"] == [keys[3], keys[4]]
    assert (target / keys[3]).read_bytes() == (folder / keys[3]).read_bytes()
    assert sum(path.is_file() for path in target.rglob("*")) == len(keys)


def test_failures_are_listed_and_taken_up_again(publish, fetch, tmp_path):
    source, listing = tmp_path / "source", tmp_path / "failed.csv"
    (source / "day").mkdir(parents=True)
    (source / "day" / "one.ms").write_bytes(b"one")
    before = publish(source, "before")
    outcomes = fetch(before, ["day/one.ms", "day/two.ms", "../escaped.ms"], "before")
    assert [outcome.status for outcome in outcomes] == ["downloaded", "failed", "failed"]
    assert outcomes[1].reason == "the server said NoSuchKey"
    assert write_failures(outcomes, listing) == 2
    (source / "day" / "two.ms").write_bytes(b"two, when it has come")
    after = publish(source, "after")
    again = fetch(after, read_failures(listing), "after")
    assert [outcome.status for outcome in again] == ["downloaded", "failed"]
    assert (tmp_path / "target/day/two.ms").read_bytes() == b"two, when it has come"
    assert not (tmp_path / "escaped.ms").exists()


def test_an_object_that_is_not_what_it_should_be_is_named(folder, publish, tmp_path, requests):
    # The bucket's name belongs to the layout; another archive's is free.
    spoilt = tmp_path / "spoilt"
    station = "FDSNstationXML/XX/XX_S001.xml"
    archive = S3Archive("ncedc")
    key = archive.layout.key("XX", "S001", "", "HHZ", requests[0].start.date)
    for name in (station, key):
        (spoilt / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / station, spoilt / station)
    (spoilt / key).write_bytes(b"this is not miniSEED" * 100)
    archive.endpoint_url = publish(spoilt, archive.layout.bucket)
    request = Request.from_id("XX.S001..HHZ", requests[0].start, requests[0].end)
    row = process_station(request, archive)
    assert row.status == "bad_samples"
    assert f"{key} is there but cannot be read as miniSEED" in row.reason
