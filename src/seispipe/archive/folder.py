"""An archive in a folder, laid out as a public bucket is."""

from pathlib import Path

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

    Raises
    ------
    ValueError
        If there is no such folder.
    """

    def __init__(self, folder: Path, layout: str = "scedc") -> None:
        super().__init__(LAYOUTS[layout])
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
        path = self.folder / key
        if not path.exists():
            return None
        try:
            return path.read_bytes()
        except OSError as problem:
            raise NoData(f"{path} cannot be read: {problem.strerror}; mend the file") from problem
