"""One look for every figure of the course.

Colours are those of Okabe and Ito, which stay apart for colour-blind readers; each thing keeps its
colour throughout the course.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats
from obspy import Trace, UTCDateTime

#: Letters and edges.
INK = "#1f2933"
#: Axes, arrows and remarks, which are there without being the point.
QUIET = "#6b7280"

# Hues of Okabe and Ito, darkened so that white letters can stand on them. They stay apart for
# colour-blind readers, which tests/unit/test_figures.py measures.
BLUE, RUST, GREEN = "#0072b2", "#b84e00", "#00634a"
PLUM, OLIVE, SLATE = "#8b4570", "#3e3100", "#353b42"
# Light ones, for areas without letters.
AMBER, SKY, PINK = "#e69f00", "#56b4e9", "#cc79a7"
#: Grounds to write on, in the order blue, rust, green, slate.
PALE = ("#cfe3f1", "#f6d5bd", "#cdeae0", "#e5e7eb")
#: There, and doing nothing.
IDLE = "#dde1e6"

#: Signals, and what is marked in them.
COLOURS = {
    "counts": "#56606b",
    "motion": BLUE,
    "noise": "#8a8f98",
    "P": "#d55e00",
    "S": "#009e73",
    "trigger": PINK,
    "window": "#f0e442",
    "model": "#d55e00",
}
#: The stages of the pipeline.
STAGE_COLOURS = {
    "inventory": SLATE,
    "waveforms": PLUM,
    "correction": BLUE,
    "picking": RUST,
    "trimming": OLIVE,
    "frequency": GREEN,
}
#: Workers, or the cores they run on, by number; after the last it begins anew.
WORKERS = (BLUE, RUST, PLUM, GREEN, SLATE, OLIVE)
#: Who is who in a cluster, and the data that go between them.
ROLES = {"client": SLATE, "scheduler": PLUM, "worker": BLUE, "store": GREEN, "data": RUST}
#: Ways of running.
WAYS = {"serial": SLATE, "threads": BLUE, "asyncio": PLUM, "processes": RUST, "dask": GREEN}
#: What a program is doing.
ACTIVITIES = {
    "listing": SLATE,
    "downloading": AMBER,
    "reading": SKY,
    "computing": BLUE,
    "writing": PINK,
}
#: What became of an attempt, as a colour and a hatch.
OUTCOMES = {
    "done once": (BLUE, ""),
    "done, and lost": ("#b8c9d9", "////"),
    "cut off": (PINK, "xxxx"),
    "done again": (AMBER, ""),
}

# Sizes of letters, in points: a figure is as wide as a phone, where smaller ones cannot be read.
SMALL, NORMAL, LARGE = 9, 10, 11

_STYLE = {
    # Narrow, so that the letters stay legible on a phone.
    "figure.figsize": (6.4, 3.0),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": LARGE,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": NORMAL,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "font.family": "DejaVu Sans",
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 0.9,
    # The same figure gives the same bytes, whenever it is drawn.
    "svg.hashsalt": "seispipe",
    "path.simplify_threshold": 0.5,
}


def use_style() -> None:
    """Draw all further figures of this notebook in the course's style, as SVG."""
    plt.rcParams.update(_STYLE)
    set_matplotlib_formats("svg", metadata={"Date": None})


def plot_trace(
    axes: Axes,
    trace: Trace,
    colour: str,
    *,
    zero: UTCDateTime | None = None,
    scale: float = 1.0,
    label: str | None = None,
) -> None:
    """Draw a trace against seconds.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    trace : Trace
        The samples.
    colour : str
        A key of :data:`COLOURS`.
    zero : UTCDateTime, optional
        The time that counts as zero; by default the trace's first sample.
    scale : float
        What the samples are multiplied by, such as 1e6 to show µm/s.
    label : str, optional
        Text for the legend.
    """
    shift = 0.0 if zero is None else trace.stats.starttime - zero
    axes.plot(shift + trace.times(), trace.data * scale, color=COLOURS[colour], label=label)
    axes.margins(x=0)


def mark_time(axes: Axes, seconds: float, colour: str, text: str) -> None:
    """Draw a vertical line with its name at the top."""
    axes.axvline(seconds, color=COLOURS[colour], linewidth=1.4)
    axes.annotate(
        text,
        (seconds, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(4, -3),
        textcoords="offset points",
        color=INK,
        fontweight="bold",
        va="top",
    )


def symmetric(axes: Axes, values: np.ndarray) -> None:
    """Set the vertical axis so that zero lies in its middle."""
    reach = 1.1 * float(np.abs(values).max())
    axes.set_ylim(-reach, reach)
