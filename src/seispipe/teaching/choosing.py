"""Threads or processes: the pipeline's own work, for either kind of worker.

What a process shall run must stand in a module, because a process that is started afresh imports
it. The work comes in two kinds. *Computing* takes windows that its process already holds in memory
through correction and picking. *Waiting* reads windows or metadata from a server that is far away.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from multiprocessing import connection, parent_process
from pathlib import Path

import numpy as np
from dask.system import CPU_COUNT
from obspy import Inventory, Trace

from seispipe.archive import FolderArchive, Request
from seispipe.correction import to_ground_motion
from seispipe.inventory import channel_inventory
from seispipe.picking import pick_p
from seispipe.teaching.one_client import archive_at
from seispipe.waveforms import read_window

_held: dict[str, list[tuple[Trace, Inventory]]] = {}


def hold(folder: Path, windows: Mapping[str, Sequence[Request]]) -> None:
    """Read windows into the memory of this process, where :func:`compute` finds them.

    Parameters
    ----------
    folder : Path
        Folder of the archive.
    windows : mapping of str to sequence of Request
        The windows, under a name for each group.
    """
    archive = FolderArchive(folder)
    for name, requests in windows.items():
        _held[name] = [
            (read_window(archive, each), channel_inventory(archive, each)) for each in requests
        ]


def start_worker(folder: Path, windows: Mapping[str, Sequence[Request]]) -> None:
    """Make a new process ready; this is for the initializer of a pool of processes.

    It holds the windows, leaves Ctrl-C to its parent, and ends when its parent is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()
    hold(folder, windows)


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def compute(item: tuple[str, int]) -> tuple[int | None, float]:
    """Correct a window that this process holds, and pick it.

    Parameters
    ----------
    item : tuple of str and int
        Name of its group, and its place there.

    Returns
    -------
    tuple of int or None, and float
        The P onset in nanoseconds, if there is one, and the largest velocity in m/s.
    """
    name, place = item
    counts, inventory = _held[name][place]
    velocity = to_ground_motion(counts, inventory)
    pick = pick_p(velocity)
    return pick and pick.time.ns, float(np.abs(velocity.data).max())


def wait(item: tuple[str, Request]) -> tuple[int, float]:
    """Read only the records of a window from an S3 server: several round trips.

    Parameters
    ----------
    item : tuple of str and Request
        The server's address, and the window.

    Returns
    -------
    tuple of int and float
        How many samples came, and their sum.
    """
    url, request = item
    counts = read_window(archive_at(url, "records"), request)
    return len(counts), float(counts.data.sum())


def ask(item: tuple[str, Request]) -> tuple[str, float]:
    """Read the metadata of a channel from an S3 server: one round trip and little else.

    Parameters
    ----------
    item : tuple of str and Request
        The server's address, and a window of the channel.

    Returns
    -------
    tuple of str and float
        The channel, and the sensitivity of its response in counts for each m/s.
    """
    url, request = item
    archive = archive_at(url, "records")
    archive.forget()  # else the answer would be known the second time
    inventory = channel_inventory(archive, request)
    return request.seed_id, inventory[0][0][0].response.instrument_sensitivity.value


def add_up(numbers: int) -> int:
    """Add numbers up in plain Python, which does not let go of the interpreter by itself."""
    total = 0
    for number in range(numbers):
        total += number
    return total


def nothing(item: object = None) -> object:
    """Do nothing: what it takes is what it costs to hand over a task."""
    return item


def wake(pool: Executor, workers: int, patience_s: float = 60.0) -> float:
    """Wait until so many workers of a pool have answered, and return the seconds it took.

    Raises
    ------
    TimeoutError
        If they do not within the time given.
    """
    start = time.perf_counter()
    seen: set[tuple[int, int]] = set()
    while len(seen) < workers:
        if time.perf_counter() - start > patience_s:
            raise TimeoutError(f"{len(seen)} of {workers} workers answered in {patience_s:g} s")
        # They sleep a little, so that none takes the task that is meant for another.
        tasks = [pool.submit(_who, 0.02) for _ in range(workers)]
        seen |= {task.result(timeout=patience_s) for task in tasks}
    return time.perf_counter() - start


def _who(seconds: float) -> tuple[int, int]:
    time.sleep(seconds)
    return os.getpid(), threading.get_native_id()


def in_shares(pool: Executor | None, function: Callable, items: Sequence, workers: int) -> list:
    """Give each of so many workers one share of the items, and gather the results.

    Parameters
    ----------
    pool : Executor or None
        The pool of threads or processes; None works the items off here, one after the other.
    function : callable
        What to do with each item; for processes it must stand in a module.
    items : sequence
        The items, dealt out like cards.
    workers : int
        How many shares there are; the pool must have as many workers at least.

    Returns
    -------
    list
        The results in the order of the items.
    """
    if pool is None:
        return _share(function, items)
    shares = [pool.submit(_share, function, items[first::workers]) for first in range(workers)]
    results: list = [None] * len(items)
    for first, share in enumerate(shares):
        results[first::workers] = share.result()
    return results


def _share(function: Callable, items: Sequence) -> list:
    return [function(item) for item in items]


def cores() -> dict[str, int | None]:
    """Return how many cores there are, for each way of asking; None where there is no such way."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = getattr(os, "process_cpu_count", None)
    return {
        "os.cpu_count()": os.cpu_count(),
        "os.sched_getaffinity(0)": len(affinity(0)) if affinity else None,
        "os.process_cpu_count()": usable() if usable else None,
        "dask.system.CPU_COUNT": CPU_COUNT,
    }


def outlook(available: int) -> str:
    """Say what a measurement with two workers can show where so many cores are available."""
    if available == 1:
        return (
            "With one core, computing cannot gain from a second worker of either kind, and may\n"
            "lose a little: expect speed-ups near 1 there. Waiting gains as on any machine."
        )
    return (
        f"With {available} cores, two workers that compute can be up to twice as fast as one, if\n"
        "nobody else uses those cores now. Waiting gains as on any machine."
    )
