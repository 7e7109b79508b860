"""The exercises of "What the spectrum says: frequency"."""

import math
from functools import cache

import numpy as np
from obspy import Trace, UTCDateTime

from seispipe.archive import Request
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    fit_source,
    moment_magnitude,
    seismic_moment,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import pick_p
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.trimming import signal_and_noise, without_edges
from seispipe.waveforms import read_window

# The sine of the first exercise, as its text gives it.
AMPLITUDE_UM_S, SINE_HZ, SINE_S, RATE_HZ = 2.0, 5.0, 10.0, 100.0

# The source of the lesson: P speed in m/s and density in kg/m³, and the average P radiation.
SPEED_M_S, DENSITY_KG_M3 = 1.73 * 3500.0, 2700.0
AVERAGE_RADIATION = math.sqrt(4 / 15)
BAND_HZ = (1.0, 30.0)

# The station and the earthquake of the third exercise, and the earthquake of the lesson.
CHANNEL = "XX.S008..HHZ"
ANOTHER, LARGEST = 4, 2


def _sine_spectrum() -> float:
    time = np.arange(int(SINE_S * RATE_HZ)) / RATE_HZ
    data = AMPLITUDE_UM_S * np.sin(2 * np.pi * SINE_HZ * time)
    return float(amplitude_spectrum(Trace(data, {"sampling_rate": RATE_HZ})).amplitude.max())


@cache
def _station_magnitude(
    event: int = ANOTHER,
    *,
    attenuated: bool = True,
    incident: bool = True,
    radiated: bool = True,
    scaled: bool = True,
) -> float:
    """Return the magnitude that the station gives, or gives with something left out."""
    archive = open_archive("teaching")
    truth = archive.truth()
    origin = UTCDateTime(truth.contents["earthquakes"][event]["time"])
    request = Request.from_id(CHANNEL, origin - 30, origin + 90)
    known = truth.arrival(request)
    velocity = to_ground_motion(read_window(archive, request), channel_inventory(archive, request))
    unfaded = without_edges(velocity, CorrectionSettings().taper_s)
    settings = FrequencySettings(
        band_hz=BAND_HZ, t_star_s=known["p_t_star_s"] if attenuated else 0.0
    )
    signal, noise = (
        amplitude_spectrum(window, settings.taper_fraction)
        for window in signal_and_noise(unfaded, pick_p(velocity).time)
    )
    plateau = fit_source(signal, noise, settings).plateau
    if incident:
        plateau /= math.cos(math.radians(known["incidence_deg"]))
    if not scaled:
        plateau /= velocity.stats.delta
    radiation = abs(known["p_radiation"]) if radiated else AVERAGE_RADIATION
    moment = seismic_moment(plateau, known["hypocentral_km"], SPEED_M_S, DENSITY_KG_M3, radiation)
    return moment_magnitude(moment)


EXERCISES: dict[str, Exercise] = {
    "frequency/sine": Exercise(
        right=_sine_spectrum,
        unit="µm",
        tolerance=0.3,
        mistakes=[
            Mistake(
                lambda: AMPLITUDE_UM_S * SINE_S,
                "a sine has two frequencies, one positive and one negative. Each gets half.",
            ),
            Mistake(
                lambda: AMPLITUDE_UM_S * SINE_S * RATE_HZ / 2,
                "that is the bare sum, and it depends on the sampling rate. What stands for the "
                "integral?",
            ),
            Mistake(
                lambda: AMPLITUDE_UM_S,
                "that is the amplitude of the sine, in µm/s. A spectrum is an integral over time.",
            ),
            Mistake(
                lambda: AMPLITUDE_UM_S / 2,
                "that is in µm/s. A spectrum is an integral over time, and its unit is µm.",
            ),
        ],
    ),
    "frequency/twice-as-far": Exercise(
        right=lambda: math.log10(2) / 1.5,
        unit="units of magnitude",
        tolerance=0.005,
        mistakes=[
            Mistake(
                lambda: math.log10(2),
                "that is how far the logarithm of the moment changes. One more step leads to the "
                "magnitude.",
            ),
            Mistake(
                lambda: 2 * math.log10(2) / 1.5,
                "amplitudes fall with the distance, not with its square. It enters the moment "
                "once.",
            ),
            Mistake(
                lambda: -math.log10(2) / 1.5,
                "farther away, the same amplitude needs a larger earthquake. Mind the sign.",
            ),
            Mistake(
                lambda: 1.5 * math.log10(2),
                "from moment to magnitude one divides by 1.5.",
            ),
        ],
    ),
    "frequency/another-earthquake": Exercise(
        right=_station_magnitude,
        unit="units of magnitude",
        tolerance=0.07,
        mistakes=[
            Mistake(
                lambda: _station_magnitude(incident=False),
                "the vertical component sees only part of a wave that comes aslant. Is the "
                "plateau that along the ray?",
            ),
            Mistake(
                lambda: _station_magnitude(radiated=False),
                "that is with the average radiation. The truth knows that of this station.",
            ),
            Mistake(
                lambda: _station_magnitude(radiated=False, incident=False),
                "that is with nothing known. Take incidence and radiation from the truth.",
            ),
            Mistake(
                lambda: _station_magnitude(attenuated=False),
                "that is with t* = 0. The truth knows the attenuation of this path.",
            ),
            Mistake(
                lambda: _station_magnitude(scaled=False),
                "that is far too large. Is the spectrum a sum, or an integral?",
            ),
            Mistake(
                lambda: _station_magnitude(LARGEST),
                "that is the earthquake of the lesson. The one asked for came later in the hour.",
            ),
        ],
    ),
    "frequency/why": Choice(
        right="b",
        because=(
            "the valley of the misfit runs through both. More of the same spectrum does not tell "
            "them apart."
        ),
        wrong={
            "a": "the corner lies far above the resolution. Look at the map of the misfit.",
            "c": "the taper is the same for both. Look at the map of the misfit.",
        },
    ),
}
