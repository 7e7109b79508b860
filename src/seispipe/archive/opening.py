"""From a word on the command line to an archive."""

from pathlib import Path

from seispipe.archive.folder import FolderArchive
from seispipe.archive.recordings import Recordings

ARCHIVES = {"recordings": Recordings}


def open_archive(name: str) -> Recordings | FolderArchive:
    """Open an archive by its name, or in a folder.

    Parameters
    ----------
    name : str
        A key of :data:`ARCHIVES`, or the path of a folder laid out as SCEDC's bucket.

    Raises
    ------
    ValueError
        If it is neither; the message lists the names there are.
    """
    if name in ARCHIVES:
        return ARCHIVES[name]()
    if Path(name).is_dir():
        return FolderArchive(Path(name))
    raise ValueError(
        f"{name!r} is neither an archive nor a folder; "
        f"choose one of: {', '.join(sorted(ARCHIVES))}, or the path of a folder"
    )
