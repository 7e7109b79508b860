"""Picking among samples: what the functions for traces do, for one window or many at once."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from obspy.signal.trigger import aic_simple, recursive_sta_lta
from scipy.signal import iirfilter, sosfilt

from seispipe.picking.settings import PickingSettings
from seispipe.trend import without_trend

# The criterion has no meaning where one of its two sides holds only a few samples. At a low
# sampling rate so many would be most of what lies behind the trigger: there, a quarter of that.
_AIC_MARGIN = 10


def band_passed(windows: np.ndarray, sampling_rate: float, settings: PickingSettings) -> np.ndarray:
    """Return windows without trend, band-passed by a causal filter.

    Parameters
    ----------
    windows : numpy.ndarray
        Finite samples along the last axis: shape ``(n,)`` or ``(k, n)``.
    sampling_rate : float
        In Hz.
    settings : PickingSettings
        Gives the pass band.

    Returns
    -------
    numpy.ndarray
        Same shape. A window gives the same digits alone and among others.

    Raises
    ------
    UnsuitableSettings
        If the sampling rate is too low for the pass band.
    """
    band_hz = settings.pass_band(sampling_rate)
    return sosfilt(_band_pass(band_hz, sampling_rate), without_trend(windows))


@dataclass(frozen=True, slots=True)
class Onset:
    """What the picker finds among samples.

    Attributes
    ----------
    index, trigger : int or None
        The sample of the onset, and the one at which the ratio rose above its threshold; None where
        nothing triggers.
    sta_lta : float
        The highest ratio reached while triggered, or at all where nothing triggers.
    snr : float
        As of :class:`Pick`.
    """

    index: int | None
    trigger: int | None
    sta_lta: float
    snr: float


def first_onset(filtered: np.ndarray, sampling_rate: float, settings: PickingSettings) -> Onset:
    """Pick the first P onset among filtered samples.

    Parameters
    ----------
    filtered : numpy.ndarray
        What :func:`band_passed` gives for one window, shape ``(n,)``.
    sampling_rate : float
        In Hz.
    settings : PickingSettings
        Trigger and refinement.

    Returns
    -------
    Onset
    """
    ratio = sta_lta_ratio(filtered, sampling_rate, settings)
    start = int(np.argmax(ratio >= settings.on))
    if not ratio[start] >= settings.on:
        return Onset(None, None, float(ratio.max()), 0.0)
    ended = ratio[start:] < settings.off
    stop = start + int(np.argmax(ended)) if ended.any() else len(ratio)
    onset = refined(filtered, sampling_rate, start, settings)
    length = max(1, round(settings.snr_s * sampling_rate))
    noise = filtered[max(0, onset - 10 * length) : onset]
    noise_rms = float(np.sqrt(np.mean(noise**2))) if len(noise) else 0.0
    peak = float(np.abs(filtered[onset : onset + length]).max())
    snr = peak / noise_rms if noise_rms > 0 else float("inf")
    return Onset(onset, start, float(ratio[start:stop].max()), snr)


def nothing_triggers(highest: float, settings: PickingSettings) -> str:
    """Say in one sentence how near a window whose highest ratio is known came to a pick."""
    return (
        f"nothing triggers: an onset in the first {settings.long_s:g} s, one long average "
        f"(long_s), cannot be seen, and after that STA/LTA rises to {highest:.1f} of the "
        f"{settings.on:g} it takes"
    )


@lru_cache(maxsize=32)
def _band_pass(band_hz: tuple[float, float], rate: float) -> np.ndarray:
    """Design the filter of :func:`obspy.signal.filter.bandpass`; it costs ten times its use."""
    return iirfilter(4, band_hz, btype="bandpass", ftype="butter", output="sos", fs=rate)


def sta_lta_ratio(
    filtered: np.ndarray, sampling_rate: float, settings: PickingSettings
) -> np.ndarray:
    """Return the ratio of :func:`~seispipe.picking.sta_lta`, for filtered samples."""
    return recursive_sta_lta(
        np.ascontiguousarray(filtered, dtype=np.float64),
        max(1, round(settings.short_s * sampling_rate)),
        round(settings.long_s * sampling_rate),
    )


def refined(
    filtered: np.ndarray, sampling_rate: float, trigger: int, settings: PickingSettings
) -> int:
    """Move a trigger to the onset as :func:`~seispipe.picking.refine`, among filtered samples."""
    first = max(0, trigger - round(settings.aic_before_s * sampling_rate))
    behind = round(settings.aic_after_s * sampling_rate)
    margin = max(1, min(_AIC_MARGIN, behind // 4))
    criterion = aic_simple(filtered[first : trigger + behind])[margin:-margin]
    if len(criterion) == 0:
        return trigger
    # Element k of the criterion leaves samples 0 to k to the noise: signal begins with the next.
    return first + margin + int(np.argmin(criterion)) + 1
