"""Stage 2, waveforms: one window of one channel, whole or not at all.

Nothing is interpolated across a gap. A window with a hole in it is answered by an error that says
where the hole is, because a spectrum or a pick made from invented samples cannot be told from a
real one.
"""

from dataclasses import dataclass

import numpy as np
from obspy import Stream, Trace, UTCDateTime

from seispipe.archive import Archive, Request
from seispipe.errors import BadSamples, ClippedSamples, GapInWindow, NoData
from seispipe.windows import locate_ns

# How long and how sharp-edged a flat top must be before it is taken for clipping.
_FLAT_SAMPLES = 4
_CLEAR_STEPS = 6
_SURELY_FLAT_SAMPLES = 8


def read_window(archive: Archive, request: Request) -> Trace:
    """Read every sample of a window.

    Parameters
    ----------
    archive : Archive
        Where to read.
    request : Request
        The channel and the window; ``start`` is included and ``end`` is not.

    Returns
    -------
    Trace
        Every sample at ``start`` or later and before ``end``, float64, in the archive's own unit
        (digitiser counts). The header holds the channel's codes, the time and the rate. The trace
        is a copy and may be changed.

    Raises
    ------
    NoData
        If the archive holds nothing of the channel in the window.
    GapInWindow
        If samples are missing at an edge or inside.
    BadSamples
        If samples are not finite, all are the same (a dead channel), the sampling rate changes, or
        two records disagree about the same time.
    ClippedSamples
        If the tops of the largest swings are cut off.
    """
    found = read_samples(archive, request)
    return Trace(
        found.data.astype(np.float64),
        header={
            "network": request.network,
            "station": request.station,
            "location": request.location,
            "channel": request.channel,
            "starttime": UTCDateTime(ns=found.start_ns),
            "sampling_rate": found.sampling_rate,
        },
    )


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of a window, as the archive has them.

    Attributes
    ----------
    data : numpy.ndarray
        Shape ``(n,)``; not to be changed, the archive may hold it.
    start_ns : int
        When the first was taken, in nanoseconds since 1970.
    sampling_rate : float
        In Hz.
    """

    data: np.ndarray
    start_ns: int
    sampling_rate: float


def read_samples(archive: Archive, request: Request) -> Samples:
    """Read every sample of a window as :func:`read_window`, but without a copy or a trace.

    Raises
    ------
    StationError
        As :func:`read_window`.
    """
    codes = (request.network, request.station, request.location, request.channel)
    # ObsPy's windows include their end and ours do not: at midnight that is another day's data.
    span = request.start, UTCDateTime(ns=request.end.ns - 1000)
    # Some archives can hand out samples without the headers of a trace, which take 0.1 ms.
    if get_segments := getattr(archive, "get_segments", None):
        pieces = get_segments(codes, *span)
        if len(pieces) == 1:
            (piece,) = pieces
            return _sound(piece.samples, piece.start_ns, piece.sampling_rate, request)
        stream = Stream([piece.trace() for piece in pieces])
    else:
        stream = archive.get_waveforms(*codes, *span)
    # A service may answer with more than it was asked for, or with something else.
    traces = [trace for trace in stream if trace.id == request.seed_id]
    if not any(len(trace) for trace in traces):
        raise NoData(
            f"the archive holds no sample of {request.seed_id} between {request.start} and "
            f"{request.end}; check the codes and the time"
        )
    trace = _join(traces, request)
    return _sound(trace.data, trace.stats.starttime.ns, trace.stats.sampling_rate, request)


def _sound(data: np.ndarray, start_ns: int, sampling_rate: float, request: Request) -> Samples:
    """Cut samples without a gap to the window, and refuse what cannot be trusted."""
    first, count = _find(len(data), start_ns, sampling_rate, request)
    data = data[first : first + count]
    _demand_sound(data, request)
    return Samples(data, start_ns + round(first * 1e9 / sampling_rate), sampling_rate)


def _demand_sound(data: np.ndarray, request: Request) -> None:
    """Refuse samples that cannot be trusted."""
    if data.dtype.kind == "f" and not np.isfinite(data).all():
        bad = int(np.count_nonzero(~np.isfinite(data)))
        raise BadSamples(
            f"{bad} of the {len(data)} samples of {request.seed_id} are not finite numbers; "
            "fetch the window again, or leave it out"
        )
    # Seen here and not later: once a trend is taken away, rounding errors look like data.
    if len(data) > 1 and data.min() == data.max():
        raise BadSamples(
            f"every sample of {request.seed_id} in the window is {data[0]:g}: the channel is "
            "dead; leave it out, or ask for another time"
        )
    if clipped := count_clipped(data):
        raise ClippedSamples(
            f"{clipped} samples of {request.seed_id} lie flat at the window's largest or smallest "
            "value: the instrument reached the end of its range, and amplitudes would be too small "
            "and spectra distorted; leave the window out, or use the strong-motion channel"
        )


def count_clipped(data: np.ndarray) -> int:
    """Count the samples at which a recording has run into the end of its range.

    A flat stretch of at least four samples at the very top or bottom counts, if the samples beside
    it are more than a few quantisation steps away. (The crest of a slow wave is flat as well once
    it is rounded to whole counts, but it is left in single steps.) There must be two of them, or
    one of eight samples. An instrument that bends
    gently before its end, or clips before an analogue filter, is not recognised.

    Parameters
    ----------
    data : numpy.ndarray
        Samples as they were recorded, shape ``(n,)``.

    Returns
    -------
    int
        How many samples lie on such stretches.
    """
    extremes = data.max(), data.min()
    # Nearly always few samples reach an extreme, and nothing more has to be looked at.
    reaching = [np.flatnonzero(data == extreme) for extreme in extremes]
    if extremes[0] == extremes[1] or max(map(len, reaching)) < _FLAT_SAMPLES:
        return 0
    data = data.astype(np.float64)  # whole numbers may run over in a difference
    steps = np.abs(np.diff(data))
    quantum = 1.0 if np.array_equal(data, np.rint(data)) else steps[steps > 0].min()
    stretches = []
    for extreme, at in zip(extremes, reaching, strict=True):
        for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
            # Two samples away, as the one beside may by chance lie just below the cut.
            beside = [k for k in (run[0] - 2, run[-1] + 2) if 0 <= k < len(data)]
            drop = np.abs(data[beside] - extreme).max(initial=0.0)
            if len(run) >= _FLAT_SAMPLES and drop > _CLEAR_STEPS * quantum:
                stretches.append(len(run))
    # One short stretch may be chance: noise has one in a thousand windows.
    enough = len(stretches) > 1 or max(stretches, default=0) >= _SURELY_FLAT_SAMPLES
    return sum(stretches) if enough else 0


def _join(traces: list[Trace], request: Request) -> Trace:
    """Join adjacent records into one trace, and refuse what does not join."""
    # split() parts a trace at its masked samples, which is how ObsPy marks a gap inside one.
    pieces = Stream(_bare(trace) for trace in Stream(traces).split() if len(trace) > 0)
    rates = [piece.stats.sampling_rate for piece in pieces]
    if not np.allclose(rates, rates[0], rtol=1e-6):
        raise BadSamples(
            f"the sampling rate of {request.seed_id} changes inside the window "
            f"({', '.join(f'{rate:g} Hz' for rate in sorted(set(rates)))}); "
            "ask for a window on either side"
        )
    for piece in pieces:
        piece.stats.sampling_rate = rates[0]
    # -1 joins what is adjacent or says the same twice, and leaves the rest apart.
    pieces.merge(method=-1)
    if len(pieces) == 1:
        return pieces[0]
    for *_, first, seconds, samples in pieces.get_gaps():
        if seconds > 0:
            raise GapInWindow(
                f"{request.seed_id} has a gap of {seconds:.2f} s from {first - seconds} to "
                f"{first}; ask for a window that ends before it or starts after it"
            )
        raise BadSamples(
            f"two records of {request.seed_id} disagree about the {-samples} samples "
            f"from {first} on; the archive must be mended, or the window moved"
        )
    raise BadSamples(f"the records of {request.seed_id} could not be joined into one trace")


def _bare(trace: Trace) -> Trace:
    """Copy the samples, and of the header what every format has."""
    names = ("network", "station", "location", "channel", "starttime", "sampling_rate")
    header = {name: trace.stats[name] for name in names}
    return Trace(trace.data.astype(np.float64), header=header)


def _find(samples: int, start_ns: int, rate: float, request: Request) -> tuple[int, int]:
    """Find the window among samples, end excluded, and refuse what is too short."""
    first, count = locate_ns(start_ns, rate, request.start.ns, request.end.ns)
    if count < 1:
        raise NoData(
            f"the window of {request.seed_id} is shorter than one sample at {rate:g} Hz; "
            "ask for a longer one"
        )
    missing_before = max(0, -first)
    missing_after = max(0, first + count - samples)
    if missing_before or missing_after:
        begin = UTCDateTime(ns=start_ns)
        sides = {"start": missing_before, "end": missing_after}
        lacks = [f"{n / rate:.2f} s at the {side}" for side, n in sides.items() if n]
        raise GapInWindow(
            f"{request.seed_id} lacks {' and '.join(lacks)} of the window; the data there run from "
            f"{begin} to {begin + (samples - 1) / rate}"
        )
    return first, count
