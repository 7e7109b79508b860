"""The six stages joined: a request in, a row out, for every request."""

import logging
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from dask.system import CPU_COUNT
from obspy import Inventory, Trace
from tqdm import tqdm

from seispipe.archive import Archive, Request
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.errors import NoPick, StationError, UnsuitableSettings
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    dominant_frequency,
    fit_source,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import Pick, PickingSettings, explain_no_pick, pick_p
from seispipe.results import Row
from seispipe.trimming import TrimmingSettings, signal_and_noise, without_edges
from seispipe.waveforms import read_window
from seispipe.ways import WAYS

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """The settings of every stage.

    Attributes
    ----------
    correction : CorrectionSettings
    picking : PickingSettings
    trimming : TrimmingSettings
    frequency : FrequencySettings
    """

    correction: CorrectionSettings = field(default_factory=CorrectionSettings)
    picking: PickingSettings = field(default_factory=PickingSettings)
    trimming: TrimmingSettings = field(default_factory=TrimmingSettings)
    frequency: FrequencySettings = field(default_factory=FrequencySettings)


def process_station(request: Request, archive: Archive, settings: Settings | None = None) -> Row:
    """Take one window of one station through the six stages.

    Parameters
    ----------
    request : Request
        The station's vertical channel, and the window.
    archive : Archive
        Where its response and its samples are.
    settings : Settings, optional
        The settings of the stages.

    Returns
    -------
    Row
        Always one: ``ok`` with what was measured, or a status and a reason. No exception that comes
        from the station's data leaves this function, so that one bad station cannot lose the rest;
        what nobody foresaw becomes ``error`` and is logged with its traceback.
    """
    return attempt(request, partial(_all_stages, request, archive, settings or Settings()))


def attempt(request: Request, step: Callable, *inputs: object) -> object:
    """Do one step for a request; what goes wrong becomes the request's row.

    Parameters
    ----------
    request : Request
        Whose step it is.
    step : callable
        Takes the inputs. It may raise.
    inputs : object
        What earlier steps gave. A row among them says that one of those went wrong.

    Returns
    -------
    object
        What the step gives, or a row: the one that came in, or one of what went wrong here.
    """
    for value in inputs:
        if isinstance(value, Row):
            return value
    try:
        return step(*inputs)
    except StationError as problem:
        return Row.of(request, problem.status, reason=str(problem))
    except Exception as problem:
        _log.exception("unforeseen while processing %s", request.seed_id)
        return Row.of(request, "error", reason=f"{type(problem).__name__}: {problem}")


def run(
    requests: Iterable[Request],
    archive: Archive,
    settings: Settings | None = None,
    how: str = "serial",
    workers: int | None = None,
    progress: bool = False,
) -> list[Row]:
    """Process every request.

    Parameters
    ----------
    requests : iterable of Request
        What to process.
    archive : Archive
        Where the responses and samples are.
    settings : Settings, optional
        The settings of the stages.
    how : {"serial", "threads", "processes", "dask"}
        One after the other, in threads, in processes, or in Dask: on the cluster of the client that
        is open, else on one of this machine that is closed again. In a script, processes and Dask
        need the usual ``if __name__ == "__main__":``.
    workers : int, optional
        How many threads or processes; by default as many as cores are available.
    progress : bool
        Show a bar.

    Returns
    -------
    list of Row
        One row a request, in the order of the requests, the same whichever way it is run. After
        Ctrl-C the rows that are finished, and for the others rows with the status ``stopped``.

    Raises
    ------
    ValueError
        If there is no such way, or no worker.
    RuntimeError
        If processes cannot do the work: in a script without that line, or with an archive class
        that they cannot import.
    """
    if how not in WAYS:
        raise ValueError(f"how is {how!r}; choose one of: {', '.join(WAYS)}")
    workers = CPU_COUNT if workers is None else workers
    if workers < 1:
        raise ValueError(f"workers must be at least 1, but is {workers}")
    requests = list(requests)
    rows: dict[int, Row] = {}
    process = partial(process_station, archive=archive, settings=settings)
    finished = closing(WAYS[how](requests, process, workers))
    bar = tqdm(total=len(requests), unit="row", disable=not progress)
    try:
        with bar, finished as pairs:
            for place, row in pairs:
                rows[place] = row
                bar.update()
    except KeyboardInterrupt:
        _log.warning("stopped after %d of %d requests", len(rows), len(requests))
    return [
        rows.get(place) or Row.of(request, "stopped", reason="the run was stopped before it")
        for place, request in enumerate(requests)
    ]


def find_response(request: Request, archive: Archive) -> Inventory:
    """Stage 1: the metadata of the request's channel, with the response in force."""
    # By its code: what triggers on a horizontal channel is mostly S.
    if request.channel[-1] in "NERT":
        raise UnsuitableSettings(
            f"{request.seed_id} is a horizontal channel, and P is picked on the vertical one; "
            f"ask for {request.channel[:-1]}Z"
        )
    return channel_inventory(archive, request)


def read_counts(request: Request, archive: Archive) -> Trace:
    """Stage 2: the samples of the window, in counts."""
    return read_window(archive, request)


def correct(counts: Trace, inventory: Inventory, settings: Settings) -> Trace:
    """Stage 3: ground velocity, in m/s."""
    return to_ground_motion(counts, inventory, "VEL", settings.correction)


def find_onset(velocity: Trace, settings: Settings) -> Pick:
    """Stage 4: the P onset.

    Raises
    ------
    NoPick
        If nothing in the window triggers.
    """
    pick = pick_p(velocity, settings.picking)
    if pick is None:
        raise NoPick(explain_no_pick(velocity, settings.picking))
    return pick


def trim(velocity: Trace, pick: Pick, settings: Settings) -> tuple[Trace, Trace]:
    """Stage 5: the windows of signal and of noise."""
    unfaded = without_edges(velocity, settings.correction.taper_s)
    return signal_and_noise(unfaded, pick.time, settings.trimming)


def measure(pick: Pick, windows: tuple[Trace, Trace], request: Request, settings: Settings) -> Row:
    """Stage 6: the spectrum, and with it the row."""
    signal, noise = windows
    taper = settings.frequency.taper_fraction
    spectrum = amplitude_spectrum(signal, taper)
    fit = fit_source(spectrum, amplitude_spectrum(noise, taper), settings.frequency)
    return Row.of(
        request,
        "ok",
        p_time=pick.time,
        snr=pick.snr,
        peak_velocity=float(np.abs(signal.data).max()),
        dominant_hz=dominant_frequency(spectrum),
        corner_hz=fit.corner_hz if fit else None,
        plateau=fit.plateau if fit else None,
    )


def _all_stages(request: Request, archive: Archive, settings: Settings) -> Row:
    """Run the stages; a station that cannot be processed raises."""
    inventory = find_response(request, archive)
    velocity = correct(read_counts(request, archive), inventory, settings)
    pick = find_onset(velocity, settings)
    return measure(pick, trim(velocity, pick, settings), request, settings)
