"""The exercises of "Dask when things fail"."""

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
AT_ONCE, FAIL_TWICE, ALWAYS_FAIL, RETRIES = 20, 3, 1, 3
TASKS, TASK_S, WORKERS, KILLED_AT_S = 200, 30, 4, 615
STATIONS, STATION_S, PIECE, DIES_AT_S = 600, 3, 25, 400

_DONE = KILLED_AT_S // TASK_S
_DONE_STATIONS = DIES_AT_S // STATION_S
_WRITTEN = _DONE_STATIONS // PIECE * PIECE

EXERCISES: dict[str, Exercise] = {
    "dask-when-things-fail/tries": Exercise(
        right=lambda: AT_ONCE + 3 * FAIL_TWICE + (1 + RETRIES) * ALWAYS_FAIL,
        unit="calls",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: AT_ONCE + 3 * FAIL_TWICE + RETRIES * ALWAYS_FAIL,
                "the one that always fails is called once, and then retried as often as allowed.",
            ),
            Mistake(
                lambda: AT_ONCE + 2 * FAIL_TWICE + (1 + RETRIES) * ALWAYS_FAIL,
                "those that fail twice are called once more, and that time they succeed.",
            ),
            Mistake(
                lambda: (1 + RETRIES) * (AT_ONCE + FAIL_TWICE + ALWAYS_FAIL),
                "a task that has succeeded is not tried again.",
            ),
            Mistake(
                lambda: 2 * FAIL_TWICE + RETRIES * ALWAYS_FAIL,
                "those are the retries. The first calls count too.",
            ),
        ],
    ),
    "dask-when-things-fail/starts": Exercise(
        right=lambda: TASKS + _DONE + 1,
        unit="starts",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: TASKS + 1,
                "that is the task that was cut off. What about the results that the worker held?",
            ),
            Mistake(
                lambda: TASKS + _DONE,
                "those are the results that were lost. The worker was also in the middle of "
                "something.",
            ),
            Mistake(
                lambda: TASKS + WORKERS * (_DONE + 1),
                "you count what all workers had done. One of them died.",
            ),
            Mistake(
                lambda: _DONE + 1,
                "those are the ones begun again. All tasks were begun at least once.",
            ),
        ],
    ),
    "dask-when-things-fail/again": Exercise(
        right=lambda: STATIONS - WORKERS * _WRITTEN,
        unit="stations",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: STATIONS - WORKERS * _DONE_STATIONS,
                "you count every station that was done. Those of a piece that is not whole are "
                "not on the disk.",
            ),
            Mistake(
                lambda: STATIONS,
                "that would be so if nothing had been written.",
            ),
            Mistake(
                lambda: STATIONS - _WRITTEN,
                "that is what one worker has written. There are four.",
            ),
            Mistake(
                lambda: WORKERS * (_DONE_STATIONS - _WRITTEN),
                "those are computed a second time. Some were not computed at all yet.",
            ),
        ],
    ),
    "dask-when-things-fail/why": Choice(
        right="b",
        because="only what is written outlives the worker.",
        wrong={
            "a": "what other workers hold is kept. Where were the results?",
            "c": "they were right. Where were the results?",
        },
    ),
}
