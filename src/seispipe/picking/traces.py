"""Picking on traces."""

from dataclasses import dataclass

import numpy as np
from obspy import Stream, Trace, UTCDateTime
from obspy.signal.trigger import coincidence_trigger

from seispipe.errors import BadSamples, UnsuitableSettings
from seispipe.picking.samples import (
    band_passed,
    first_onset,
    nothing_triggers,
    refined,
    sta_lta_ratio,
)
from seispipe.picking.settings import PickingSettings


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
        If the sampling rate is too low for the pass band, or the window is not longer than the long
        average.
    BadSamples
        If the samples are masked, not finite, or all the same (a dead channel).
    """
    rate = trace.stats.sampling_rate
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
    filtered.data = band_passed(trace.data, rate, settings)
    return filtered


def sta_lta(filtered: Trace, settings: PickingSettings) -> np.ndarray:
    """Return the STA/LTA ratio of a filtered trace, one value a sample.

    It is zero for the length of the long average at the start, which cannot trigger.
    """
    return sta_lta_ratio(filtered.data, filtered.stats.sampling_rate, settings)


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
    return refined(filtered.data, filtered.stats.sampling_rate, trigger, settings)


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
    found = first_onset(filtered.data, filtered.stats.sampling_rate, settings)
    if found.index is None:
        return None
    start, delta = filtered.stats.starttime, filtered.stats.delta
    return Pick(
        time=start + found.index * delta,
        trigger_time=start + found.trigger * delta,
        sta_lta=found.sta_lta,
        snr=found.snr,
    )


def explain_no_pick(trace: Trace, settings: PickingSettings | None = None) -> str:
    """Say in one sentence how near a window without a pick came to one."""
    settings = settings or PickingSettings()
    filtered = filter_for_picking(trace, settings)
    return nothing_triggers(float(sta_lta(filtered, settings).max()), settings)


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
