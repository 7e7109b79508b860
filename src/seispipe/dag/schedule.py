"""When each task of a graph runs: in Dask, and on workers that exist on paper only."""

import itertools
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

import networkx as nx
from dask.delayed import Delayed, delayed
from distributed import Client, get_task_stream

from seispipe.dag.graph import MERGE, validate


@dataclass(frozen=True)
class Slot:
    """One task's place in a schedule.

    Attributes
    ----------
    task : str
        The task's name.
    worker : int
        Which worker ran it, from 0.
    start, end : float
        Seconds since the first task began.
    """

    task: str
    worker: int
    start: float
    end: float


def to_delayed(graph: nx.DiGraph) -> dict[str, Delayed]:
    """Hand the graph to Dask.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph.

    Returns
    -------
    dict of str to dask.delayed.Delayed
        Each task by its name, under which Dask knows it too. Nothing has run yet.

    Raises
    ------
    ValueError
        As :func:`validate`.
    """
    return _delayed(graph, None)


def _delayed(graph: nx.DiGraph, notes: "_Notes | None") -> dict[str, Delayed]:
    validate(graph)
    tasks: dict[str, Delayed] = {}
    for name in nx.topological_sort(graph):
        data = graph.nodes[name]
        tasks[name] = delayed(_call, pure=False)(
            name,
            notes,
            data["function"],
            [tasks[each] for each in data["inputs"]],
            [tasks[each] for each in data["after"]],
            dask_key_name=name,
        )
    return tasks


def run(
    graph: nx.DiGraph, workers: int = 1, client: Client | None = None, result: str = MERGE
) -> tuple[object, list[Slot]]:
    """Run the graph in Dask, and note when each task ran.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph.
    workers : int
        How many threads of this process; with one, the tasks run one after the other. With a client
        it is not asked.
    client : distributed.Client, optional
        The cluster to run on.
    result : str
        The task whose result is wanted; only what it takes is run.

    Returns
    -------
    result : object
        For the pipeline's graph, its rows.
    schedule : list of Slot
        The tasks in the order in which they began.

    Raises
    ------
    ValueError
        As :func:`validate`, or if there is no worker or no such task.
    """
    _demand_workers(workers)
    notes = _Notes() if client is None else None
    tasks = _delayed(graph, notes)
    if result not in tasks:
        raise ValueError(f"there is no task {result!r}")
    if notes:
        scheduler = "sync" if workers == 1 else "threads"
        value = tasks[result].compute(scheduler=scheduler, num_workers=workers)
        ran = notes.ran
    else:
        with get_task_stream(client) as stream:
            value = client.compute(tasks[result]).result()
        ran = [
            (each["key"], (each["worker"], each["thread"]), part["start"], part["stop"])
            for each in stream.data
            for part in each["startstops"]
            if part["action"] == "compute"
        ]
    return value, _slots([each for each in ran if each[0] in graph])


def durations(schedule: Iterable[Slot]) -> dict[str, float]:
    """Return how long each task of a schedule took, in seconds."""
    return {slot.task: slot.end - slot.start for slot in schedule}


def makespan(schedule: Iterable[Slot]) -> float:
    """Return the time from the first task's start to the last one's end, in seconds."""
    schedule = list(schedule)
    return max(slot.end for slot in schedule) - min(slot.start for slot in schedule)


def critical_path(graph: nx.DiGraph, seconds: Mapping[str, float]) -> list[str]:
    """Return the chain of tasks that takes longest: no number of workers is faster.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph.
    seconds : mapping of str to float
        How long each task takes.

    Returns
    -------
    list of str
        The tasks of the chain, the first to run first.

    Raises
    ------
    ValueError
        If a task has no time, or as :func:`validate`.
    """
    _demand_times(graph, seconds)
    # Of chains that take equally long, the one of most tasks: who waits for nothing counts too.
    longest: dict[str, tuple[float, int]] = {}
    before: dict[str, str | None] = {}
    for name in nx.topological_sort(graph):
        before[name] = max(graph.predecessors(name), key=longest.__getitem__, default=None)
        time_before, tasks_before = longest.get(before[name], (0.0, 0))
        longest[name] = (time_before + seconds[name], tasks_before + 1)
    path, name = [], max(longest, key=longest.__getitem__, default=None)
    while name is not None:
        path.append(name)
        name = before[name]
    return path[::-1]


def simulate(graph: nx.DiGraph, seconds: Mapping[str, float], workers: int) -> list[Slot]:
    """Lay the tasks out on workers that exist on paper only.

    Whoever is free takes the ready task with the longest way ahead. Nothing but the tasks takes
    time: no starting, no sending, and the workers do not disturb one another.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph.
    seconds : mapping of str to float
        How long each task takes.
    workers : int
        How many workers.

    Returns
    -------
    list of Slot
        The tasks in the order in which they begin.

    Raises
    ------
    ValueError
        If there is no worker, a task has no time, or as :func:`validate`.
    """
    _demand_workers(workers)
    _demand_times(graph, seconds)
    ahead: dict[str, float] = {}
    for name in reversed(list(nx.topological_sort(graph))):
        ahead[name] = seconds[name] + max((ahead[each] for each in graph[name]), default=0.0)
    open_inputs = dict(graph.in_degree())
    order = itertools.count()
    ready: list[tuple[float, int, str]] = []
    for name, number in open_inputs.items():
        if number == 0:
            heappush(ready, (-ahead[name], next(order), name))
    free, under_way, schedule, now = list(range(workers)), [], [], 0.0
    while ready or under_way:
        while ready and free:
            name = heappop(ready)[2]
            worker = heappop(free)
            end = now + seconds[name]
            schedule.append(Slot(name, worker, now, end))
            heappush(under_way, (end, worker, name))
        now, worker, name = heappop(under_way)
        heappush(free, worker)
        for each in graph[name]:
            open_inputs[each] -= 1
            if open_inputs[each] == 0:
                heappush(ready, (-ahead[each], next(order), each))
    return schedule


def _demand_workers(workers: int) -> None:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, but is {workers}")


def _demand_times(graph: nx.DiGraph, seconds: Mapping[str, float]) -> None:
    validate(graph)
    for name in graph:
        if not seconds.get(name, -1.0) >= 0:
            raise ValueError(f"the task {name!r} has no time, or a negative one")


def _slots(ran: list[tuple[str, Hashable, float, float]]) -> list[Slot]:
    """Make a schedule of names, workers, and times on some clock."""
    ran = sorted(ran, key=lambda each: each[2])
    numbers: dict[Hashable, int] = {}
    for _, worker, _, _ in ran:
        numbers.setdefault(worker, len(numbers))
    zero = ran[0][2]
    return [
        Slot(name, numbers[worker], start - zero, end - zero) for name, worker, start, end in ran
    ]


class _Notes:
    """What tasks in threads of this process note of themselves."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, Hashable, float, float]] = []


def _call(name: str, notes: _Notes | None, function: Callable, inputs: list, after: list) -> object:
    start = time.perf_counter()
    value = function(*inputs)
    if notes:
        notes.ran.append((name, threading.get_ident(), start, time.perf_counter()))
    return value
