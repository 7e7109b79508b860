"""The exercises of the notebooks: right answers, and the mistakes one makes on the way.

A module for each notebook, each with a dictionary ``EXERCISES``.
"""

from importlib import import_module
from pkgutil import iter_modules

from seispipe.teaching.checks import Choice, Exercise

#: The lessons in teaching order, by the names of their notebooks.
LESSONS = (
    "a-real-earthquake",
    "inventory",
    "waveforms",
    "correction",
    "picking",
    "trimming",
    "frequency",
    "the-serial-pipeline",
    "right-then-cheaper",
    "a-reality-check",
    "data-gravity",
    "concurrency-and-parallelism",
    "multiprocessing",
    "multithreading",
    "choosing",
    "workflows-and-dags",
    "dask-delayed-and-futures",
    "dask-collections",
    "dask-when-things-fail",
    "traditional-and-cloud",
    "on-a-cluster",
    "when-machines-fail",
    "a-million-station-days",
)
EXERCISES: dict[str, Exercise | Choice] = {}
for _module in iter_modules(__path__):
    EXERCISES |= import_module(f"{__name__}.{_module.name}").EXERCISES
