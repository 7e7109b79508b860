"""How an onset is looked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PickingSettings:
    """How an onset is looked for.

    Attributes
    ----------
    band_hz : tuple of float
        Pass band of the filter before the trigger.
    short_s, long_s : float
        Lengths of the short and the long average. Nothing can trigger before one long average has
        gone by: a window should begin at least that long before P, else a later arrival, often S,
        is the first that can be seen and is taken for P. The averages start from zero, so that the
        ratio is too high at first (1.6 times after one long average, right after three).
    on, off : float
        The ratio at which a trigger starts, and at which it ends.
    aic_before_s, aic_after_s : float
        Where around the trigger the onset is refined.
    snr_s : float
        Length of signal after the onset, and ten times that of noise before it, that the
        signal-to-noise ratio compares. Keep it shorter than S comes after P.
    """

    band_hz: tuple[float, float] = (1.0, 20.0)
    short_s: float = 0.5
    long_s: float = 10.0
    on: float = 5.0
    off: float = 1.5
    aic_before_s: float = 1.5
    aic_after_s: float = 0.4
    snr_s: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.band_hz[0] < self.band_hz[1]:
            raise ValueError(f"band_hz must rise from above zero, but is {self.band_hz}")
        if not 0 < self.short_s < self.long_s:
            raise ValueError(
                "short_s must be positive and shorter than long_s, "
                f"but they are {self.short_s} and {self.long_s}"
            )
        if not 0 < self.off <= self.on:
            raise ValueError(
                f"off must be positive and not above on, but they are {self.off} and {self.on}"
            )
        if min(self.aic_before_s, self.aic_after_s, self.snr_s) <= 0:
            raise ValueError("aic_before_s, aic_after_s and snr_s must be positive")
