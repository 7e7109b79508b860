"""Timing several pieces of work in turn: by the clock and by what the processor did."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seispipe.teaching.measure import Timing


@dataclass(frozen=True)
class Clocked:
    """Times of repeated runs.

    Attributes
    ----------
    wall : Timing
        By the clock.
    processor : Timing
        Of this process, all threads together; what other processes did is not in it.
    """

    wall: Timing
    processor: Timing


def in_turn(
    ways: Mapping[str, Callable[[], object]], repeats: int, warm_ups: int = 1
) -> dict[str, Clocked]:
    """Time several ways, each once in every round, so that a slow moment hits them all.

    Parameters
    ----------
    ways : mapping of str to callable
        The ways, by name.
    repeats : int
        How many rounds are counted.
    warm_ups : int
        How many are run before.

    Returns
    -------
    dict of str to Clocked
        In the order of ``ways``; the n-th times of all are of one round.
    """
    wall: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(warm_ups + repeats):
        for name, way in ways.items():
            start, start_processor = time.perf_counter(), time.process_time()
            way()
            elapsed = time.perf_counter() - start
            elapsed_processor = time.process_time() - start_processor
            if turn >= warm_ups:
                wall[name].append(elapsed)
                processor[name].append(elapsed_processor)
    return {
        name: Clocked(Timing(tuple(wall[name])), Timing(tuple(processor[name]))) for name in ways
    }


def ratio(above: Timing, below: Timing) -> float:
    """Return how many times longer one takes than the other: the median over the rounds."""
    return statistics.median(a / b for a, b in zip(above.seconds, below.seconds, strict=True))


def together(timings: list[Timing]) -> Timing:
    """Return what several pieces of work take one after the other, round by round."""
    return Timing(tuple(sum(times) for times in zip(*(t.seconds for t in timings), strict=True)))


def shared(timing: Timing, parts: int) -> Timing:
    """Return the time of one of so many equal parts."""
    return Timing(tuple(seconds / parts for seconds in timing.seconds))
