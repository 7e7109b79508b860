"""One scheduler and many workers, on paper: how long many independent tasks take.

A small discrete-event simulation. What it assumes:

- Tasks need nothing of one another and are worked off in their order.
- One scheduler does one thing at a time. Each task costs it the same time, in which it takes a
  result back and hands the next task out.
- A worker runs one task at a time and may have a few more in hand, as Dask's workers do, so that it
  need not wait for the scheduler after each. The next task goes to whoever will be idle first.

What it leaves out: what a task costs the worker besides its work, the way of the messages, workers
that steal from one another or die, and cores that are shared. A real run is therefore slower. With
nothing to pay for the scheduler and none in hand, it is the list scheduling that
:func:`seispipe.dag.simulate` does for graphs.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from seispipe.dag import Slot


@dataclass(frozen=True)
class Schedule:
    """When each of the tasks was handed out and run, in the order of the tasks.

    Attributes
    ----------
    handed, starts, ends : numpy.ndarray
        When the scheduler was done with a task, and when its work began and ended, in seconds.
    ran_on : numpy.ndarray
        Which worker ran it, from 0.
    workers : int
        How many workers there were.
    scheduler_s : float
        What each task cost the scheduler, in seconds.
    start_s : float
        When the workers were there, in seconds.
    """

    handed: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    ran_on: np.ndarray
    workers: int
    scheduler_s: float
    start_s: float

    @property
    def makespan(self) -> float:
        """The time until the last task is done, with starting, in seconds."""
        return float(self.ends.max(initial=self.start_s))

    @property
    def tasks_per_s(self) -> float:
        """Tasks a second over the whole time; zero if nothing took any time."""
        return len(self.ends) / self.makespan if self.makespan > 0 else 0.0

    @property
    def busy(self) -> float:
        """The share of the workers' time in which they work, from 0 to 1."""
        return self._share(float(np.sum(self.ends - self.starts)) / self.workers)

    @property
    def scheduler_busy(self) -> float:
        """The share of the scheduler's time in which it works, from 0 to 1."""
        return self._share(len(self.ends) * self.scheduler_s)

    def _share(self, seconds: float) -> float:
        return seconds / self.makespan if self.makespan > 0 else 0.0

    def slots(self) -> list[Slot]:
        """Return the schedule as that of a graph, for :func:`seispipe.dag.makespan` and figures."""
        return [
            Slot(str(task), int(worker), float(start), float(end))
            for task, (worker, start, end) in enumerate(
                zip(self.ran_on, self.starts, self.ends, strict=True)
            )
        ]


def simulate(
    task_s: Iterable[float],
    workers: int,
    scheduler_s: float = 0.0,
    in_hand: int = 1,
    start_s: float = 0.0,
) -> Schedule:
    """Lay tasks out on workers that one scheduler serves.

    Parameters
    ----------
    task_s : iterable of float
        How long each task takes, in seconds, in the order in which they are handed out.
    workers : int
        How many workers.
    scheduler_s : float
        What each task costs the scheduler, in seconds.
    in_hand : int
        How many tasks a worker may have beside the one that it runs. Dask gives a worker of one
        thread one more; with 0 it waits for the scheduler after each task.
    start_s : float
        When the workers are there, in seconds; before it nothing is handed out.

    Returns
    -------
    Schedule
        When each task was handed out and run.

    Raises
    ------
    ValueError
        If there is no worker, or a time or number is negative or not finite.
    """
    seconds = [float(each) for each in task_s]
    if workers < 1:
        raise ValueError(f"workers must be at least 1, but is {workers}")
    if in_hand < 0:
        raise ValueError(f"in_hand must not be negative, but is {in_hand}")
    for name, numbers in (
        ("task_s", seconds),
        ("scheduler_s", [scheduler_s]),
        ("start_s", [start_s]),
    ):
        for number in numbers:
            if not (math.isfinite(number) and number >= 0):
                raise ValueError(f"{name} must be finite and not negative, but is {number!r}")

    now = start_s  # of the scheduler
    free_from = [start_s] * workers  # when each worker has done all it has in hand
    holds = [0] * workers
    takers = [(start_s, worker) for worker in range(workers)]  # who may be given a task: a heap
    under_way: list[tuple[float, int]] = []  # ends of tasks that were handed out: a heap
    handed, starts, ends, ran_on = [], [], [], []
    for task in seconds:
        while under_way and (under_way[0][0] <= now or not takers):
            end, worker = heappop(under_way)
            now = max(now, end)
            holds[worker] -= 1
            if holds[worker] == in_hand:
                heappush(takers, (free_from[worker], worker))
        _, worker = heappop(takers)
        now += scheduler_s
        start = max(now, free_from[worker])
        end = start + task
        free_from[worker] = end
        holds[worker] += 1
        if holds[worker] <= in_hand:
            heappush(takers, (end, worker))
        heappush(under_way, (end, worker))
        handed.append(now)
        starts.append(start)
        ends.append(end)
        ran_on.append(worker)
    return Schedule(
        np.array(handed),
        np.array(starts),
        np.array(ends),
        np.array(ran_on, dtype=int),
        workers,
        scheduler_s,
        start_s,
    )
