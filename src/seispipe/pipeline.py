"""The pipeline: a request in, a row out, for every request, in every way the course teaches."""

import logging
from collections.abc import Iterable
from contextlib import closing
from functools import partial

from dask.system import CPU_COUNT
from tqdm import tqdm

from seispipe.archive import Archive, Request
from seispipe.batches import process_stations
from seispipe.results import Row
from seispipe.stages import Settings
from seispipe.ways import WAYS, WorkersLost

__all__ = ["Settings", "process_station", "process_stations", "run"]

_log = logging.getLogger(__name__)


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
    (row,) = process_stations([request], archive, settings)
    return row


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
        Ctrl-C, or where the cluster is lost, the rows that are finished, and for the others rows
        with the status ``stopped``.

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
    process = partial(process_stations, archive=archive, settings=settings)
    finished = closing(WAYS[how](requests, process, workers))
    bar = tqdm(total=len(requests), unit="row", disable=not progress)
    try:
        with bar, finished as pairs:
            for place, row in pairs:
                rows[place] = row
                bar.update()
    except KeyboardInterrupt:
        _log.warning("stopped after %d of %d requests", len(rows), len(requests))
    except WorkersLost as problem:
        _log.error("%d of %d requests are done: %s", len(rows), len(requests), problem)
    return [
        rows.get(place) or Row.of(request, "stopped", reason="the run was stopped before it")
        for place, request in enumerate(requests)
    ]
