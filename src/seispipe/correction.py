"""Stage 3, correction: from digitiser counts to ground motion."""

import pickle
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from cachetools import LRUCache
from obspy import Inventory, Trace
from obspy.core.inventory.response import Response
from obspy.signal.invsim import cosine_sac_taper, cosine_taper, invert_spectrum

from seispipe.blocks import Blocks, multiply
from seispipe.errors import BadSamples, NoResponse, UnsuitableSettings
from seispipe.responses import demand_consistent
from seispipe.trend import without_trend

#: The kinds of ground motion, and their units.
UNITS = {"VEL": "m/s", "DISP": "m", "ACC": "m/s²"}
_DERIVATIVES = {"DISP": -1, "VEL": 0, "ACC": 1}  # of velocity with time

# ObsPy evaluates responses with a C library that keeps its state in globals. Two threads in it at
# once give wrong amplitudes without an error, so only one is let in.
_ONE_EVALUATION_AT_A_TIME = threading.Lock()
_evaluated = LRUCache(maxsize=256e6, getsizeof=lambda inverse: inverse.nbytes)
# Each with the response that it is of, so that no other can come to have the same identity.
_contents: LRUCache = LRUCache(maxsize=1024)

# So many of the longest periods let through, the inverse response has died away: to a millionth of
# the largest amplitude of a spectrum, where the largest of the window came after it.
ROOM_PERIODS = 24


@dataclass(frozen=True)
class CorrectionSettings:
    """How counts are turned into ground motion.

    Attributes
    ----------
    low_hz : tuple of float
        Where the pre-filter rises: nothing below the first frequency, everything above the second.
    high_nyquist : tuple of float
        Where it falls, as fractions of the Nyquist frequency: everything below the first, nothing
        above the second. Above about 0.8 lie the zeros of the digitiser's last filter: to divide
        by them makes a note of its own that rings through the whole window.
    water_level_db : float
        How far below its peak the response to velocity is still followed by its inverse.
    taper_s : float
        How long the window is faded in, and out again, with a cosine, in seconds. The amplitudes
        there are lost.
    """

    low_hz: tuple[float, float] = (0.25, 0.5)
    high_nyquist: tuple[float, float] = (0.7, 0.8)
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

    The steps are those of :meth:`obspy.core.trace.Trace.remove_response` after the linear trend is
    taken away: taper, Fourier transform, pre-filter, division by the response. Only the transforms
    are of other lengths, which are fast, and an evaluated response is kept for the next window, so
    that the same result comes many times sooner.

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
    BadMetadata
        If the response contradicts itself, or cannot be evaluated.
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
    settings.pre_filter(counts.stats.sampling_rate)
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
    plan = _Plan.of(len(counts), counts.stats.sampling_rate, units, settings)
    inverse = plan.inverse(response, pickle.dumps(response))
    motion.data = _corrected(counts.data[np.newaxis], [inverse], plan)[0]
    return motion


def windows_to_velocity(
    counts: np.ndarray,
    sampling_rate: float,
    responses: Sequence[Response],
    settings: CorrectionSettings,
) -> np.ndarray:
    """Remove the responses from many windows of counts at once.

    The same as :func:`to_ground_motion` for each of them, to the last digit.

    Parameters
    ----------
    counts : numpy.ndarray
        Windows without gaps, shape ``(k, n)``.
    sampling_rate : float
        Of all of them, in Hz.
    responses : sequence of Response
        One for each. They are known again by identity, which saves the 0.2 ms that it takes to look
        at one: they must be such as nobody changes, as an archive's are.
    settings : CorrectionSettings
        Pre-filter, water level and taper.

    Returns
    -------
    numpy.ndarray
        Ground velocity in m/s, same shape.

    Raises
    ------
    UnsuitableSettings
        If the sampling rate is too low for the pre-filter.
    """
    plan = _Plan.of(counts.shape[1], sampling_rate, "VEL", settings)
    inverses = [plan.inverse(response, _content_kept(response)) for response in responses]
    return _corrected(counts, inverses, plan)


@dataclass(frozen=True)
class _Plan:
    """All that the correction of a window depends on but its samples and its response."""

    blocks: Blocks
    sampling_rate: float
    units: str
    settings: CorrectionSettings

    @classmethod
    def of(
        cls, samples: int, sampling_rate: float, units: str, settings: CorrectionSettings
    ) -> "_Plan":
        # Room for what the inverse response spreads.
        room = round(ROOM_PERIODS / settings.low_hz[0] * sampling_rate)
        return cls(Blocks(samples, room), sampling_rate, units, settings)

    def inverse(self, response: Response, content: bytes) -> np.ndarray:
        """Return what a spectrum of counts is multiplied by.

        Evaluating a response costs far more than using it, so the results for the responses used
        last are kept, up to 256 MB. They are known by their content: two archives, or two reads of
        one file, may describe the same instrument.
        """
        # Not by the plan itself: long windows of different lengths have blocks of the same.
        corners = self.settings.pre_filter(self.sampling_rate)
        form = (self.blocks.length, self.sampling_rate, self.units)
        key = (content, *form, *corners, self.settings.water_level_db)
        with _ONE_EVALUATION_AT_A_TIME:
            inverse = _evaluated.get(key)
            if inverse is None:
                inverse = _evaluate(response, self)
                if inverse.nbytes <= _evaluated.maxsize:
                    _evaluated[key] = inverse
        return inverse


def _corrected(counts: np.ndarray, inverses: Sequence[np.ndarray], plan: _Plan) -> np.ndarray:
    samples = counts.shape[1]
    data = without_trend(counts)
    # ObsPy's fraction counts both ends together.
    fraction = min(1.0, 2 * plan.settings.taper_s * plan.sampling_rate / samples)
    rise, fall = _taper(samples, fraction)
    data[:, : len(rise)] *= rise
    data[:, samples - len(fall) :] *= fall
    return multiply(data, inverses, plan.blocks)


@lru_cache(maxsize=32)
def _taper(samples: int, fraction: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the two ends of ObsPy's taper; between them it is one."""
    taper = cosine_taper(samples, fraction, sactaper=True, halfcosine=False)
    rise = int(np.argmax(taper == 1.0)) if (taper == 1.0).any() else samples
    fall = int(np.argmax(taper[::-1] == 1.0)) if rise < samples else 0
    return taper[:rise].copy(), taper[samples - fall :].copy()


def _content_kept(response: Response) -> bytes:
    """Return a response's content, looked at once for the same object."""
    with _ONE_EVALUATION_AT_A_TIME:
        known = _contents.get(id(response))
        if known is None:
            known = _contents[id(response)] = response, pickle.dumps(response)
    return known[1]


def _evaluate(response: Response, plan: _Plan) -> np.ndarray:
    """Return pre-filter over response, complex, shape ``(length // 2 + 1,)``, read-only."""
    settings = plan.settings
    demand_consistent(response)
    gain, frequency = response.get_evalresp_response(
        1 / plan.sampling_rate, plan.blocks.length, output="VEL"
    )
    invert_spectrum(gain, settings.water_level_db)
    inverse = gain * cosine_sac_taper(frequency, flimit=settings.pre_filter(plan.sampling_rate))
    # Only after the division, so that the water level is that of velocity for all three. A
    # broadband response to acceleration falls by more than 60 dB within the pass band.
    inverse[1:] *= (2j * np.pi * frequency[1:]) ** _DERIVATIVES[plan.units]
    inverse.flags.writeable = False  # it is shared
    return inverse
