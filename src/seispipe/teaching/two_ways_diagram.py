"""What the two ways of working leave on a disk, drawn side by side."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from seispipe.teaching.diagrams import box
from seispipe.teaching.figures import BLUE, INK, LARGE, NORMAL, QUIET, RUST, SLATE

_ARCHIVE, _DISK, _MEMORY = SLATE, RUST, BLUE
_LEFT, _RIGHT = 2.3, 7.6
# What lies on the disk, and what is done to it next.
_FILES = (
    ("whole objects", "read, correct"),
    ("corrected traces", "pick"),
    ("picks (CSV)", "trim"),
    ("trimmed traces", "measure"),
    ("rows (CSV)", ""),
)


def draw_two_ways() -> Figure:
    """Draw downloading first and working in place, from the archive to the rows."""
    figure, axes = plt.subplots(figsize=(6.4, 5.4))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.5, 9.3)
    axes.axis("off")
    box(axes, (4.95, 8.7), (9.3, 0.75), "the archive: an object for each channel and day", _ARCHIVE)
    axes.plot([0.1, 9.9], [7.55, 7.55], color=QUIET, linestyle="--", linewidth=1)
    axes.text((_LEFT + _RIGHT) / 2, 7.63, "the line", color=QUIET, fontsize=NORMAL, ha="center")
    for x, name in ((_LEFT, "download first"), (_RIGHT, "in place")):
        axes.text(x - 0.3, 7.9, name, color=INK, fontsize=LARGE, fontweight="bold", ha="right")

    _down(axes, _LEFT, 8.3, 6.62, "all of each object", width=5)
    heights = [6.2 - 1.45 * number for number in range(len(_FILES))]
    for height, (name, then) in zip(heights, _FILES, strict=True):
        box(axes, (_LEFT, height), (3.6, 0.72), name, _DISK)
        if then:
            _down(axes, _LEFT, height - 0.4, height - 1.05, then)

    _down(axes, _RIGHT, 8.3, 6.62, "the records needed", width=1)
    box(
        axes,
        (_RIGHT, 4.025),
        (4.0, 5.1),
        "all six stages,\none after the other,\nfor sixteen stations\nat the same time",
        _MEMORY,
    )
    _down(axes, _RIGHT, 1.4, 0.8, "a partition at a time")
    box(axes, (_RIGHT, heights[-1]), (4.0, 0.72), "rows (Parquet, QuakeML)", _DISK)
    figure.legend(
        handles=[Patch(color=_DISK, label="on your disk"), Patch(color=_MEMORY, label="in memory")],
        loc="outside lower center",
        ncols=2,
        labelcolor=QUIET,
        handlelength=1.0,
    )
    return figure


def _down(axes: Axes, x: float, top: float, bottom: float, text: str, width: float = 1.2) -> None:
    """Draw an arrow downwards, with what passes along it to its right."""
    axes.annotate(
        "",
        (x, bottom),
        (x, top),
        arrowprops={
            "arrowstyle": "-|>",
            "color": QUIET,
            "linewidth": width,
            "mutation_scale": 12 + 2 * width,
        },
    )
    # Beside the lower end, so that it does not meet what the arrow crosses.
    axes.text(x + 0.25, bottom + 0.12, text, color=INK, fontsize=NORMAL, va="bottom", ha="left")
