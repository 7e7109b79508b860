"""One look for every figure of the course.

Colours are those of Okabe and Ito, which stay apart for colour-blind readers; each thing keeps its
colour throughout the course.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats
from obspy import Trace, UTCDateTime

INK = "#1f2933"
QUIET = "#6b7280"
COLOURS = {
    "counts": "#56606b",
    "motion": "#0072b2",
    "noise": "#8a8f98",
    "P": "#d55e00",
    "S": "#009e73",
    "trigger": "#cc79a7",
    "window": "#f0e442",
    "model": "#d55e00",
}

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
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 10,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "font.family": "DejaVu Sans",
    "legend.frameon": False,
    "legend.fontsize": 9,
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
        color=COLOURS[colour],
        fontweight="bold",
        va="top",
    )


def symmetric(axes: Axes, values: np.ndarray) -> None:
    """Set the vertical axis so that zero lies in its middle."""
    reach = 1.1 * float(np.abs(values).max())
    axes.set_ylim(-reach, reach)
