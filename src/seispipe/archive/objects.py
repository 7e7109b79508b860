"""An archive of day-long objects, wherever the objects lie.

What a folder and a bucket have in common: which object holds a channel's day, and how to read what
is in it. Where the bytes come from is left to :class:`~seispipe.archive.folder.FolderArchive` and
:class:`~seispipe.archive.s3.S3Archive`.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fnmatch import fnmatchcase

from obspy import Inventory, Stream, UTCDateTime

from seispipe.archive.layouts import CODES, Layout
from seispipe.archive.metadata import KnownMetadata, parsed
from seispipe.archive.miniseed import Segment
from seispipe.archive.ranges import RangedRead, window_bytes
from seispipe.archive.records import Codes, decode
from seispipe.archive.request import Request
from seispipe.archive.traffic import Traffic
from seispipe.archive.truth import TRUTH_KEY, Truth
from seispipe.errors import BadSamples, NoResponse, StationError, UnknownStation

READINGS = ("objects", "records")


class ObjectArchive(ABC):
    """Day-long miniSEED objects and StationXML, found by their keys.

    Parameters
    ----------
    layout : Layout
        How the waveform objects are named. Metadata are looked for as SCEDC keeps them,
        ``FDSNstationXML/NET/NET_STA.xml``.
    reading : {"objects", "records"}
        Whether a window is read by fetching its whole object, or only the records that it needs.

    Attributes
    ----------
    traffic : Traffic
        How many reads there were, and how many bytes they moved.

    Raises
    ------
    ValueError
        If ``reading`` is neither.
    """

    def __init__(self, layout: Layout, reading: str = "objects") -> None:
        if reading not in READINGS:
            raise ValueError(f"reading is {reading!r}; choose one of: {', '.join(READINGS)}")
        self.layout = layout
        self.reading = reading
        self.traffic = Traffic()
        self._begin()

    def _begin(self) -> None:
        """Prepare what belongs to this process only."""
        self._metadata = KnownMetadata()

    def __getstate__(self) -> dict:
        """Leave behind what belongs to this process when the archive is sent elsewhere."""
        return {name: value for name, value in self.__dict__.items() if name != "_metadata"}

    def __setstate__(self, state: dict) -> None:
        """Arrive in another process."""
        self.__dict__.update(state)
        self._begin()

    @abstractmethod
    def fetch(self, key: str) -> bytes | None:
        """Return the bytes of an object, or None where there is no such object.

        Raises
        ------
        StationError
            If it cannot be said whether there is one, or its bytes did not all arrive.
        """

    @abstractmethod
    def fetch_range(self, key: str, first: int, last: int) -> tuple[bytes, int]:
        """Return some bytes of an object and its whole size.

        Parameters
        ----------
        key : str
            Which object.
        first, last : int
            The first and the last byte wanted; fewer come where the object ends before.

        Raises
        ------
        NoObject
            If there is no such object.
        StationError
            As :meth:`fetch`.
        """

    @contextmanager
    def ranged(self, key: str) -> Iterator[RangedRead]:
        """Prepare to read parts of one object, as :meth:`fetch_range`.

        Yields
        ------
        callable
            Takes the first and the last byte wanted.
        """
        yield lambda first, last: self.fetch_range(key, first, last)

    @abstractmethod
    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, in their order.

        Raises
        ------
        StationError
            If it cannot be said which there are.
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
        """Return the samples of a channel, both ends included, or raise as :meth:`get_segments`."""
        codes = (network, station, location, channel)
        pieces = self._segments(codes, starttime, endtime)
        return Stream([piece.trace() for piece in pieces])

    def get_segments(self, codes: Codes, starttime: UTCDateTime, endtime: UTCDateTime) -> list:
        """Return the samples as :meth:`get_waveforms`, without the headers of ObsPy's traces.

        Parameters
        ----------
        codes : tuple of str
            Network, station, location and channel.
        starttime, endtime : UTCDateTime
            The window, both ends included.

        Returns
        -------
        list of Segment
            Each stretch without a gap.

        Raises
        ------
        UnknownStation
            If a code cannot be one of this archive's.
        BadSamples
            If an object is there but is not miniSEED.
        StationError
            If an object cannot be had.
        """
        return self._segments(codes, starttime, endtime)

    def __init_subclass__(cls) -> None:
        """Let a class that gets its waveforms in a way of its own be asked for nothing else."""
        super().__init_subclass__()
        if "get_waveforms" in vars(cls) and "get_segments" not in vars(cls):
            cls.get_segments = None

    def _demand_codes(self, **codes: str) -> None:
        try:
            self.layout.demand_codes(**codes)
        except ValueError as problem:
            raise UnknownStation(str(problem)) from problem

    def _segments(self, codes: Codes, starttime: UTCDateTime, endtime: UTCDateTime) -> list:
        found: list[Segment] = []
        day, last_day = starttime.date, endtime.date
        self._demand_codes(**dict(zip(CODES, codes, strict=True)))
        while day <= last_day:
            key = self.layout.key(*codes, day)
            found += self._window(key, codes, starttime.ns, endtime.ns)
            day += timedelta(days=1)
        return found

    def _window(self, key: str, codes: Codes, start_ns: int, end_ns: int) -> list[Segment]:
        """Read what an object holds of a window."""

        def decoded(data: bytes) -> list[Segment]:
            return _read(key, BadSamples, "miniSEED", lambda: decode(data, codes, start_ns, end_ns))

        # Where one object holds all channels, its records are not in the order of time.
        if self.reading == "records" and self.layout.one_channel:
            try:
                with self.ranged(key) as ranged_read:
                    part = window_bytes(ranged_read, start_ns, end_ns)
            except NoObject:
                return []
            if part is not None:
                pieces = decoded(part)
                # A hole may be filled by records that stand elsewhere in the object.
                if len(pieces) == 1 and pieces[0].holds(start_ns, end_ns):
                    return pieces
        data = self.fetch(key)
        return [] if data is None else decoded(data)

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

        ``station`` may hold the wildcards ``*`` and ``?``; then the archive is asked which stations
        there are. What is known of one station is kept for ten minutes and handed out again: it is
        shared, and must not be changed.

        Raises
        ------
        UnknownStation
            If a code cannot be one of this archive's.
        NoResponse
            If an object is there but is not StationXML.
        StationError
            If an object cannot be had.
        """
        # Before they become a path: no code leads anywhere else.
        self._demand_codes(network=network, station=re.sub("[*?]", "", station) or "X")
        wanted = f"FDSNstationXML/{network}/{network}_{station}.xml"
        # Asked for again with each window of a station: over a network, a round trip each time.
        asked = wanted, location, channel
        if (known := self._metadata.get(asked)) is not None:
            return known
        keys = [wanted]
        if set(station) & set("*?"):
            found = self.keys(f"FDSNstationXML/{network}/")
            keys = [key for key in found if fnmatchcase(key, wanted)]
        inventory = Inventory(networks=[], source=wanted)
        for key in keys:
            data = self.fetch(key)
            if data is not None:
                inventory += _read(key, NoResponse, "StationXML", lambda data=data: parsed(data))
        inventory = inventory.select(location=location, channel=channel)
        if keys == [wanted] and inventory.networks:
            self._metadata.keep(asked, inventory)
        return inventory

    def forget(self) -> None:
        """Forget the metadata that were read, so that they are asked for anew."""
        self._metadata.forget()

    def truth(self) -> Truth | None:
        """Return the answers that come with the teaching archive; None for any other.

        Raises
        ------
        StationError
            If it cannot be said whether there are any.
        """
        text = self.fetch(TRUTH_KEY)
        return None if text is None else Truth(text)

    def requests(self, *groups: str) -> list[Request]:
        """Return the windows that the teaching archive proposes; none for any other archive.

        Parameters
        ----------
        *groups : {"hour", "day", "defects"}
            Which stations; by default those of the hour.

        Raises
        ------
        StationError
            If it cannot be said whether there are any.
        """
        truth = self.truth()
        return [] if truth is None else truth.requests(*groups)


class NoObject(Exception):
    """There is no object under the key."""


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
