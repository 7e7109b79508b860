"""The exercises of "From counts to ground motion: correction"."""

import math
from functools import lru_cache

import numpy as np
from obspy import Inventory, Trace

from seispipe.correction import to_ground_motion
from seispipe.inventory import channel_inventory
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.waveforms import read_window


@lru_cache(maxsize=2)
def _load(station: str) -> tuple[Trace, Inventory]:
    archive = open_archive("teaching")
    request = next(each for each in archive.requests() if each.station == station)
    return read_window(archive, request), channel_inventory(archive, request)


def _largest(units: str) -> float:
    """Return the largest ground motion at S012, in millionths of its unit."""
    counts, epoch = _load("S012")
    return float(1e6 * np.abs(to_ground_motion(counts, epoch, units).data).max())


def _largest_upwards() -> float:
    counts, epoch = _load("S012")
    return float(1e6 * to_ground_motion(counts, epoch, "DISP").data.max())


def _largest_count() -> float:
    counts, _ = _load("S012")
    return float(np.abs(counts.data).max())


def _sensitivity() -> float:
    counts, epoch = _load("S012")
    response = epoch.get_response(counts.id, counts.stats.starttime)
    return float(response.instrument_sensitivity.value)


def _above(factor: float, units: str = "ACC") -> np.ndarray:
    """Return where a response is above its largest value divided by a factor, in Hz."""
    counts, epoch = _load("S001")
    response = epoch.get_response(counts.id, counts.stats.starttime)
    frequency = np.geomspace(0.001, 50, 5000)
    gain = np.abs(response.get_evalresp_response_for_frequencies(frequency, output=units))
    return frequency[gain > gain.max() / factor]


def _falls_below(factor: float, units: str = "ACC") -> float:
    """Return where a response falls below its largest value by a factor for good, in Hz."""
    return float(_above(factor, units).max())


EXERCISES: dict[str, Exercise] = {
    "correction/displacement": Exercise(
        right=lambda: _largest("DISP"),
        unit="µm",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: _largest("VEL"),
                "that is the largest velocity, in µm/s. Ask for displacement.",
            ),
            Mistake(
                lambda: _largest("ACC"),
                "that is the largest acceleration, in µm/s². Ask for displacement.",
            ),
            Mistake(
                lambda: 1e-3 * _largest("DISP"),
                "that looks like millimetres. The answer is wanted in micrometres.",
            ),
            Mistake(
                lambda: 1e-6 * _largest("DISP"),
                "that looks like metres. The answer is wanted in micrometres.",
            ),
            Mistake(
                _largest_upwards,
                "that is the largest motion in one direction. The ground went further in the "
                "other: take absolute values first.",
            ),
            Mistake(
                lambda: 1e6 * _largest_count() / _sensitivity(),
                "that is counts over sensitivity, which is a velocity. Use to_ground_motion.",
            ),
        ],
    ),
    "correction/magnitude": Exercise(
        right=lambda: -2 / 3 * math.log10(2),
        unit="units of magnitude",
        tolerance=0.006,
        mistakes=[
            Mistake(
                lambda: 2 / 3 * math.log10(2),
                "the size is right. But is the earthquake taken for larger or for smaller than it "
                "was?",
            ),
            Mistake(
                lambda: -math.log10(2),
                "that is the change of the logarithm of the moment. A magnitude grows with two "
                "thirds of it.",
            ),
            Mistake(
                lambda: -2 / 3 * math.log(2),
                "that is a natural logarithm. Magnitudes are made with the decimal one.",
            ),
            Mistake(
                lambda: -1.5 * math.log10(2),
                "two thirds, not three halves: a factor of a thousand in moment is two units of "
                "magnitude.",
            ),
            Mistake(
                lambda: -0.5,
                "half the amplitude is not half a unit: a magnitude is logarithmic.",
            ),
        ],
    ),
    "correction/water-level": Exercise(
        right=lambda: _falls_below(1000),
        unit="Hz",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: _falls_below(1000, "VEL"),
                "that is the response to velocity, which is flat until the digital filter cuts. "
                'Ask for output="ACC".',
            ),
            Mistake(
                lambda: _falls_below(10**1.5),
                "there the gain has fallen by a factor of 32, and that is 30 dB. For amplitudes "
                "each 20 dB are a factor of ten.",
            ),
            Mistake(
                lambda: float(_above(1000).min()),
                "that is where the gain first comes above that level. Look for the last frequency.",
            ),
            Mistake(
                lambda: _falls_below(1e6),
                "that is a factor of a million, 60 dB counted as 10 dB for each factor of ten. "
                "For amplitudes it is 20 dB.",
            ),
            Mistake(
                lambda: 1000 * 1 / 120,
                "a response that fell as 1/f from its corner on would reach 60 dB there. It bends "
                "around the corner first: look at the gain itself.",
            ),
        ],
    ),
    "correction/why": Choice(
        right="b",
        because=(
            "velocity's gain is level there, acceleration's is not. So correct to velocity, and "
            "differentiate."
        ),
        wrong={
            "a": (
                "the size of numbers does not matter to a ratio. What is the water level relative "
                "to?"
            ),
            "c": "it does, but that is not the water level's doing: it cuts where it should not.",
        },
    ),
}
