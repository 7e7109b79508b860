"""The exercises of "Right, then cheaper"."""

from scipy.fft import next_fast_len

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
METADATA_SHARE, EVALUATION_SHARE = 0.25, 0.40
EVALUATION_MS, USE_MS, KINDS, WINDOWS = 12.0, 1.0, 3, 24 * 5
SAMPLES, ROOM = 18_001, 3_200

EXERCISES: dict[str, Exercise] = {
    "right-then-cheaper/at-most": Exercise(
        right=lambda: 1 / (1 - METADATA_SHARE - EVALUATION_SHARE),
        unit="times",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: 1 - METADATA_SHARE - EVALUATION_SHARE,
                "that is the share of the time that is left. How many times faster is that?",
            ),
            Mistake(
                lambda: 1 / (METADATA_SHARE + EVALUATION_SHARE),
                "you divided by what is saved. Divide by what is left.",
            ),
            Mistake(
                lambda: 1 / (1 - METADATA_SHARE) + 1 / (1 - EVALUATION_SHARE),
                "gains do not add up. Take both shares away from the same whole.",
            ),
            Mistake(
                lambda: 1 / ((1 - METADATA_SHARE) * (1 - EVALUATION_SHARE)),
                "both shares are of the whole, so they are taken away from it together, not one "
                "from what the other left.",
            ),
        ],
    ),
    "right-then-cheaper/average-cost": Exercise(
        right=lambda: (KINDS * EVALUATION_MS + WINDOWS * USE_MS) / WINDOWS,
        unit="ms",
        tolerance=0.02,
        mistakes=[
            Mistake(
                lambda: EVALUATION_MS + USE_MS,
                "that is the cost if nothing is kept.",
            ),
            Mistake(
                lambda: (24 * EVALUATION_MS + WINDOWS * USE_MS) / WINDOWS,
                "that evaluates once for each station. There are only three kinds of instrument.",
            ),
            Mistake(
                lambda: (KINDS * EVALUATION_MS + 24 * USE_MS) / 24,
                "that is for one window a station. There are five.",
            ),
            Mistake(
                lambda: KINDS * EVALUATION_MS + WINDOWS * USE_MS,
                "that is the cost of the whole run. Divide by the number of windows.",
            ),
        ],
    ),
    "right-then-cheaper/fast-length": Exercise(
        right=lambda: next_fast_len(SAMPLES + ROOM, real=True),
        unit="samples",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: next_fast_len(SAMPLES, real=True),
                "that leaves no room for what the inverse response spreads.",
            ),
            Mistake(
                lambda: next_fast_len(2 * SAMPLES, real=True),
                "that is for twice the window. The room that is needed is given.",
            ),
            Mistake(
                lambda: next_fast_len(SAMPLES + ROOM),
                "that is the next fast length of a complex transform. For a real one: real=True.",
            ),
            Mistake(
                lambda: SAMPLES + ROOM,
                "so long it must be at least, but its prime factors are not small.",
            ),
        ],
    ),
    "right-then-cheaper/why": Choice(
        right="a",
        because="a change that lasts longer than one run then falls on both.",
        wrong={
            "b": (
                "each version still has a first run. What differs between the first minute and the"
                " second?"
            ),
            "c": (
                "results are compared beforehand. What differs between the first minute and the "
                "second?"
            ),
        },
    ),
}
