"""Ways in which the bytes of an archive come to be wrong."""

import struct
from dataclasses import dataclass
from typing import ClassVar

from hypothesis import strategies as st
from station import LENGTH

# Where in a record's header and its blockette 1000 a field lies (SEED 2.4, chapter 8).
FIELDS = {
    "sequence": (0, "6s"),
    "quality": (6, "s"),
    "station": (8, "5s"),
    "location": (13, "2s"),
    "channel": (15, "3s"),
    "network": (18, "2s"),
    "year": (20, ">H"),
    "day": (22, ">H"),
    "hour": (24, "B"),
    "minute": (25, "B"),
    "second": (26, "B"),
    "fraction": (28, ">H"),
    "samples": (30, ">H"),
    "rate factor": (32, ">H"),
    "rate multiplier": (34, ">H"),
    "activity": (36, "B"),
    "blockettes": (39, "B"),
    "correction": (40, ">i"),
    "begin of data": (44, ">H"),
    "first blockette": (46, ">H"),
    "blockette type": (48, ">H"),
    "next blockette": (50, ">H"),
    "encoding": (52, "B"),
    "byte order": (53, "B"),
    "record length": (54, "B"),
}
_LIMITS = {"B": 255, ">H": 65535, ">i": 2**31 - 1}


def place(share: float, size: int) -> int:
    """Return the place at a share of a size, always inside."""
    return min(int(share * size), max(0, size - 1))


@dataclass(frozen=True)
class Cut:
    """Bytes are missing from some place on, up to another."""

    begin: float
    end: float

    def __call__(self, data: bytes) -> bytes:
        first, last = sorted((place(self.begin, len(data)), place(self.end, len(data))))
        return data[:first] + data[last:]


@dataclass(frozen=True)
class CutOff:
    """Bytes are missing from some place on."""

    begin: float

    def __call__(self, data: bytes) -> bytes:
        return data[: place(self.begin, len(data))]


@dataclass(frozen=True)
class Overwritten:
    """Other bytes lie over those that were there, or between them."""

    begin: float
    junk: bytes
    between: bool

    def __call__(self, data: bytes) -> bytes:
        first = place(self.begin, len(data))
        return data[:first] + self.junk + data[first + (0 if self.between else len(self.junk)) :]


@dataclass(frozen=True)
class Flipped:
    """One bit is the other one."""

    at: float
    bit: int

    def __call__(self, data: bytes) -> bytes:
        if not data:
            return data
        changed = bytearray(data)
        changed[place(self.at, len(data))] ^= 1 << self.bit
        return bytes(changed)


@dataclass(frozen=True)
class Moved:
    """Records stand elsewhere, or twice, or are gone."""

    WAYS: ClassVar = ("moved", "twice", "gone")

    first: float
    to: float
    records: int
    how: str

    def __call__(self, data: bytes) -> bytes:
        rows = [data[first : first + LENGTH] for first in range(0, len(data), LENGTH)]
        first, to = place(self.first, len(rows)), place(self.to, len(rows))
        moved = rows[first : first + self.records]
        if self.how != "twice":
            del rows[first : first + self.records]
        if self.how != "gone":
            rows[to:to] = moved
        return b"".join(rows)


@dataclass(frozen=True)
class Lie:
    """A field of a record's header is not true; of many records, where it is said of many."""

    record: float
    records: int
    field: str
    value: int

    def __call__(self, data: bytes) -> bytes:
        changed = bytearray(data)
        offset, form = FIELDS[self.field]
        first = place(self.record, len(data) // LENGTH) * LENGTH
        for start in range(first, min(first + self.records * LENGTH, len(data) - 63), LENGTH):
            if form.endswith("s"):
                text = f"{self.value:X}".rjust(6, "A").encode()[: struct.calcsize(form)]
                struct.pack_into(form, changed, start + offset, text)
            else:
                struct.pack_into(form, changed, start + offset, self.value % (_LIMITS[form] + 1))
        return bytes(changed)


shares = st.floats(0, 1, exclude_max=True)
edges = st.sampled_from([0, 1, 2, 7, 50, 100, 127, 128, 255, 256, 365, 366, 2026, 32767, 65535])
lies = st.builds(
    Lie,
    record=shares,
    records=st.sampled_from([1, 1, 1, 2, 10]),
    field=st.sampled_from(sorted(FIELDS)),
    value=edges | st.integers(0, 2**31 - 1),
)
ways_to_mangle = st.one_of(
    st.builds(Cut, shares, shares),
    st.builds(CutOff, shares),
    st.builds(Overwritten, shares, st.binary(min_size=1, max_size=1500), st.booleans()),
    st.builds(Flipped, shares, st.integers(0, 7)),
    st.builds(
        Moved, shares, shares, st.integers(1, 40), st.sampled_from(["moved", "twice", "gone"])
    ),
    lies,
)


def mangle(data: bytes, ways) -> bytes:
    """Do one thing after the other to some bytes."""
    for way in ways:
        data = way(data)
    return data
