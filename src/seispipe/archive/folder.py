"""An archive in a folder, laid out as a public bucket is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from seispipe.archive.layouts import LAYOUTS
from seispipe.archive.objects import NoObject, ObjectArchive
from seispipe.archive.ranges import RangedRead
from seispipe.errors import NoData


class FolderArchive(ObjectArchive):
    """Objects as files below a folder.

    Parameters
    ----------
    folder : Path
        The folder that plays the bucket.
    layout : str
        A key of :data:`~seispipe.archive.layouts.LAYOUTS`.
    reading : {"objects", "records"}
        Whether whole objects are read, or only the records that a window needs.

    Raises
    ------
    ValueError
        If there is no such folder.
    """

    def __init__(self, folder: Path, layout: str = "scedc", reading: str = "objects") -> None:
        super().__init__(LAYOUTS[layout], reading)
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ValueError(f"there is no folder {self.folder}")

    def fetch(self, key: str) -> bytes | None:
        """Return the bytes of a file, or None where there is no such file.

        Raises
        ------
        NoData
            If the file is there and cannot be read.
        """
        try:
            with self._file(key) as file:
                data = file.read()
        except NoObject:
            return None
        self.traffic.add(len(data))
        return data

    def fetch_range(self, key: str, first: int, last: int) -> tuple[bytes, int]:
        """Return some bytes of a file and its whole size.

        Raises
        ------
        NoObject
            If there is no such file.
        NoData
            If the file is there and cannot be read.
        """
        with self.ranged(key) as ranged_read:
            return ranged_read(first, last)

    @contextmanager
    def ranged(self, key: str) -> Iterator[RangedRead]:
        """Open a file once to read parts of it, as :meth:`fetch_range`.

        Raises
        ------
        NoObject, NoData
            As :meth:`fetch_range`.
        """
        with self._file(key) as file:
            size = file.seek(0, os.SEEK_END)

            def ranged_read(first: int, last: int) -> tuple[bytes, int]:
                file.seek(first)
                data = file.read(last + 1 - first)
                self.traffic.add(len(data))
                return data, size

            yield ranged_read

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, in their order."""
        inside = self.folder / prefix.rpartition("/")[0]
        keys = (path.relative_to(self.folder).as_posix() for path in inside.rglob("*.*"))
        return sorted(key for key in keys if key.startswith(prefix))

    @contextmanager
    def _file(self, key: str) -> Iterator[BinaryIO]:
        path = self.folder / key
        try:
            # Unbuffered: what is asked for is read and nothing else.
            with path.open("rb", buffering=0) as file:
                yield file
        except (FileNotFoundError, NotADirectoryError) as problem:
            raise NoObject from problem
        except OSError as problem:
            raise NoData(f"{path} cannot be read: {problem.strerror}; mend the file") from problem
