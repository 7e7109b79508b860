"""From a word to an archive: where the data shall come from, in one argument or one variable."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from seispipe.archive import Archive, FdsnArchive, FolderArchive, Recordings, S3Archive
from seispipe.archive.endpoint import serve
from seispipe.archive.s3 import ENDPOINT_VARIABLE
from seispipe.synthesis import build as building

SOURCE_VARIABLE = "SEISPIPE_SOURCE"
READING_VARIABLE = "SEISPIPE_READING"
CACHE_VARIABLE = "SEISPIPE_CACHE"
#: The words that name an archive, and which archive each of them is.
SOURCES = {
    "teaching": "the synthetic teaching archive, made at first use and kept",
    "s3": "the same archive behind an S3 server on this machine",
    "recordings": "the real recordings inside the ObsPy package",
    "scedc": "the public bucket of the Southern California Earthquake Data Center",
    "fdsn:NAME": "an FDSN web service, by its name or address, such as fdsn:EARTHSCOPE",
    "http://...": "the address of an S3 server that has SCEDC's bucket",
    "FOLDER": "a folder laid out as that bucket, such as `seispipe archive build` and `fill` make",
}


def open_archive(source: str | None = None, reading: str | None = None) -> Archive:
    """Open an archive.

    Parameters
    ----------
    source : str, optional
        One of :data:`SOURCES`; by default what the environment variable ``SEISPIPE_SOURCE`` says,
        else ``teaching``. Where the variable ``SEISPIPE_S3_ENDPOINT`` names a server, ``scedc`` and
        ``s3`` are looked for there.
    reading : {"objects", "records"}, optional
        Whether a window is read by fetching its whole object, or only the records that it needs;
        by default what the environment variable ``SEISPIPE_READING`` says, else whole objects. It
        makes no difference to the recordings and to FDSN services.

    Returns
    -------
    Archive
        Nothing has been read from it yet, but for ``teaching``, which is made if it is not there.

    Raises
    ------
    ValueError
        If it is none of these; the message lists what there is.
    """
    source = source or os.environ.get(SOURCE_VARIABLE) or "teaching"
    reading = reading or os.environ.get(READING_VARIABLE) or "objects"
    if source == "recordings":
        return Recordings()
    if source == "teaching":
        return FolderArchive(teaching_folder(), reading=reading)
    if source == "scedc":
        return S3Archive(reading=reading)
    if source == "s3":
        if not os.environ.get(ENDPOINT_VARIABLE):
            raise ValueError(
                f"there is no S3 server yet: start one with `seispipe archive serve`, and put its "
                f"address into {ENDPOINT_VARIABLE}"
            )
        return S3Archive(reading=reading)
    if source.startswith("fdsn:"):
        return FdsnArchive(source.removeprefix("fdsn:"))
    if source.startswith(("http://", "https://")):
        return S3Archive(endpoint_url=source, reading=reading)
    if Path(source).is_dir():
        if not any(
            (Path(source) / name).is_dir() for name in ("continuous_waveforms", "FDSNstationXML")
        ):
            raise ValueError(
                f"the folder {source} is not laid out as SCEDC's bucket: it has neither "
                "continuous_waveforms/ nor FDSNstationXML/; `seispipe archive fill` makes one that "
                "is, of your own files"
            )
        return FolderArchive(Path(source), reading=reading)
    raise ValueError(
        f"{source!r} is neither an archive nor a folder; choose one of: "
        + "; ".join(f"{name} ({what})" for name, what in SOURCES.items())
    )


@contextmanager
def opened(source: str | None = None, reading: str | None = None) -> Iterator[Archive]:
    """Open an archive for the length of a ``with`` block.

    As :func:`open_archive`, but for ``s3`` without a server: then one is started over the teaching
    archive, and stopped at the end.

    Parameters
    ----------
    source, reading : str, optional
        As of :func:`open_archive`.

    Yields
    ------
    Archive
        The archive.

    Raises
    ------
    ValueError
        As :func:`open_archive`.
    HelperError
        If the server cannot be started.
    """
    source = source or os.environ.get(SOURCE_VARIABLE)
    if source == "s3" and not os.environ.get(ENDPOINT_VARIABLE):
        with serve(teaching_folder()) as endpoint:
            yield open_archive(endpoint.url, reading)
    else:
        yield open_archive(source, reading)


def by_full_name(source: str) -> str:
    """Return the word for an archive as it is understood from any folder: a folder's whole path."""
    is_folder = source not in SOURCES and Path(source).is_dir()
    return str(Path(source).resolve()) if is_folder else source


def teaching_folder() -> Path:
    """Return the folder of the teaching archive, and make it first if it is not there.

    It lies in the user's cache, or below the folder that the environment variable
    ``SEISPIPE_CACHE`` names, under a name that changes with the recipe and with the versions of the
    packages that it depends on. Older ones are removed.
    """
    cache = Path(os.environ.get(CACHE_VARIABLE) or user_cache_path("seispipe"))
    folder = cache / f"teaching-archive-{_recipe()}"
    if not folder.is_dir():
        for old in cache.glob("teaching-archive-*"):
            shutil.rmtree(old, ignore_errors=True)
        try:
            building.build(folder)
        except OSError:
            # Another process may have been quicker; its archive is as good as ours.
            if not folder.is_dir():
                raise
    return folder


def _recipe() -> str:
    """Return a word that stands for all that decides which bytes are made."""
    recipe = hashlib.sha256()
    for module in sorted(Path(building.__file__).parent.glob("*.py")):
        recipe.update(module.read_bytes())
    for package in ("numpy", "scipy", "obspy"):
        recipe.update(f"{package} {version(package)}\n".encode())
    return recipe.hexdigest()[:12]
