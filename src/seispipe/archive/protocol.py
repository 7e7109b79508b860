"""What every archive can do: ObsPy's client methods, and what windows to begin with."""

from typing import Protocol

from obspy import Inventory, Stream, UTCDateTime

from seispipe.archive.request import Request


class Archive(Protocol):
    """Anything that answers ObsPy's client calls.

    An archive may also have :meth:`~seispipe.archive.objects.ObjectArchive.get_segments`, which
    hands out samples without the headers of traces; the pipeline then asks for those.

    The first two methods return what they have: an empty ``Stream`` or ``Inventory`` means
    "nothing", and the stage that asked turns it into a reason. An archive that knows more raises a
    :class:`~seispipe.errors.StationError` of its own.
    """

    def get_waveforms(
        self,
        network: str,
        station: str,
        location: str,
        channel: str,
        starttime: UTCDateTime,
        endtime: UTCDateTime,
    ) -> Stream:
        """Return the samples of a channel from ``starttime`` to ``endtime``, both included."""

    def get_stations(
        self,
        *,
        network: str,
        station: str,
        location: str,
        channel: str,
        level: str,
    ) -> Inventory:
        """Return the metadata of a channel, every epoch of it, in the detail of ``level``."""

    def requests(self, *groups: str) -> list[Request]:
        """Return the windows that the archive itself proposes, of some groups of its stations."""
