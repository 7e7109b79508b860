"""The exercises of "Counts from an archive: waveforms"."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from obspy.io.mseed.util import get_record_information

from seispipe.archive import FolderArchive, Request
from seispipe.archive.records import PROBE_BYTES
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.waveforms import read_window

RECORD_BYTES = 512
SHAKING_S = 20.0
TEN_MINUTES_S = 600.0
# The link of the third exercise, and what a window takes by records, as its text gives them.
ROUND_TRIP_S, BIT_S, READS, MOVED_BYTES = 0.080, 200e6, 4, 28e3


def _archive() -> FolderArchive:
    return open_archive("teaching", reading="records")


def _window() -> Request:
    """Return the window of D001 around the largest earthquake."""
    return _archive().requests("day")[0]


def _object(station: str) -> Path:
    archive = _archive()
    return archive.folder / archive.layout.key("XX", station, "", "HHZ", _window().start.date)


@cache
def _records() -> tuple[np.ndarray, np.ndarray]:
    """Return when each record of D001 begins, and how many samples it holds."""
    data = _object("D001").read_bytes()
    headers = [
        get_record_information(io.BytesIO(data[offset : offset + PROBE_BYTES]))
        for offset in range(0, len(data), RECORD_BYTES)
    ]
    begins = np.array([header["starttime"].timestamp for header in headers])
    return begins, np.array([header["npts"] for header in headers])


def bytes_per_sample(seconds: float | None = SHAKING_S) -> float:
    """Return the bytes of a sample in the records that begin so long after P; None is the day."""
    begins, samples = _records()
    if seconds is None:
        return RECORD_BYTES * len(samples) / samples.sum()
    p = _archive().truth().arrival(_window())["p_time"].timestamp
    chosen = samples[(begins >= p) & (begins < p + seconds)]
    return RECORD_BYTES * len(chosen) / chosen.sum()


def moved_bytes(station: str = "D002", seconds: float = TEN_MINUTES_S) -> int:
    """Return the bytes that a window moves, read by records."""
    archive = _archive()
    start = _window().start
    read_window(archive, Request.from_id(f"XX.{station}..HHZ", start, start + seconds))
    return archive.traffic.bytes


def _share(station: str = "D002", of: str = "D002", seconds: float = TEN_MINUTES_S) -> float:
    """Return the bytes moved in per cent of an object."""
    return 100 * moved_bytes(station, seconds) / _object(of).stat().st_size


def break_even_mb(
    extra_reads: int = READS - 1, round_trip_s: float = ROUND_TRIP_S, byte_s: float = BIT_S / 8
) -> float:
    """Return the size of an object, in MB, that takes as long whole as by records."""
    return (MOVED_BYTES + extra_reads * round_trip_s * byte_s) / 1e6


EXERCISES: dict[str, Exercise] = {
    "waveforms/bytes-per-sample": Exercise(
        right=lambda: bytes_per_sample(),
        unit="bytes per sample",
        tolerance=0.02,
        mistakes=[
            Mistake(
                lambda: bytes_per_sample(None),
                "that is the whole day. Take only the records that begin in the 20 s after P.",
            ),
            Mistake(
                lambda: 1 / bytes_per_sample(),
                "that is samples per byte. It is the bytes that are divided.",
            ),
            Mistake(
                lambda: 8 * bytes_per_sample(),
                "that looks like bits. The answer is wanted in bytes.",
            ),
            Mistake(
                lambda: RECORD_BYTES * bytes_per_sample() ** -1,
                "that is the mean number of samples in such a record. How many bytes has it?",
            ),
        ],
    ),
    "waveforms/share": Exercise(
        right=lambda: _share(),
        unit="%",
        tolerance=0.02,
        mistakes=[
            Mistake(
                lambda: _share() / 100,
                "that is the fraction. It is wanted in per cent.",
            ),
            Mistake(
                lambda: 100 * TEN_MINUTES_S / 86400,
                "that is the share of the samples. Headers to look at and whole records move too: "
                "ask the archive's traffic.",
            ),
            Mistake(
                lambda: 100 * 4 * 100 * TEN_MINUTES_S / _object("D002").stat().st_size,
                "those are the samples as whole numbers of four bytes. The object holds them "
                "compressed: ask the archive's traffic what has moved.",
            ),
            Mistake(
                lambda: _share(of="D001"),
                "you divided by the size of the other station's object.",
            ),
            Mistake(
                lambda: _share("D001", "D001"),
                "that is station D001.",
            ),
            Mistake(
                lambda: _share(seconds=120.0),
                "that is two minutes. Ten are wanted.",
            ),
            Mistake(
                lambda: 100.0,
                "so the whole object has moved: open the archive with reading='records'.",
            ),
        ],
    ),
    "waveforms/break-even": Exercise(
        right=lambda: break_even_mb(),
        unit="MB",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: break_even_mb(byte_s=BIT_S),
                "you took bits for bytes. The rate is in bits a second.",
            ),
            Mistake(
                lambda: break_even_mb(extra_reads=READS),
                "the whole object takes a read as well. How many more does the search take?",
            ),
            Mistake(
                lambda: break_even_mb(extra_reads=1),
                "that is one round trip. How many more reads are there than one?",
            ),
            Mistake(
                lambda: break_even_mb(round_trip_s=1000 * ROUND_TRIP_S),
                "a round trip of 80 s? It is 80 ms.",
            ),
            Mistake(
                lambda: 1e6 * break_even_mb(),
                "that is in bytes. It is wanted in MB.",
            ),
        ],
    ),
    "waveforms/why": Choice(
        right="a",
        because=(
            "a row with a reason is worth more than a spectrum of samples that nobody recorded."
        ),
        wrong={
            "b": "it can, and quickly. The question is what comes out.",
            "c": (
                "also one invented sample is a step, and a filter rings at steps. Where would you "
                "draw the line, and who would know of it?"
            ),
        },
    ),
}
