"""The small tasks that the lessons on running in parallel hand to workers.

They stand here and not in the notebooks, because a process that is started afresh has to import
what it runs, and the cells of a notebook cannot be imported.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft
from threadpoolctl import threadpool_info

from seispipe.teaching.timeline import Span, Watch

if TYPE_CHECKING:
    from seispipe.archive import Archive, Request
    from seispipe.results import Row

# A slice must be short beside the 5 ms after which Python lets another thread have its turn.
_SUM_TO = 2_000
_TRANSFORM_SAMPLES = 1 << 14


def rows_of(requests: list[Request], archive: Archive) -> list[Row]:
    """Take a piece of a list through the pipeline.

    Parameters
    ----------
    requests : list of Request
        The piece.
    archive : Archive
        Where the data are.

    Returns
    -------
    list of Row
        One for each request, in their order.
    """
    # The other tasks need no pipeline, and a new process would have to import it for them too.
    from seispipe.pipeline import process_stations

    return list(process_stations(requests, archive))


def compute(task: str, slices: int = 1000) -> list[Span]:
    """Add numbers up in Python, which holds the interpreter all the time.

    Parameters
    ----------
    task : str
        A name for the figure.
    slices : int
        How often; one takes some tens of microseconds.

    Returns
    -------
    list of Span
        When it ran.
    """
    watch = Watch(task)
    for _ in range(slices):
        with watch.running():
            sum(range(_SUM_TO))
    return watch.spans


def transform(task: str, slices: int = 150) -> list[Span]:
    """Transform samples in compiled code, which lets go of the interpreter meanwhile.

    Parameters
    ----------
    task : str
        A name for the figure.
    slices : int
        How many transforms; one takes some tenths of a millisecond.

    Returns
    -------
    list of Span
        When it ran.
    """
    samples = np.random.default_rng(0).standard_normal(_TRANSFORM_SAMPLES)
    watch = Watch(task)
    for _ in range(slices):
        with watch.running():
            scipy.fft.rfft(samples)
    return watch.spans


def fetch(task: str, reads: int = 5, wait_s: float = 0.02, slices: int = 40) -> list[Span]:
    """Wait for an answer and then compute a little, several times, as one reads an archive.

    Parameters
    ----------
    task : str
        A name for the figure.
    reads : int
        How often it waits.
    wait_s : float
        How long each time, in seconds.
    slices : int
        How much it computes after each.

    Returns
    -------
    list of Span
        When it ran.
    """
    watch = Watch(task)
    for _ in range(reads):
        with watch.running():
            pass
        time.sleep(wait_s)
        for _ in range(slices):
            with watch.running():
                sum(range(_SUM_TO))
    return watch.spans


async def fetch_in_turn(
    task: str, reads: int = 5, wait_s: float = 0.02, slices: int = 40
) -> list[Span]:
    """Do the same as a coroutine: while it waits, it lets others run in the same thread.

    Parameters
    ----------
    task : str
        A name for the figure.
    reads : int
        How often it waits.
    wait_s : float
        How long each time, in seconds.
    slices : int
        How much it computes after each.

    Returns
    -------
    list of Span
        When it ran.
    """
    watch = Watch(task)
    for _ in range(reads):
        with watch.running():
            pass
        await asyncio.sleep(wait_s)
        for _ in range(slices):
            with watch.running():
                sum(range(_SUM_TO))
    return watch.spans


def count_lines(path: Path) -> int:
    """Count the lines of a text file."""
    with Path(path).open(encoding="utf-8") as file:
        return sum(1 for _ in file)


@dataclass(frozen=True)
class Count:
    """How many lines a file has, and who counted them.

    Attributes
    ----------
    path : Path
        The file.
    lines : int
        Its lines.
    process : int
        The number of the process that counted.
    """

    path: Path
    lines: int
    process: int


def count_and_sign(path: Path) -> Count:
    """Count the lines of a text file, and put the number of this process below."""
    return Count(Path(path), count_lines(path), os.getpid())


def receive(_thing: object) -> None:
    """Do nothing with what was sent; all that it costs is the sending."""


def size_of(samples: np.ndarray) -> int:
    """Return how many bytes an array has; all that it costs to ask is to send the array."""
    return samples.nbytes


def multiply(size: int, times: int) -> float:
    """Multiply square matrices, which NumPy hands to a library with threads of its own.

    Parameters
    ----------
    size : int
        Rows and columns.
    times : int
        How often.

    Returns
    -------
    float
        Sum of the last product's diagonal.
    """
    left = np.random.default_rng(0).standard_normal((size, size))
    product = left
    for _ in range(times):
        product = left @ left
    return float(np.trace(product))


def blas_threads() -> int:
    """Return how many threads NumPy's library takes in this process, or 0 where nobody tells."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max((pool["num_threads"] for pool in pools), default=0)


def who() -> int:
    """Return the number of the process that runs this."""
    return os.getpid()


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, as the initializer of a pool.

    Else it kills workers in the middle of a task, for whose result the pool then waits.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def crash(_argument: object = None) -> None:
    """End this process at once, as a fault in compiled code or the system out of memory does."""
    os._exit(1)
