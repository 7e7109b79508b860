"""Four places for one run: who starts the workers, and where the rows go."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import INK, QUIET, ROLES, SMALL

_YOU, _SCHEDULER, _WORKER, _STORE, _DATA = ROLES.values()
_WORKERS_AT = (1.9, 5.0, 8.1)
_UPPER, _MIDDLE, _LOWER, _BOTTOM = 9.35, 6.75, 4.05, 1.0


def draw_engines() -> Figure:
    """Draw this machine, Slurm, Dask Gateway and a job array, each with its machines and programs.

    Returns
    -------
    Figure
        Four panels. In each, dashed frames are machines, boxes are programs, and at the bottom is
        where rows are written. Thin grey arrows are messages, thick coloured ones are rows.
    """
    figure, panels = plt.subplots(2, 2, figsize=(6.4, 7.2))
    for axes in panels.flat:
        axes.set_xlim(0, 10)
        axes.set_ylim(0.2, 11)
        axes.axis("off")
    _this_machine(panels[0, 0])
    _slurm(panels[0, 1])
    _gateway(panels[1, 0])
    _array(panels[1, 1])
    return figure


def _this_machine(axes: Axes) -> None:
    axes.set_title("this machine", loc="left")
    _frame(axes, 2.95, 10.6, "your machine")
    _own_scheduler(axes)
    _workers(axes, "worker")
    _tasks(axes)
    _store(axes, "your disk")


def _slurm(axes: Axes) -> None:
    axes.set_title("Slurm", loc="left")
    _frame(axes, 5.98, 10.6, "login node")
    _own_scheduler(axes)
    _nodes(axes)
    _workers(axes, "job:\nworker")
    _tasks(axes)
    _store(axes, "shared file system")


def _gateway(axes: Axes) -> None:
    axes.set_title("Dask Gateway", loc="left")
    _frame(axes, 8.55, 10.6, "the hub")
    _program(axes, _UPPER + 0.15, "notebook", _YOU)
    _frame(axes, 2.95, 8.1, "its cluster")
    _program(axes, _MIDDLE, "scheduler", _SCHEDULER)
    arrow(axes, (5, _UPPER - 0.45), (5, _MIDDLE + 0.6))
    axes.text(5.25, 7.72, "proxy", color=INK, fontsize=SMALL, va="center")
    _workers(axes, "worker")
    _tasks(axes)
    _store(axes, "object storage")


def _array(axes: Axes) -> None:
    axes.set_title("a job array", loc="left")
    _frame(axes, 8.55, 10.6, "login node")
    _program(axes, _UPPER + 0.15, "sbatch --array", _YOU)
    _program(axes, 7.15, "the queue", _SCHEDULER)
    arrow(axes, (5, _UPPER - 0.45), (5, 7.75))
    _nodes(axes)
    for number, middle in enumerate(_WORKERS_AT):
        box(axes, (middle, _LOWER), (2.5, 1.5), f"job:\npart {number}", _WORKER, fontsize=SMALL)
        arrow(axes, (5 + 0.45 * (middle - 5), 6.6), (middle, _LOWER + 0.85))
    _store(axes, "shared file system")


def _own_scheduler(axes: Axes) -> None:
    _program(axes, _UPPER, "notebook", _YOU)
    _program(axes, _MIDDLE, "scheduler", _SCHEDULER)
    arrow(axes, (5, _UPPER - 0.6), (5, _MIDDLE + 0.6))


def _workers(axes: Axes, name: str) -> None:
    for middle in _WORKERS_AT:
        box(axes, (middle, _LOWER), (2.5, 1.5), name, _WORKER, fontsize=SMALL)


def _nodes(axes: Axes) -> None:
    for middle, side in zip(_WORKERS_AT, ("left", "left", "right"), strict=True):
        _frame(axes, 3.1, 5.75, "node", middle, 2.8, side)


def _tasks(axes: Axes) -> None:
    for middle in _WORKERS_AT:
        arrow(axes, (5 + 0.45 * (middle - 5), _MIDDLE - 0.58), (middle, _LOWER + 0.85))


def _store(axes: Axes, name: str) -> None:
    box(axes, (5, _BOTTOM), (9.4, 1.1), name, _STORE, fontsize=SMALL)
    look = {"arrowstyle": "->", "color": _DATA, "linewidth": 2.4, "shrinkA": 0, "shrinkB": 0}
    for middle in _WORKERS_AT:
        axes.annotate("", (middle, _BOTTOM + 0.6), (middle, _LOWER - 0.8), arrowprops=look)


def _program(axes: Axes, height: float, name: str, colour: str) -> None:
    box(axes, (5, height), (5.4, 1.05), name, colour, fontsize=SMALL)


def _frame(
    axes: Axes,
    bottom: float,
    top: float,
    name: str,
    middle: float = 5.0,
    width: float = 9.7,
    side: str = "left",
) -> None:
    left = middle - width / 2
    axes.add_patch(
        FancyBboxPatch(
            (left, bottom),
            width,
            top - bottom,
            boxstyle="round,pad=0.02,rounding_size=0.3",
            facecolor="none",
            edgecolor=QUIET,
            linestyle=(0, (4, 3)),
        )
    )
    edge = left + 0.2 if side == "left" else left + width - 0.2
    axes.text(edge, top - 0.1, name, color=QUIET, fontsize=SMALL, ha=side, va="top")
