"""The exercises of "When machines fail"."""

from math import sqrt

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
STATIONS, SIZE = 10_007, 50
PARTITIONS, PARTITION_STATIONS, STATION_S, BEGUN = 1200, 40, 0.5, 1236
WRITE_S, TAKEN_AWAY_H, SLOW_STATION_S = 4, 2, 1.5

_LAST = STATIONS % SIZE
_BEST_S = sqrt(2 * WRITE_S * TAKEN_AWAY_H * 3600)

EXERCISES: dict[str, Exercise] = {
    "when-machines-fail/out": Exercise(
        right=lambda: STATIONS - SIZE - _LAST,
        unit="rows",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: STATIONS - 2 * SIZE,
                "partition 200 is the last one, and it is not full.",
            ),
            Mistake(
                lambda: STATIONS - 2,
                "it is two partitions that are missing, not two stations.",
            ),
            Mistake(
                lambda: STATIONS - SIZE,
                "partition 200 exists: they are numbered from 0.",
            ),
        ],
    ),
    "when-machines-fail/vain": Exercise(
        right=lambda: (BEGUN - PARTITIONS) * PARTITION_STATIONS * STATION_S / 60,
        unit="minutes",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: (BEGUN - PARTITIONS) * PARTITION_STATIONS * STATION_S,
                "those are seconds.",
            ),
            Mistake(
                lambda: (BEGUN - PARTITIONS) * STATION_S / 60,
                "that is one station for each. A partition may die at its last one.",
            ),
            Mistake(
                lambda: BEGUN * PARTITION_STATIONS * STATION_S / 60,
                "most of the beginnings came to an end. Count those that did not.",
            ),
        ],
    ),
    "when-machines-fail/size": Exercise(
        right=lambda: _BEST_S / SLOW_STATION_S,
        unit="stations",
        tolerance=1.5,
        mistakes=[
            Mistake(lambda: _BEST_S, "that is the best length, in seconds."),
            Mistake(
                lambda: sqrt(2 * WRITE_S * TAKEN_AWAY_H) / SLOW_STATION_S,
                "both times must have one unit: two hours are 7200 s.",
            ),
            Mistake(
                lambda: sqrt(WRITE_S * TAKEN_AWAY_H * 3600) / SLOW_STATION_S,
                "on average *half* a partition is lost; that is where the 2 comes from.",
            ),
        ],
    ),
    "when-machines-fail/why": Choice(
        right="b",
        because=(
            "what is due stands in the manifest, what is done in the files. The difference is what"
            " is missing."
        ),
        wrong={
            "a": (
                "that could be told them otherwise. Think of the end: how do you know that all is "
                "there?"
            ),
            "c": "it costs a moment. Think of the end: how do you know that all is there?",
        },
    ),
}
