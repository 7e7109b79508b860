"""Stage 6, frequency: the spectrum of the window, and what it says about the source."""

from dataclasses import dataclass

import numpy as np
from obspy import Trace
from scipy.fft import rfft, rfftfreq
from scipy.optimize import least_squares
from scipy.signal.windows import tukey

from seispipe.errors import BadSamples


@dataclass(frozen=True)
class FrequencySettings:
    """How the source spectrum is fitted.

    Attributes
    ----------
    taper_fraction : float
        Share of the window, at both ends together, faded in and out with a cosine.
    band_hz : tuple of float
        Frequencies that may be used; keep them inside the pre-filter's pass band.
    minimum_snr : float
        A frequency is used only where the signal is this many times the noise.
    t_star_s : float
        Attenuation along the path, as travel time over quality factor, in seconds. With zero the
        corner frequency is an apparent one: attenuation is then taken for source.
    """

    taper_fraction: float = 0.1
    band_hz: tuple[float, float] = (1.0, 30.0)
    minimum_snr: float = 3.0
    t_star_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.band_hz[0] < self.band_hz[1]:
            raise ValueError(f"band_hz must rise from above zero, but is {self.band_hz}")
        if not 0 <= self.taper_fraction <= 1:
            raise ValueError(f"taper_fraction must lie in 0 to 1, but is {self.taper_fraction}")
        if self.minimum_snr < 1 or self.t_star_s < 0:
            raise ValueError(
                "minimum_snr must be at least 1 and t_star_s not negative, "
                f"but they are {self.minimum_snr} and {self.t_star_s}"
            )


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
    data = trace.data * tukey(samples, taper_fraction) if taper_fraction else trace.data
    return Spectrum(rfftfreq(samples, delta), delta * np.abs(rfft(data)), samples, delta)


def dominant_frequency(spectrum: Spectrum) -> float:
    """Return the frequency, in Hz, at which the spectrum is largest, zero left out."""
    return float(spectrum.frequency_hz[1:][np.argmax(spectrum.amplitude[1:])])


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
    settings = settings or FrequencySettings()
    frequency = velocity.frequency_hz
    # The spectrum of steady noise grows with the square root of the window's length.
    noise_level = np.interp(frequency, noise.frequency_hz, noise.amplitude) * np.sqrt(
        velocity.duration_s / noise.duration_s
    )
    usable = (
        (frequency >= settings.band_hz[0])
        & (frequency <= settings.band_hz[1])
        & (velocity.amplitude >= settings.minimum_snr * noise_level)
        & (velocity.amplitude > 0)
    )
    if np.count_nonzero(usable) < 5:
        return None
    frequency = frequency[usable]
    displacement = velocity.amplitude[usable] / (2 * np.pi * frequency)
    # Equal weight to equal steps of log frequency: else the many high frequencies decide alone.
    weight = 1 / np.sqrt(frequency)

    def misfit(parameters: np.ndarray) -> np.ndarray:
        log_plateau, log_corner = parameters
        model = brune_spectrum(
            frequency, np.exp(log_plateau), np.exp(log_corner), settings.t_star_s
        )
        return weight * (np.log(model) - np.log(displacement))

    def slopes(parameters: np.ndarray) -> np.ndarray:
        above = (frequency / np.exp(parameters[1])) ** 2
        return np.column_stack([weight, weight * 2 * above / (1 + above)])

    low, high = np.log(frequency[0]), np.log(frequency[-1])
    first_guess = (np.log(displacement[:5].max()), (low + high) / 2)
    fit = least_squares(misfit, first_guess, jac=slopes, loss="soft_l1")
    if not fit.success:
        return None
    log_plateau, log_corner = fit.x
    return SourceFit(
        plateau=float(np.exp(log_plateau)) if low < log_corner else None,
        corner_hz=float(np.exp(log_corner)) if low < log_corner < high else None,
        band_hz=(float(frequency[0]), float(frequency[-1])),
    )


def seismic_moment(
    plateau: float,
    distance_km: float,
    speed_m_s: float,
    density_kg_m3: float = 2700.0,
    radiation: float = 0.52,
    free_surface: float = 2.0,
) -> float:
    r"""Return the seismic moment that a plateau stands for.

    .. math:: M_0 = \frac{4 \pi \rho v^3 R\, \Omega_0}{F\, S}

    Parameters
    ----------
    plateau : float
        :math:`\Omega_0`, low-frequency level of the displacement spectrum along the ray, in m·s.
    distance_km : float
        :math:`R`, hypocentral distance.
    speed_m_s : float
        :math:`v`, speed of the wave at the source.
    density_kg_m3 : float
        :math:`\rho`, density at the source.
    radiation : float
        :math:`F`, how much the source sends this way; by default the root mean square of P over
        all directions.
    free_surface : float
        :math:`S`, how much the surface amplifies; 2 for a wave that comes straight up.

    Returns
    -------
    float
        In N·m.

    Raises
    ------
    ValueError
        If a number is not positive.

    References
    ----------
    Aki, K., and Richards, P. G. (2002). Quantitative Seismology, 2nd edition, equation 4.97.
    """
    numbers = (plateau, distance_km, speed_m_s, density_kg_m3, radiation, free_surface)
    if not all(number > 0 for number in numbers):
        raise ValueError(
            "plateau, distance, speed, density, radiation and surface factor must be positive, "
            f"but are {', '.join(f'{number:g}' for number in numbers)}"
        )
    spreading = 4 * np.pi * density_kg_m3 * speed_m_s**3 * 1000 * distance_km
    return plateau * spreading / (radiation * free_surface)


def moment_magnitude(moment: float) -> float:
    """Return the moment magnitude of a seismic moment in N·m.

    References
    ----------
    Hanks, T. C., and Kanamori, H. (1979). A moment magnitude scale. Journal of Geophysical
    Research, 84(B5), 2348-2350. doi:10.1029/JB084iB05p02348
    """
    if not moment > 0:
        raise ValueError(f"a seismic moment must be positive, but is {moment:g} N·m")
    return (float(np.log10(moment)) - 9.1) / 1.5
