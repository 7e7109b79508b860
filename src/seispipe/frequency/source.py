"""The source behind a spectrum."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.fft import rfftfreq

from seispipe.frequency.least_squares import fit_brune
from seispipe.frequency.settings import FrequencySettings
from seispipe.frequency.spectrum import Spectrum


@dataclass(frozen=True)
class SourceFit:
    """Brune's spectrum fitted to a displacement spectrum.

    Attributes
    ----------
    plateau : float or None
        Level at low frequency, in m·s; None where the corner lies below the frequencies that could
        be used, so that nothing was seen of the level part.
    corner_hz : float or None
        Corner frequency; None where it lies outside the frequencies that could be used, and so is
        not known.
    band_hz : tuple of float
        Lowest and highest frequency that could be used.
    """

    plateau: float | None
    corner_hz: float | None
    band_hz: tuple[float, float]


def brune_spectrum(
    frequency_hz: np.ndarray, plateau: float, corner_hz: float, t_star_s: float = 0.0
) -> np.ndarray:
    r"""Return Brune's far-field displacement spectrum with attenuation.

    .. math:: \Omega(f) = \frac{\Omega_0\, e^{-\pi f t^*}}{1 + (f / f_c)^2}

    Parameters
    ----------
    frequency_hz : numpy.ndarray
        Frequencies.
    plateau : float
        :math:`\Omega_0`, in m·s.
    corner_hz : float
        :math:`f_c`.
    t_star_s : float
        :math:`t^*`.

    Returns
    -------
    numpy.ndarray
        Displacement amplitude spectral density in m·s, same shape.

    References
    ----------
    Brune, J. N. (1970). Tectonic stress and the spectra of seismic shear waves from earthquakes.
    Journal of Geophysical Research, 75(26), 4997-5009. doi:10.1029/JB075i026p04997
    """
    return (
        plateau * np.exp(-np.pi * frequency_hz * t_star_s) / (1 + (frequency_hz / corner_hz) ** 2)
    )


def fit_source(
    velocity: Spectrum, noise: Spectrum, settings: FrequencySettings | None = None
) -> SourceFit | None:
    """Fit Brune's spectrum to a velocity spectrum where it stands clear of the noise.

    Parameters
    ----------
    velocity : Spectrum
        Of the signal window, in m.
    noise : Spectrum
        Of a window before the onset, in m; it may be shorter.
    settings : FrequencySettings, optional
        Band, signal-to-noise limit and attenuation.

    Returns
    -------
    SourceFit or None
        None where fewer than five frequencies stand clear of the noise, or no fit is found.
    """
    (fit,) = fit_sources(
        velocity.amplitude[np.newaxis],
        (velocity.samples, velocity.delta_s),
        noise.amplitude[np.newaxis],
        (noise.samples, noise.delta_s),
        settings or FrequencySettings(),
    )
    return fit


def fit_sources(
    velocity: np.ndarray,
    velocity_window: tuple[int, float],
    noise: np.ndarray,
    noise_window: tuple[int, float],
    settings: FrequencySettings,
) -> list[SourceFit | None]:
    """Fit Brune's spectrum to many velocity spectra, as :func:`fit_source` does to one.

    Parameters
    ----------
    velocity, noise : numpy.ndarray
        Amplitude spectral densities in m, a row for each fit.
    velocity_window, noise_window : tuple
        How many samples the windows had, and their spacing in seconds.
    settings : FrequencySettings
        Band, signal-to-noise limit and attenuation.

    Returns
    -------
    list of SourceFit or None
        One for each row.
    """
    frequency = rfftfreq(*velocity_window)
    low_hz, high_hz = settings.band_hz
    high_hz = min(high_hz, settings.high_nyquist * 0.5 / velocity_window[1])
    first, stop = np.searchsorted(frequency, [low_hz, np.nextafter(high_hz, np.inf)])
    frequency, velocity = frequency[first:stop], velocity[:, first:stop]
    # The spectrum of steady noise grows with the square root of the window's length.
    longer = np.sqrt(math.prod(velocity_window) / math.prod(noise_window))
    noise_hz = rfftfreq(*noise_window)
    level = np.stack([np.interp(frequency, noise_hz, row) for row in noise]) * longer
    usable = (velocity >= settings.minimum_snr * level) & (velocity > 0)
    enough = np.flatnonzero(np.count_nonzero(usable, axis=1) >= 5)
    fits: list[SourceFit | None] = [None] * len(velocity)
    if len(enough) == 0:
        return fits
    usable = usable[enough]
    displacement = np.where(usable, velocity[enough], 1.0) / (2 * np.pi * frequency)
    log_attenuated = np.log(displacement) + np.pi * frequency * settings.t_star_s
    # Equal weight to equal steps of log frequency: else the many high frequencies decide alone.
    weight = usable / np.sqrt(frequency)
    logs, found = fit_brune(frequency, log_attenuated, weight)
    for row in np.flatnonzero(found):
        plateau, corner = (float(value) for value in np.exp(logs[row]))
        first_hz, last_hz = (float(value) for value in frequency[usable[row]][[0, -1]])
        fits[enough[row]] = SourceFit(
            plateau=plateau if first_hz < corner else None,
            corner_hz=corner if first_hz < corner < last_hz else None,
            band_hz=(first_hz, last_hz),
        )
    return fits
