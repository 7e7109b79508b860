"""The exercises of "Multithreading, measured"."""

import math

from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
OBJECTS, TRIP_S, COMPUTE_S, THREADS = 50_000, 0.080, 0.002, 16
REQUESTS_A_SECOND, OBJECT_S = 400, 0.025
FOUND_MAGNITUDE, SENSITIVITY = -2.0, 1.2e9


def minutes(objects: int, trip_s: float, compute_s: float, threads: int) -> float:
    """Return how long so many objects take in threads of one client, in minutes."""
    rate = min(threads / (trip_s + compute_s), 1 / compute_s)
    return objects / rate / 60


def magnitude(found: float, sensitivity: float) -> float:
    """Return the moment magnitude had the sensitivity been taken out only once."""
    return found + 2 / 3 * math.log10(sensitivity)


EXERCISES: dict[str, Exercise] = {
    "multithreading/network": Exercise(
        right=lambda: minutes(OBJECTS, TRIP_S, COMPUTE_S, THREADS),
        unit="minutes",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: minutes(OBJECTS, TRIP_S, COMPUTE_S, 1),
                "that is one after the other. Sixteen are under way at once.",
            ),
            Mistake(
                lambda: OBJECTS * TRIP_S / THREADS / 60,
                "that leaves out what the client computes for each object.",
            ),
            Mistake(
                lambda: OBJECTS * COMPUTE_S / 60,
                "that is the computing alone. Of the two rates the smaller one counts.",
            ),
            Mistake(
                lambda: 60 * minutes(OBJECTS, TRIP_S, COMPUTE_S, THREADS),
                "those are seconds. The answer is wanted in minutes.",
            ),
            Mistake(
                lambda: minutes(OBJECTS, TRIP_S, COMPUTE_S, THREADS) / 1000,
                "that looks as if the milliseconds were turned into seconds twice.",
            ),
            Mistake(
                lambda: OBJECTS * (TRIP_S / THREADS + COMPUTE_S) / 60,
                "that lets all the others stand still while one computes. They go on waiting "
                "meanwhile, so computing is divided among the threads too.",
            ),
        ],
    ),
    "multithreading/polite": Exercise(
        right=lambda: REQUESTS_A_SECOND * OBJECT_S,
        unit="threads",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: REQUESTS_A_SECOND * OBJECT_S * 1000,
                "the 25 are milliseconds, and the rate is for a second.",
            ),
            Mistake(
                lambda: REQUESTS_A_SECOND / (OBJECT_S * 1000),
                "what is under way is rate times time, not rate over time.",
            ),
            Mistake(
                lambda: 1 / OBJECT_S,
                "that is how many requests one thread makes in a second. How many such threads "
                "make 400?",
            ),
            Mistake(
                lambda: REQUESTS_A_SECOND,
                "a thread makes more than one request a second.",
            ),
        ],
    ),
    "multithreading/colleague": Exercise(
        right=lambda: magnitude(FOUND_MAGNITUDE, SENSITIVITY),
        unit="magnitude units",
        tolerance=0.03,
        mistakes=[
            Mistake(
                lambda: FOUND_MAGNITUDE + math.log10(SENSITIVITY),
                "a moment magnitude is two thirds of the moment's logarithm.",
            ),
            Mistake(
                lambda: FOUND_MAGNITUDE - 2 / 3 * math.log10(SENSITIVITY),
                "the motion came out too small, so the magnitude that was found is too small.",
            ),
            Mistake(
                lambda: FOUND_MAGNITUDE + 2 / 3 * math.log(SENSITIVITY),
                "that is the natural logarithm. Magnitudes use the one to base 10.",
            ),
            Mistake(
                lambda: 2 / 3 * math.log10(SENSITIVITY),
                "that is by how much it is wrong. Add it to what was found.",
            ),
        ],
    ),
    "multithreading/why": Choice(
        right="c",
        because="half a file never has the proper name, so a name that is there can be trusted.",
        wrong={
            "a": "it costs a little. What does the next run believe of a file that it finds?",
            "b": (
                "that is not what it prevents. What does the next run believe of a file that it "
                "finds?"
            ),
        },
    ),
}
