"""Where a run is kept: a folder on a disk, or a prefix in a bucket."""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from seispipe.archive.s3 import proxies_for

# A server that is restarted is back within a minute: half a second, then twice as long each time.
_PAUSES_S = (0.5, 1, 2, 4, 8, 16, 32)
_S3_SETTINGS = {
    # Checksums of whole objects would be held against parts of them, by servers that know parts.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
    "connect_timeout": 3,
    "read_timeout": 30,
}


class StoreError(OSError):
    """A run's files cannot be read or written; the message says where, why, and what to do."""


class Store:
    """Named files, each of which is there whole or not at all.

    A store is small and can be sent to a worker; connections are made where they are used.

    Parameters
    ----------
    where : str or Path
        A folder, or an address that fsspec knows, such as ``s3://bucket/prefix``.
    **options
        What fsspec's file system takes, such as ``endpoint_url``, ``key`` and ``secret`` of S3.
        Keys are better left to the environment or the machine's role.
    """

    def __init__(self, where: str | Path, **options) -> None:
        self.where = str(where) if "://" in str(where) else str(Path(where).absolute())
        self.options = options

    def __str__(self) -> str:
        return self.where

    def write(self, name: str, data: bytes) -> None:
        """Write a file, replacing one of that name; nobody ever sees half of it.

        Raises
        ------
        StoreError
            If it cannot be written, on S3 also after a minute of trying.
        """
        try:
            self._patiently(lambda: self._write(name, data), f"write {name} to")
        except FileNotFoundError:
            raise StoreError(f"cannot write {name} to {self}: there is no such bucket") from None

    def read(self, name: str) -> bytes | None:
        """Return a file's content, or None if there is no such file.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        try:
            return self._patiently(
                lambda: self._files.cat_file(self._path(name)), f"read {name} in"
            )
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in one of the store's folders, sorted.

        Raises
        ------
        StoreError
            If they cannot be listed.
        """
        try:
            paths = self._patiently(
                lambda: self._files.ls(self._path(folder), detail=False, refresh=True),
                f"list {folder} in",
            )
        except FileNotFoundError:
            return []
        names = (path.rsplit("/", 1)[-1] for path in paths)
        return sorted(name for name in names if name and not name.startswith("."))

    @property
    def _files(self):
        options = dict(self.options)
        if self.where.startswith("s3://"):
            proxies = {"proxies": proxies_for(options.get("endpoint_url"))}
            options["config_kwargs"] = _S3_SETTINGS | proxies | options.get("config_kwargs", {})
            # What others have written since the last listing is there: one request, no memory.
            options |= {"use_listings_cache": False, "max_concurrency": 1}
        # fsspec keeps one for each process and set of options, with its connections.
        return url_to_fs(self.where, **options)[0]

    def _path(self, name: str) -> str:
        return f"{self._files._strip_protocol(self.where)}/{name}"

    def _write(self, name: str, data: bytes) -> None:
        path = self._path(name)
        if not isinstance(self._files, LocalFileSystem):
            self._files.pipe_file(path, data)  # one PUT, which is whole or not at all
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Two workers may write the same name at once, on two machines with one disk.
        draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def _patiently(self, do: Callable[[], object], what: str) -> object:
        """Do something, and again after a pause where another try may help."""
        for pause in (*_PAUSES_S, None):
            try:
                return do()
            except FileNotFoundError:
                raise  # no other try will find it
            except PermissionError as problem:
                raise StoreError(
                    f"cannot {what} {self}: not allowed ({problem}). Look at your credentials and "
                    "at who may write there."
                ) from problem
            except (OSError, BotoCoreError, ClientError) as problem:
                local = isinstance(self._files, LocalFileSystem)
                if local or pause is None:
                    raise StoreError(f"cannot {what} {self}: {problem}") from problem
                time.sleep(pause)
        raise AssertionError("unreachable")
