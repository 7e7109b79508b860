"""The exercises of "Workflows as graphs"."""

import math
from collections.abc import Callable

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them: what each task waits for, and how long it takes, in seconds.
WAITS_FOR = {
    "read A": [],
    "read B": [],
    "read C": [],
    "pick A": ["read A"],
    "pick B": ["read B"],
    "pick C": ["read C"],
    "associate": ["pick A", "pick B", "pick C"],
    "spectrum A": ["pick A"],
    "spectrum B": ["pick B"],
    "spectrum C": ["pick C"],
    "locate": ["associate"],
    "report": ["locate", "spectrum A", "spectrum B", "spectrum C"],
}
SECONDS = {
    "read A": 6,
    "read B": 5,
    "read C": 4,
    "pick A": 2,
    "pick B": 9,
    "pick C": 7,
    "associate": 1,
    "spectrum A": 6,
    "spectrum B": 4,
    "spectrum C": 9,
    "locate": 3,
    "report": 2,
}
NEAR, NEAR_S, FAR_S = 24, 25, 60


def _along(*path: str) -> int:
    return sum(SECONDS[task] for task in path)


def _way_ahead(task: str) -> int:
    """Return the length of the longest path that begins with a task."""
    behind = [each for each, inputs in WAITS_FOR.items() if task in inputs]
    return SECONDS[task] + max((_way_ahead(each) for each in behind), default=0)


def _on_two_workers(rank: Callable[[str], float]) -> float:
    """Lay the tasks out on two workers: who is free takes the ready task of lowest rank."""
    free, done, left = [0.0, 0.0], {}, list(SECONDS)
    while left:
        now = min(free)
        worker = free.index(now)
        ready = [
            task
            for task in left
            if all(done.get(each, math.inf) <= now for each in WAITS_FOR[task])
        ]
        if ready:
            task = min(ready, key=rank)
            left.remove(task)
            free[worker] = done[task] = now + SECONDS[task]
        else:
            free[worker] = min(end for end in done.values() if end > now)
    return max(done.values())


WORK = sum(SECONDS.values())

EXERCISES: dict[str, Exercise] = {
    "workflows-and-dags/span": Exercise(
        right=lambda: max(map(_way_ahead, SECONDS)),
        unit="seconds",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: WORK,
                "that is the work, what one worker takes. With enough workers much of it is done "
                "at the same time.",
            ),
            Mistake(
                lambda: _along("read B", "pick B", "associate", "locate", "report"),
                "that is the longest way through the association. There is a way past it.",
            ),
            Mistake(
                lambda: sum(
                    max(SECONDS[task] for task in SECONDS if task.startswith(step))
                    for step in ("read", "pick", "associate", "spectrum", "locate", "report")
                ),
                "you added the slowest task of each kind. They are not on one path.",
            ),
            Mistake(
                lambda: _along("read A", "pick A", "spectrum A", "report"),
                "you followed the station that is slowest to read. Add up the others too.",
            ),
        ],
    ),
    "workflows-and-dags/enough-workers": Exercise(
        right=lambda: math.ceil(NEAR / (FAR_S // NEAR_S)) + 1,
        unit="workers",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: (NEAR * NEAR_S + FAR_S) / FAR_S,
                "that is work over span. But no station can be cut in two: how many near ones does "
                "one worker finish while the far one runs?",
            ),
            Mistake(
                lambda: NEAR + 1,
                "with one worker a station most of them are idle long before the end.",
            ),
            Mistake(
                lambda: math.ceil(NEAR / (FAR_S // NEAR_S)),
                "those do the near stations. Who does the far one meanwhile?",
            ),
        ],
    ),
    "workflows-and-dags/two-workers": Exercise(
        right=lambda: _on_two_workers(lambda task: -_way_ahead(task)),
        unit="seconds",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: WORK / 2,
                "that is half of the work: nobody would ever have to wait for anything.",
            ),
            Mistake(
                lambda: max(map(_way_ahead, SECONDS)),
                "that is the span. Two workers are too few for it.",
            ),
            Mistake(
                lambda: _on_two_workers(list(SECONDS).index),
                "that is in the order of the table. Who is free shall take the ready task with the "
                "longest way ahead.",
            ),
            Mistake(
                lambda: (WORK + max(map(_way_ahead, SECONDS))) / 2,
                "that is the bound of Graham: it is never worse, but here it is better.",
            ),
        ],
    ),
    "workflows-and-dags/why": Choice(
        right="b",
        because=(
            "it is a bound. The cost around a task is paid for each of them, so make tasks larger."
        ),
        wrong={
            "a": "they are in the graph, and kept. What happens between two tasks?",
            "c": "that is in the schedule. What happens between two tasks?",
        },
    ),
}
