"""An archive in a bucket: SCEDC's, or a folder behind :mod:`seispipe.archive.endpoint`."""

import os
import threading
import time
from contextlib import closing
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from seispipe.archive.layouts import LAYOUTS
from seispipe.archive.objects import NoObject, ObjectArchive
from seispipe.errors import AccessDenied, ArchiveUnreachable, NoSuchBucket

ENDPOINT_VARIABLE = "SEISPIPE_S3_ENDPOINT"
_ONE_CLIENT_AT_A_TIME = threading.Lock()
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_ATTEMPTS = 3
_PAUSE_S = 0.2
_MISSING = {"NoSuchKey", "404", "NotFound"}
_DENIED = {
    "AccessDenied",
    "403",
    "Forbidden",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "RequestExpired",
    "InvalidToken",
}


def s3_client(
    endpoint_url: str | None = None, region: str = "us-west-2", patience_s: float = 30
) -> BaseClient:
    """Return an anonymous boto3 client that may be shared between threads.

    Parameters
    ----------
    endpoint_url : str, optional
        Address of an S3 server; by default the public one.
    region : str
        The bucket's region.
    patience_s : float
        How long to wait for an answer on a connection that stands.

    Returns
    -------
    botocore.client.BaseClient
        It gives up within ten seconds where nobody answers. Make it after a process has been
        started, not before: a client must not be carried into a forked process.
    """
    config = Config(
        signature_version=UNSIGNED,
        # Checksums of whole objects would be held against parts of them.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if endpoint_url else "auto"},
        connect_timeout=3,
        read_timeout=patience_s,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=64,
        proxies=proxies_for(endpoint_url),
    )
    return boto3.client("s3", endpoint_url=endpoint_url, region_name=region, config=config)


def proxies_for(endpoint_url: str | None) -> dict[str, str] | None:
    """Return the proxies to ask, in botocore's form, when speaking to a server.

    Parameters
    ----------
    endpoint_url : str or None
        Its address; None for the public one.

    Returns
    -------
    dict or None
        None, which leaves it to ``HTTP_PROXY`` and its like. For this machine itself, which no
        proxy can reach, there are none: ``NO_PROXY`` need not name it.
    """
    return {} if endpoint_url and urlsplit(endpoint_url).hostname in _THIS_MACHINE else None


class S3Archive(ObjectArchive):
    """Objects in a bucket, read without credentials.

    The archive itself is small and can be sent to another process; the client is made where it is
    used.

    Parameters
    ----------
    layout : str
        A key of :data:`~seispipe.archive.layouts.LAYOUTS`, which also names bucket and region.
    endpoint_url : str, optional
        Address of an S3 server; by default what ``SEISPIPE_S3_ENDPOINT`` says, else the public one.
    reading : {"objects", "records"}
        Whether whole objects are read, or only the records that a window needs.
    """

    def __init__(
        self, layout: str = "scedc", endpoint_url: str | None = None, reading: str = "objects"
    ) -> None:
        super().__init__(LAYOUTS[layout], reading)
        self.endpoint_url = endpoint_url or os.environ.get(ENDPOINT_VARIABLE) or None

    def _begin(self) -> None:
        super()._begin()
        self._client: BaseClient | None = None
        self._owner = 0

    def __getstate__(self) -> dict:
        """Leave the client behind too when the archive is sent elsewhere."""
        kept = super().__getstate__()
        return {name: kept[name] for name in kept.keys() - {"_client", "_owner"}}

    @property
    def client(self) -> BaseClient:
        """The client of this process."""
        # Threads that begin together would each make a client, with connections of its own; and to
        # make two at once in threads is what boto3 does not promise to be safe.
        with _ONE_CLIENT_AT_A_TIME:
            if self._client is None or self._owner != os.getpid():
                self._client = s3_client(self.endpoint_url, self.layout.region)
                self._owner = os.getpid()
            return self._client

    def fetch(self, key: str) -> bytes | None:
        """Return the bytes of an object, or None where there is no such object.

        Raises
        ------
        NoSuchBucket
            If the server knows no such bucket.
        AccessDenied
            If the server refuses.
        ArchiveUnreachable
            If nobody answers, the server fails, or the bytes did not all arrive, each several
            times.
        """
        answer = self._get(key)
        return None if answer is None else answer[0]

    def fetch_range(self, key: str, first: int, last: int) -> tuple[bytes, int]:
        """Return some bytes of an object and its whole size.

        Raises
        ------
        NoObject
            If there is no such object.
        StationError
            As :meth:`fetch`.
        """
        answer = self._get(key, Range=f"bytes={first}-{last}")
        if answer is None:
            raise NoObject
        return answer

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, in their order.

        Raises
        ------
        StationError
            As :meth:`fetch`.
        """
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.layout.bucket, Prefix=prefix
        )
        try:
            return [item["Key"] for page in pages for item in page.get("Contents", [])]
        except ClientError as problem:
            self._explain(f"{prefix}*", problem)
            return []
        except (BotoCoreError, OSError) as problem:
            raise self._unreachable(f"{prefix}*", problem) from problem

    def _get(self, key: str, **options: str) -> tuple[bytes, int] | None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._get_once(key, options)
            except ClientError as problem:
                return self._explain(key, problem)
            # What happens to a body on its way is no ClientError, and boto3 does not try it again.
            except (BotoCoreError, OSError) as problem:
                if attempt == _ATTEMPTS or not _on_its_way(problem):
                    raise self._unreachable(key, problem) from problem
                time.sleep(_PAUSE_S * 2**attempt)
        raise AssertionError("unreachable")

    def _get_once(self, key: str, options: dict[str, str]) -> tuple[bytes, int]:
        answer = self.client.get_object(Bucket=self.layout.bucket, Key=key, **options)
        # closing(), because the body as a context manager hands out the stream beneath it, whose
        # errors are not boto3's.
        with closing(answer["Body"]) as body:
            data = body.read()
        self.traffic.add(len(data))
        if len(data) != answer["ContentLength"]:
            raise OSError(f"{len(data)} of {answer['ContentLength']} bytes arrived")
        # "bytes 0-127/7340032", where a part was asked for.
        size = answer.get("ContentRange", f"/{len(data)}").rpartition("/")[2]
        return data, int(size)

    def _explain(self, key: str, problem: ClientError) -> tuple[bytes, int] | None:
        """Return None for an object that is not there; raise what else the server said."""
        code = problem.response["Error"]["Code"]
        status = problem.response["ResponseMetadata"].get("HTTPStatusCode", 0)
        if code == "NoSuchBucket":
            raise NoSuchBucket(
                f"{self._server} has no bucket {self.layout.bucket}; check the address of the "
                "server, or the layout"
            ) from problem
        if code in _MISSING:
            return None
        if code == "InvalidRange":
            return b"", 0  # nothing there, not even a first byte
        if code in _DENIED or status in (401, 403):
            raise AccessDenied(
                f"{self._where(key)} may not be read ({code}); the archive is not public, or does "
                "not hold this station for the public"
            ) from problem
        raise ArchiveUnreachable(
            f"{self._where(key)}: the server failed ({code}, status {status}); try again later"
        ) from problem

    def _unreachable(self, key: str, problem: Exception) -> ArchiveUnreachable:
        return ArchiveUnreachable(
            f"{self._where(key)} could not be read ({type(problem).__name__}: {problem}); "
            "is there a network, and is the server up?"
        )

    @property
    def _server(self) -> str:
        return self.endpoint_url or f"S3 in {self.layout.region}"

    def _where(self, key: str) -> str:
        return f"{key} in bucket {self.layout.bucket} on {self._server}"


def _on_its_way(problem: Exception) -> bool:
    """Tell a transfer that broke off, which is worth another try, from a server nobody reached."""
    name = type(problem).__name__
    return name in {"IncompleteReadError", "ResponseStreamingError", "ReadTimeoutError"} or (
        isinstance(problem, OSError)
    )
