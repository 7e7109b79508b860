"""The exercises of "Dask: promises and futures"."""

import math

import networkx as nx

from seispipe import dag
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake

# As the exercises' texts give them.
STATIONS = 10
SCHEDULER_S, WORKERS, WINDOW_S, BUSY = 0.0005, 40, 0.012, 0.1
CHANNELS, DAYS, RATE_HZ, SAMPLE_BYTES, LINE_BIT_S = 200, 365, 100, 4, 100e6


def tasks_that_run(shared_inventory: bool, stage: str = "picking") -> int:
    """Return how many tasks it takes to bring the first stations to a stage."""
    archive = open_archive("teaching")
    requests = archive.requests()
    graph = dag.build(requests, archive, shared_inventory=shared_inventory)
    wanted = {f"{stage} {each.seed_id}" for each in requests[:STATIONS]}
    return len(wanted.union(*(nx.ancestors(graph, name) for name in wanted)))


def windows_a_task(workers: int, busy: float) -> int:
    """Return how many windows keep the scheduler's share at most so high."""
    return math.ceil(workers * SCHEDULER_S / busy / WINDOW_S)


def hours_on_the_wire(channels: int, bits_a_byte: int = 8) -> float:
    """Return for how long samples fill the line, in hours."""
    samples = channels * DAYS * 86_400 * RATE_HZ
    return samples * SAMPLE_BYTES * bits_a_byte / LINE_BIT_S / 3600


EXERCISES: dict[str, Exercise] = {
    "dask-delayed-and-futures/what-runs": Exercise(
        right=lambda: tasks_that_run(shared_inventory=True),
        unit="tasks",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: tasks_that_run(shared_inventory=False),
                "that is with an inventory for each station. Here one task reads it for all.",
            ),
            Mistake(
                lambda: tasks_that_run(shared_inventory=True, stage="frequency"),
                "that is what the rows would take. Nobody asked for what comes after picking.",
            ),
            Mistake(
                lambda: tasks_that_run(shared_inventory=True) - 1,
                "one task is missing: the stations have something in common.",
            ),
            Mistake(
                lambda: STATIONS,
                "those are the tasks that you asked for. What do they wait for?",
            ),
        ],
    ),
    "dask-delayed-and-futures/batch": Exercise(
        right=lambda: windows_a_task(WORKERS, BUSY),
        unit="windows",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: windows_a_task(WORKERS, 1.0),
                "then the scheduler is busy all the time. A tenth of it is what it may use.",
            ),
            Mistake(
                lambda: windows_a_task(1, BUSY),
                "that is for one worker. All of them send their tasks through one scheduler.",
            ),
            Mistake(
                lambda: windows_a_task(WORKERS, BUSY) - 1,
                "a little too short: windows come whole, and the tenth is a limit.",
            ),
            Mistake(
                lambda: WORKERS * SCHEDULER_S / BUSY,
                "that is how long a task must take, in seconds. How many windows are that?",
            ),
        ],
    ),
    "dask-delayed-and-futures/wire": Exercise(
        right=lambda: hours_on_the_wire(CHANNELS),
        unit="hours",
        tolerance=0.6,
        mistakes=[
            Mistake(
                lambda: hours_on_the_wire(CHANNELS, bits_a_byte=1),
                "the line counts bits, and you counted bytes.",
            ),
            Mistake(
                lambda: hours_on_the_wire(1),
                "that is one channel. There are two hundred.",
            ),
            Mistake(
                lambda: 3600 * hours_on_the_wire(CHANNELS),
                "those are seconds. The answer is wanted in hours.",
            ),
            Mistake(
                lambda: 60 * hours_on_the_wire(CHANNELS),
                "those are minutes. The answer is wanted in hours.",
            ),
            Mistake(
                lambda: hours_on_the_wire(CHANNELS) / SAMPLE_BYTES,
                "a sample has four bytes.",
            ),
        ],
    ),
    "dask-delayed-and-futures/why": Choice(
        right="c",
        because=(
            "what a worker changes in its copy, nobody else sees. Return what you want to know."
        ),
        wrong={
            "a": "they have run: you have the rows. Where is the dictionary that they write into?",
            "b": "speed has nothing to do with it. Where is the dictionary that they write into?",
        },
    ),
}
