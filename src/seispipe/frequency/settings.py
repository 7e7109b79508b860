"""How the source spectrum is fitted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FrequencySettings:
    """How the source spectrum is fitted.

    Attributes
    ----------
    taper_fraction : float
        Share of the window, at both ends together, faded in and out with a cosine.
    band_hz : tuple of float
        Frequencies that may be used; keep them inside the pre-filter's pass band.
    high_nyquist : float
        They end at this fraction of the Nyquist frequency, if that is lower: above it the
        correction's pre-filter falls.
    minimum_snr : float
        A frequency is used only where the signal is this many times the noise.
    t_star_s : float
        Attenuation along the path, as travel time over quality factor, in seconds. With zero the
        corner frequency is an apparent one: attenuation is then taken for source.
    """

    taper_fraction: float = 0.1
    band_hz: tuple[float, float] = (1.0, 30.0)
    high_nyquist: float = 0.7
    minimum_snr: float = 3.0
    t_star_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.band_hz[0] < self.band_hz[1]:
            raise ValueError(f"band_hz must rise from above zero, but is {self.band_hz}")
        if not 0 < self.high_nyquist <= 1:
            raise ValueError(f"high_nyquist must lie in 0 to 1, but is {self.high_nyquist}")
        if not 0 <= self.taper_fraction <= 1:
            raise ValueError(f"taper_fraction must lie in 0 to 1, but is {self.taper_fraction}")
        if self.minimum_snr < 1 or self.t_star_s < 0:
            raise ValueError(
                "minimum_snr must be at least 1 and t_star_s not negative, "
                f"but they are {self.minimum_snr} and {self.t_star_s}"
            )
