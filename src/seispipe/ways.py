"""The ways of working off many requests: one after the other, in threads, in processes, in Dask.

Each way is a generator of pairs, the place of a request in the list and its row, in the order in
which they are finished. All of them call the same function, which takes requests and gives rows, so
that the rows are the same whichever way is taken. What is worked off may also be something larger
than a request, if the function knows it.
"""

import logging
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from contextlib import ExitStack
from functools import lru_cache
from multiprocessing import get_context, parent_process
from queue import Empty, SimpleQueue
from threading import Thread

import cloudpickle

from seispipe.archive import Request
from seispipe.results import Row

Process = Callable[[Sequence], Iterable]
Died = Callable[[object], object]
Batch = list[tuple[int, object]]

_log = logging.getLogger(__name__)

# So many batches for each worker: few enough to send little, many enough to share the work evenly.
_BATCHES_A_WORKER = 4
# How often a cluster that is silent is looked at, and how often in a row it may stand still.
_LOOK_EVERY_S = 30
_LOOKS = 4
_CANNOT_START = (
    "the processes that were started cannot do this work. In a script, put what you run under "
    '`if __name__ == "__main__":`.'
)


class WorkersLost(RuntimeError):
    """Whoever did the work is gone; what is not finished has to be begun again."""


def died_on(request: Request) -> Row:
    """Return the row of a request over which the process died that worked on it."""
    return Row.of(
        request,
        "error",
        reason="the process that worked on it died: out of memory, or a crash in compiled code; "
        "run this request alone to see",
    )


def serially(
    items: Sequence, process: Process, workers: int, size: int | None = None, died: Died = died_on
) -> Iterator:
    """Work off the items one after the other, here."""
    yield from enumerate(process(items))


def in_threads(
    items: Sequence, process: Process, workers: int, size: int | None = None, died: Died = died_on
) -> Iterator:
    """Work them off in threads of this process, which share its memory and one interpreter."""
    pool = ThreadPoolExecutor(workers)
    with ExitStack() as stack:
        # Not waiting: after Ctrl-C a thread may hang in a read that nobody wants any more.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        batches = _batches(list(enumerate(items)), workers, size)
        for future in as_completed([pool.submit(_work, process, batch) for batch in batches]):
            yield from future.result()


def in_processes(
    items: Sequence, process: Process, workers: int, size: int | None = None, died: Died = died_on
) -> Iterator:
    """Work them off in processes of their own; one that dies takes only its own item along."""
    queue = deque(_batches(list(enumerate(items)), workers, size))
    suspects: Batch = []
    while queue:
        for batch in (yield from _in_pool(queue, process, workers)):
            suspects += batch
    # One of what was under way when a process died has killed it. With one process and one request
    # at a time there is no doubt which.
    queue = deque([item] for item in suspects)
    while queue:
        for batch in (yield from _in_pool(queue, process, 1)):
            yield from ((place, died(item)) for place, item in batch)


def _in_pool(
    queue: deque[Batch], process: Process, workers: int
) -> Generator[tuple[int, Row], None, list[Batch]]:
    """Work off a queue; if a process dies, return the batches under way and leave the others."""
    pool = ProcessPoolExecutor(
        workers,
        # Started afresh: a fork would copy threads' locks and open connections.
        mp_context=get_context("spawn"),
        initializer=_belong_to_the_parent,
    )
    under_way: dict[Future, Batch] = {}
    lost: list[Batch] = []
    try:
        _try_out(pool, process, workers)
        while under_way or (queue and not lost):
            # No more than there are workers, so that little is under suspicion after a crash.
            while queue and not lost and len(under_way) < workers:
                batch = queue.popleft()
                try:
                    under_way[pool.submit(_work, process, batch)] = batch
                except BrokenExecutor:
                    lost.append(batch)
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                batch = under_way.pop(future)
                try:
                    yield from future.result()
                except BrokenExecutor:
                    lost.append(batch)
    finally:
        _stop(pool)
    return lost


def _try_out(pool: ProcessPoolExecutor, process: Process, workers: int) -> None:
    """See whether the pool's processes live and know the work, before any request is at stake."""
    try:
        # A pool starts a process for each task that finds none idle: so many start all at once.
        for trial in [pool.submit(_know, process) for _ in range(workers)]:
            trial.result()
    except BrokenExecutor as problem:
        raise RuntimeError(
            f"{_CANNOT_START} An archive class of your own must stand in a module that can be "
            "imported, not in a notebook's cell."
        ) from problem


def in_dask(
    items: Sequence, process: Process, workers: int, size: int | None = None, died: Died = died_on
) -> Iterator:
    """Work them off in Dask: on the cluster there is, or on one of this machine for the while.

    Raises
    ------
    WorkersLost
        If the scheduler goes away, or the cluster stands still.
    """
    # Imported here, because it takes long and the other ways do not need it.
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    with ExitStack() as stack:
        client, ours = _client(workers, stack)
        cores = sum(each["nthreads"] for each in _workers_of(client).values())
        batches = _batches(list(enumerate(items)), cores or workers, size)
        packed = cloudpickle.dumps(process)
        finished: SimpleQueue = SimpleQueue()
        waiting: dict[object, Batch] = {}

        def submit(batch: Batch) -> None:
            future = client.submit(_work_packed, packed, batch, pure=False)
            waiting[future] = batch
            future.add_done_callback(finished.put)

        for batch in batches:
            submit(batch)
        suspects: Batch = []
        alone = False
        while waiting or suspects:
            if not waiting:
                # Alone on the cluster, there is no doubt which item it is.
                alone = True
                submit([suspects.pop(0)])
            future = _next(finished, client, ours)
            batch = waiting.pop(future)
            try:
                yield from future.result()
            except KilledWorker:
                # Dask blames whatever the dead workers had been given, also what only waited there.
                if alone:
                    yield from ((place, died(item)) for place, item in batch)
                else:
                    suspects += batch
            except (CancelledError, CommClosedError) as problem:
                raise WorkersLost(
                    "the cluster's scheduler is gone, and what it had in hand with it; connect to "
                    "another and run again"
                ) from problem


def _client(workers: int, stack: ExitStack) -> tuple:
    """Return the client that is open, or one of a cluster that ends with the stack, and which."""
    from distributed import get_client

    from seispipe.clusters.engines import local

    try:
        return get_client(), False
    except ValueError:
        pass
    try:
        return local(workers, {}, stack), True
    except RuntimeError as problem:
        raise RuntimeError(_CANNOT_START) from problem


def _workers_of(client) -> dict:
    return client.scheduler_info(n_workers=-1)["workers"]


def _next(finished: SimpleQueue, client, ours: bool) -> object:
    """Wait for the next future to be finished, but not on a cluster that will never finish it."""
    quiet = 0
    while True:
        try:
            return finished.get(timeout=_LOOK_EVERY_S)
        except Empty:
            quiet += 1
        workers = _workers_of(client)
        if any(client.processing().values()):
            quiet = 0  # a long task is none of our business
        elif not workers and not ours:
            quiet = 0
            _log.warning("the cluster has no worker at the moment; waiting for one")
        elif quiet >= _LOOKS:
            raise WorkersLost(
                f"the cluster stands still: {len(workers)} workers, nothing given to any of them, "
                "and not everything done; start another and run again"
            )


WAYS: dict[str, Callable[..., Iterator[tuple[int, object]]]] = {
    "serial": serially,
    "threads": in_threads,
    "processes": in_processes,
    "dask": in_dask,
}


def _batches(items: Batch, workers: int, size: int | None) -> list[Batch]:
    size = size or max(1, -(-len(items) // (_BATCHES_A_WORKER * workers)))
    return [items[first : first + size] for first in range(0, len(items), size)]


def _work(process: Process, batch: Batch) -> list[tuple[int, Row]]:
    places, items = zip(*batch, strict=True)
    return list(zip(places, process(items), strict=True))


def _work_packed(packed: bytes, batch: Batch) -> list[tuple[int, object]]:
    return _work(_unpacked(packed), batch)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Process:
    """Unpack the work once in each worker: it keeps the archive's connections and metadata."""
    return cloudpickle.loads(packed)


def _know(process: Process) -> None:
    """Do nothing; to get here, the process has started and has unpacked what it is to run."""


def _belong_to_the_parent() -> None:
    """Ignore Ctrl-C, which a terminal sends to every process, and end when the parent does.

    Where the parent is killed, an executor's processes would wait for work for ever, and hold what
    they have loaded.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End a pool without waiting for what it is doing."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)
