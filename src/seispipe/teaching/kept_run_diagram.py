"""A kept run, drawn: workers that may die, and the few files that outlive them."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import BLUE, GREEN, INK, LARGE, NORMAL, QUIET, RUST, SLATE

_MANIFEST, _PARTITION, _WORKER, _DEAD = SLATE, GREEN, BLUE, RUST


def draw_kept_run() -> Figure:
    """Draw two workers, one of them dead, and the store with what is written and what is not."""
    figure, axes = plt.subplots(figsize=(6.4, 4.6))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.2, 7.6)
    axes.axis("off")
    axes.text(0.2, 7.2, "begin", color=INK, fontsize=LARGE, fontweight="bold")
    axes.text(0.2, 6.8, "writes down what is due", color=QUIET, fontsize=NORMAL)
    axes.text(5.0, 7.2, "work", color=INK, fontsize=LARGE, fontweight="bold", ha="center")
    axes.text(5.0, 6.8, "as often as need be", color=QUIET, fontsize=NORMAL, ha="center")
    axes.text(9.8, 7.2, "verify", color=INK, fontsize=LARGE, fontweight="bold", ha="right")
    axes.text(9.8, 6.8, "counts rows", color=QUIET, fontsize=NORMAL, ha="right")

    box(axes, (3.7, 5.5), (2.1, 0.9), "a worker", _WORKER)
    box(axes, (6.5, 5.5), (2.1, 0.9), "a worker", QUIET)
    axes.plot([5.5, 7.5], [5.1, 5.9], color=_DEAD, linewidth=3)
    axes.text(6.5, 4.65, "dies: its part is still due", color=INK, fontsize=NORMAL, ha="center")

    _store(axes)
    arrow(axes, (1.5, 6.6), (1.5, 3.35))
    arrow(axes, (3.7, 5.0), (4.45, 2.25))
    axes.text(4.25, 3.65, "writes a part whole,\nunder its own name", color=INK, fontsize=NORMAL)
    arrow(axes, (9.1, 3.35), (9.1, 6.6))
    return figure


def _store(axes: Axes) -> None:
    """Draw the folder or bucket, with four partitions written of six."""
    axes.plot(
        [0.2, 9.8, 9.8, 0.2, 0.2], [0.1, 0.1, 3.3, 3.3, 0.1], color=QUIET, linewidth=1, zorder=0
    )
    axes.text(9.6, 2.95, "a folder, or a bucket", color=QUIET, fontsize=NORMAL, ha="right")
    box(axes, (1.5, 1.95), (2.0, 0.8), "manifest", _MANIFEST)
    axes.text(
        1.5, 1.35, "requests\nand settings", color=INK, fontsize=NORMAL, ha="center", va="top"
    )
    for number, written in enumerate((True, True, False, True, True, False)):
        x = 3.35 + 1.15 * number
        box(axes, (x, 1.75), (0.95, 0.8), f"part\n{number}", _PARTITION if written else None)
        axes.text(x, 1.1, "rows" if written else "due", color=INK, fontsize=NORMAL, ha="center")
    axes.text(
        6.3,
        0.35,
        "what is not there is what is left to do",
        color=QUIET,
        fontsize=NORMAL,
        ha="center",
    )
