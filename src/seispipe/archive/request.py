"""The small thing that is sent to whoever does the work: which channel, from when to when."""

import re
from dataclasses import dataclass

from obspy import UTCDateTime


@dataclass(frozen=True)
class Request:
    """One window of one channel.

    A request is a few hundred bytes at most and can be sent anywhere; the samples stay in the
    archive until somebody reads them.

    Attributes
    ----------
    network, station, location, channel : str
        The four codes of the channel (its SEED id). ``location`` may be empty.
    start, end : UTCDateTime
        The window, with ``start`` included and ``end`` excluded, so that windows laid side by side
        share no sample.
    """

    network: str
    station: str
    location: str
    channel: str
    start: UTCDateTime
    end: UTCDateTime

    def __post_init__(self) -> None:
        # To the microsecond, as ObsPy compares times: so equal requests have the same hash.
        for name in ("start", "end"):
            time = getattr(self, name)
            object.__setattr__(self, name, UTCDateTime(ns=round(time.ns, -3)))
        if not self.start < self.end:
            raise ValueError(
                f"{self.seed_id}: the window must end after it starts, "
                f"but start is {self.start} and end is {self.end}"
            )

    def __hash__(self) -> int:
        # ObsPy's UTCDateTime cannot be hashed, its nanoseconds can.
        return hash((self.seed_id, self.start.ns, self.end.ns))

    @classmethod
    def from_id(cls, seed_id: str, start: UTCDateTime, end: UTCDateTime) -> "Request":
        """Make a request from a SEED id such as ``BW.RJOB..EHZ``.

        Raises
        ------
        ValueError
            If the id has not four parts, or the window is empty.
        """
        parts = seed_id.split(".")
        plain = re.fullmatch(r"[A-Za-z0-9-]*(\.[A-Za-z0-9-]*){3}", seed_id)
        if not plain or not parts[1] or not parts[3]:
            raise ValueError(
                f"{seed_id!r} is not a SEED id: write NETWORK.STATION.LOCATION.CHANNEL, "
                "with nothing between the dots where a code is empty and without wildcards, "
                "as in BW.RJOB..EHZ"
            )
        if parts[2] == "--":  # how FDSN services spell the empty one
            parts[2] = ""
        return cls(*parts, start, end)

    @property
    def seed_id(self) -> str:
        """The channel's SEED id, ``NETWORK.STATION.LOCATION.CHANNEL``."""
        return f"{self.network}.{self.station}.{self.location}.{self.channel}"
