"""Many windows at once: the six stages on arrays, a row for each window.

The stages one by one are in :mod:`seispipe.stages`; this does the same for many windows of one
length, and gives the same rows to the last digit. Most of the time that a window takes stage by
stage is Python: headers copied, functions called, arrays made that hold little. Here that is paid
once for many windows, and their Fourier transforms and filters share instructions. Whatever is
unusual about a window is left to the stages one by one, which say what it is.
"""

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from obspy import UTCDateTime
from obspy.core.inventory.response import Response
from scipy.fft import rfftfreq

from seispipe.archive import Archive, Request
from seispipe.blocks import TOGETHER
from seispipe.correction import windows_to_velocity
from seispipe.errors import StationError
from seispipe.frequency import fit_sources, spectral_density
from seispipe.inventory import channel_epoch
from seispipe.picking import Onset, band_passed, first_onset, nothing_triggers
from seispipe.responses import demand_agreement
from seispipe.results import Row
from seispipe.stages import Settings, attempt, demand_vertical, stage_by_stage
from seispipe.trimming import signal_and_noise_spans
from seispipe.waveforms import Samples, read_samples

_log = logging.getLogger(__name__)

# A batch is worked off when it has so many windows, or so many samples, or when reading it took so
# long: where the archive is far away, arithmetic is not what takes the time.
_MOST_WINDOWS = 64
_MOST_SAMPLES = 2_000_000
_PATIENCE_S = 0.05
# The arrays of a few windows are taken and given back thousands of times. glibc would hand their
# memory back to the system each time, and get it anew, page by page: 8 % of the time. Once it has
# seen a block of nearly 32 MB freed, it keeps up to twice that. Elsewhere this does nothing.
np.empty(2**25 - 2**13, np.uint8)


@dataclass(frozen=True, slots=True)
class _Window:
    """What a request is worked off from."""

    request: Request
    response: Response
    counts: Samples


def process_stations(
    requests: Iterable[Request], archive: Archive, settings: Settings | None = None
) -> Iterator[Row]:
    """Take many windows through the six stages.

    Parameters
    ----------
    requests : iterable of Request
        The stations' vertical channels, and the windows.
    archive : Archive
        Where their responses and samples are.
    settings : Settings, optional
        The settings of the stages.

    Yields
    ------
    Row
        One for each request, in their order, as of :func:`~seispipe.pipeline.process_station`.
        Rows come in batches. Where Ctrl-C breaks off the reading, those of what was read come
        first.
    """
    settings = settings or Settings()
    left = deque(requests)
    while left:
        read: list[Row | _Window] = []
        samples, deadline, interruption = 0, time.monotonic() + _PATIENCE_S, None
        try:
            while left and len(read) < _MOST_WINDOWS and samples < _MOST_SAMPLES:
                read.append(attempt(left[0], partial(_read, left[0], archive)))
                left.popleft()
                samples += len(read[-1].counts.data) if isinstance(read[-1], _Window) else 0
                if time.monotonic() > deadline:
                    break
        except KeyboardInterrupt as problem:
            interruption = problem
        yield from _worked_off(read, archive, settings)
        if interruption:
            raise interruption


def _read(request: Request, archive: Archive) -> _Window:
    """Stages 1 and 2."""
    demand_vertical(request)
    *_, channel = channel_epoch(archive, request)
    counts = read_samples(archive, request)
    demand_agreement(channel, counts.sampling_rate)
    return _Window(request, channel.response, counts)


def _worked_off(read: Sequence[Row | _Window], archive: Archive, settings: Settings) -> list[Row]:
    """Return the row of each window; what is a row already stays one."""
    rows: list[Row | None] = [item if isinstance(item, Row) else None for item in read]
    alike: dict[tuple[int, float], list[int]] = {}
    for place, item in enumerate(read):
        if isinstance(item, _Window):
            form = len(item.counts.data), item.counts.sampling_rate
            alike.setdefault(form, []).append(place)
    for places in alike.values():
        windows = [read[place] for place in places]
        try:
            found = _measured(windows, settings)
        # Which window it was, and why, comes out when each is taken alone.
        except StationError:
            found = [None] * len(windows)
        except Exception:
            _log.warning("a batch failed; its windows are taken one by one", exc_info=True)
            found = [None] * len(windows)
        for place, window, row in zip(places, windows, found, strict=True):
            request = window.request
            rows[place] = row or attempt(
                request, partial(stage_by_stage, request, archive, settings)
            )
    return rows


def _measured(windows: Sequence[_Window], settings: Settings) -> list[Row | None]:
    """Stages 3 to 6 for windows of one length and rate; None where something is unusual."""
    rate, samples = windows[0].counts.sampling_rate, len(windows[0].counts.data)
    rows: list[Row | None] = [None] * len(windows)
    settings.demand_room(rate)
    if samples <= settings.picking.long_s * rate:
        return rows
    picked: dict[tuple[int, int], list[tuple[int, _Picked]]] = {}
    for first in range(0, len(windows), TOGETHER):
        together = windows[first : first + TOGETHER]
        for place, found in enumerate(_picked(together, rate, samples, settings), start=first):
            if isinstance(found, _Picked):
                lengths = len(found.signal), len(found.noise)
                picked.setdefault(lengths, []).append((place, found))
            else:
                rows[place] = found
    for group in picked.values():
        for (place, _), row in zip(
            group, _rows([each for _, each in group], rate, settings), strict=True
        ):
            rows[place] = row
    return rows


@dataclass(frozen=True, slots=True)
class _Picked:
    """A window of which the onset is known."""

    window: _Window
    onset: Onset
    signal: np.ndarray
    noise: np.ndarray


def _picked(
    windows: Sequence[_Window], rate: float, samples: int, settings: Settings
) -> Iterator[_Picked | Row | None]:
    """Stages 3 to 5."""
    counts = np.stack([window.counts.data for window in windows])
    responses = [window.response for window in windows]
    velocity = windows_to_velocity(counts, rate, responses, settings.correction)
    filtered = band_passed(velocity, rate, settings.picking)
    for window, motion, data in zip(windows, velocity, filtered, strict=True):
        # A filter hands on to the last sample what is not a number anywhere.
        if not np.isfinite(data[-1]):
            yield None
            continue
        onset = first_onset(data, rate, settings.picking)
        if onset.index is None:
            reason = nothing_triggers(onset.sta_lta, settings.picking)
            yield Row.of(window.request, "no_pick", reason=reason) if onset.sta_lta > 0 else None
            continue
        edge_s = settings.correction.taper_s
        spans = signal_and_noise_spans(samples, rate, onset.index, edge_s, settings.trimming)
        # Copied, so that the whole window need not be kept for them.
        yield spans and _Picked(window, onset, *(motion[span].copy() for span in spans))


def _rows(picked: Sequence[_Picked], sampling_rate: float, settings: Settings) -> Iterator[Row]:
    """Stage 6, for windows whose signals are of one length, and their noises."""
    signals = np.stack([each.signal for each in picked])
    noises = np.stack([each.noise for each in picked])
    delta = 1 / sampling_rate
    taper = settings.frequency.taper_fraction
    spectra = spectral_density(signals, delta, taper)
    fits = fit_sources(
        spectra,
        (signals.shape[1], delta),
        spectral_density(noises, delta, taper),
        (noises.shape[1], delta),
        settings.frequency,
    )
    dominant = rfftfreq(signals.shape[1], delta)[1 + np.argmax(spectra[:, 1:], axis=1)]
    peaks = np.abs(signals).max(axis=1)
    for each, fit, dominant_hz, peak in zip(picked, fits, dominant, peaks, strict=True):
        yield Row.of(
            each.window.request,
            "ok",
            p_time=UTCDateTime(ns=each.window.counts.start_ns) + each.onset.index * delta,
            snr=each.onset.snr,
            peak_velocity=float(peak),
            dominant_hz=float(dominant_hz),
            corner_hz=fit.corner_hz if fit else None,
            plateau=fit.plateau if fit else None,
        )
