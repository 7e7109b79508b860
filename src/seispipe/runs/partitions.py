"""A portion of a run: so many requests in, a Parquet file with as many rows out."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.results import Row

_TIME = pa.timestamp("ns", tz="UTC")
_TIMES = {"start", "end", "p_time"}
_CODES = [pa.field(field.name, pa.string()) for field in fields(Request)[:4]]
_REQUESTS = pa.schema([*_CODES, pa.field("start", _TIME), pa.field("end", _TIME)])
# Every partition has the same columns with the same types, also where one of them is empty, so that
# any tool reads the folder as one table.
ROWS = pa.schema(
    [
        *_REQUESTS,
        pa.field("status", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("p_time", _TIME),
        *(
            pa.field(name, pa.float64())
            for name in ("snr", "peak_velocity", "dominant_hz", "corner_hz", "plateau")
        ),
    ]
)
# What may be otherwise at the next try, without anything being mended.
PASSING = frozenset({"unreachable", "stopped"})


@dataclass(frozen=True)
class Partition:
    """A portion of a run.

    Attributes
    ----------
    number : int
        Which portion, from 0.
    first : int
        The place of its first request among all.
    requests : tuple of Request
        What goes in.
    """

    number: int
    first: int
    requests: tuple[Request, ...]

    @property
    def name(self) -> str:
        """The name of its file in the run's store."""
        return f"rows/part-{self.number:06d}.parquet"


@dataclass(frozen=True)
class Written:
    """What became of a partition.

    Attributes
    ----------
    number : int
        Which.
    statuses : collections.Counter
        How many rows of which status.
    seconds : float
        How long it took.
    problem : str
        Empty if it is written; else why not.
    """

    number: int
    statuses: Counter = field(default_factory=Counter)
    seconds: float = 0.0
    problem: str = ""


def pack_requests(requests: Sequence[Request]) -> bytes:
    """Return requests as the bytes of a Parquet file."""
    return _pack([_times_in_ns(vars(request)) for request in requests], _REQUESTS)


def unpack_requests(data: bytes) -> list[Request]:
    """Return the requests in a Parquet file."""
    return [Request(**line) for line in _unpack(data)]


def pack_rows(rows: Sequence[Row], first: int | None = None) -> bytes:
    """Return rows as the bytes of a Parquet file.

    Parameters
    ----------
    rows : sequence of Row
        The rows.
    first : int, optional
        The place of the first of them in a run. If it is given, a column ``place`` has all places.
    """
    lines = [_times_in_ns(vars(row)) for row in rows]
    if first is None:
        return _pack(lines, ROWS)
    placed = [{"place": place, **line} for place, line in enumerate(lines, first)]
    return _pack(placed, ROWS.insert(0, pa.field("place", pa.int64())))


def unpack_rows(data: bytes) -> tuple[list[int | None], list[Row]]:
    """Return the places, if they are there, and the rows, equal to those that were packed.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    try:
        lines = list(_unpack(data))
        places = [line.pop("place", None) for line in lines]
        return places, [Row(**line) for line in lines]
    except (pa.ArrowInvalid, OSError, TypeError) as problem:
        raise ValueError(f"the file is damaged: {problem}") from problem


def rows_of(partition: Partition, data: bytes) -> list[Row]:
    """Return a partition's rows from the bytes of its file.

    Raises
    ------
    ValueError
        If they are not exactly the rows of its requests.
    """
    places, rows = unpack_rows(data)
    if places != list(range(partition.first, partition.first + len(partition.requests))):
        raise ValueError(f"{len(partition.requests)} rows are due, and other ones are there")
    for row, request in zip(rows, partition.requests, strict=True):
        if (row.seed_id, row.start, row.end) != (request.seed_id, request.start, request.end):
            raise ValueError(f"the row of {request.seed_id} is one of {row.seed_id}")
    return rows


def _pack(lines: list[dict], schema: pa.Schema) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(lines, schema), buffer)
    return buffer.getvalue()


def _unpack(data: bytes) -> Iterator[dict]:
    # In this thread: `pq.read_table` starts some of Arrow's own, and a process that ends at once
    # while one of them is starting is aborted ("terminate called without an active exception").
    table = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
    for index, column in enumerate(table.schema):
        if column.type == _TIME:  # as nanoseconds: Python's own datetime has microseconds
            table = table.set_column(index, column.name, table[column.name].cast(pa.int64()))
    for line in table.to_pylist():
        for name in _TIMES & line.keys():
            line[name] = None if line[name] is None else UTCDateTime(ns=line[name])
        yield line


def _times_in_ns(line: dict) -> dict:
    return {
        name: value.ns if name in _TIMES and value is not None else value
        for name, value in line.items()
    }


def timed(partition: Partition, rows: Iterable[Row], begun: float) -> Written:
    """Say what became of a partition that is written."""
    return Written(partition.number, Counter(row.status for row in rows), perf_counter() - begun)
