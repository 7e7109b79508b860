"""Where the time goes: look many times a second at what every thread is doing.

A sampler in a thread of its own reads the call stacks of all others and notes in which function
each of them is. Nothing in the code that is watched has to be changed.
"""

import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from seispipe.teaching.figures import ACTIVITIES, INK, QUIET

# Functions by module and name, and what a thread does that is in them. The innermost one counts.
DOING = {
    "traditional.find_keys": "listing",
    "download._one": "downloading",
    "objects.get_waveforms": "reading",
    "objects._segments": "reading",
    "objects.get_stations": "reading",
    "traditional.read_trace": "reading",
    "objects._read": "computing",  # decoding what was read
    "traditional.correct_all": "computing",
    "traditional.pick_all": "computing",
    "traditional.trim_all": "computing",
    "traditional.measure_all": "computing",
    "batches.process_stations": "computing",
    "traditional.write_trace": "writing",
    "results.write_csv": "writing",
    "results.write_quakeml": "writing",
    "in_place.write_partition": "writing",
}


@dataclass
class Stretch:
    """A stretch of time in which a thread did one thing.

    Attributes
    ----------
    lane : int
        The row in which it is drawn; a thread takes the first that is free.
    activity : str
        What it did.
    start, end : float
        Seconds since the sampler began.
    """

    lane: int
    activity: str
    start: float
    end: float


class Sampler:
    """Samples what all threads do for the length of a ``with`` block.

    Parameters
    ----------
    activities : mapping of str to str
        What a thread does that is in a function; by default :data:`DOING`.
    every_s : float
        How long to wait between two looks.

    Attributes
    ----------
    stretches : list of Stretch
        What was seen, in the order of its beginning.
    seconds : float
        How long the block took.
    """

    def __init__(self, activities: Mapping[str, str] | None = None, every_s: float = 0.004) -> None:
        self.activities = DOING if activities is None else activities
        self.every_s = every_s
        self.stretches: list[Stretch] = []
        self.seconds = 0.0
        self._open: dict[int, Stretch] = {}
        self._lanes: dict[int, int] = {}
        self._stop = threading.Event()

    def __enter__(self) -> "Sampler":
        self._begin = time.perf_counter()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        self._thread.join()
        self.seconds = time.perf_counter() - self._begin

    def totals(self) -> dict[str, float]:
        """Return the seconds of each activity, those of all threads together."""
        totals: dict[str, float] = {}
        for stretch in self.stretches:
            length = stretch.end - stretch.start
            totals[stretch.activity] = totals.get(stretch.activity, 0.0) + length
        return totals

    def _sample(self) -> None:
        last = self._now()
        while not self._stop.wait(self.every_s):
            seen = {}
            for thread, frame in sys._current_frames().items():
                activity = self._activity(frame)
                if activity is not None:
                    seen[thread] = activity
            self._note(seen, last, self._now())
            last = self._now()

    def _note(self, seen: Mapping[int, str], last: float, now: float) -> None:
        """Add what was seen at one look, which stands for the time since the last one."""
        for thread in self._lanes.keys() - seen.keys():
            self._open.pop(thread, None)
            del self._lanes[thread]
        for thread, activity in seen.items():
            if thread not in self._lanes:
                taken = set(self._lanes.values())
                self._lanes[thread] = next(
                    lane for lane in range(len(taken) + 1) if lane not in taken
                )
            open_one = self._open.get(thread)
            if open_one is not None and open_one.activity == activity:
                open_one.end = now
            else:
                self._open[thread] = Stretch(self._lanes[thread], activity, last, now)
                self.stretches.append(self._open[thread])

    def _activity(self, frame: FrameType | None) -> str | None:
        while frame is not None:
            code = frame.f_code
            name = f"{Path(code.co_filename).stem}.{code.co_name}"
            if name in self.activities:
                return self.activities[name]
            frame = frame.f_back
        return None

    def _now(self) -> float:
        return time.perf_counter() - self._begin


def draw_activities(runs: Mapping[str, Sequence[Stretch]]) -> Figure:
    """Draw who did what when, one panel a run with one row a thread, on one axis of time.

    Parameters
    ----------
    runs : mapping of str to sequence of Stretch
        The stretches of each run, by title.

    Returns
    -------
    Figure
    """
    rows = [1 + max(stretch.lane for stretch in stretches) for stretches in runs.values()]
    figure, axes = plt.subplots(
        len(rows),
        1,
        figsize=(6.4, 0.9 + sum(0.42 + 0.075 * count for count in rows)),
        sharex=True,
        squeeze=False,
        gridspec_kw={"height_ratios": [count + 2 for count in rows]},
    )
    for ax, (title, stretches), count in zip(axes[:, 0], runs.items(), rows, strict=True):
        for activity, colour in ACTIVITIES.items():
            own = [each for each in stretches if each.activity == activity]
            ax.barh(
                [each.lane for each in own],
                [each.end - each.start for each in own],
                left=[each.start for each in own],
                height=1.0,
                color=colour,
            )
        end = max(each.end for each in stretches)
        ax.axvline(end, color=INK, linewidth=1)
        ax.set_ylim(count + 0.2, -1.2)
        ax.set_yticks([])
        ax.set_title(title, loc="left")
        ax.set_ylabel("threads", color=QUIET)
    longest = max(each.end for stretches in runs.values() for each in stretches)
    axes[-1, 0].set_xlim(0, 1.02 * longest)
    axes[-1, 0].set_xlabel("seconds")
    seen = {each.activity for stretches in runs.values() for each in stretches}
    figure.legend(
        handles=[Patch(color=c, label=name) for name, c in ACTIVITIES.items() if name in seen],
        loc="outside lower center",
        ncols=len(ACTIVITIES),
        labelcolor=QUIET,
        handlelength=1.0,
        columnspacing=1.0,
    )
    return figure
