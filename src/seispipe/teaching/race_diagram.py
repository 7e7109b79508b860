"""The picture of a race: what two threads do, in turn, to a place that they share."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import INK, LARGE, NORMAL, QUIET, WORKERS

_THREADS = WORKERS[:2]
_LANES = (1.95, 8.05)
_SHARED = 5.0


@dataclass(frozen=True)
class Step:
    """One thing that one of two threads does.

    Attributes
    ----------
    thread : int
        0 for the one on the left, 1 for the one on the right.
    text : str
        What it does; at most two lines.
    value : str
        What the shared place holds after it.
    access : {"read", "write", ""}
        Whether it reads the shared place, writes to it, or leaves it alone.
    """

    thread: int
    text: str
    value: str
    access: str = ""


def draw_race(steps: Sequence[Step], shared: str, outcome: str) -> Figure:
    """Draw what two threads do, from top to bottom, and what they do to the place they share.

    Parameters
    ----------
    steps : sequence of Step
        In the order of time.
    shared : str
        The name of the shared place.
    outcome : str
        What came of it, written below.

    Returns
    -------
    Figure
    """
    height = len(steps) + 1.6
    figure, axes = plt.subplots(figsize=(5.2, 0.66 * height))
    axes.set_xlim(0, 10)
    axes.set_ylim(-height, 0)
    axes.axis("off")
    titles = zip((*_LANES, _SHARED), ("thread A", "thread B", shared), strict=True)
    for place, title in titles:
        axes.text(place, -0.4, title, color=INK, fontsize=LARGE, fontweight="bold", ha="center")
    axes.plot([_SHARED] * 2, [-0.7, 0.2 - height + 0.75], color=QUIET, linewidth=1, zorder=0)
    for row, step in enumerate(steps):
        _draw_step(axes, step, -1.15 - row)
    axes.text(
        _SHARED, 0.3 - height, outcome, color=INK, fontsize=NORMAL, fontweight="bold", ha="center"
    )
    return figure


def _draw_step(axes: Axes, step: Step, level: float) -> None:
    lane = _LANES[step.thread]
    inwards = 1 if step.thread == 0 else -1
    box(axes, (lane, level), (3.8, 0.8), step.text, _THREADS[step.thread])
    axes.text(
        _SHARED,
        level,
        step.value,
        color=_THREADS[step.thread] if step.access == "write" else INK,
        fontsize=LARGE,
        fontweight="bold" if step.access == "write" else "normal",
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": QUIET},
    )
    at_box, at_value = (lane + 1.9 * inwards, level), (_SHARED - 0.55 * inwards, level)
    if step.access == "read":
        arrow(axes, at_value, at_box)
    elif step.access == "write":
        arrow(axes, at_box, at_value)
