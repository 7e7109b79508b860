"""Half-open windows of samples: the start is included, the end is not.

ObsPy's own ``trim`` and ``slice`` include the sample at the end. That sample makes 5 s at 100 Hz
501 samples long, and 501 = 3 × 167 is an awkward length for a Fourier transform where 500 is a kind
one; it also makes windows laid side by side share samples.
"""

from obspy import Trace, UTCDateTime


def locate(trace: Trace, start: UTCDateTime, seconds: float) -> tuple[int, int]:
    """Find a window among the samples of a trace, whether or not the trace reaches so far.

    Parameters
    ----------
    trace : Trace
        The samples.
    start : UTCDateTime
        The window's start; the sample nearest to it comes first.
    seconds : float
        The window's length.

    Returns
    -------
    first, count : int
        Index of the first sample (negative where the trace starts too late) and number of samples.
    """
    rate = trace.stats.sampling_rate
    return round((start - trace.stats.starttime) * rate), round(seconds * rate)


def take(trace: Trace, first: int, count: int) -> Trace:
    """Copy ``count`` samples from index ``first`` on into a trace of their own."""
    header = trace.stats.copy()
    header.starttime = trace.stats.starttime + first * trace.stats.delta
    header.npts = count  # a new Trace believes its header before it counts its samples
    return Trace(trace.data[first : first + count].copy(), header=header)
