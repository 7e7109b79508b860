"""The exercises of the notebooks: right answers, and the mistakes one makes on the way.

A module for each notebook, each with a dictionary ``EXERCISES``.
"""

from importlib import import_module
from pkgutil import iter_modules

from seispipe.teaching.checks import Exercise

EXERCISES: dict[str, Exercise] = {}
for _module in iter_modules(__path__):
    EXERCISES |= import_module(f"{__name__}.{_module.name}").EXERCISES
