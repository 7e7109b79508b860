"""How an onset is looked for."""

from dataclasses import dataclass

from seispipe.errors import UnsuitableSettings

#: The pass band of the picker where nothing else is said, in Hz.
USUAL_BAND_HZ = (1.0, 20.0)
#: Where that band ends at the latest, as a fraction of the Nyquist frequency.
HIGH_NYQUIST = 0.4


@dataclass(frozen=True)
class PickingSettings:
    """How an onset is looked for.

    Attributes
    ----------
    band_hz : tuple of float or None
        Pass band of the filter before the trigger; None stands for 1 to 20 Hz, and to 0.4 of the
        Nyquist frequency if that is lower. It must stay well inside what the correction's
        pre-filter lets through: that filter has no direction in time, and where it cuts among an
        onset's frequencies it takes the onset to before it happened.
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

    band_hz: tuple[float, float] | None = None
    short_s: float = 0.5
    long_s: float = 10.0
    on: float = 5.0
    off: float = 1.5
    aic_before_s: float = 1.5
    aic_after_s: float = 0.4
    snr_s: float = 0.5

    def __post_init__(self) -> None:
        if self.band_hz is not None and not 0 < self.band_hz[0] < self.band_hz[1]:
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

    def pass_band(self, sampling_rate: float) -> tuple[float, float]:
        """Return where the pass band begins and ends, in Hz, for a sampling rate in Hz.

        Raises
        ------
        UnsuitableSettings
            If the sampling rate is too low for it.
        """
        nyquist = sampling_rate / 2
        if self.band_hz is None:
            low, high = USUAL_BAND_HZ[0], min(USUAL_BAND_HZ[1], HIGH_NYQUIST * nyquist)
        else:
            low, high = self.band_hz
        if not low < high < nyquist:
            raise UnsuitableSettings(
                f"samples at {sampling_rate:g} Hz hold nothing above {nyquist:g} Hz, too little "
                f"for a band_hz from {low:g} to {(self.band_hz or USUAL_BAND_HZ)[1]:g} Hz; "
                "lower it, or use another channel"
            )
        return low, high
