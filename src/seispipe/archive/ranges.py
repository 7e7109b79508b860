"""Finding a window inside an object without reading the object.

The records of an object follow each other in time, so the one in which a window begins can be
searched for as a word in a dictionary: open it where it should be, look at one header, open it
again nearer by. Each look is one small ranged read.
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable

from pymseed import MiniSEEDError

from seispipe.archive.records import (
    PROBE_BYTES,
    record_form,
    record_span,
    stamp_of,
    time_stamp,
)

# Reads bytes `first` to `last`, both included, and tells the object's whole size.
RangedRead = Callable[[int, int], tuple[bytes, int]]

# An object so small is read whole: looking for a part would take longer.
WORTH_SEARCHING = 65_536
# The search stops so many records from its goal: they cost less than another look.
_NEAR = 12
# Interpolation needs two or three looks where the records are alike; later ones halve what is left.
_INTERPOLATED_LOOKS = 4


def window_bytes(ranged_read: RangedRead, start_ns: int, end_ns: int) -> bytes | None:
    """Read the records of an object that hold a window, and few others.

    Parameters
    ----------
    ranged_read : callable
        Reads a part of the object.
    start_ns, end_ns : int
        The window, both ends included, in nanoseconds since 1970.

    Returns
    -------
    bytes or None
        Whole records, in their order. None where only the whole object can tell: it is small, or
        its records are not of one length, or not in the order of time.

    Raises
    ------
    StationError
        What ``ranged_read`` raises.
    """
    head, size = ranged_read(0, PROBE_BYTES - 1)
    if size < WORTH_SEARCHING:
        return None
    try:
        search = _Search(ranged_read, head, size)
        return search.window(start_ns, end_ns)
    except _NotSearchable:
        return None


class _NotSearchable(Exception):
    """The object is not what the search takes for granted."""


class _Search:
    """The state of one search: what has been learnt about where the records lie."""

    def __init__(self, ranged_read: RangedRead, head: bytes, size: int) -> None:
        self.ranged_read = ranged_read
        self.length = _known(record_form, head).length
        self.count, rest = divmod(size, self.length)
        if rest or self.count < 2:
            raise _NotSearchable
        self.first = _span(head)[0]
        self.last = self._look(self.count - 1)

    def _look(self, record: int) -> int:
        """Return the time of a record's first sample, in nanoseconds as all times here."""
        first = record * self.length
        return _span(self.ranged_read(first, first + PROBE_BYTES - 1)[0])[0]

    def _read(self, first: int, last: int) -> bytes:
        """Read records, both ends included."""
        return self.ranged_read(first * self.length, (last + 1) * self.length - 1)[0]

    def window(self, start: int, end: int) -> bytes:
        first, pace = self._where(start)
        first = min(max(0, first - _NEAR), self.count - 1)
        last = self._ahead(first, 2 * _NEAR * pace + (end - start), pace)
        data = self._read(first, last)
        while first > 0 and _span(data)[0] > start:
            before = max(0, first - 2 * _NEAR)
            data = self._read(before, first - 1) + data
            first = before
        while last < self.count - 1 and (reached := _span(data[-self.length :])[1]) < end:
            more = self._ahead(last, end - reached, pace)
            data += self._read(last + 1, more)
            last = more
        return self._needed(data, start, end)

    def _needed(self, data: bytes, start: int, end: int) -> bytes:
        """Leave out what was read beside the window: half of it, and 0.1 ms to decode."""

        def begins(record: int) -> int:
            return time_stamp(data, record * self.length)

        records = range(len(data) // self.length)
        first = max(0, bisect_right(records, stamp_of(start), key=begins) - 1)
        stop = bisect_right(records, stamp_of(end), key=begins)
        return data[first * self.length : stop * self.length] or data

    def _ahead(self, record: int, time: float, pace: float) -> int:
        """Return the record that lies so much time ahead, and some to spare."""
        return min(self.count - 1, record + math.ceil(1.1 * time / pace) + 2)

    def _where(self, time: int) -> tuple[int, float]:
        """Return about which record holds a time, and how long a record there lasts."""
        low, high = (0, self.first), (self.count - 1, self.last)
        for look in itertools.count():
            pace = (high[1] - low[1]) / (high[0] - low[0])
            if pace <= 0:
                raise _NotSearchable
            guess = low[0] + int((time - low[1]) / pace)
            if not low[0] + _NEAR < guess < high[0] - _NEAR:
                # As near a record that was looked at as makes no difference, or outside.
                return min(max(guess, low[0]), high[0]), pace
            if look >= _INTERPOLATED_LOOKS:
                guess = (low[0] + high[0]) // 2
            found = self._look(guess)
            if not low[1] <= found <= high[1]:
                raise _NotSearchable
            if found <= time:
                low = (guess, found)
            else:
                high = (guess, found)
        raise AssertionError("unreachable")


def _span(data: bytes) -> tuple[int, int]:
    return _known(record_span, data)


def _known(what: Callable, data: bytes):
    """Ask for something about a record; bytes that are no record cannot be searched."""
    try:
        return what(data)
    except MiniSEEDError as problem:
        raise _NotSearchable from problem
