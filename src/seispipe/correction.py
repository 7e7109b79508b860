"""Stage 3, correction: from digitiser counts to ground motion."""

import threading
from dataclasses import dataclass

from obspy import Inventory, Trace

from seispipe.errors import BadSamples, NoResponse, UnsuitableSettings

UNITS = {"VEL": "m/s", "DISP": "m", "ACC": "m/s²"}

# ObsPy evaluates responses with a C library that keeps its state in globals. Two threads in it at
# once give wrong amplitudes without an error, so only one is let in.
_ONE_EVALUATION_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class CorrectionSettings:
    """How counts are turned into ground motion.

    Attributes
    ----------
    low_hz : tuple of float
        Where the pre-filter rises: nothing below the first frequency, everything above the second.
    high_nyquist : tuple of float
        Where it falls, as fractions of the Nyquist frequency: everything below the first, nothing
        above the second.
    water_level_db : float
        How far below the response's peak its inverse is still followed.
    taper_s : float
        How long the window is faded in, and out again, with a cosine, in seconds. The amplitudes
        there are lost.
    """

    low_hz: tuple[float, float] = (0.25, 0.5)
    high_nyquist: tuple[float, float] = (0.8, 0.95)
    water_level_db: float = 60.0
    taper_s: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.low_hz[0] < self.low_hz[1]:
            raise ValueError(f"low_hz must rise from above zero, but is {self.low_hz}")
        if not 0 < self.high_nyquist[0] < self.high_nyquist[1] <= 1:
            raise ValueError(f"high_nyquist must rise from 0 to 1, but is {self.high_nyquist}")
        if not self.taper_s >= 0:
            raise ValueError(f"taper_s must not be negative, but is {self.taper_s}")

    def pre_filter(self, sampling_rate: float) -> tuple[float, float, float, float]:
        """Return the four corner frequencies, in Hz, for a sampling rate in Hz.

        Raises
        ------
        UnsuitableSettings
            If the sampling rate is too low for the pass band.
        """
        nyquist = sampling_rate / 2
        corners = (*self.low_hz, *(fraction * nyquist for fraction in self.high_nyquist))
        if corners[1] >= corners[2]:
            raise UnsuitableSettings(
                f"at {sampling_rate:g} Hz the pre-filter would rise to {corners[1]:g} Hz after "
                f"it falls at {corners[2]:g} Hz; choose a lower low_hz, or another channel"
            )
        return corners


def to_ground_motion(
    counts: Trace,
    inventory: Inventory,
    units: str = "VEL",
    settings: CorrectionSettings | None = None,
) -> Trace:
    """Remove the instrument response from a window of counts.

    The steps are ObsPy's: the linear trend goes first, then
    :meth:`obspy.core.trace.Trace.remove_response` tapers, pre-filters and divides.

    Parameters
    ----------
    counts : Trace
        A window without gaps, in digitiser counts. It is left as it is.
    inventory : Inventory
        Holds the response of this channel at this time.
    units : {"VEL", "DISP", "ACC"}
        Ground velocity (m/s), displacement (m) or acceleration (m/s²).
    settings : CorrectionSettings, optional
        Pre-filter, water level and taper.

    Returns
    -------
    Trace
        Ground motion, as many samples as came in; those of the taper, at both ends, are too small.

    Raises
    ------
    ValueError
        If ``units`` is none of the three.
    NoResponse
        If the inventory has no response for the channel at the time of the samples.
    BadSamples
        If the window has a gap (its samples are masked).
    UnsuitableSettings
        If the sampling rate is too low for the pre-filter.
    """
    if units not in UNITS:
        choices = ", ".join(f"{name} ({unit})" for name, unit in UNITS.items())
        raise ValueError(f"units is {units!r}; choose one of {choices}")
    if hasattr(counts.data, "mask"):
        raise BadSamples(f"{counts.id} has masked samples; correct each side of the gap alone")
    settings = settings or CorrectionSettings()
    pre_filter = settings.pre_filter(counts.stats.sampling_rate)
    try:
        # Asked for the middle, because a first sample may lie microseconds before its epoch.
        middle = counts.stats.starttime + (counts.stats.endtime - counts.stats.starttime) / 2
        response = inventory.get_response(counts.id, middle)
    # ObsPy raises a bare Exception when nothing matches.
    except Exception as problem:
        raise NoResponse(
            f"the inventory has no response for {counts.id} at {counts.stats.starttime}; "
            "give it the epoch in force at that time"
        ) from problem
    motion = counts.copy()
    motion.detrend("linear")
    motion.stats.response = response
    with _ONE_EVALUATION_AT_A_TIME:
        motion.remove_response(
            output=units,
            pre_filt=pre_filter,
            water_level=settings.water_level_db,
            # ObsPy's fraction counts both ends together.
            taper_fraction=min(1.0, 2 * settings.taper_s / (len(counts) * counts.stats.delta)),
        )
    del motion.stats.response
    return motion
