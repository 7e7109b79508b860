"""Who ran when: a watch that tasks carry, and the figure drawn from what it noted.

A task is cut into short slices, and each slice runs under :meth:`Watch.running`. A slice that took
longer by the clock than on the processor was interrupted: another thread held the interpreter, or
another process the core. What is drawn is therefore when a task really ran, not when it was begun.
"""

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from seispipe.teaching.figures import IDLE, INK, QUIET, WORKERS

# Slices that follow one another within this time are drawn as one.
_JOIN_S = 0.0003
# A slice that did not run for so long was interrupted; the two clocks differ by less.
_INTERRUPTED_S = 0.0001


@dataclass(frozen=True)
class Span:
    """A stretch of time in which one task ran without a pause.

    Attributes
    ----------
    task : str
        The task's name.
    worker : str
        The process and the thread that ran it, such as ``4711/139872``.
    core : int or None
        The core at its end; None where the system does not tell.
    start, end : float
        Seconds on the clock that all processes of a machine share.
    """

    task: str
    worker: str
    core: int | None
    start: float
    end: float


@dataclass
class Watch:
    """Notes when one task runs.

    Attributes
    ----------
    task : str
        The task's name.
    spans : list of Span
        What it has noted so far, in the order of time.
    """

    task: str
    spans: list[Span] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Note the time of a ``with`` block, less what it stood still in between."""
        start, used = time.perf_counter(), time.thread_time()
        yield
        end = time.perf_counter()
        used = min(time.thread_time() - used, end - start)
        if end - start - used > _INTERRUPTED_S:
            # Where in the slice the pause lay is not known; slices are short beside the pauses.
            start = end - used
        worker = f"{os.getpid()}/{threading.get_native_id()}"
        span = Span(self.task, worker, core(), start, end)
        last = self.spans[-1] if self.spans else None
        if (
            last
            and start - last.end < _JOIN_S
            and (last.worker, last.core) == (span.worker, span.core)
        ):
            self.spans[-1] = Span(self.task, worker, span.core, last.start, end)
        else:
            self.spans.append(span)


def core() -> int | None:
    """Return the number of the core that this thread runs on, or None where nobody tells."""
    if not sys.platform.startswith("linux"):
        return None
    return _libc().sched_getcpu()


@cache
def _libc() -> ctypes.PyDLL:
    # PyDLL does not release the interpreter lock: asking must not be a chance to lose it.
    return ctypes.PyDLL(None)


def running_at_once(spans: Iterable[Span]) -> float:
    """Return how many tasks ran at the same time, on average over the time in which any ran.

    Parameters
    ----------
    spans : iterable of Span
        What the watches noted.

    Returns
    -------
    float
        At least 1: exactly 1 where they took turns, 2 where two ran all the time.

    Raises
    ------
    ValueError
        If there are no spans.
    """
    spans = sorted(spans, key=lambda span: span.start)
    if not spans:
        raise ValueError("there are no spans: nothing ran under a watch")
    total = sum(span.end - span.start for span in spans)
    covered, reach = 0.0, spans[0].start
    for span in spans:
        covered += max(0.0, span.end - max(span.start, reach))
        reach = max(reach, span.end)
    return total / covered


def draw_timeline(
    spans: Sequence[Span], axes: Axes | None = None, title: str = "", *, legend: bool = True
) -> Axes:
    """Draw one row a task: dark where it ran, by core, and pale where it was begun and stood still.

    Parameters
    ----------
    spans : sequence of Span
        What the watches noted.
    axes : Axes, optional
        Where to draw; by default in a new figure.
    title : str
        What to write above.
    legend : bool
        Whether to explain the colours, above.

    Returns
    -------
    Axes
    """
    if axes is None:
        _, axes = plt.subplots(figsize=(6.4, 0.55 + 0.4 * len({span.task for span in spans})))
    zero = min(span.start for span in spans)
    tasks = list(dict.fromkeys(span.task for span in sorted(spans, key=lambda span: span.start)))
    for row, task in enumerate(tasks):
        own = [span for span in spans if span.task == task]
        begin, end = min(span.start for span in own), max(span.end for span in own)
        axes.barh(row, 1000 * (end - begin), left=1000 * (begin - zero), height=0.62, color=IDLE)
        for span in own:
            axes.barh(
                row,
                1000 * (span.end - span.start),
                left=1000 * (span.start - zero),
                height=0.62,
                color=_colour(span.core),
            )
    axes.set_yticks(range(len(tasks)), tasks)
    axes.set_ylim(len(tasks) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.set_xlabel("milliseconds since the first began")
    axes.set_title(title)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    if legend:
        handles = legend_handles(spans)
        axes.legend(
            handles=handles,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=len(handles),
            labelcolor=QUIET,
            handlelength=1.0,
            columnspacing=1.0,
            borderaxespad=0.1,
        )
    return axes


def legend_handles(spans: Iterable[Span]) -> list[Patch]:
    """Return what a legend of some spans explains: each core, then what stood still."""
    cores = sorted({span.core for span in spans}, key=lambda core: (core is None, core))
    handles = [
        Patch(color=_colour(core), label="ran" if core is None else f"ran on core {core}")
        for core in cores
    ]
    return [*handles, Patch(color=IDLE, label="begun, not running")]


def _colour(core: int | None) -> str:
    return WORKERS[(core or 0) % len(WORKERS)]
