"""The ways of working off many requests: one after the other, in threads, in processes, in Dask.

Each way is a generator of pairs, the place of a request in the list and its row, in the order in
which they are finished. All of them call the same function, which takes requests and gives rows, so
that the rows are the same whichever way is taken.
"""

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from contextlib import ExitStack
from multiprocessing import get_context

from seispipe.archive import Request
from seispipe.results import Row

Process = Callable[[Sequence[Request]], Iterable[Row]]
Batch = list[tuple[int, Request]]

# So many batches for each worker: few enough to send little, many enough to share the work evenly.
_BATCHES_A_WORKER = 4
_CANNOT_START = (
    "the processes that were started cannot do this work. In a script, put what you run under "
    '`if __name__ == "__main__":`.'
)


def serially(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work off the requests one after the other, here."""
    yield from enumerate(process(requests))


def in_threads(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in threads of this process, which share its memory and one interpreter."""
    pool = ThreadPoolExecutor(workers)
    with ExitStack() as stack:
        # Not waiting: after Ctrl-C a thread may hang in a read that nobody wants any more.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        batches = _batches(list(enumerate(requests)), workers)
        for future in as_completed([pool.submit(_work, process, batch) for batch in batches]):
            yield from future.result()


def in_processes(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in processes of their own; one that dies takes only its own request along."""
    queue = deque(_batches(list(enumerate(requests)), workers))
    suspects: Batch = []
    while queue:
        for batch in (yield from _in_pool(queue, process, workers)):
            suspects += batch
    # One of what was under way when a process died has killed it. With one process and one request
    # at a time there is no doubt which.
    queue = deque([item] for item in suspects)
    while queue:
        for batch in (yield from _in_pool(queue, process, 1)):
            yield from ((place, _died(request)) for place, request in batch)


def _in_pool(
    queue: deque[Batch], process: Process, workers: int
) -> Generator[tuple[int, Row], None, list[Batch]]:
    """Work off a queue; if a process dies, return the batches under way and leave the others."""
    pool = ProcessPoolExecutor(
        workers,
        # Started afresh: a fork would copy threads' locks and open connections.
        mp_context=get_context("spawn"),
        initializer=_leave_interrupts_to_the_parent,
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


def in_dask(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in Dask: on the cluster there is, or on one of this machine for the while."""
    # Imported here, because it takes long and the other ways do not need it.
    from distributed import Client, LocalCluster, as_completed, get_client
    from distributed.scheduler import KilledWorker

    with ExitStack() as stack:
        try:
            client = get_client()
        except ValueError:
            try:
                cluster = LocalCluster(
                    workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
            except RuntimeError as problem:
                raise RuntimeError(_CANNOT_START) from problem
            stack.enter_context(cluster)
            client = stack.enter_context(Client(cluster))
        batches = _batches(list(enumerate(requests)), workers)
        futures = {client.submit(_work, process, batch, pure=False): batch for batch in batches}
        suspects: Batch = []
        for future in as_completed(futures):
            try:
                yield from future.result()
            except KilledWorker:
                # Dask blames whatever the dead workers had been given, also what only waited there.
                suspects += futures[future]
        # Alone on the cluster, there is no doubt which request it is.
        for place, request in suspects:
            try:
                yield from client.submit(_work, process, [(place, request)], pure=False).result()
            except KilledWorker:
                yield place, _died(request)


WAYS: dict[str, Callable[[Sequence[Request], Process, int], Iterator[tuple[int, Row]]]] = {
    "serial": serially,
    "threads": in_threads,
    "processes": in_processes,
    "dask": in_dask,
}


def _batches(items: Batch, workers: int) -> list[Batch]:
    size = max(1, -(-len(items) // (_BATCHES_A_WORKER * workers)))
    return [items[first : first + size] for first in range(0, len(items), size)]


def _work(process: Process, batch: Batch) -> list[tuple[int, Row]]:
    places, requests = zip(*batch, strict=True)
    return list(zip(places, process(requests), strict=True))


def _know(process: Process) -> None:
    """Do nothing; to get here, the process has started and has unpacked what it is to run."""


def _leave_interrupts_to_the_parent() -> None:
    """Ignore Ctrl-C, which a terminal sends to every process: the parent ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End a pool without waiting for what it is doing."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)


def _died(request: Request) -> Row:
    return Row.of(
        request,
        "error",
        reason="the process that worked on it died: out of memory, or a crash in compiled code; "
        "run this request alone to see",
    )
