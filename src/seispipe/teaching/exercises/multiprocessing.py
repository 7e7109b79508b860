"""The exercises of "Multiprocessing, measured"."""

import heapq
import math
from collections.abc import Sequence

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
START_S, WINDOW_S, PROCESSES = 3.0, 0.021, 4
TASKS_S, LONG_S, WORKERS = 11 * [1.0], 6.0, 3
CORES, PROCESSES_A_NODE = 48, 16


def windows_that_pay(start_s: float, window_s: float, processes: int) -> int:
    """Return from how many windows on a new pool is faster than one process.

    Parameters
    ----------
    start_s : float
        How long the pool takes to start.
    window_s : float
        How long one process takes for one window.
    processes : int
        How many processes the pool has, each with a core of its own.

    Returns
    -------
    int
    """
    return math.floor(start_s / (window_s * (1 - 1 / processes))) + 1


def until_the_last_is_done(tasks_s: Sequence[float], workers: int) -> float:
    """Return how long a pool takes that hands out one task at a time, in the order given.

    Parameters
    ----------
    tasks_s : sequence of float
        How long each task takes.
    workers : int
        How many processes work.

    Returns
    -------
    float
    """
    free_at = [0.0] * workers
    for task in tasks_s:
        heapq.heapreplace(free_at, free_at[0] + task)
    return max(free_at)


_AS_GIVEN = until_the_last_is_done([*TASKS_S, LONG_S], WORKERS)
_LONGEST_FIRST = until_the_last_is_done([LONG_S, *TASKS_S], WORKERS)

EXERCISES: dict[str, Exercise] = {
    "multiprocessing/break-even": Exercise(
        right=lambda: windows_that_pay(START_S, WINDOW_S, PROCESSES),
        unit="windows",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: math.floor(START_S / WINDOW_S) + 1,
                "by then one process has worked as long as the start takes. But the pool has "
                "not yet worked at all.",
            ),
            Mistake(
                lambda: math.floor(START_S / (WINDOW_S / PROCESSES)) + 1,
                "that is where the pool's work takes as long as its start. Compare the pool's "
                "start and work with the work of one process.",
            ),
            Mistake(
                lambda: math.floor(PROCESSES * START_S / (WINDOW_S * (1 - 1 / PROCESSES))) + 1,
                "the four start at the same time, each on a core of its own: the start is paid "
                "once.",
            ),
        ],
    ),
    "multiprocessing/longest-first": Exercise(
        right=lambda: _AS_GIVEN - _LONGEST_FIRST,
        unit="s",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: _AS_GIVEN,
                "that is how long it takes in the order given. How much of it is saved?",
            ),
            Mistake(
                lambda: _LONGEST_FIRST,
                "that is how long it takes with the longest first. How much is saved?",
            ),
            Mistake(
                lambda: _AS_GIVEN - (sum(TASKS_S) + LONG_S) / WORKERS,
                "a third of all the work for each process would need a task that can be cut in "
                "pieces.",
            ),
            Mistake(
                lambda: 0.0,
                "the sum of the work is the same, but not the time at which the last is done. "
                "Draw a row for each process.",
            ),
        ],
    ),
    "multiprocessing/threads": Exercise(
        right=lambda: CORES / PROCESSES_A_NODE,
        unit="threads",
        tolerance=0.01,
        mistakes=[
            Mistake(
                lambda: CORES,
                "that is what the library takes if nobody says anything, and every process does.",
            ),
            Mistake(
                lambda: CORES * PROCESSES_A_NODE,
                "that is how many threads there are if nobody says anything. How many should "
                "each process have?",
            ),
            Mistake(
                lambda: 1,
                "with one each, two of three cores have nothing to do while matrices are "
                "multiplied.",
            ),
            Mistake(
                lambda: PROCESSES_A_NODE,
                "that is how many processes there are. How many threads may each have?",
            ),
        ],
    ),
    "multiprocessing/why": Choice(
        right="b",
        because="it imports the module and looks the name up there.",
        wrong={
            "a": "size does not matter. What is sent when a function is pickled?",
            "c": "nothing is forbidden. What is sent when a function is pickled?",
        },
    ),
}
