"""The exercises of "The seconds that matter: trimming"."""

import numpy as np
from obspy import Trace
from scipy.fft import next_fast_len

from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.trimming import TrimmingSettings, signal_and_noise

# The station and the window of the first exercise, as its text gives them.
RATE_HZ = 40.0
ONSET_S = 5.01
FIRST_SWING = TrimmingSettings(before_s=0.5, after_s=0.24)

# The ground of the second.
AFTER_S = 4.5
P_SPEED_KM_S = 6.0
P_TO_S_SPEED = 1.73

# The day of the third, with the sample that ObsPy's end includes.
DAY_SAMPLES = 8_640_001


def _ten_seconds() -> Trace:
    return Trace(np.arange(10 * RATE_HZ), header={"sampling_rate": RATE_HZ})


def _samples() -> float:
    trace = _ten_seconds()
    return len(signal_and_noise(trace, trace.stats.starttime + ONSET_S, FIRST_SWING)[0])


def _samples_with_slice() -> float:
    trace = _ten_seconds()
    onset = trace.stats.starttime + ONSET_S
    return len(trace.slice(onset - FIRST_SWING.before_s, onset + FIRST_SWING.after_s))


def _seconds() -> float:
    return FIRST_SWING.before_s + FIRST_SWING.after_s


def clear_of_s_km(seconds: float) -> float:
    """Return the distance, in km, from which on S comes at least so long after P."""
    return seconds * P_SPEED_KM_S / (P_TO_S_SPEED - 1)


def _zeros(samples: int, **options: bool) -> float:
    return next_fast_len(samples, **options) - samples


_LOST_ONE = (
    "S starts when P starts and only falls behind. What counts is how much slower it is, less one."
)

EXERCISES: dict[str, Exercise] = {
    "trimming/samples": Exercise(
        right=_samples,
        unit="samples",
        tolerance=0.3,
        mistakes=[
            Mistake(
                lambda: round(_seconds() * RATE_HZ),
                "that is the length times the rate. The window begins between two samples: count "
                "which ones lie in it.",
            ),
            Mistake(
                lambda: _seconds() * RATE_HZ,
                "a window holds whole samples. Count which ones lie in it.",
            ),
            Mistake(
                _samples_with_slice,
                "that is what ObsPy's slice gives: it moves the start to the nearest sample, and "
                "includes the end. Here the start is a limit, and the end is out.",
            ),
            Mistake(_seconds, "that is the length in seconds. How many samples lie in it?"),
        ],
    ),
    "trimming/distance": Exercise(
        right=lambda: clear_of_s_km(AFTER_S),
        unit="km",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: clear_of_s_km(AFTER_S + 0.5),
                "that is for the whole length of the window. It begins before P, and what counts "
                "is how long after P it ends.",
            ),
            Mistake(
                lambda: clear_of_s_km(AFTER_S - 0.5),
                "the half second before P is not part of the time after it.",
            ),
            Mistake(lambda: AFTER_S * P_SPEED_KM_S, _LOST_ONE),
            Mistake(lambda: AFTER_S * P_SPEED_KM_S / P_TO_S_SPEED, _LOST_ONE),
            Mistake(
                lambda: 1000 * clear_of_s_km(AFTER_S),
                "that looks like metres. The answer is wanted in kilometres.",
            ),
        ],
    ),
    "trimming/zeros": Exercise(
        right=lambda: _zeros(DAY_SAMPLES, real=True),
        unit="zeros",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: next_fast_len(DAY_SAMPLES, real=True),
                "that is the length. How many zeros are missing to it?",
            ),
            Mistake(
                lambda: 0,
                "that is right for the day without its inclusive end. Count its samples again.",
            ),
            Mistake(
                lambda: _zeros(DAY_SAMPLES, real=False),
                "that length is fast for complex samples. Ours are real: real=True.",
            ),
            Mistake(
                lambda: _zeros(2 * DAY_SAMPLES, real=True),
                "that is for twice the day. Here only the day itself is transformed.",
            ),
        ],
    ),
    "trimming/why": Choice(
        right="a",
        because=(
            "start in, end out: then windows side by side are the whole, and nothing is counted "
            "twice."
        ),
        wrong={
            "b": "no sample is worse for being the last. Count samples that are in two windows.",
            "c": "the length is even here by chance. Count samples that are in two windows.",
        },
    ),
}
