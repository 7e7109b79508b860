"""Stage 4, picking: the P onset, or none.

A trigger finds roughly where something starts: the ratio of a short to a long running average of
the energy (STA/LTA, :func:`obspy.signal.trigger.recursive_sta_lta`; Withers et al., 1998). Akaike's
information criterion then finds the sample that best parts noise from signal (Maeda, 1985;
:func:`obspy.signal.trigger.aic_simple`). Where nothing triggers there is no pick, and that is an
answer.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from obspy import Stream, Trace, UTCDateTime
from obspy.signal.trigger import (
    aic_simple,
    coincidence_trigger,
    recursive_sta_lta,
    trigger_onset,
)
from scipy.signal import iirfilter, sosfilt

from seispipe.errors import BadSamples, UnsuitableSettings
from seispipe.trend import without_trend

# The criterion has no meaning where one of its two sides holds only a few samples.
_AIC_MARGIN = 10


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


@dataclass(frozen=True)
class Pick:
    """One P onset.

    Attributes
    ----------
    time : UTCDateTime
        The onset.
    trigger_time : UTCDateTime
        When the STA/LTA ratio rose above its threshold; the onset is usually a little earlier.
    sta_lta : float
        The highest ratio reached while triggered.
    snr : float
        Largest amplitude just after the onset over the root mean square before it, both in the
        pass band.
    """

    time: UTCDateTime
    trigger_time: UTCDateTime
    sta_lta: float
    snr: float


def filter_for_picking(trace: Trace, settings: PickingSettings) -> Trace:
    """Return a copy without trend, band-passed by a causal filter.

    The filter is causal because one that runs both ways smears the onset to before it happened.

    Raises
    ------
    UnsuitableSettings
        If the pass band does not lie below the Nyquist frequency, or the window is not longer than
        the long average.
    BadSamples
        If the samples are masked, not finite, or all the same (a dead channel).
    """
    rate = trace.stats.sampling_rate
    if settings.band_hz[1] >= rate / 2:
        raise UnsuitableSettings(
            f"{trace.id} is sampled at {rate:g} Hz and holds nothing above {rate / 2:g} Hz, "
            f"but band_hz ends at {settings.band_hz[1]:g} Hz; lower it, or use another channel"
        )
    if len(trace) <= settings.long_s * rate:
        raise UnsuitableSettings(
            f"the window of {trace.id} is {len(trace) / rate:g} s long, but the long average "
            f"alone takes {settings.long_s:g} s; ask for a longer window, or shorten long_s"
        )
    if hasattr(trace.data, "mask") or not np.isfinite(trace.data).all():
        raise BadSamples(f"{trace.id} has masked or non-finite samples; leave them out first")
    if np.ptp(trace.data) == 0:
        raise BadSamples(f"every sample of {trace.id} is the same: the channel is dead")
    filtered = trace.copy()
    filtered.data = sosfilt(_band_pass(settings.band_hz, rate), without_trend(trace.data))
    return filtered


@lru_cache(maxsize=32)
def _band_pass(band_hz: tuple[float, float], rate: float) -> np.ndarray:
    """Design the filter of :func:`obspy.signal.filter.bandpass`; it costs ten times its use."""
    return iirfilter(4, band_hz, btype="bandpass", ftype="butter", output="sos", fs=rate)


def sta_lta(filtered: Trace, settings: PickingSettings) -> np.ndarray:
    """Return the STA/LTA ratio of a filtered trace, one value a sample.

    It is zero for the length of the long average at the start, which cannot trigger.
    """
    rate = filtered.stats.sampling_rate
    return recursive_sta_lta(
        np.ascontiguousarray(filtered.data, dtype=np.float64),
        max(1, round(settings.short_s * rate)),
        round(settings.long_s * rate),
    )


def refine(filtered: Trace, trigger: int, settings: PickingSettings) -> int:
    """Move a trigger to the onset: the sample that best parts noise from signal.

    Parameters
    ----------
    filtered : Trace
        The trace that triggered.
    trigger : int
        Index of the sample at which it did.
    settings : PickingSettings
        Gives the span around the trigger that is searched.

    Returns
    -------
    int
        Index of the onset.
    """
    rate = filtered.stats.sampling_rate
    first = max(0, trigger - round(settings.aic_before_s * rate))
    span = filtered.data[first : trigger + round(settings.aic_after_s * rate)]
    criterion = aic_simple(span)[_AIC_MARGIN:-_AIC_MARGIN]
    if len(criterion) == 0:
        return trigger
    # Element k of the criterion leaves samples 0 to k to the noise: signal begins with the next.
    return first + _AIC_MARGIN + int(np.argmin(criterion)) + 1


def pick_p(trace: Trace, settings: PickingSettings | None = None) -> Pick | None:
    """Pick the first P onset of a window.

    Parameters
    ----------
    trace : Trace
        Vertical ground motion (or counts: the ratio knows no unit), without gaps.
    settings : PickingSettings, optional
        Filter, trigger and refinement.

    Returns
    -------
    Pick or None
        None where nothing in the window triggers; :func:`explain_no_pick` says how near it came.

    Raises
    ------
    UnsuitableSettings
        If the settings do not fit the sampling rate or the length of the window.
    BadSamples
        If the samples are masked, not finite or all the same.
    """
    settings = settings or PickingSettings()
    filtered = filter_for_picking(trace, settings)
    ratio = sta_lta(filtered, settings)
    triggers = trigger_onset(ratio, settings.on, settings.off)
    if len(triggers) == 0:
        return None
    start, stop = (int(index) for index in triggers[0])
    onset = refine(filtered, start, settings)
    sample_time = filtered.stats.starttime, filtered.stats.delta
    return Pick(
        time=sample_time[0] + onset * sample_time[1],
        trigger_time=sample_time[0] + start * sample_time[1],
        sta_lta=float(ratio[start : stop + 1].max()),
        snr=_signal_to_noise(filtered, onset, settings),
    )


def explain_no_pick(trace: Trace, settings: PickingSettings | None = None) -> str:
    """Say in one sentence how near a window without a pick came to one."""
    settings = settings or PickingSettings()
    highest = float(sta_lta(filter_for_picking(trace, settings), settings).max())
    return (
        f"nothing triggers: an onset in the first {settings.long_s:g} s, one long average "
        f"(long_s), cannot be seen, and after that STA/LTA rises to {highest:.1f} of the "
        f"{settings.on:g} it takes"
    )


def find_events(
    stream: Stream, minimum_stations: int, settings: PickingSettings | None = None
) -> list[dict]:
    """Find the events that several stations see at the same time.

    A thin cover over :func:`obspy.signal.trigger.coincidence_trigger` that takes the same settings
    as the picker.

    Parameters
    ----------
    stream : Stream
        One vertical trace a station.
    minimum_stations : int
        How many stations must be triggered at once.
    settings : PickingSettings, optional
        Filter and trigger.

    Returns
    -------
    list of dict
        ObsPy's own answer: ``time``, ``stations``, ``trace_ids``, ``coincidence_sum`` and
        ``duration`` of each event, in order of time.
    """
    settings = settings or PickingSettings()
    filtered = Stream(filter_for_picking(trace, settings) for trace in stream)
    return coincidence_trigger(
        "recstalta",
        settings.on,
        settings.off,
        filtered,
        minimum_stations,
        sta=settings.short_s,
        lta=settings.long_s,
    )


def _signal_to_noise(filtered: Trace, onset: int, settings: PickingSettings) -> float:
    """Compare the largest amplitude after an onset with the root mean square before it."""
    length = max(1, round(settings.snr_s * filtered.stats.sampling_rate))
    noise = filtered.data[max(0, onset - 10 * length) : onset]
    signal = filtered.data[onset : onset + length]
    noise_rms = float(np.sqrt(np.mean(noise**2))) if len(noise) else 0.0
    return float(np.abs(signal).max() / noise_rms) if noise_rms > 0 else float("inf")
