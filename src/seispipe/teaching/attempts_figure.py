"""The picture of a run in which a process was killed: what was done, lost, and done again."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from seispipe.teaching.attempts import Attempt
from seispipe.teaching.figures import COLOURS, INK, OUTCOMES


def fate(attempt: Attempt, attempts: Sequence[Attempt], killed: int) -> str:
    """Say what became of an attempt in a run in which a process was killed.

    Parameters
    ----------
    attempt : Attempt
        Which.
    attempts : sequence of Attempt
        All of the run.
    killed : int
        The number of the process that was killed.

    Returns
    -------
    str
        ``done once``, ``done, and lost`` with the process that held the result, ``cut off`` by
        its death, or ``done again``.
    """
    if attempt.process == killed:
        return "cut off" if attempt.end is None else "done, and lost"
    again = any(
        other.task == attempt.task and other.process == killed and other.start < attempt.start
        for other in attempts
    )
    return "done again" if again else "done once"


def draw_attempts(
    attempts: Sequence[Attempt],
    killed: int,
    when: float,
    axes: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw who worked on what when, one row a process, and what became of it.

    Parameters
    ----------
    attempts : sequence of Attempt
        All of the run.
    killed : int
        The number of the process that was killed.
    when : float
        The time at which it was killed, on the clock of the attempts.
    axes : Axes, optional
        Where to draw; by default in a new figure.
    title : str
        What to write above.

    Returns
    -------
    Axes
    """
    processes = list(dict.fromkeys(attempt.process for attempt in attempts))
    if axes is None:
        _, axes = plt.subplots(figsize=(6.4, 1.5 + 0.45 * len(processes)))
    zero = min(attempt.start for attempt in attempts)
    shown = set()
    for attempt in attempts:
        what = fate(attempt, attempts, killed)
        shown.add(what)
        colour, hatch = OUTCOMES[what]
        end = when if attempt.end is None else attempt.end
        axes.barh(
            processes.index(attempt.process),
            end - attempt.start,
            left=attempt.start - zero,
            height=0.7,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.8,
        )
    row = processes.index(killed)
    axes.plot([when - zero] * 2, [row - 0.55, row + 0.55], color=COLOURS["P"], linewidth=2.2)
    axes.annotate(
        "killed",
        (when - zero, row),
        xytext=(6, 0),
        textcoords="offset points",
        color=INK,
        fontweight="bold",
        va="center",
    )
    axes.set_yticks(
        range(len(processes)), [f"process {number + 1}" for number in range(len(processes))]
    )
    axes.set_ylim(len(processes) - 0.4, -0.7)
    axes.set_xlim(left=0)
    axes.set_xlabel("seconds since the first task began")
    axes.set_title(title)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.figure.legend(
        handles=[
            Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=what)
            for what, (colour, hatch) in OUTCOMES.items()
            if what in shown
        ],
        loc="outside lower center",
        ncols=4,
        handlelength=1.6,
        columnspacing=1.2,
    )
    return axes
