"""How many tasks are in progress, and how many of them run: concurrency and parallelism as numbers.

Both are averages over time, and both are worked out from the spans that
:mod:`seispipe.teaching.timeline` notes.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from seispipe.teaching.figures import QUIET, SMALL
from seispipe.teaching.timeline import Span, draw_timeline, legend_handles, running_at_once

_LEGEND_COLUMNS = 4


@dataclass(frozen=True)
class Overlap:
    """How much the tasks of one run overlap.

    Attributes
    ----------
    in_progress : float
        How many tasks were begun and not finished, on average. Above 1 the run is concurrent.
    running : float
        How many tasks ran at the same moment, on average over the time in which any ran. Above 1
        the run is parallel.
    """

    in_progress: float
    running: float

    def __str__(self) -> str:
        return f"{self.in_progress:.1f} in progress, {self.running:.1f} running"


def in_progress(spans: Iterable[Span]) -> list[Span]:
    """Return one span a task, from its first beginning to its last end, pauses included.

    Parameters
    ----------
    spans : iterable of Span
        What the watches noted.

    Returns
    -------
    list of Span
        In the order in which the tasks began.
    """
    whole: dict[str, Span] = {}
    for span in sorted(spans, key=lambda span: span.start):
        first = whole.setdefault(span.task, span)
        end = max(first.end, span.end)
        whole[span.task] = Span(span.task, first.worker, None, first.start, end)
    return list(whole.values())


def overlap(spans: Sequence[Span]) -> Overlap:
    """Work out both numbers of one run.

    Parameters
    ----------
    spans : sequence of Span
        What the watches noted.

    Returns
    -------
    Overlap

    Raises
    ------
    ValueError
        If there are no spans.
    """
    return Overlap(running_at_once(in_progress(spans)), running_at_once(spans))


def most_at_once(
    way: Callable[[], Sequence[Span]], tries: int = 5, enough: float = math.inf
) -> Sequence[Span]:
    """Run something several times and return the spans of the run that was most parallel.

    One run is enough to show that something can happen; that it never does takes the best of many.
    Of runs that are equally parallel, to one decimal, the most concurrent is taken.

    Parameters
    ----------
    way : callable
        Does the work and returns its spans.
    tries : int
        How often, at most.
    enough : float
        No more tries once so many ran at the same moment.

    Returns
    -------
    sequence of Span
        Those of one run.

    Raises
    ------
    ValueError
        If there is nothing to try.
    """
    if tries < 1:
        raise ValueError(f"tries must be positive, but is {tries}")

    best: Sequence[Span] = []
    rank = (0.0, 0.0)
    for _ in range(tries):
        spans = way()
        both = overlap(spans)
        if (round(both.running, 1), both.in_progress) > rank:
            best, rank = spans, (round(both.running, 1), both.in_progress)
        if both.running >= enough:
            break
    return best


def turns(spans: Iterable[Span]) -> int:
    """Count how often another task took over.

    Parameters
    ----------
    spans : iterable of Span
        What the watches noted.

    Returns
    -------
    int
        How often a span belongs to another task than the span that began before it.
    """
    order = [span.task for span in sorted(spans, key=lambda span: span.start)]
    return sum(before != after for before, after in pairwise(order))


def draw_timelines(timelines: Mapping[str, Sequence[Span]], *, share: bool = True) -> Figure:
    """Draw one timeline below the other, with both numbers beside each title and one legend.

    Parameters
    ----------
    timelines : mapping of str to sequence of Span
        The spans of each run, by title.
    share : bool
        Give all the same axis of time, so that lengths can be compared.

    Returns
    -------
    Figure
    """
    rows = [len({span.task for span in spans}) for spans in timelines.values()]
    handles = legend_handles(chain.from_iterable(timelines.values()))
    legend_rows = math.ceil(len(handles) / _LEGEND_COLUMNS)
    height = sum(0.42 + 0.2 * count + (0 if share else 0.2) for count in rows)
    height += 0.55 + 0.2 * legend_rows
    figure, axes = plt.subplots(
        len(rows),
        1,
        figsize=(6.4, height),
        sharex=share,
        squeeze=False,
        layout="constrained",
        gridspec_kw={"height_ratios": rows},
    )
    lengths = [
        1000 * (max(span.end for span in spans) - min(span.start for span in spans))
        for spans in timelines.values()
    ]
    for ax, length, (title, spans) in zip(axes[:, 0], lengths, timelines.items(), strict=True):
        draw_timeline(spans, ax, legend=False)
        ax.set_title(title, loc="left")
        ax.set_title(
            str(overlap(spans)), loc="right", fontsize=SMALL, fontweight="normal", color=QUIET
        )
        ax.set_xlim(0, 1.02 * (max(lengths) if share else length))
        ax.set_xlabel("")
    axes[-1, 0].set_xlabel("milliseconds since the first began")
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=_LEGEND_COLUMNS,
        labelcolor=QUIET,
        handlelength=1.0,
        columnspacing=1.0,
    )
    return figure
