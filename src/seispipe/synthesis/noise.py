"""The noise: Gaussian, with a spectrum between Peterson's low-noise and high-noise models.

References
----------
Peterson, J. (1993). Observations and modeling of seismic background noise. U.S. Geological Survey
Open-File Report 93-322. The models are taken from ObsPy.
"""

import numpy as np
from obspy.core.inventory.response import Response
from obspy.signal.spectral_estimation import get_nhnm, get_nlnm
from scipy.fft import irfft, rfftfreq

_LONGEST_PERIOD_S = 1000.0
_GRID = 600


def noise_model_db(frequency_hz: np.ndarray, weight: float) -> np.ndarray:
    """Return a noise level between the two models, in dB relative to 1 (m/s²)²/Hz.

    Parameters
    ----------
    frequency_hz : numpy.ndarray
        Frequencies, positive.
    weight : float
        0 for the low-noise model, 1 for the high-noise model, linear in dB between.
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"weight must lie in 0 to 1, but is {weight}")
    log_period = -np.log10(frequency_hz)
    levels = []
    for periods, decibels in (get_nlnm(), get_nhnm()):
        order = np.argsort(periods)
        levels.append(np.interp(log_period, np.log10(periods[order]), decibels[order]))
    low, high = levels
    return (1 - weight) * low + weight * high


def noise_velocity(weight: float, low_hz: float, high_hz: float) -> float:
    """Return the root mean square of ground velocity, in m/s, that a noise level has in a band."""
    frequency = np.geomspace(low_hz, high_hz, _GRID)
    acceleration = 10 ** (noise_model_db(frequency, weight) / 10)
    velocity = acceleration / (2 * np.pi * frequency) ** 2
    return float(np.sqrt(np.trapezoid(velocity, frequency)))


def noise_density(
    response: Response, weight: float, samples: int, sampling_rate: float
) -> np.ndarray:
    """Return the amplitude density of noise as the instrument would record it.

    Parameters
    ----------
    response : Response
        From ground motion to counts.
    weight : float
        Place between the two noise models, 0 to 1.
    samples : int
        Of how many samples noise shall be drawn.
    sampling_rate : float
        In Hz.

    Returns
    -------
    numpy.ndarray
        In counts per root hertz, for the ``samples // 2 + 1`` frequencies of their transform.
    """
    # The level is smooth, so a few hundred frequencies are enough to know it at millions.
    grid = np.geomspace(1 / _LONGEST_PERIOD_S, sampling_rate / 2, _GRID)
    gain = np.abs(response.get_evalresp_response_for_frequencies(grid, output="ACC"))
    log_density = np.log(10 ** (noise_model_db(grid, weight) / 20) * gain)
    frequency = rfftfreq(samples, 1 / sampling_rate)
    frequency[0] = frequency[1]
    return np.exp(np.interp(np.log(frequency), np.log(grid), log_density))


def noise_in_counts(
    generator: np.random.Generator, density: np.ndarray, samples: int, sampling_rate: float
) -> np.ndarray:
    """Draw noise.

    Parameters
    ----------
    generator : numpy.random.Generator
        Where chance comes from.
    density : numpy.ndarray
        As of :func:`noise_density`.
    samples : int
        How many samples; an even number with small factors is fast.
    sampling_rate : float
        In Hz.

    Returns
    -------
    numpy.ndarray
        Counts, not yet rounded, with zero mean. Shape ``(samples,)``, float64.
    """
    # A one-sided power density S needs |X|² = S · rate · samples / 2, half of it in each part of X.
    spectrum = generator.standard_normal(2 * len(density)).view(np.complex128)
    spectrum *= density * np.sqrt(sampling_rate * samples / 4)
    spectrum[0] = 0
    if samples % 2 == 0:
        spectrum[-1] = spectrum[-1].real * np.sqrt(2)
    return irfft(spectrum, samples)
