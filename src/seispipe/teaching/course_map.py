"""The map of the course, as a figure."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from seispipe.teaching.figures import INK, QUIET


@dataclass(frozen=True)
class Lesson:
    """One box on the map.

    Attributes
    ----------
    title : str
        At most two lines.
    file : str or None
        The lesson's entry in ``_toc.yml``; None while it is in preparation.
    """

    title: str
    file: str | None = None


PARTS: dict[str, tuple[str, list[Lesson]]] = {
    "Start": (
        "#0072b2",
        [
            Lesson("Set up", "book/start/set-up"),
            Lesson("A real\nearthquake", "notebooks/01-a-real-earthquake"),
            Lesson("Cloud\nand HPC"),
            Lesson("Data\ngravity"),
        ],
    ),
    "Build": (
        "#009e73",
        [
            Lesson("The teaching\narchive", "book/build/teaching-archive"),
            Lesson("Inventory,\nwaveforms"),
            Lesson("Correction,\npicking"),
            Lesson("Trimming,\nfrequency"),
        ],
    ),
    "Scale": (
        "#d55e00",
        [
            Lesson("Processes\nand threads"),
            Lesson("Graphs\n(DAGs)"),
            Lesson("Dask"),
            Lesson("Clusters\nand clouds"),
        ],
    ),
}


def draw_course_map() -> Figure:
    """Draw the lessons, a row a part; dashed boxes are still in preparation."""
    figure, axes = plt.subplots(figsize=(6.4, 3.3))
    axes.set_xlim(-0.75, 4.0)
    axes.set_ylim(-0.35, 3.05)
    axes.axis("off")
    for row, (part, (colour, lessons)) in enumerate(PARTS.items()):
        height = 2.0 - row
        axes.text(
            -0.72, height + 0.36, part, color=colour, fontsize=14, fontweight="bold", va="center"
        )
        for column, lesson in enumerate(lessons):
            ready = lesson.file is not None
            axes.add_patch(
                FancyBboxPatch(
                    (column + 0.08, height + 0.06),
                    0.78,
                    0.6,
                    boxstyle="round,pad=0.02,rounding_size=0.08",
                    facecolor=colour if ready else "white",
                    edgecolor=colour,
                    linewidth=1.4,
                    linestyle="-" if ready else (0, (4, 3)),
                )
            )
            axes.text(
                column + 0.47,
                height + 0.36,
                lesson.title,
                color="white" if ready else INK,
                fontsize=9,
                ha="center",
                va="center",
            )
            if column:
                axes.annotate(
                    "",
                    (column + 0.05, height + 0.36),
                    (column - 0.11, height + 0.36),
                    arrowprops={"arrowstyle": "->", "color": QUIET},
                )
    axes.text(0.08, -0.28, "filled: ready to read and run", color=QUIET, fontsize=9)
    axes.text(2.08, -0.28, "dashed: in preparation", color=QUIET, fontsize=9)
    return figure
