"""The exercises of "Concurrency and parallelism, measured"."""

from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.teaching.overlap import in_progress
from seispipe.teaching.timeline import Span, running_at_once

# As the exercises' texts give them.
SPANS = [
    Span("A", "one", 0, 0.0, 30.0),
    Span("B", "two", 1, 20.0, 50.0),
    Span("A", "one", 0, 60.0, 90.0),
    Span("C", "two", 1, 90.0, 120.0),
]
STATIONS, READS, READ_S, COMPUTE_S, CORES = 200, 3, 0.080, 0.005, 8


def _lasting(spans: list[Span]) -> float:
    return sum(span.end - span.start for span in spans)


def _elapsed() -> float:
    return max(span.end for span in SPANS) - min(span.start for span in SPANS)


_NO_TURNS = "a thread that sleeps is in progress, but it does not run."
_COROUTINES = (
    "coroutines share one thread, so that a transform lets go of the lock and nobody is there "
    "to take it."
)
_COMPRESSION = "one of the compiled functions that let go of the lock is missing."
_LOOP = "a loop in Python needs the lock all the time, and its process has one."

EXERCISES: dict[str, Exercise] = {
    "concurrency-and-parallelism/at-once": Exercise(
        right=lambda: running_at_once(SPANS),
        unit="tasks",
        tolerance=0.015,
        mistakes=[
            Mistake(
                lambda: _lasting(SPANS) / _elapsed(),
                "nothing ran from 50 to 60 ms, and that time does not count.",
            ),
            Mistake(
                lambda: running_at_once(in_progress(SPANS)),
                "that is how many were in progress. A stood still from 30 to 60 ms.",
            ),
            Mistake(
                lambda: 2.0,
                "two is the most that ran at any moment. The average is asked for.",
            ),
            Mistake(
                lambda: (_elapsed() - 10) / _lasting(SPANS),
                "upside down: the time of all spans goes above, the time that passed below.",
            ),
        ],
    ),
    "concurrency-and-parallelism/bound": Exercise(
        right=lambda: READS * READ_S + STATIONS * COMPUTE_S,
        unit="s",
        tolerance=0.01,
        mistakes=[
            Mistake(
                lambda: STATIONS * (READS * READ_S + COMPUTE_S),
                "that is one station after the other. In threads they can wait together.",
            ),
            Mistake(
                lambda: READS * READ_S + COMPUTE_S,
                "all can wait together, but only one can compute at a time.",
            ),
            Mistake(
                lambda: READS * READ_S + STATIONS * COMPUTE_S / CORES,
                "it is Python code under a GIL: seven of the eight cores do not help.",
            ),
            Mistake(
                lambda: STATIONS * COMPUTE_S,
                "nobody can compute before its first three reads have come back.",
            ),
            Mistake(
                lambda: READ_S + STATIONS * COMPUTE_S,
                "the three reads of a station wait for one another.",
            ),
            Mistake(
                lambda: 1000 * (READS * READ_S + STATIONS * COMPUTE_S),
                "those are milliseconds. The answer is wanted in seconds.",
            ),
        ],
    ),
    "concurrency-and-parallelism/which": Exercise(
        right=lambda: 2 + 8 + 32,
        unit="(the sum of the numbers)",
        tolerance=0.1,
        mistakes=[
            Mistake(lambda: 2, "threads do run in parallel, where they let go of the lock."),
            Mistake(lambda: 2 + 8, _COMPRESSION),
            Mistake(lambda: 2 + 32, _COMPRESSION),
            Mistake(lambda: 1 + 2 + 8 + 32, _LOOP),
            Mistake(lambda: 2 + 8 + 16 + 32, _NO_TURNS),
            Mistake(lambda: 2 + 8 + 16, _NO_TURNS),
            Mistake(lambda: 2 + 4 + 8 + 32, _COROUTINES),
            Mistake(lambda: 2 + 4 + 8 + 16 + 32, _COROUTINES),
            Mistake(lambda: 8 + 32, "a process has an interpreter of its own, and a lock."),
            Mistake(
                lambda: 1 + 2 + 4 + 8 + 16 + 32,
                "that is all of them. Three of the six only take turns, or only wait.",
            ),
        ],
    ),
    "concurrency-and-parallelism/why": Choice(
        right="a",
        because=(
            "the lock guards Python's objects, and compiled code that does not touch them needs no"
            " lock."
        ),
        wrong={
            "b": "no process is started. What does compiled code not need?",
            "c": "you have seen them on the timeline. What does compiled code not need?",
        },
    ),
}
