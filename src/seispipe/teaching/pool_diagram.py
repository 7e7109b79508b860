"""Diagrams of process pools: who did what in a real run, and what a new process is given."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import BLUE, GREEN, INK, LARGE, NORMAL, QUIET, RUST, SMALL, WORKERS
from seispipe.teaching.tasks import Count

# As many rows as the figure has room for.
_MOST_WORKERS = 4
_ROW = 0.5
_FORK = 1.9
_AFRESH, _COPIED, _DANGER = GREEN, BLUE, RUST


def draw_pool(counts: Sequence[Count], main: int) -> Figure:
    """Draw how a pool shared files between its workers, and how the counts came back.

    Parameters
    ----------
    counts : sequence of Count
        What ``Pool.map`` returned, in the order of the files.
    main : int
        The number of the process that opened the pool.

    Returns
    -------
    Figure
        From above: the main program, the pool, each worker with the files that it got, and the
        list of counts in the order of the files, each in its worker's colour.

    Raises
    ------
    ValueError
        If there is no count, or more workers than can be drawn.
    """
    workers = list(dict.fromkeys(count.process for count in counts))
    if not 0 < len(workers) <= _MOST_WORKERS:
        raise ValueError(f"1 to {_MOST_WORKERS} workers can be drawn, not {len(workers)}")
    colours = dict(zip(workers, WORKERS, strict=False))
    shares = {worker: [c for c in counts if c.process == worker] for worker in workers}
    most = max(len(share) for share in shares.values())
    # Heights, from below: the list at 0, the files above it, workers, pool, main program.
    files_top = 2.0 + _ROW * most
    worker_y, pool_y, main_y = files_top + 0.6, files_top + 2.2, files_top + 3.6
    figure, axes = plt.subplots(figsize=(6.4, 0.62 * (main_y + 1.6)))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.95, main_y + 0.6)
    axes.axis("off")
    box(axes, (5, main_y), (4.2, 0.85), f"main program\nprocess {main}")
    arrow(axes, (5, main_y - 0.47), (5, pool_y + 0.34))
    box(axes, (5, pool_y), (4.2, 0.6), f"Pool.map: {len(counts)} files")
    column = 10 / len(workers)
    for place, worker in enumerate(workers):
        middle = column * (place + 0.5)
        width = min(4.2, column - 0.3)
        arrow(axes, (5, pool_y - 0.35), (middle, worker_y + 0.47))
        box(axes, (middle, worker_y), (width, 0.85), f"worker\nprocess {worker}", colours[worker])
        for row, count in enumerate(shares[worker]):
            _file(axes, (middle, files_top - _ROW * (row + 0.5)), width, count)
        # Straight down past the longest column, so that no arrow crosses the name of a file.
        below = files_top - _ROW * len(shares[worker])
        axes.plot([middle, middle], [below, _FORK], color=QUIET, linewidth=1)
    cell = 9.9 / len(counts)
    for place, count in enumerate(counts):
        middle = column * (workers.index(count.process) + 0.5)
        x = 0.05 + cell * (place + 0.5)
        arrow(axes, (middle, _FORK), (x, 0.66))
        box(axes, (x, 0.32), (cell - 0.12, 0.6), f"{count.lines:,}", colours[count.process])
        axes.text(x, -0.22, count.path.stem, color=QUIET, fontsize=SMALL, ha="center", va="center")
    axes.text(
        5,
        -0.75,
        "the list in the main program, in the order of the files",
        color=INK,
        fontsize=NORMAL,
        ha="center",
        va="center",
    )
    return figure


def _file(axes: Axes, middle: tuple[float, float], width: float, count: Count) -> None:
    (x, y), reach = middle, width / 2
    axes.plot([x - reach, x + reach], [y - 0.22] * 2, color=QUIET, linewidth=0.5)
    axes.text(x - reach, y, count.path.name, color=INK, fontsize=SMALL, ha="left", va="center")
    axes.text(
        x + reach, y, f"{count.lines:,} lines", color=INK, fontsize=SMALL, ha="right", va="center"
    )


# What a program has, and what becomes of it in a new process, by start method.
_THINGS = ("modules", "objects", "connections", "locks", "threads")
_FATES = {
    "fork": {
        "modules": ("copied", _COPIED),
        "objects": ("copied", _COPIED),
        "connections": ("shared: danger", _DANGER),
        "locks": ("as they stood: danger", _DANGER),
        "threads": ("all but one are gone", QUIET),
    },
    "spawn": {
        "modules": ("imported anew", _AFRESH),
        "objects": ("what is sent", _AFRESH),
        "connections": ("none", QUIET),
        "locks": ("none", QUIET),
        "threads": ("none", QUIET),
    },
    "forkserver": {
        "modules": ("the server's, or anew", _AFRESH),
        "objects": ("what is sent", _AFRESH),
        "connections": ("none", QUIET),
        "locks": ("none", QUIET),
        "threads": ("none", QUIET),
    },
}


def draw_start_methods() -> Figure:
    """Draw what a new process has of your program's, started in each of the three ways."""
    figure, axes = plt.subplots(figsize=(6.4, 4.3))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.2, 6.6)
    axes.axis("off")
    box(axes, (5, 6.1), (9.8, 0.75), "your program: modules, objects, connections, locks, threads")
    for place, (method, fates) in enumerate(_FATES.items()):
        middle = 1.7 + 3.3 * place
        axes.text(
            middle + 0.12, 5.3, method, color=INK, fontsize=LARGE, fontweight="bold", va="center"
        )
        arrow(axes, (middle - 0.1, 5.65), (middle - 0.1, 4.02))
        if method == "forkserver":
            box(axes, (middle, 4.62), (2.9, 0.6), "server, one thread", QUIET)
        box(axes, (middle, 2.0), (3.1, 3.9), "")
        for row, thing in enumerate(_THINGS):
            fate, colour = fates[thing]
            y = 3.62 - 0.72 * row
            axes.text(
                middle - 1.42, y, thing, color=INK, fontsize=SMALL, fontweight="bold", va="center"
            )
            axes.text(middle - 1.42, y - 0.3, fate, color=colour, fontsize=SMALL, va="center")
    return figure
