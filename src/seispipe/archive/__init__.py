"""Where waveforms and responses come from.

An *archive* is any object with two methods of ObsPy's clients, ``get_waveforms`` and
``get_stations``. :class:`Request` names one window of one channel;
:func:`seispipe.sources.open_archive` turns a word into an archive.
"""

from seispipe.archive.fdsn import FdsnArchive
from seispipe.archive.folder import FolderArchive
from seispipe.archive.protocol import Archive
from seispipe.archive.recordings import Recordings
from seispipe.archive.request import Request
from seispipe.archive.s3 import S3Archive
from seispipe.archive.traffic import Traffic
from seispipe.archive.truth import Truth

__all__ = [
    "Archive",
    "FdsnArchive",
    "FolderArchive",
    "Recordings",
    "Request",
    "S3Archive",
    "Traffic",
    "Truth",
]
