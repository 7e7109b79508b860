"""One station of the teaching archive, in memory, so that its bytes can be mangled."""

from functools import cache

import numpy as np

from seispipe.archive import Request
from seispipe.archive.layouts import LAYOUTS
from seispipe.archive.objects import NoObject, ObjectArchive
from seispipe.archive.records import record_span
from seispipe.pipeline import process_station
from seispipe.results import STATUSES, Row
from seispipe.sources import open_archive

LENGTH = 512


class Given(ObjectArchive):
    """An archive of one channel: the bytes that it was given."""

    def __init__(self, waveforms: bytes, metadata: bytes, reading: str = "objects") -> None:
        super().__init__(LAYOUTS["scedc"], reading)
        self.waveforms, self.metadata = waveforms, metadata

    def fetch(self, key):
        return self.metadata if key.startswith("FDSNstationXML/") else self.waveforms

    def fetch_range(self, key, first, last):
        if not self.waveforms:
            raise NoObject
        return self.waveforms[first : last + 1], len(self.waveforms)

    def keys(self, prefix):
        return []


@cache
def subject() -> tuple[Request, bytes, bytes]:
    """A request, the object that holds its samples, and its metadata."""
    archive = open_archive("teaching")
    request = archive.requests("hour")[0]
    codes = (request.network, request.station, request.location, request.channel)
    waveforms = archive.fetch(archive.layout.key(*codes, request.start.date))
    metadata = archive.fetch(f"FDSNstationXML/{codes[0]}/{codes[0]}_{codes[1]}.xml")
    return request, waveforms, metadata


@cache
def small_object() -> bytes:
    """The records of the window and some more: little enough to be decoded as a whole."""
    request, waveforms, _ = subject()
    around = [
        waveforms[first : first + LENGTH]
        for first in range(0, len(waveforms), LENGTH)
        if record_span(waveforms[first:])[1] > request.start.ns - 10e9
        and record_span(waveforms[first:])[0] < request.end.ns + 10e9
    ]
    assert len(around) * LENGTH < 65_536
    return b"".join(around)


@cache
def right_row() -> Row:
    """What the pipeline makes of the sound bytes."""
    request, waveforms, metadata = subject()
    row = process_station(request, Given(waveforms, metadata))
    assert row.status == "ok"
    return row


def judged(row: Row) -> str:
    """Say what became of a station: right, or refused for a reason; fail on anything else."""
    request, *_ = subject()
    assert (row.seed_id, row.start, row.end) == (request.seed_id, request.start, request.end)
    assert row.status in STATUSES
    assert row.status != "error", row.reason
    if row.status != "ok":
        assert len(row.reason) > 20
        return row.status
    numbers = (row.snr, row.peak_velocity, row.dominant_hz)
    assert np.isfinite(numbers).all()
    assert min(numbers) > 0
    return "ok"


def same_as_right(row: Row) -> bool:
    """Tell whether a row is the right one, but for what no reader of miniSEED could see.

    A record that says it is less than half a sample early or late is taken at its word.
    """
    right = right_row()
    return (
        abs(row.p_time - right.p_time) <= 0.011
        and abs(row.peak_velocity / right.peak_velocity - 1) < 0.01
    )
