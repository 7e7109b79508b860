"""An archive of day-long objects, wherever the objects lie.

What a folder and a bucket have in common: which object holds a channel's day, and how to read what
is in it. Where the bytes come from is left to :class:`~seispipe.archive.folder.FolderArchive` and
:class:`~seispipe.archive.s3.S3Archive`.
"""

import io
from abc import ABC, abstractmethod
from datetime import date, timedelta

from obspy import Inventory, Stream, UTCDateTime, read, read_inventory

from seispipe.archive.layouts import Layout
from seispipe.archive.request import Request
from seispipe.errors import BadSamples, NoResponse, StationError


class ObjectArchive(ABC):
    """Day-long miniSEED objects and StationXML, found by their keys.

    Parameters
    ----------
    layout : Layout
        How the waveform objects are named. Metadata are looked for as SCEDC keeps them,
        ``FDSNstationXML/NET/NET_STA.xml``.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @abstractmethod
    def fetch(self, key: str) -> bytes | None:
        """Return the bytes of an object, or None where there is no such object.

        Raises
        ------
        StationError
            If it cannot be said whether there is one, or its bytes did not all arrive.
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
        """Return the samples of a channel from ``starttime`` to ``endtime``, both included.

        Raises
        ------
        BadSamples
            If an object is there but is not miniSEED.
        StationError
            If an object cannot be had.
        """
        found = Stream()
        day = date(starttime.year, starttime.month, starttime.day)
        while day <= date(endtime.year, endtime.month, endtime.day):
            key = self.layout.key(network, station, location, channel, day)
            data = self.fetch(key)
            if data is not None:
                found += _read(
                    key,
                    BadSamples,
                    "miniSEED",
                    lambda data=data: read(
                        io.BytesIO(data), format="MSEED", starttime=starttime, endtime=endtime
                    ),
                )
            day += timedelta(days=1)
        # An object may hold every channel of its station.
        return found.select(network, station, location, channel)

    def get_stations(
        self,
        *,
        network: str,
        station: str,
        location: str = "*",
        channel: str = "*",
        level: str = "response",
    ) -> Inventory:
        """Return the metadata of the channels that match, every epoch of each, in full detail.

        Raises
        ------
        NoResponse
            If the object is there but is not StationXML.
        StationError
            If the object cannot be had.
        """
        key = f"FDSNstationXML/{network}/{network}_{station}.xml"
        data = self.fetch(key)
        if data is None:
            return Inventory(networks=[], source=key)
        inventory = _read(
            key,
            NoResponse,
            "StationXML",
            lambda: read_inventory(io.BytesIO(data), format="STATIONXML"),
        )
        return inventory.select(location=location, channel=channel)

    def requests(self) -> list[Request]:
        """Propose no window: only who asks knows which times matter."""
        return []


def _read(key: str, error: type[StationError], form: str, reader):
    """Read an object, and name it where that fails."""
    try:
        return reader()
    # The readers raise whatever their parsers do, down to bare Exception.
    except Exception as problem:
        raise error(
            f"{key} is there but cannot be read as {form} ({type(problem).__name__}: {problem}); "
            "fetch it again, and report it to the archive if it stays so"
        ) from problem
