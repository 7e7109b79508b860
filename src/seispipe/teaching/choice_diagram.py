"""Threads, processes or neither: the questions that decide, as a figure."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seispipe.teaching.diagrams import arrow, box
from seispipe.teaching.figures import QUIET, SMALL, WAYS

# Where the questions lead, each with its colour (Okabe and Ito, darkened for white letters).
ENDS = {
    "stay serial": WAYS["serial"],
    "Dask, a cluster": WAYS["dask"],
    "threads": WAYS["threads"],
    "asyncio": WAYS["asyncio"],
    "processes": WAYS["processes"],
}
# Height, question, the answer that leads aside, where to, the answer that leads on.
QUESTIONS = [
    (11.0, "Is one core fast enough,\nonce the work is cheap?", "yes", "stay serial", "no"),
    (8.9, "Does it fit on one machine?", "no", "Dask, a cluster", "yes"),
    (6.8, "Does it mostly wait?", "yes", "threads", "no, it computes"),
    (4.1, "Does it let go of the GIL,\nand is all of it thread-safe?", "both", "threads", "no"),
    (2.0, "Does it take much longer\nthan starting processes?", "no", "stay serial", "yes"),
]
_TRUNK, _RIGHT = 2.45, 8.15
_QUESTION, _END = (4.5, 1.15), (3.1, 0.8)
_GAP = 0.06


def draw_choice() -> Figure:
    """Draw what decides between one worker, threads, processes, asyncio and several machines."""
    figure, axes = plt.subplots(figsize=(5.2, 6.8))
    axes.set_xlim(0, 10)
    axes.set_ylim(-0.3, 11.7)
    axes.axis("off")
    last = 0.2
    for place, (height, question, aside, end, onward) in enumerate(QUESTIONS):
        box(axes, (_TRUNK, height), _QUESTION, question)
        left, right = _TRUNK + _QUESTION[0] / 2 + _GAP, _RIGHT - _END[0] / 2 - _GAP
        arrow(axes, (left, height), (right, height))
        _answer(axes, ((left + right) / 2, height + 0.25), aside, "center")
        box(axes, (_RIGHT, height), _END, end, ENDS[end])
        if place + 1 < len(QUESTIONS):
            top = QUESTIONS[place + 1][0] + _QUESTION[1] / 2
        else:
            top = last + _END[1] / 2
        _down(axes, _TRUNK, height - _QUESTION[1] / 2, top, onward)
    box(axes, (_TRUNK, last), _END, "processes", ENDS["processes"])
    waiting = QUESTIONS[2][0]
    _down(axes, _RIGHT - 1.1, waiting - _END[1] / 2, waiting - 1.0, "thousands at once")
    box(axes, (_RIGHT, waiting - 1.4), _END, "asyncio", ENDS["asyncio"])
    return figure


def _down(axes: Axes, x: float, start: float, end: float, answer: str) -> None:
    arrow(axes, (x, start - _GAP), (x, end + _GAP))
    _answer(axes, (x + 0.15, (start + end) / 2), answer, "left")


def _answer(axes: Axes, where: tuple[float, float], text: str, side: str) -> None:
    axes.text(*where, text, color=QUIET, fontsize=SMALL, ha=side, va="center")
