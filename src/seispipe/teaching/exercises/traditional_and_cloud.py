"""The exercises of "Traditional and cloud, measured"."""

import math

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
MOVE_MIN, HERE_MIN, THERE_MIN = 90, 4, 7
STATIONS, PARTITION, FINISHED = 1000, 24, 617
OBJECT_MB, WINDOW_MB = 8.0, 0.06

EXERCISES: dict[str, Exercise] = {
    "traditional-and-cloud/questions": Exercise(
        right=lambda: MOVE_MIN // (THERE_MIN - HERE_MIN) + 1,
        unit="questions",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: MOVE_MIN / (THERE_MIN - HERE_MIN),
                "with so many questions both ways take the same time.",
            ),
            Mistake(
                lambda: math.ceil(MOVE_MIN / THERE_MIN),
                "that forgets that a question takes time at home, too.",
            ),
            Mistake(
                lambda: math.ceil(MOVE_MIN / HERE_MIN),
                "that compares the download with the work at home. What counts is how much longer "
                "a question takes in place.",
            ),
            Mistake(
                lambda: (MOVE_MIN - HERE_MIN) // (THERE_MIN - HERE_MIN) + 1,
                "the first question at home takes its time after the download, not during it.",
            ),
        ],
    ),
    "traditional-and-cloud/lost": Exercise(
        right=lambda: FINISHED % PARTITION,
        unit="stations",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: PARTITION - FINISHED % PARTITION,
                "that is what the partition still lacked. It is done for the first time.",
            ),
            Mistake(lambda: FINISHED, "so many only if nothing had been written before the end."),
            Mistake(
                lambda: STATIONS - FINISHED,
                "that is what was not done at all. The question is about what was done in vain.",
            ),
            Mistake(
                lambda: PARTITION,
                "not the whole partition under way was finished, only a part of it.",
            ),
        ],
    ),
    "traditional-and-cloud/windows": Exercise(
        right=lambda: int(OBJECT_MB // WINDOW_MB),
        unit="windows",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: math.ceil(OBJECT_MB / WINDOW_MB),
                "with that one more, the windows weigh more than the object.",
            ),
            Mistake(
                lambda: 8 * OBJECT_MB / WINDOW_MB,
                "both numbers are in bytes, so no bits come into it.",
            ),
            Mistake(
                lambda: OBJECT_MB * WINDOW_MB,
                "divide: how often does a window fit into the object?",
            ),
        ],
    ),
    "traditional-and-cloud/why": Choice(
        right="c",
        because="each byte that moved is used many times. That is what copies are for.",
        wrong={
            "a": "that would move whole days for two minutes each. When do copies pay?",
            "b": "there is no line to spare there. When do copies pay?",
        },
    ),
}
