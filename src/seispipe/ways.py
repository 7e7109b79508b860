"""The ways of working off many requests: one after the other, in threads, in processes, in Dask.

Each way is a generator of pairs, the place of a request in the list and its row, in the order in
which they are finished. All of them call the same function for each request, so that the rows are
the same whichever way is taken.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from contextlib import ExitStack
from multiprocessing import get_context

from seispipe.archive import Request
from seispipe.results import Row

Process = Callable[[Request], Row]
Batch = list[tuple[int, Request]]

# So many batches for each worker: few enough to send little, many enough to share the work evenly.
_BATCHES_A_WORKER = 4


def serially(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work off the requests one after the other, here."""
    yield from ((place, process(request)) for place, request in enumerate(requests))


def in_threads(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in threads of this process, which share its memory and one interpreter."""
    pool = ThreadPoolExecutor(workers)
    with ExitStack() as stack:
        # Not waiting: after Ctrl-C a thread may hang in a read that nobody wants any more.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        batches = [[item] for item in enumerate(requests)]
        yield from _finished(_submit(pool, process, batches))


def in_processes(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in processes of their own; one that dies takes only its own request along."""
    left = dict(enumerate(requests))
    suspects: set[int] = set()
    while left:
        # After a crash nobody knows which request it was. Those that were under way are tried
        # again, each alone in a pool of its own; the others go on together.
        alone = sorted(suspects & left.keys())[:1]
        chosen = alone or sorted(left)
        batches = _batches([(place, left[place]) for place in chosen], 1 if alone else workers)
        started: set[int] = set()
        pool = ProcessPoolExecutor(
            1 if alone else min(workers, len(batches)),
            # Started afresh: a fork would copy threads' locks and open connections.
            mp_context=get_context("spawn"),
            initializer=_leave_interrupts_to_the_parent,
        )
        try:
            futures = _submit(pool, process, batches)
            for place, row in _finished(futures):
                left.pop(place, None)
                suspects.discard(place)
                yield place, row
        except BrokenExecutor:
            started = {
                place
                for future, batch in futures.items()
                if future.running() or future.exception() is not None
                for place, _ in batch
                if place in left
            }
            if alone:
                place = alone[0]
                suspects.discard(place)
                yield place, _died(left.pop(place))
            else:
                suspects |= started
        finally:
            _stop(pool)


def in_dask(requests: Sequence[Request], process: Process, workers: int) -> Iterator:
    """Work them off in Dask: on the cluster there is, or on one of this machine for the while."""
    # Imported here, because it takes long and the other ways do not need it.
    from distributed import Client, LocalCluster, as_completed, get_client
    from distributed.scheduler import KilledWorker

    with ExitStack() as stack:
        try:
            client = get_client()
        except ValueError:
            cluster = stack.enter_context(
                LocalCluster(workers, threads_per_worker=1, dashboard_address=None)
            )
            client = stack.enter_context(Client(cluster))
        batches = _batches(list(enumerate(requests)), workers)
        while batches:
            futures = {client.submit(_work, process, batch, pure=False): batch for batch in batches}
            batches = []
            for future in as_completed(futures):
                batch = futures[future]
                try:
                    yield from future.result()
                except KilledWorker:
                    if len(batch) == 1:
                        ((place, request),) = batch
                        yield place, _died(request)
                    else:
                        batches += [[item] for item in batch]


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
    return [(place, process(request)) for place, request in batch]


def _submit(pool: Executor, process: Process, batches: Iterable[Batch]) -> dict[Future, Batch]:
    return {pool.submit(_work, process, batch): batch for batch in batches}


def _finished(futures: dict[Future, Batch]) -> Iterator[tuple[int, Row]]:
    broken: BrokenExecutor | None = None
    for future in as_completed(futures):
        try:
            yield from future.result()
        except BrokenExecutor as problem:
            broken = problem  # what has come out of the other futures is still good
    if broken is not None:
        raise broken


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
        reason=f"the process that worked on it died ({os.name}): out of memory, or a crash in "
        "compiled code; run this request alone to see",
    )
