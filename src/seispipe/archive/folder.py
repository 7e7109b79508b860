"""An archive in a folder, laid out as a public bucket is."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from seispipe.archive.layouts import LAYOUTS
from seispipe.archive.objects import ObjectArchive
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
        answer = self._read(key, lambda file: (file.read(), 0))
        return None if answer is None else answer[0]

    def fetch_range(self, key: str, first: int, last: int) -> tuple[bytes, int] | None:
        """Return some bytes of a file and its whole size, or None where there is no such file.

        Raises
        ------
        NoData
            If the file is there and cannot be read.
        """

        def part(file: BinaryIO) -> tuple[bytes, int]:
            size = file.seek(0, os.SEEK_END)
            file.seek(first)
            return file.read(last + 1 - first), size

        return self._read(key, part)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, in their order."""
        inside = self.folder / prefix.rpartition("/")[0]
        keys = (path.relative_to(self.folder).as_posix() for path in inside.rglob("*.*"))
        return sorted(key for key in keys if key.startswith(prefix))

    def _read(
        self, key: str, reader: Callable[[BinaryIO], tuple[bytes, int]]
    ) -> tuple[bytes, int] | None:
        path = self.folder / key
        if not path.exists():
            return None
        try:
            with path.open("rb") as file:
                data, size = reader(file)
        except OSError as problem:
            raise NoData(f"{path} cannot be read: {problem.strerror}; mend the file") from problem
        self.traffic.add(len(data))
        return data, size
