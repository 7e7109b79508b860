"""Diagram of a Dask cluster: who talks to whom, and which way the data go."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import INK, NORMAL, QUIET, ROLES, SMALL

_CLIENT, _SCHEDULER, _WORKER, _ARCHIVE, _DATA = ROLES.values()
# Heights of the four layers, and of what the workers hold.
_TOP, _MIDDLE, _WORKERS, _HELD, _BOTTOM = 9.0, 6.6, 3.75, 2.85, 0.75


def draw_cluster(workers: int = 3) -> Figure:
    """Draw client, scheduler, workers and archive, with what passes between them.

    Parameters
    ----------
    workers : int
        How many workers to draw, 2 to 4.

    Returns
    -------
    Figure
        From above: the client, the scheduler, the workers with the data that they hold, and the
        archive. Thin grey arrows are messages, thick coloured ones are data.

    Raises
    ------
    ValueError
        If there are more workers than can be drawn, or too few to have anything between them.
    """
    if not 2 <= workers <= 4:
        raise ValueError(f"2 to 4 workers can be drawn, not {workers}")
    figure, axes = plt.subplots(figsize=(6.4, 5.6))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.55, 9.7)
    axes.axis("off")
    box(axes, (5, _TOP), (5.0, 1.0), "client: your notebook\nholds futures", _CLIENT)
    box(
        axes,
        (5, _MIDDLE),
        (5.0, 1.0),
        "scheduler: one process\nwho does what, who has what",
        _SCHEDULER,
    )
    arrow(axes, (4.4, _TOP - 0.55), (4.4, _MIDDLE + 0.55))
    arrow(axes, (5.6, _MIDDLE + 0.55), (5.6, _TOP - 0.55))
    _note(axes, (4.2, 7.8), "tasks: functions and keys", "right")
    _note(axes, (5.8, 7.8), "what is done; what you gather", "left")
    pitch = 10 / workers
    width = pitch - 0.9
    middles = [pitch * (place + 0.5) for place in range(workers)]
    for middle in middles:
        box(axes, (middle, 3.3), (width, 2.3), "")
        axes.text(
            middle,
            4.08,
            "worker",
            color=_WORKER,
            fontsize=NORMAL,
            fontweight="bold",
            ha="center",
            va="center",
        )
        axes.text(middle, 3.6, "runs tasks", color=INK, fontsize=SMALL, ha="center", va="center")
        box(axes, (middle, _HELD), (width - 0.4, 0.9), "results\nstay here", _WORKER)
        # Towards its own third of the scheduler, so that no two arrows lie on each other.
        start = 5 + 0.45 * (middle - 5)
        arrow(axes, (start - 0.12, _MIDDLE - 0.55), (middle - 0.12, 4.52))
        arrow(axes, (middle + 0.12, 4.52), (start + 0.12, _MIDDLE - 0.55))
        _data(axes, (middle, 1.22), (middle, 2.1))
    for left in middles[:-1]:
        _data(axes, (left + width / 2 + 0.04, 3.3), (left + pitch - width / 2 - 0.04, 3.3), "<->")
    _note(axes, (0.1, 5.55), "a task down,\n“done” and a size up", "left")
    box(axes, (5, _BOTTOM), (9.6, 0.8), "archive: each worker reads for itself", _ARCHIVE)
    _key(axes, 0.2, QUIET, 1.0, "messages: small")
    _key(axes, 5.6, _DATA, 2.4, "data: samples, results")
    return figure


def _note(axes: Axes, place: tuple[float, float], text: str, side: str) -> None:
    axes.text(*place, text, color=INK, fontsize=SMALL, ha=side, va="center")


def _data(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], style: str = "->"
) -> None:
    look = {"arrowstyle": style, "color": _DATA, "linewidth": 2.4, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look)


def _key(axes: Axes, left: float, colour: str, width: float, text: str) -> None:
    axes.plot([left, left + 0.6], [-0.25, -0.25], color=colour, linewidth=width)
    _note(axes, (left + 0.75, -0.25), text, "left")
