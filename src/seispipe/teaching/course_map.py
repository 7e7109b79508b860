"""The map of the course, as a figure."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
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
    files : tuple of str
        Its chapter and its notebook, as they stand in ``_toc.yml``; none while it is in
        preparation.
    """

    title: str
    files: tuple[str, ...] = ()


def _both(title: str, name: str, number: int) -> Lesson:
    """Return a lesson of the part Scale that is a chapter and the notebook beside it."""
    return Lesson(title, (f"book/scale/{name}", f"notebooks/{number:02d}-{name}"))


PARTS: dict[str, tuple[str, list[Lesson]]] = {
    "Start": (
        "#0072b2",
        [
            Lesson("Set up", ("book/start/set-up",)),
            Lesson("A real\nearthquake", ("notebooks/01-a-real-earthquake",)),
            Lesson("Cloud\nand HPC", ("book/start/cloud-and-hpc",)),
            Lesson("Data\ngravity", ("book/start/data-gravity",)),
        ],
    ),
    "Build": (
        "#007a5a",
        [
            Lesson("The pipeline", ("book/build/the-pipeline",)),
            Lesson("The teaching\narchive", ("book/build/teaching-archive",)),
            Lesson("Inventory", ("notebooks/02-inventory",)),
            Lesson("Waveforms", ("notebooks/03-waveforms",)),
            Lesson("Correction", ("notebooks/04-correction",)),
            Lesson("Picking", ("notebooks/05-picking",)),
            Lesson("Trimming", ("notebooks/06-trimming",)),
            Lesson("Frequency", ("notebooks/07-frequency",)),
            Lesson("The serial\npipeline", ("notebooks/08-the-serial-pipeline",)),
            Lesson("Right, then\ncheaper", ("notebooks/09-right-then-cheaper",)),
            Lesson("A reality\ncheck", ("notebooks/10-a-reality-check",)),
        ],
    ),
    "Scale": (
        "#b84e00",
        [
            Lesson("Data gravity,\nmeasured", ("notebooks/11-data-gravity",)),
            _both("Concurrency,\nparallelism", "concurrency-and-parallelism", 12),
            _both("Multi-\nprocessing", "multiprocessing", 13),
            _both("Multi-\nthreading", "multithreading", 14),
            _both("Choosing", "choosing", 15),
            _both("Workflows\nand DAGs", "workflows-and-dags", 16),
            Lesson(
                "Dask",
                (
                    "book/scale/dask",
                    "notebooks/17-dask-delayed-and-futures",
                    "notebooks/18-dask-collections",
                    "notebooks/19-dask-when-things-fail",
                ),
            ),
            _both("Traditional\nand cloud", "traditional-and-cloud", 20),
            _both("On a\ncluster", "on-a-cluster", 21),
            _both("When machines\nfail", "when-machines-fail", 22),
            _both("A million\nstation-days", "a-million-station-days", 23),
            Lesson("How fast\nis it?", ("book/scale/how-fast",)),
        ],
    ),
}
_COLUMNS = 4


def draw_course_map() -> Figure:
    """Draw the lessons, part after part; dashed boxes are still in preparation."""
    rows = sum(-(-len(lessons) // _COLUMNS) for _, lessons in PARTS.values())
    figure, axes = plt.subplots(figsize=(6.4, 0.85 * rows + 0.6))
    axes.set_xlim(-0.75, _COLUMNS)
    axes.set_ylim(-0.35, rows + 0.05)
    axes.axis("off")
    top = rows
    for part, (colour, lessons) in PARTS.items():
        axes.text(
            -0.72, top - 0.64, part, color=colour, fontsize=14, fontweight="bold", va="center"
        )
        for place, lesson in enumerate(lessons):
            row, column = divmod(place, _COLUMNS)
            _box(axes, column, top - row - 1.0, lesson, colour)
            if column:
                axes.annotate(
                    "",
                    (column + 0.05, top - row - 0.64),
                    (column - 0.11, top - row - 0.64),
                    arrowprops={"arrowstyle": "->", "color": QUIET},
                )
        top -= -(-len(lessons) // _COLUMNS)
    if not all(lesson.files for _, lessons in PARTS.values() for lesson in lessons):
        axes.text(0.08, -0.28, "filled: ready to read and run", color=QUIET, fontsize=9)
        axes.text(2.08, -0.28, "dashed: in preparation", color=QUIET, fontsize=9)
    return figure


def _box(axes: Axes, column: float, bottom: float, lesson: Lesson, colour: str) -> None:
    ready = bool(lesson.files)
    axes.add_patch(
        FancyBboxPatch(
            (column + 0.08, bottom + 0.06),
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
        bottom + 0.36,
        lesson.title,
        color="white" if ready else INK,
        fontsize=9,
        ha="center",
        va="center",
    )
