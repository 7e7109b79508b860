"""Stage 5, trimming: the samples around the pick."""

from dataclasses import dataclass

from obspy import Trace, UTCDateTime

from seispipe.errors import OutsideWindow
from seispipe.windows import locate, locate_ns, take


@dataclass(frozen=True)
class TrimmingSettings:
    """Which seconds around the P onset are looked at.

    Attributes
    ----------
    before_s, after_s : float
        The signal window: from this long before the onset to this long after it.
    noise_s : float
        Length of the noise window, which ends where the signal window starts.
    """

    before_s: float = 0.5
    after_s: float = 4.5
    noise_s: float = 3.0

    def __post_init__(self) -> None:
        if self.before_s < 0 or self.after_s <= 0 or self.noise_s <= 0:
            raise ValueError(
                "before_s must not be negative, and after_s and noise_s must be positive, "
                f"but they are {self.before_s}, {self.after_s} and {self.noise_s}"
            )


def cut(trace: Trace, start: UTCDateTime, seconds: float) -> Trace:
    """Cut a window of a given length, its end excluded.

    Parameters
    ----------
    trace : Trace
        What to cut from; it is left as it is.
    start : UTCDateTime
        The first sample at this time or later comes first.
    seconds : float
        Length of the window.

    Returns
    -------
    Trace
        The samples before ``start + seconds``, copied.

    Raises
    ------
    OutsideWindow
        If the trace does not reach so far, or the window is shorter than one sample.
    """
    first, count = locate(trace, start, start + seconds)
    if count < 1:
        raise OutsideWindow(
            f"{seconds:g} s is less than one sample of {trace.id} "
            f"at {trace.stats.sampling_rate:g} Hz; cut more"
        )
    if first < 0 or first + count > len(trace):
        raise OutsideWindow(
            f"{seconds:g} s of {trace.id} from {start} on were wanted, but the data run from "
            f"{trace.stats.starttime} to {trace.stats.endtime}; ask for a longer window around "
            "the event, or for less around the onset"
        )
    return take(trace, first, count)


def without_edges(trace: Trace, seconds: float) -> Trace:
    """Leave out the first and the last seconds, whose amplitudes a taper has made too small.

    Raises
    ------
    OutsideWindow
        If nothing is left.
    """
    return cut(
        trace,
        trace.stats.starttime + seconds,
        len(trace) * trace.stats.delta - 2 * seconds,
    )


def signal_and_noise(
    trace: Trace, onset: UTCDateTime, settings: TrimmingSettings | None = None
) -> tuple[Trace, Trace]:
    """Cut the signal around an onset, and the noise just before it.

    Parameters
    ----------
    trace : Trace
        Ground motion around the onset, without samples that a taper has faded.
    onset : UTCDateTime
        The P onset.
    settings : TrimmingSettings, optional
        The lengths of the two windows.

    Returns
    -------
    signal, noise : Trace
        Two windows that touch and share no sample.

    Raises
    ------
    OutsideWindow
        If the trace is too short on either side of the onset.
    """
    settings = settings or TrimmingSettings()
    start = onset - settings.before_s
    signal = cut(trace, start, settings.before_s + settings.after_s)
    # Counted from the signal's own first sample, so that rounding can make neither gap nor overlap.
    noise = cut(trace, signal.stats.starttime - settings.noise_s, settings.noise_s)
    return signal, noise


def signal_and_noise_spans(
    samples: int, sampling_rate: float, onset: int, edge_s: float, settings: TrimmingSettings
) -> tuple[slice, slice] | None:
    """Find the samples that :func:`without_edges` and :func:`signal_and_noise` cut, without a copy.

    Parameters
    ----------
    samples : int
        Length of the window.
    sampling_rate : float
        In Hz.
    onset : int
        Index of the sample of the P onset.
    edge_s : float
        How many seconds at either end a taper has faded.
    settings : TrimmingSettings
        The lengths of the two windows.

    Returns
    -------
    signal, noise : slice
        Two spans that touch and share no sample; None where those functions would raise
        ``OutsideWindow``.
    """

    def ns(seconds: float) -> int:
        return round(seconds * 1e9)

    delta = 1 / sampling_rate
    edge, count = locate_ns(
        0, sampling_rate, ns(edge_s), ns(edge_s) + ns(samples * delta - 2 * edge_s)
    )
    begin = ns(edge * delta)
    start = ns(onset * delta) - ns(settings.before_s)
    length = ns(settings.before_s + settings.after_s)
    signal, signal_count = locate_ns(begin, sampling_rate, start, start + length)
    start = begin + ns(signal * delta) - ns(settings.noise_s)
    noise, noise_count = locate_ns(begin, sampling_rate, start, start + ns(settings.noise_s))
    if min(signal_count, noise_count) < 1 or noise < 0 or signal + signal_count > count:
        return None
    return (
        slice(edge + signal, edge + signal + signal_count),
        slice(edge + noise, edge + noise + noise_count),
    )
