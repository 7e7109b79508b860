"""The exercises of "Choosing, measured"."""

import math

from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.teaching.speed_up import break_even_s, serial_share

# As the exercises' texts give them.
SECONDS = {1: 96.0, 2: 51.2, 4: 27.5, 8: 16.9, 16: 10.8}
SHARE = 0.03
START_S, PROCESSES, SPEED_UP, WINDOW_S = 2.4, 4, 3.2, 0.012

EXERCISES: dict[str, Exercise] = {
    "choosing/serial-share": Exercise(
        right=lambda: 100 * serial_share({n: SECONDS[1] / s for n, s in SECONDS.items()}),
        unit="percent",
        tolerance=0.2,
        mistakes=[
            Mistake(
                lambda: serial_share({n: SECONDS[1] / s for n, s in SECONDS.items()}),
                "that is the share as a fraction. The answer is wanted in percent.",
            ),
            Mistake(
                lambda: 100 * serial_share(SECONDS),
                "serial_share takes speed-ups, and you gave it times.",
            ),
            Mistake(
                lambda: 100 * SECONDS[16] / SECONDS[1],
                "that is what is left of the time with sixteen threads. A sixteenth of the rest "
                "is in it.",
            ),
            Mistake(
                lambda: 100 * (2 * SECONDS[2] / SECONDS[1] - 1),
                "that follows from two threads alone. The others know more about it.",
            ),
            Mistake(
                lambda: 100 * serial_share({n: s / SECONDS[1] for n, s in SECONDS.items()}),
                "you turned the speed-up over: it is the time of one thread over that of many.",
            ),
        ],
    ),
    "choosing/half-efficiency": Exercise(
        right=lambda: math.floor(1 + 1 / SHARE) + 1,
        unit="workers",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: 1 / SHARE,
                "that is the speed-up that no number of workers exceeds.",
            ),
            Mistake(
                lambda: math.floor(1 + 1 / SHARE),
                "work out the efficiency there once more: it has not fallen below a half yet.",
            ),
            Mistake(
                lambda: (1 - SHARE) / SHARE,
                "there the speed-up is half of the highest. Efficiency is speed-up over workers.",
            ),
        ],
    ),
    "choosing/break-even": Exercise(
        right=lambda: math.ceil(break_even_s(START_S, SPEED_UP) / WINDOW_S),
        unit="windows",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: START_S / WINDOW_S,
                "so many windows take as long as the start. But then the processes have not done "
                "anything yet.",
            ),
            Mistake(
                lambda: break_even_s(START_S, PROCESSES) / WINDOW_S,
                "that takes four processes to be four times faster, and these are not.",
            ),
            Mistake(
                lambda: break_even_s(START_S, SPEED_UP),
                "those are seconds of work. How many windows are that?",
            ),
            Mistake(
                lambda: START_S * SPEED_UP / WINDOW_S,
                "write down both times, with and without processes, and set them equal.",
            ),
        ],
    ),
    "choosing/why": Choice(
        right="a",
        because="that is Amdahl's law: with a serial share of a fifth never more than five times.",
        wrong={
            "b": (
                "then one would be slow as well. What do the others do while the serial part runs?"
            ),
            "c": (
                "then it would fail, not flatten. What do the others do while the serial part runs?"
            ),
        },
    ),
}
