"""miniSEED records: which of them a window needs, and whether what came out of them is sound.

A miniSEED object is a row of records of equal length, each with a header of 48 bytes that says
whose samples it holds and from when. Reading all headers at once is quick, so only the records that
a window needs are handed to ObsPy for decoding.

References
----------
SEED Reference Manual, version 2.4, chapter 8 (fixed section of the data header, blockette 1000) and
appendix B (Steim compression).
"""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from obspy import Stream, UTCDateTime
from obspy.io.mseed import InternalMSEEDWarning
from obspy.io.mseed.util import get_record_information

from seispipe.archive.miniseed import read_miniseed

_FIELDS = {
    "quality": ("S1", 6),
    "station": ("S5", 8),
    "location": ("S2", 13),
    "channel": ("S3", 15),
    "network": ("S2", 18),
    "year": ("u2", 20),
    "day": ("u2", 22),
    "hour": ("u1", 24),
    "minute": ("u1", 25),
    "second": ("u1", 26),
    "fraction": ("u2", 28),
    "samples": ("u2", 30),
    "activity": ("u1", 36),
    "correction": ("i4", 40),
    "data_begins": ("u2", 44),
}
HEADER_BYTES = 48
# Enough of a record to hold its header and the blockettes that say how long it is.
PROBE_BYTES = 128
_STEIM = (10, 11)
# More than the microseconds that the fixed header does not hold.
_SLACK_NS = 1_000_000

# What ObsPy only warns about is an error here, see _verify(). Once for all and not around each
# read, because a change of the filters would reach into other threads.
warnings.filterwarnings("ignore", r"(?s).*Data integrity check", InternalMSEEDWarning)
_UNSOUND = "a record does not end with the value that it should"


class UnsoundRecord(ValueError):
    """A record's samples do not end with the value that the record says they do."""


@dataclass(frozen=True)
class RecordForm:
    """What the records of one object have in common.

    Attributes
    ----------
    length : int
        Bytes of a record.
    sampling_rate : float
        In Hz.
    byte_order : str
        ``>`` or ``<``.
    steim : bool
        True where the samples are compressed by Steim's first or second scheme.
    """

    length: int
    sampling_rate: float
    byte_order: str
    steim: bool


def record_form(data: bytes) -> RecordForm:
    """Read the form of an object's records from its first bytes, at least 128 of them.

    Raises
    ------
    Exception
        Of many kinds, if they are not miniSEED: this is ObsPy's parser.
    """
    found = get_record_information(io.BytesIO(data))
    return RecordForm(
        length=found["record_length"],
        sampling_rate=found["samp_rate"],
        byte_order=found["byteorder"],
        steim=found["encoding"] in _STEIM,
    )


def record_span(data: bytes) -> tuple[UTCDateTime, UTCDateTime]:
    """Return when the first and the last sample of the record that ``data`` begins with were taken.

    Raises
    ------
    Exception
        Of many kinds, if they are not miniSEED: this is ObsPy's parser.
    """
    found = get_record_information(io.BytesIO(data))
    return found["starttime"], found["endtime"]


def decode(
    data: bytes,
    network: str,
    station: str,
    location: str,
    channel: str,
    start: UTCDateTime,
    end: UTCDateTime,
) -> Stream:
    """Decode the samples of one channel in a window.

    Parameters
    ----------
    data : bytes
        A whole object, or some records of one.
    network, station, location, channel : str
        The channel's codes.
    start, end : UTCDateTime
        The window, both ends included.

    Returns
    -------
    Stream
        The samples, one trace for each stretch without a gap; empty where there are none. What is
        cut off or overwritten is left out and so becomes a gap.

    Raises
    ------
    UnsoundRecord
        If a compressed record does not end with the value it should end with.
    Exception
        Of many kinds, if the bytes are not miniSEED: this is ObsPy's parser.
    """
    form = record_form(data)
    rows = np.frombuffer(data, np.uint8, len(data) // form.length * form.length)
    rows = rows.reshape(-1, form.length)
    headers = _headers(rows, form)
    codes = {"network": network, "station": station, "location": location, "channel": channel}
    wanted = np.isin(headers["quality"], [b"D", b"R", b"Q", b"M"])
    for name, code in codes.items():
        # numpy has stripped the zero bytes at the end, blanks are what the standard fills with.
        wanted &= np.char.strip(headers[name]) == code.encode()
    wanted &= _overlaps(headers, form, start.ns, end.ns)
    if not wanted.any():
        return Stream()
    chosen = rows[wanted]
    try:
        stream = read_miniseed(chosen.tobytes())
    except InternalMSEEDWarning as problem:  # where all warnings are errors
        raise UnsoundRecord(_UNSOUND) from problem
    if form.steim:
        _verify(stream, chosen, headers[wanted], form)
    return stream.trim(start, end, nearest_sample=False)


def _headers(rows: np.ndarray, form: RecordForm) -> np.ndarray:
    layout = np.dtype(
        {
            "names": list(_FIELDS),
            "formats": [
                form.byte_order + kind if kind[0] in "ui" else kind for kind, _ in _FIELDS.values()
            ],
            "offsets": [offset for _, offset in _FIELDS.values()],
            "itemsize": HEADER_BYTES,
        }
    )
    return np.ascontiguousarray(rows[:, :HEADER_BYTES]).view(layout)[:, 0]


def _overlaps(headers: np.ndarray, form: RecordForm, start_ns: int, end_ns: int) -> np.ndarray:
    """Tell for each record whether it holds a sample of the window."""
    if headers["correction"].any():
        return np.ones(len(headers), bool)  # shifted in time: ObsPy shall work out how far
    years = headers["year"].astype(np.int64)
    days = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    seconds = 86400 * (days + headers["day"] - 1) + 3600 * headers["hour"].astype(np.int64)
    seconds += 60 * headers["minute"].astype(np.int64) + headers["second"]
    first = 1_000_000_000 * seconds + 100_000 * headers["fraction"].astype(np.int64)
    last = first + (headers["samples"] * (1e9 / form.sampling_rate)).astype(np.int64)
    return (last >= start_ns - _SLACK_NS) & (first <= end_ns + _SLACK_NS)


def _verify(stream: Stream, rows: np.ndarray, headers: np.ndarray, form: RecordForm) -> None:
    """Hold the last sample of each record against the copy that its first frame keeps.

    ObsPy does so too, but only warns, and a warning is easily switched off.
    """
    where = headers["data_begins"].astype(np.int64)[:, None] + np.arange(8, 12)
    if where.max() >= form.length:
        raise UnsoundRecord("a record says that its data begin behind its end")
    kept = np.take_along_axis(rows, where, axis=1).copy().view(f"{form.byte_order}i4")[:, 0]
    ends = np.cumsum(headers["samples"].astype(np.int64)) - 1
    samples = np.concatenate([trace.data for trace in stream])
    if len(samples) != ends[-1] + 1:
        raise UnsoundRecord(f"{ends[-1] + 1} samples were promised and {len(samples)} came out")
    if not np.array_equal(samples[ends], kept):
        raise UnsoundRecord(_UNSOUND)
