"""The spectrum of a window."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from obspy import Trace
from scipy.fft import rfft, rfftfreq
from scipy.signal.windows import tukey

from seispipe.errors import BadSamples


@dataclass(frozen=True)
class Spectrum:
    """The one-sided amplitude spectral density of a window.

    Attributes
    ----------
    frequency_hz : numpy.ndarray
        Frequencies from zero to Nyquist, shape ``(n // 2 + 1,)``.
    amplitude : numpy.ndarray
        ``|X(f)|`` of the continuous Fourier transform, same shape; unit of the trace times second
        (ground velocity in m/s gives m).
    samples : int
        How many samples the window had.
    delta_s : float
        Their spacing in seconds.
    """

    frequency_hz: np.ndarray
    amplitude: np.ndarray
    samples: int
    delta_s: float

    @property
    def duration_s(self) -> float:
        """Length of the window in seconds."""
        return self.samples * self.delta_s

    @property
    def energy(self) -> float:
        """The integral of the squared signal, found from the spectrum (Parseval's theorem)."""
        # Every frequency stands for itself and its negative, but zero and Nyquist stand alone.
        weight = np.full(len(self.amplitude), 2.0)
        weight[0] = 1.0
        if self.samples % 2 == 0:
            weight[-1] = 1.0
        return float(np.sum(weight * self.amplitude**2) / self.duration_s)


def amplitude_spectrum(trace: Trace, taper_fraction: float = 0.0) -> Spectrum:
    """Return the amplitude spectral density of a window.

    Parameters
    ----------
    trace : Trace
        The window, without gaps.
    taper_fraction : float
        Share of the window faded in and out; zero leaves the samples as they are.

    Returns
    -------
    Spectrum
        ``delta * abs(rfft(x))``, so that it approximates the continuous Fourier transform and does
        not depend on the sampling rate.

    Raises
    ------
    BadSamples
        If samples are masked or not finite.
    """
    if hasattr(trace.data, "mask") or not np.isfinite(trace.data).all():
        raise BadSamples(f"{trace.id} has masked or non-finite samples; leave them out first")
    samples, delta = len(trace), trace.stats.delta
    density = spectral_density(trace.data, delta, taper_fraction)
    return Spectrum(rfftfreq(samples, delta), density, samples, delta)


def spectral_density(
    windows: np.ndarray, delta_s: float, taper_fraction: float = 0.0
) -> np.ndarray:
    """Return the amplitude spectral density of many windows, as :func:`amplitude_spectrum` of one.

    Parameters
    ----------
    windows : numpy.ndarray
        Finite samples along the last axis: shape ``(n,)`` or ``(k, n)``.
    delta_s : float
        Their spacing in seconds.
    taper_fraction : float
        Share of each window faded in and out.

    Returns
    -------
    numpy.ndarray
        ``n // 2 + 1`` frequencies along the last axis.
    """
    if taper_fraction:
        windows = windows * _taper(windows.shape[-1], taper_fraction)
    return delta_s * np.abs(rfft(windows))


@lru_cache(maxsize=32)
def _taper(samples: int, fraction: float) -> np.ndarray:
    """Return the window that fades samples in and out; it takes as long to make as a spectrum."""
    taper = tukey(samples, fraction)
    taper.flags.writeable = False
    return taper


def dominant_frequency(spectrum: Spectrum) -> float:
    """Return the frequency, in Hz, at which the spectrum is largest, zero left out."""
    return float(spectrum.frequency_hz[1:][np.argmax(spectrum.amplitude[1:])])
