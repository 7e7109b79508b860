"""Measuring honestly: the same work, warmed up, repeated, in turn, and on how many cores."""

import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from dask.system import CPU_COUNT


@dataclass(frozen=True)
class Timing:
    """Times of repeated runs of one piece of work.

    Attributes
    ----------
    seconds : tuple of float
        Wall time of each run, in the order of the runs.
    """

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The first and the third quartile, in seconds."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high

    def __str__(self) -> str:
        low, high = self.spread
        times = "run" if len(self.seconds) == 1 else "runs"
        return (
            f"{in_words(self.median)} ({in_words(low)} to {in_words(high)}, "
            f"{len(self.seconds)} {times})"
        )


def in_words(seconds: float) -> str:
    """Write a time with a fitting unit and three digits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def compare(
    ways: Mapping[str, Callable[[], object]], repeats: int = 7, warm_ups: int = 1
) -> dict[str, Timing]:
    """Time several ways of doing the same work, in turn.

    In turn, because a machine that is slow for a while is then slow for all of them. The first runs
    are not counted: they import, fill caches and open connections.

    Parameters
    ----------
    ways : mapping of str to callable
        The ways, by name. What they return is thrown away.
    repeats : int
        How often each is timed.
    warm_ups : int
        How often each is run before.

    Returns
    -------
    dict of str to Timing
        In the order of ``ways``.

    Raises
    ------
    ValueError
        If there is nothing to repeat.
    """
    if repeats < 1 or warm_ups < 0:
        raise ValueError(
            f"repeats must be positive and warm_ups not negative, but are {repeats} and {warm_ups}"
        )
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(warm_ups + repeats):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            elapsed = time.perf_counter() - start
            if turn >= warm_ups:
                seconds[name].append(elapsed)
    return {name: Timing(tuple(runs)) for name, runs in seconds.items()}


class Stopwatch:
    """Adds up how long each part of a piece of work takes.

    Attributes
    ----------
    seconds : dict of str to float
        Total time of each part, in the order in which they first began.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, part: str) -> Iterator[None]:
        """Count the time of a ``with`` block to a part, also if it ends with an error."""
        self.seconds.setdefault(part, 0.0)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[part] += time.perf_counter() - start


def machine() -> str:
    """Say in one line on what this runs: cores really available, system, Python.

    The cores are those that this process may use: its affinity and the limit of its container
    count, not what the machine has.
    """
    noun = "core" if CPU_COUNT == 1 else "cores"
    return (
        f"{CPU_COUNT} {noun} available, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
