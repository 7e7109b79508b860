"""The exercises of "A million station-days, measured"."""

import math

from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.teaching.scheduling import simulate

# As the exercises' texts give them.
TASKS, TASK_S, WORKERS, SCHEDULER_S = 300, 2.0, 40, 0.1
STATION_DAYS, MANY_WORKERS, TASKS_EACH = 500_000, 400, 20
READS, STATION_DAY_S, ANSWERS_PER_S = 2, 0.5, 5500

EXERCISES: dict[str, Exercise] = {
    "a-million-station-days/makespan": Exercise(
        right=lambda: simulate([TASK_S] * TASKS, WORKERS, SCHEDULER_S, in_hand=0).makespan,
        unit="s",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: TASKS * TASK_S / WORKERS,
                "so long the workers would take if nobody had to hand them their tasks.",
            ),
            Mistake(
                lambda: TASKS * TASK_S / WORKERS + TASKS * SCHEDULER_S,
                "the scheduler and the workers are busy at the same time, not one after the other.",
            ),
            Mistake(
                lambda: TASKS * (TASK_S + SCHEDULER_S) / WORKERS,
                "that shares the scheduler's work among the workers. There is one scheduler.",
            ),
            Mistake(
                lambda: TASKS * SCHEDULER_S,
                "then the last task is handed out. It is not done yet.",
            ),
            Mistake(
                lambda: TASKS * TASK_S + TASKS * SCHEDULER_S,
                "that is with one worker.",
            ),
        ],
    ),
    "a-million-station-days/batch": Exercise(
        right=lambda: STATION_DAYS // (MANY_WORKERS * TASKS_EACH),
        unit="station-days",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: math.ceil(STATION_DAYS / (MANY_WORKERS * TASKS_EACH)),
                "with so many there are a few tasks too few.",
            ),
            Mistake(
                lambda: STATION_DAYS / (MANY_WORKERS * TASKS_EACH),
                "a task has a whole number of station-days.",
            ),
            Mistake(
                lambda: STATION_DAYS / MANY_WORKERS,
                "that is one task for each worker, and the slowest of them decides.",
            ),
            Mistake(
                lambda: STATION_DAYS / TASKS_EACH,
                "that is so many tasks in all. Each of the workers should have as many.",
            ),
            Mistake(
                lambda: MANY_WORKERS * TASKS_EACH,
                "that is how many tasks there are. How many station-days has each?",
            ),
        ],
    ),
    "a-million-station-days/requests": Exercise(
        right=lambda: ANSWERS_PER_S * STATION_DAY_S // READS + 1,
        unit="workers",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: ANSWERS_PER_S * STATION_DAY_S // READS,
                "with so many the bucket can just keep up.",
            ),
            Mistake(
                lambda: ANSWERS_PER_S * STATION_DAY_S + 1,
                "each station-day takes two reads.",
            ),
            Mistake(
                lambda: ANSWERS_PER_S / STATION_DAY_S / READS,
                "a worker does two station-days in a second, not half of one.",
            ),
            Mistake(
                lambda: ANSWERS_PER_S // READS,
                "that would be right if a station-day took a second.",
            ),
        ],
    ),
    "a-million-station-days/why": Choice(
        right="c",
        because=(
            "400 workers would finish 4,000 tasks a second, and the scheduler does 2,000. Make the"
            " tasks larger."
        ),
        wrong={
            "a": "nothing was said of a bucket. How many tasks a second do 400 workers finish?",
            "b": (
                "tasks do not depend on each other here. How many tasks a second do 400 workers "
                "finish?"
            ),
        },
    ),
}
