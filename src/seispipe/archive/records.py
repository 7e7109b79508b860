"""miniSEED records: which of them a window needs, and the samples in them.

A miniSEED object is a row of records of equal length, each with a header of 48 bytes that says
whose samples it holds and from when. Reading all headers at once is quick, so only the records that
a window needs are handed on for decoding.

References
----------
SEED Reference Manual, version 2.4, chapter 8 (fixed section of the data header, blockette 1000).
"""

import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from pymseed import MiniSEEDError, MS3Record, nslc2sourceid

from seispipe.archive.miniseed import Segment, UnsoundRecord, read_segments

_FIELDS = {
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
    "correction": ("i4", 40),
}
Codes = tuple[str, str, str, str]
HEADER_BYTES = 48
# Enough of a record to hold its header and the blockettes that say how long it is.
PROBE_BYTES = 128
_LONGEST_RECORD = 2**16
_FEW_BYTES = 65_536
_QUALITY, _CODES, _TIME, _CORRECTION = 6, slice(8, 20), slice(20, 30), slice(40, 44)
_LOW = 2**64 - 1
_VERSION_3 = b"MS\x03"
_IS_DATA = np.isin(np.arange(256), np.frombuffer(b"DRQM", np.uint8))
# More than the microseconds that the fixed header does not hold.
_SLACK_NS = 1_000_000
_BYTE_ORDERS = ("<", ">") if sys.byteorder == "little" else (">", "<")


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What the records of one object have in common.

    Attributes
    ----------
    length : int
        Bytes of a record.
    sampling_rate : float
        In Hz.
    byte_order : str
        Of the headers, ``>`` or ``<``.
    """

    length: int
    sampling_rate: float
    byte_order: str


def record_form(data: bytes) -> RecordForm:
    """Read the form of an object's records from its first bytes, at least 128 of them.

    Raises
    ------
    MiniSEEDError
        If they are not miniSEED: this is pymseed's parser.
    """
    first = _parse(data)
    return RecordForm(
        length=first.reclen,
        sampling_rate=first.samprate,
        byte_order=_BYTE_ORDERS[first.swapflag_dict()["header_swapped"]],
    )


def record_span(data: bytes) -> tuple[int, int]:
    """Return when the first and the last sample of the record that ``data`` begins with were taken.

    Parameters
    ----------
    data : bytes
        At least the record's first 128 bytes.

    Returns
    -------
    first_ns, last_ns : int
        Nanoseconds since 1970.

    Raises
    ------
    MiniSEEDError
        If they are not miniSEED: this is pymseed's parser.
    """
    found = _parse(data)
    return found.starttime, found.endtime


def time_stamp(data: bytes, offset: int = 0) -> int:
    """Return a number that grows with the time of a record's first sample.

    Year, day, hour, minute, second and fraction stand in the header in this order, so that their
    bytes are such a number, where the order of bytes is the usual one.
    """
    return int.from_bytes(data[offset + _TIME.start : offset + _TIME.stop], "big")


def stamp_of(time_ns: int) -> int:
    """Return the number that :func:`time_stamp` gives for a time, in nanoseconds since 1970."""
    seconds, rest_ns = divmod(time_ns, 1_000_000_000)
    t = time.gmtime(seconds)
    clock = (t.tm_yday, t.tm_hour, t.tm_min, t.tm_sec, 0, rest_ns // 100_000)
    return int.from_bytes(struct.pack(">HHBBBBH", t.tm_year, *clock), "big")


def without_far_records(data: bytes, length: int, start_ns: int, end_ns: int) -> bytes:
    """Leave out records that lie before or after a window, where that is quick to see.

    Parameters
    ----------
    data : bytes
        Records.
    length : int
        Bytes of each.
    start_ns, end_ns : int
        The window, in nanoseconds since 1970.

    Returns
    -------
    bytes
        All records that hold samples of the window, and perhaps others.
    """
    rows = np.frombuffer(data, np.uint8, len(data) // length * length).reshape(-1, length)
    first, last = stamp_of(start_ns - _SLACK_NS), stamp_of(end_ns + _SLACK_NS)
    years = {first >> 64, last >> 64, time_stamp(data) >> 64, time_stamp(rows[-1].tobytes()) >> 64}
    # Of one year, what follows it is a number that numpy can hold.
    stamps = np.ascontiguousarray(rows[:, _TIME][:, 2:]).view(">u8")[:, 0]
    if len(years) > 1 or rows[:, _CORRECTION].any() or (stamps[1:] < stamps[:-1]).any():
        return data
    begin = max(0, int(np.searchsorted(stamps, first & _LOW, "right")) - 1)
    stop = int(np.searchsorted(stamps, last & _LOW, "right"))
    return data[begin * length : stop * length] or data


def decode(data: bytes, codes: Codes, start_ns: int, end_ns: int) -> list[Segment]:
    """Decode the samples of one channel in a window.

    Parameters
    ----------
    data : bytes
        A whole object, or some records of one.
    codes : tuple of str
        Network, station, location and channel.
    start_ns, end_ns : int
        The window, both ends included, in nanoseconds since 1970.

    Returns
    -------
    list of Segment
        The samples, stretch by stretch without a gap; empty where there are none. What is cut off
        or overwritten is left out and so becomes a gap.

    Raises
    ------
    UnsoundRecord
        If a compressed record does not end with the value it should end with.
    MiniSEEDError
        If the bytes are not miniSEED: this is pymseed's parser.
    """
    if data[:3] == _VERSION_3:
        # Its records are of any length, and look otherwise than what is looked at below.
        own = nslc2sourceid(*codes)
        return _cut((p for p in read_segments(data) if p.source == own), start_ns, end_ns)
    form = record_form(data)
    if len(data) > _FEW_BYTES:
        data = without_far_records(data, form.length, start_ns, end_ns)
    if len(data) <= _FEW_BYTES:
        # Decoding a few records too many takes less time than to look at each header.
        with suppress(UnsoundRecord, MiniSEEDError):
            pieces = list(read_segments(data))
            if {piece.source for piece in pieces} == {nslc2sourceid(*codes)}:
                return _cut(pieces, start_ns, end_ns)
    rows = np.frombuffer(data, np.uint8, len(data) // form.length * form.length)
    rows = rows.reshape(-1, form.length)
    headers = _headers(rows, form)
    wanted = _overlaps(headers, form, start_ns, end_ns)
    wanted &= _IS_DATA[rows[:, _QUALITY]]
    wanted &= _belongs(rows, headers, *codes)
    chosen = np.flatnonzero(wanted)
    if len(chosen) == 0:
        return []
    first, stop = int(chosen[0]), int(chosen[-1]) + 1
    if stop - first == len(chosen):
        records = data[first * form.length : stop * form.length]
    else:
        records = rows[chosen].tobytes()
    return _cut(read_segments(records), start_ns, end_ns)


def _cut(pieces: Iterable[Segment], start_ns: int, end_ns: int) -> list[Segment]:
    found = (piece.cut(start_ns, end_ns) for piece in pieces)
    return [piece for piece in found if len(piece.samples)]


def _parse(data: bytes) -> MS3Record:
    # The parser asks for a whole record. What it is told of one is in the bytes that it was given.
    return MS3Record.parse(data[:PROBE_BYTES].ljust(_LONGEST_RECORD, b"\0"))


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


def _belongs(
    rows: np.ndarray, headers: np.ndarray, network: str, station: str, location: str, channel: str
) -> np.ndarray:
    """Tell for each record whether it is of the channel."""
    written = f"{station:<5}{location:<2}{channel:<3}{network:<2}".encode()
    same = (rows[:, _CODES] == np.frombuffer(written, np.uint8)).all(axis=1)
    if same.all():
        return same
    # Some are of another channel, or filled up in another way: with zero bytes, or on the left.
    same[:] = True
    codes = {"station": station, "location": location, "channel": channel, "network": network}
    for name, code in codes.items():
        # numpy has stripped the zero bytes at the end.
        same &= np.char.strip(headers[name]) == code.encode()
    return same


def _overlaps(headers: np.ndarray, form: RecordForm, start_ns: int, end_ns: int) -> np.ndarray:
    """Tell for each record whether it holds a sample of the window."""
    if headers["correction"].any():
        return np.ones(len(headers), bool)  # shifted in time: the decoder shall work out how far
    years = headers["year"].astype(np.int64)
    days = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    seconds = 86400 * (days + headers["day"] - 1) + 3600 * headers["hour"].astype(np.int64)
    seconds += 60 * headers["minute"].astype(np.int64) + headers["second"]
    first = 1_000_000_000 * seconds + 100_000 * headers["fraction"].astype(np.int64)
    last = first + (headers["samples"] * (1e9 / form.sampling_rate)).astype(np.int64)
    return (last >= start_ns - _SLACK_NS) & (first <= end_ns + _SLACK_NS)
