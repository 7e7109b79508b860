"""What goes wrong with a real S3 server that has users, policies and restarts: Ceph's."""

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from boto3.s3.transfer import TransferConfig
from ceph import ceph

from seispipe.archive import FolderArchive, S3Archive
from seispipe.archive.download import download, read_failures, write_failures
from seispipe.errors import AccessDenied, ArchiveUnreachable
from seispipe.pipeline import process_station, run
from seispipe.synthesis.build import build
from seispipe.synthesis.network import hour_stations
from tests.processes import wait_for

BUCKET = "scedc-pds"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build(tmp_path_factory.mktemp("archives") / "three", hour_stations(3))


@pytest.fixture(scope="module")
def server(folder, tmp_path_factory):
    with ceph(tmp_path_factory.mktemp("ceph")) as running:
        running.create_bucket(BUCKET)
        running.upload(folder, BUCKET)
        yield running


@pytest.fixture(scope="module")
def requests(folder):
    return FolderArchive(folder).requests("hour")


@pytest.fixture
def archive(server):
    return S3Archive(endpoint_url=server.url)


@pytest.fixture
def stopped(server):
    """Stop the gateway; a test may start it again, and else it is done afterwards."""
    server.stop_gateway()
    yield server
    server.start_gateway()


def policy_without(server, bucket, *refused):
    """The policy of a public bucket, but for some actions and keys."""
    policy = json.loads(server.bucket_policy_for_reading(bucket))
    (allowed,) = policy["Statement"]
    for action, resource in refused:
        policy["Statement"].append(
            {**allowed, "Effect": "Deny", "Action": [action], "Resource": [resource]}
        )
    return json.dumps(policy)


def test_a_bucket_that_is_not_public_is_denied(server, requests):
    private = S3Archive("ncedc", endpoint_url=server.url)
    server.create_bucket(private.layout.bucket, public=False)
    row = process_station(requests[0], private)
    assert row.status == "denied"
    assert "may not be read (AccessDenied)" in row.reason
    with pytest.raises(AccessDenied):
        private.keys("continuous_waveforms/")


def test_a_station_that_is_held_back_is_denied_and_the_others_are_not(
    server, s3, archive, requests
):
    held_back = requests[1]
    codes = held_back.network, held_back.station, held_back.location, held_back.channel
    key = archive.layout.key(*codes, held_back.start.date)
    refused = [("s3:GetObject", f"arn:aws:s3:::{BUCKET}/{key}")]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy_without(server, BUCKET, *refused))
    try:
        rows = run(requests, archive)
    finally:
        s3.put_bucket_policy(Bucket=BUCKET, Policy=server.bucket_policy_for_reading(BUCKET))
    assert [row.status for row in rows] == ["ok", "denied", "ok"]


def test_where_nothing_may_be_listed_what_is_missing_is_denied(server, s3, archive, requests):
    """As Amazon does it: who may not know what there is, is not told what there is not."""
    refused = [("s3:ListBucket", f"arn:aws:s3:::{BUCKET}")]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy_without(server, BUCKET, *refused))
    try:
        with pytest.raises(AccessDenied):
            archive.fetch("not/there")
        with pytest.raises(AccessDenied):
            archive.keys("FDSNstationXML/")
        assert process_station(requests[0], archive).status == "ok"
    finally:
        s3.put_bucket_policy(Bucket=BUCKET, Policy=server.bucket_policy_for_reading(BUCKET))


def test_a_restart_makes_rows_unreachable_and_the_same_archive_goes_on(archive, requests, stopped):
    before = time.monotonic()
    row = process_station(requests[0], archive)
    assert time.monotonic() - before < 10
    assert row.status == "unreachable"
    assert "is there a network, and is the server up?" in row.reason
    with pytest.raises(ArchiveUnreachable):
        archive.keys("FDSNstationXML/")
    stopped.start_gateway()
    rows = run(requests, archive)
    assert [row.status for row in rows] == ["ok"] * len(requests)
    stopped.stop_gateway()
    archive.forget()
    assert process_station(requests[0], archive).status == "unreachable"


def test_a_download_waits_for_a_restart(anonymous, folder, stopped, tmp_path):
    waits = []

    def pause(seconds):
        waits.append(seconds)
        stopped.start_gateway()

    (key,) = waveform_keys(folder)[:1]
    (outcome,) = download(anonymous, BUCKET, [key], tmp_path, progress=False, pause=pause)
    assert outcome.status == "downloaded"
    assert len(waits) == 1
    assert (tmp_path / key).read_bytes() == (folder / key).read_bytes()


def test_a_restart_in_the_middle_of_a_download_loses_nothing(server, s3, anonymous, tmp_path):
    bodies = {f"day/{number:03d}.ms": bytes([number]) * 2_000_000 for number in range(80)}
    server.create_bucket("large")
    for key, body in bodies.items():
        s3.put_object(Bucket="large", Key=key, Body=body)
    target, listing = tmp_path / "target", tmp_path / "failed.csv"
    options = {"progress": False, "pause": lambda _: None, "threads": 16}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(download, anonymous, "large", bodies, target, attempts=1, **options)
        wait_for(lambda: list(target.glob("day/*.ms")), "the first of the objects")
        server.stop_gateway()
        outcomes = first.result(timeout=120)
    server.start_gateway()
    arrived = {outcome.key for outcome in outcomes if outcome.status == "downloaded"}
    failed = write_failures(outcomes, listing)
    assert 0 < len(arrived) < len(bodies)
    assert {path.relative_to(target).as_posix() for path in target.rglob("*.*")} == arrived
    assert failed == len(bodies) - len(arrived)
    again = download(anonymous, "large", read_failures(listing), target, **options)
    assert {outcome.status for outcome in again} == {"downloaded"}
    for key, body in bodies.items():
        assert (target / key).read_bytes() == body
    third = download(anonymous, "large", bodies, target, **options)
    assert {outcome.status for outcome in third} == {"present"}


def test_an_object_sent_in_parts_is_whole_though_its_tag_is_no_digest(
    server, s3, anonymous, tmp_path
):
    body, part = bytes(range(256)) * 50_000, 5 * 2**20
    server.create_bucket("parts")
    in_parts = TransferConfig(multipart_threshold=part, multipart_chunksize=part)
    s3.upload_fileobj(io.BytesIO(body), "parts", "day.ms", Config=in_parts)
    assert s3.head_object(Bucket="parts", Key="day.ms")["ETag"].endswith('-3"')
    for _ in range(2):  # what cannot be recognised is fetched again
        (outcome,) = download(anonymous, "parts", ["day.ms"], tmp_path, progress=False)
        assert (outcome.status, outcome.size) == ("downloaded", len(body))
        assert (tmp_path / "day.ms").read_bytes() == body


def waveform_keys(folder):
    found = (folder / "continuous_waveforms").rglob("*.ms")
    return sorted(path.relative_to(folder).as_posix() for path in found)
