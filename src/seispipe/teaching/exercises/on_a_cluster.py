"""The exercises of "On a cluster, measured"."""

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
STATIONS, DAYS, LAST_NUMBER = 800, 366, 1000
WALLTIME_S, START_S, STATION_S, BAD = 30 * 60, 90, 2.4, 2
LAPTOP_MIN, LAPTOP_CORES, WORKERS, START_MIN = 180, 2, 40, 1

_REQUESTS = STATIONS * DAYS
_WORK_MIN = LAPTOP_MIN * LAPTOP_CORES / WORKERS

EXERCISES: dict[str, Exercise] = {
    "on-a-cluster/size": Exercise(
        right=lambda: -(-_REQUESTS // (LAST_NUMBER + 1)),
        unit="requests",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: _REQUESTS // (LAST_NUMBER + 1),
                "with that, one array leaves some requests over. They want a partition too.",
            ),
            Mistake(
                lambda: -(-_REQUESTS // (LAST_NUMBER + 1)) + 1,
                "that fits, and a smaller size does as well.",
            ),
            Mistake(
                lambda: DAYS,
                "that is a partition for each station: it fits, and a smaller size does as well.",
            ),
            Mistake(
                lambda: STATIONS,
                "that is a partition for each day: it fits, and a smaller size does as well.",
            ),
            Mistake(
                lambda: _REQUESTS,
                "those are all the requests, in one partition. It is to be the smallest size.",
            ),
        ],
    ),
    "on-a-cluster/walltime": Exercise(
        right=lambda: int((WALLTIME_S - START_S) // (BAD * STATION_S)),
        unit="stations",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: (WALLTIME_S - START_S) // STATION_S,
                "so many are finished on a good day.",
            ),
            Mistake(
                lambda: WALLTIME_S // (BAD * STATION_S),
                "starting takes its time too, and the clock runs.",
            ),
            Mistake(
                lambda: -(-(WALLTIME_S - START_S) // (BAD * STATION_S)),
                "the last of them would be cut off, and the whole partition with it.",
            ),
            Mistake(
                lambda: (WALLTIME_S - BAD * START_S) // (BAD * STATION_S),
                "starting does not take longer on a bad day here, only the stations do.",
            ),
        ],
    ),
    "on-a-cluster/queue": Exercise(
        right=lambda: LAPTOP_MIN - _WORK_MIN - START_MIN,
        unit="minutes",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: LAPTOP_MIN - _WORK_MIN,
                "starting takes the workers a minute.",
            ),
            Mistake(
                lambda: LAPTOP_MIN - LAPTOP_MIN / WORKERS - START_MIN,
                "your laptop works with two cores, so the work is twice as much as you think.",
            ),
            Mistake(
                lambda: LAPTOP_MIN,
                "when the queue lets you in after so long, the laptop has finished and the "
                "cluster begins.",
            ),
            Mistake(
                lambda: _WORK_MIN + START_MIN,
                "that is how long the cluster takes once it has begun.",
            ),
        ],
    ),
    "on-a-cluster/why": Choice(
        right="a",
        because=(
            "a folder travels as its name. Put data where all workers see them, or name a bucket."
        ),
        wrong={
            "b": (
                "workers with other software are refused before they make a row. What travels to a"
                " worker?"
            ),
            "c": "samples never pass through the scheduler here. What travels to a worker?",
        },
    ),
}
