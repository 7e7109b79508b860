"""The pipeline as a graph: one task a stage and station, and what has to wait for what.

A graph is a :class:`networkx.DiGraph` whose nodes are tasks, named such as ``correction
XX.S001..HHZ``. Each node has a ``stage``, a ``function``, the names of the tasks whose results the
function takes, in order, as ``inputs``, and of those that only have to be done before, as
``after``. An edge leads from each task to those that wait for it.
"""

from seispipe.dag.graph import MERGE, STAGES, add_task, build, validate
from seispipe.dag.schedule import (
    Slot,
    critical_path,
    durations,
    makespan,
    run,
    simulate,
    to_delayed,
)

__all__ = [
    "MERGE",
    "STAGES",
    "Slot",
    "add_task",
    "build",
    "critical_path",
    "durations",
    "makespan",
    "run",
    "simulate",
    "to_delayed",
    "validate",
]
