"""From a word on the command line to an archive."""

from collections.abc import Callable
from pathlib import Path

from seispipe.archive.folder import FolderArchive
from seispipe.archive.objects import ObjectArchive
from seispipe.archive.recordings import Recordings
from seispipe.archive.s3 import S3Archive

ARCHIVES: dict[str, Callable[[], Recordings | ObjectArchive]] = {
    "recordings": Recordings,
    "scedc": S3Archive,
}


def open_archive(name: str) -> Recordings | ObjectArchive:
    """Open an archive by its name, by its address, or in a folder.

    Parameters
    ----------
    name : str
        ``recordings`` (inside the ObsPy package); ``scedc`` (the public bucket, or the server that
        the environment variable ``SEISPIPE_S3_ENDPOINT`` names); the address of an S3 server that
        has SCEDC's bucket, such as ``http://127.0.0.1:38383``; or the path of a folder laid out as
        that bucket.

    Raises
    ------
    ValueError
        If it is none of these; the message lists the names there are.
    """
    if name in ARCHIVES:
        return ARCHIVES[name]()
    if name.startswith(("http://", "https://")):
        return S3Archive(endpoint_url=name)
    if Path(name).is_dir():
        return FolderArchive(Path(name))
    raise ValueError(
        f"{name!r} is neither an archive nor a folder; choose one of: "
        f"{', '.join(sorted(ARCHIVES))}, the address of an S3 server, or the path of a folder"
    )
