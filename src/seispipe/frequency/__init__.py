"""Stage 6, frequency: the spectrum of the window, and what it says about the source."""

from seispipe.frequency.moment import moment_magnitude, seismic_moment
from seispipe.frequency.settings import FrequencySettings
from seispipe.frequency.source import SourceFit, brune_spectrum, fit_source, fit_sources
from seispipe.frequency.spectrum import (
    Spectrum,
    amplitude_spectrum,
    dominant_frequency,
    spectral_density,
)

__all__ = [
    "FrequencySettings",
    "SourceFit",
    "Spectrum",
    "amplitude_spectrum",
    "brune_spectrum",
    "dominant_frequency",
    "fit_source",
    "fit_sources",
    "moment_magnitude",
    "seismic_moment",
    "spectral_density",
]
