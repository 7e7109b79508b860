"""The six stages joined: a request in, a row out, for every request."""

import logging
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from dask.system import CPU_COUNT
from tqdm import tqdm

from seispipe.archive import Archive, Request
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.errors import StationError, UnsuitableSettings
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    dominant_frequency,
    fit_source,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import PickingSettings, explain_no_pick, pick_p
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
    settings = settings or Settings()
    try:
        return _measure(request, archive, settings)
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


def _refuse_horizontal(request: Request) -> None:
    """Refuse a channel that is horizontal by its code: what triggers there is mostly S."""
    if request.channel[-1] in "NERT":
        raise UnsuitableSettings(
            f"{request.seed_id} is a horizontal channel, and P is picked on the vertical one; "
            f"ask for {request.channel[:-1]}Z"
        )


def _measure(request: Request, archive: Archive, settings: Settings) -> Row:
    """Run the stages; a station that cannot be processed raises."""
    _refuse_horizontal(request)
    inventory = channel_inventory(archive, request)
    counts = read_window(archive, request)
    velocity = to_ground_motion(counts, inventory, "VEL", settings.correction)
    pick = pick_p(velocity, settings.picking)
    if pick is None:
        return Row.of(request, "no_pick", reason=explain_no_pick(velocity, settings.picking))
    unfaded = without_edges(velocity, settings.correction.taper_s)
    signal, noise = signal_and_noise(unfaded, pick.time, settings.trimming)
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
