"""The exercises of "Data gravity, measured"."""

from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.teaching.gravity import reading_seconds, transfer_hours

# As the exercises' texts give them.
MONTH_GB, MONTH_MEGABIT_S = 200 * 3 * 30 * 8e6 / 1e9, 100.0
READS, READ_BYTES, TRIP_S, RATE_BYTES_S, WORK_S = 500, 20e3, 0.080, 50e6 / 8, 10.0

EXERCISES: dict[str, Exercise] = {
    "data-gravity/month": Exercise(
        right=lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S),
        unit="hours",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S) / 8,
                "a byte has eight bits, and the line counts bits.",
            ),
            Mistake(
                lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S) / 3,
                "each station has three components.",
            ),
            Mistake(
                lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S) / 30,
                "that is one day. The question is about thirty.",
            ),
            Mistake(
                lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S) / 24,
                "that is in days. The answer is wanted in hours.",
            ),
            Mistake(
                lambda: transfer_hours(MONTH_GB, MONTH_MEGABIT_S) * 3600,
                "those are seconds. The answer is wanted in hours.",
            ),
        ],
    ),
    "data-gravity/reads": Exercise(
        right=lambda: reading_seconds(READS, READS * READ_BYTES, TRIP_S, RATE_BYTES_S, WORK_S),
        unit="s",
        tolerance=0.1,
        mistakes=[
            Mistake(
                lambda: reading_seconds(READS, READ_BYTES, TRIP_S, RATE_BYTES_S, WORK_S),
                "that counts the bytes of one read. There are 500.",
            ),
            Mistake(
                lambda: reading_seconds(
                    READS, READS * READ_BYTES, TRIP_S, 8 * RATE_BYTES_S, WORK_S
                ),
                "the rate is in bits a second, the reads are in bytes.",
            ),
            Mistake(
                lambda: reading_seconds(1, READS * READ_BYTES, TRIP_S, RATE_BYTES_S, WORK_S),
                "each of the reads waits for a round trip, not only the first.",
            ),
            Mistake(
                lambda: reading_seconds(READS, READS * READ_BYTES, TRIP_S, RATE_BYTES_S, 0),
                "the work itself takes ten seconds more.",
            ),
        ],
    ),
    "data-gravity/why": Choice(
        right="c",
        because=(
            "latency times bandwidth is what a wait could have carried. Compare it with what you "
            "save."
        ),
        wrong={
            "a": "they are the same bytes. Count the waits.",
            "b": "the line carries what it carries. Count the waits.",
        },
    ),
}
