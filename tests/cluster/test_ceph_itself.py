"""The Ceph of these tests is a real one: it knows its users, policies, ranges and conditions."""

import urllib.error
import urllib.request

import psutil
import pytest
from botocore.exceptions import ClientError
from ceph import ceph

BODY = bytes(range(256)) * 64


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ceph(tmp_path_factory.mktemp("ceph")) as running:
        running.create_bucket("public")
        running.create_bucket("private", public=False)
        yield running


def status_of(refusal):
    return refusal.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_objects_are_put_got_listed_and_deleted(s3):
    for name in ("a", "b", "c"):
        s3.put_object(Bucket="private", Key=f"kept/{name}", Body=BODY)
    assert s3.get_object(Bucket="private", Key="kept/b")["Body"].read() == BODY
    s3.delete_object(Bucket="private", Key="kept/b")
    listed = s3.list_objects_v2(Bucket="private", Prefix="kept/")["Contents"]
    assert [item["Key"] for item in listed] == ["kept/a", "kept/c"]


def test_a_part_is_answered_as_a_part(s3):
    s3.put_object(Bucket="private", Key="part", Body=BODY)
    answer = s3.get_object(Bucket="private", Key="part", Range="bytes=256-511")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert answer["ContentRange"] == f"bytes 256-511/{len(BODY)}"
    assert answer["Body"].read() == bytes(range(256))


def test_what_is_there_is_not_overwritten_on_condition(s3):
    s3.put_object(Bucket="private", Key="once", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError) as refusal:
        s3.put_object(Bucket="private", Key="once", Body=b"second", IfNoneMatch="*")
    assert status_of(refusal) == 412
    assert s3.get_object(Bucket="private", Key="once")["Body"].read() == b"first"


def test_a_wrong_secret_is_refused(server):
    client = server.client(secret_key="guessed")  # noqa: S106 (which it must not be)
    with pytest.raises(ClientError) as refusal:
        client.list_objects_v2(Bucket="public")
    client.close()
    assert status_of(refusal) == 403


def test_everybody_may_read_what_a_policy_opens_and_nothing_else(s3, anonymous):
    for bucket in ("public", "private"):
        s3.put_object(Bucket=bucket, Key="one", Body=BODY)
    assert anonymous.get_object(Bucket="public", Key="one")["Body"].read() == BODY
    assert anonymous.list_objects_v2(Bucket="public")["KeyCount"] == 1
    for refused in (
        lambda: anonymous.get_object(Bucket="private", Key="one"),
        lambda: anonymous.list_objects_v2(Bucket="private"),
        lambda: anonymous.put_object(Bucket="public", Key="two", Body=b"x"),
    ):
        with pytest.raises(ClientError) as refusal:
            refused()
        assert status_of(refusal) == 403


def test_objects_outlive_a_restart_of_the_gateway(server, s3):
    s3.put_object(Bucket="public", Key="lasting", Body=BODY)
    server.stop_gateway()
    with pytest.raises(urllib.error.URLError, match="Connection refused"):
        urllib.request.urlopen(server.url, timeout=5)  # noqa: S310 (a loopback address)
    server.start_gateway()
    assert s3.get_object(Bucket="public", Key="lasting")["Body"].read() == BODY


def test_nothing_is_left_of_it_when_a_test_fails(tmp_path):
    before = set(psutil.pids())
    with pytest.raises(ZeroDivisionError), ceph(tmp_path / "other"):
        raise ZeroDivisionError
    left = [psutil.Process(pid).cmdline() for pid in set(psutil.pids()) - before]
    assert not left
