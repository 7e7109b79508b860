"""Explanatory diagrams, drawn by code in the course's style."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from seispipe.teaching.figures import BLUE, INK, LARGE, NORMAL, QUIET, SMALL, STAGE_COLOURS

# What leaves each stage.
STAGES = {
    "inventory": "the response in force",
    "waveforms": "counts, whole or not at all",
    "correction": "ground velocity",
    "picking": "the P onset, or none",
    "trimming": "signal and noise windows",
    "frequency": "spectrum, corner, plateau",
}


def draw_pipeline() -> Figure:
    """Draw the six stages from request to row, with what passes between them."""
    figure, axes = plt.subplots(figsize=(6.4, 5.4))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.6, 7.6)
    axes.axis("off")
    heights = dict(zip(STAGES, range(6, 0, -1), strict=True))
    _chip(axes, "request", 7.0, "which channel, from when to when")
    for stage, leaves in STAGES.items():
        height = heights[stage]
        box(axes, (1.9, height - 0.02), (2.6, 0.6), stage, STAGE_COLOURS[stage])
        axes.text(3.55, height - 0.02, leaves, color=INK, fontsize=NORMAL, va="center")
        arrow(axes, (1.9, height + 0.66), (1.9, height + 0.32))
        axes.annotate(
            "",
            (8.6, height - 0.02),
            (7.6, height - 0.02),
            arrowprops={"arrowstyle": "->", "color": QUIET, "linestyle": "--"},
        )
    arrow(axes, (1.9, 0.66), (1.9, 0.32))
    _chip(axes, "row", 0.0, "ok, or a status and a reason")
    axes.plot([8.75, 8.75], [6.2, 0.0], color=QUIET, linestyle="--", linewidth=1)
    axes.annotate("", (6.9, 0.0), (8.75, 0.0), arrowprops={"arrowstyle": "->", "color": QUIET})
    axes.text(9.0, 3.4, "what cannot be done", color=QUIET, rotation=270, va="center")
    return figure


def _chip(axes, text: str, height: float, about: str) -> None:
    axes.text(
        1.9,
        height,
        text,
        color=INK,
        fontsize=LARGE,
        fontweight="bold",
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": INK},
    )
    axes.text(3.55, height, about, color=INK, fontsize=NORMAL, va="center")


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow from one point to another."""
    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": QUIET})


def draw_decision() -> Figure:
    """Draw where to run: three questions, and where each answer leads."""
    figure, axes = plt.subplots(figsize=(6.4, 5.2))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.2, 8.2)
    axes.axis("off")
    questions = [
        (7.3, "Does it finish on your\nown machine in a night?", "yes", "your own machine", "no"),
        (5.0, "Must its parts talk to\neach other all the time?", "yes", "an HPC cluster", "no"),
        (
            2.7,
            "Where are the data?",
            "campus\ndisk",
            "the cluster beside it",
            "a provider's region",
        ),
    ]
    for height, question, answer, place, otherwise in questions:
        box(axes, (2.25, height), (3.9, 1.2), question)
        arrow(axes, (4.25, height), (6.0, height))
        axes.text(5.05, height + 0.1, answer, color=QUIET, fontsize=SMALL, ha="center", va="bottom")
        box(axes, (7.95, height), (3.8, 0.9), place, BLUE)
        arrow(axes, (2.25, height - 0.65), (2.25, height - 1.6))
        axes.text(2.4, height - 1.1, otherwise, color=QUIET, fontsize=SMALL, va="center")
    box(
        axes,
        (2.2, 0.6),
        (3.8, 0.9),
        "in that region: a shared\nhub, then rented machines",
        BLUE,
    )
    return figure


def box(
    axes: Axes,
    middle: tuple[float, float],
    size: tuple[float, float],
    text: str,
    colour: str | None = None,
    fontsize: float = NORMAL,
) -> None:
    """Draw a rounded box with text in it: filled with a colour, else white with a dark edge."""
    (x, y), (width, height) = middle, size
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0.02,rounding_size=0.15",
            facecolor=colour or "white",
            edgecolor="none" if colour else INK,
            linewidth=1.2,
        )
    )
    ink = "white" if colour else INK
    axes.text(x, y, text, color=ink, fontsize=fontsize, ha="center", va="center")
