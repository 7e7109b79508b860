"""A bucket is read as a folder is, and each way of failing has its own name."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from faulty_server import a_server_that, break_off, refuse
from obspy import UTCDateTime

from seispipe.archive import FolderArchive, Request, S3Archive
from seispipe.archive import s3 as s3_module
from seispipe.archive.endpoint import serve
from seispipe.pipeline import process_station, run
from seispipe.sources import open_archive
from seispipe.synthesis.build import build
from seispipe.synthesis.network import earthquakes, hour_stations

KEY = "continuous_waveforms/2026/2026_073/XXS001_HHZ___2026073.ms"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build(tmp_path_factory.mktemp("archives") / "three", hour_stations(3))


@pytest.fixture(scope="module")
def endpoint(folder):
    with serve(folder) as running:
        yield running


@pytest.fixture
def requests():
    origin = earthquakes()[2].time
    stations = ("S001", "S002", "S003", "S999")
    return [Request.from_id(f"XX.{name}..HHZ", origin - 30, origin + 60) for name in stations]


def test_the_rows_are_the_same_from_a_folder_and_from_a_bucket(folder, endpoint, requests):
    from_folder = run(requests, FolderArchive(folder))
    from_bucket = run(requests, S3Archive(endpoint_url=endpoint.url))
    assert from_bucket == from_folder
    assert [row.status for row in from_bucket] == ["ok", "ok", "ok", "unknown_station"]


def test_one_variable_turns_the_public_archive_into_the_local_one(endpoint, requests, monkeypatch):
    monkeypatch.setenv("SEISPIPE_S3_ENDPOINT", endpoint.url)
    assert process_station(requests[0], open_archive("scedc")).status == "ok"


def test_an_address_is_an_archive(endpoint, requests):
    assert process_station(requests[0], open_archive(endpoint.url)).status == "ok"


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(endpoint, requests, monkeypatch):
    """Behind a company's proxy, which cannot reach 127.0.0.1, the local server still answers."""
    for variable in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert process_station(requests[0], S3Archive(endpoint_url=endpoint.url)).status == "ok"
    assert s3_module.proxies_for(None) is None
    assert s3_module.proxies_for("https://s3.example.org") is None


def test_threads_may_share_it_and_other_processes_may_have_it(endpoint, requests):
    archive = S3Archive(endpoint_url=endpoint.url)
    alone = run(requests, archive)
    sent = pickle.dumps(archive)  # after use, with a client inside
    assert len(sent) < 2000
    assert run(requests, pickle.loads(sent)) == alone  # noqa: S301 (we made it ourselves)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda r: process_station(r, archive), requests * 2)) == alone * 2


def test_a_day_without_an_object_is_no_data(endpoint):
    start = UTCDateTime(2026, 3, 15, 9)
    request = Request.from_id("XX.S001..HHZ", start, start + 60)
    assert process_station(request, S3Archive(endpoint_url=endpoint.url)).status == "no_data"


def test_another_bucket_is_said_to_be_missing(folder, requests):
    with serve(folder, bucket="other") as other:
        row = process_station(requests[0], S3Archive(endpoint_url=other.url))
    assert row.status == "no_bucket"
    assert "has no bucket scedc-pds" in row.reason


def test_an_object_that_is_not_what_it_should_be_is_named(folder, tmp_path, requests):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / KEY).write_bytes(b"this is not miniSEED" * 100)
    row = process_station(requests[0], FolderArchive(copy))
    assert row.status == "bad_samples"
    assert f"{KEY} is there but cannot be read as miniSEED" in row.reason
    (copy / "FDSNstationXML/XX/XX_S002.xml").write_text("<FDSNStationXML>")
    row = process_station(requests[1], FolderArchive(copy))
    assert row.status == "no_response"
    assert "cannot be read as StationXML" in row.reason


@pytest.mark.parametrize(
    ("status", "code", "expected", "words"),
    [
        (403, "AccessDenied", "denied", "may not be read (AccessDenied)"),
        (400, "ExpiredToken", "denied", "may not be read (ExpiredToken)"),
        (403, "SignatureDoesNotMatch", "denied", "may not be read"),
        (404, "NoSuchBucket", "no_bucket", "has no bucket scedc-pds"),
        (404, "NoSuchKey", "unknown_station", "no metadata for XX.S001..HHZ"),
        (500, "InternalError", "unreachable", "the server failed (InternalError, status 500)"),
        (503, "SlowDown", "unreachable", "status 503"),
    ],
)
def test_each_refusal_has_its_own_status(requests, status, code, expected, words):
    with a_server_that(refuse(status, code)) as (url, _):
        row = process_station(requests[0], S3Archive(endpoint_url=url))
    assert row.status == expected
    assert words in row.reason


def test_a_body_that_breaks_off_is_fetched_again(monkeypatch):
    monkeypatch.setattr(s3_module, "_PAUSE_S", 0.0)
    with a_server_that(break_off(2)) as (url, asked):
        assert S3Archive(endpoint_url=url).fetch(KEY) == b"x" * 1000
    assert len(asked) == 3


def test_a_body_that_always_breaks_off_is_given_up_and_never_passed_on(monkeypatch, requests):
    monkeypatch.setattr(s3_module, "_PAUSE_S", 0.0)
    with a_server_that(break_off(99)) as (url, asked):
        row = process_station(requests[0], S3Archive(endpoint_url=url))
    assert row.status == "unreachable"
    assert "could not be read" in row.reason
    assert len(asked) == 3


def test_nobody_there_is_said_in_one_sentence_within_ten_seconds(requests):
    before = time.monotonic()
    row = process_station(requests[0], S3Archive(endpoint_url="http://127.0.0.1:9"))
    assert time.monotonic() - before < 10
    assert row.status == "unreachable"
    assert "is there a network, and is the server up?" in row.reason


def test_threads_that_begin_together_share_one_client(monkeypatch):
    made = []

    def slow_to_make(*_arguments):
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    monkeypatch.setattr(s3_module, "s3_client", slow_to_make)
    archive = S3Archive(endpoint_url="http://127.0.0.1:9")
    with ThreadPoolExecutor(16) as pool:
        clients = set(pool.map(lambda _: archive.client, range(16)))
    assert clients == set(made)
    assert len(made) == 1
