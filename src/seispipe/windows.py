"""Half-open windows of samples: the start is included, the end is not.

ObsPy's own ``trim`` and ``slice`` include the sample at the end. That sample makes 5 s at 100 Hz
501 samples long, and 501 = 3 × 167 is an awkward length for a Fourier transform where 500 is a kind
one; it also makes windows laid side by side share samples.
"""

import math

from obspy import Trace, UTCDateTime

# A sample this little before the start still counts as in it: times are kept to the microsecond.
_TOLERANCE = 1e-4  # samples


def locate(trace: Trace, start: UTCDateTime, end: UTCDateTime) -> tuple[int, int]:
    """Find a window among the samples of a trace, whether or not the trace reaches so far.

    Windows laid side by side share no sample and lose none, at any sampling rate.

    Parameters
    ----------
    trace : Trace
        The samples.
    start, end : UTCDateTime
        The window: samples at ``start`` or later, and before ``end``.

    Returns
    -------
    first, count : int
        Index of the first sample (negative where the trace starts too late) and number of samples.
    """
    stats = trace.stats
    return locate_ns(stats.starttime.ns, stats.sampling_rate, start.ns, end.ns)


def locate_ns(first_ns: int, sampling_rate: float, start_ns: int, end_ns: int) -> tuple[int, int]:
    """Find a window as :func:`locate` does, among samples of which the first was at ``first_ns``.

    Times are in nanoseconds.
    """
    first, stop = (
        math.ceil((time - first_ns) * 1e-9 * sampling_rate - _TOLERANCE)
        for time in (start_ns, end_ns)
    )
    return first, stop - first


def take(trace: Trace, first: int, count: int) -> Trace:
    """Copy ``count`` samples from index ``first`` on into a trace of their own."""
    header = trace.stats.copy()
    header.starttime = trace.stats.starttime + first * trace.stats.delta
    header.npts = count  # a new Trace believes its header before it counts its samples
    return Trace(trace.data[first : first + count].copy(), header=header)
