"""How much faster, and how much faster at most: gains, Amdahl's law, and when starting pays."""

import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from dask.system import CPU_COUNT

from seispipe.teaching.measure import Timing, compare

# Two processes of plain Python gain at least so much while nobody else needs the cores.
FREE = 1.5
_FEWEST_ROUNDS = 3


@dataclass(frozen=True)
class Gain:
    """How many times faster one way is than another, in each of several rounds.

    Attributes
    ----------
    ratios : tuple of float
        Time of the reference over time of the other way, round by round.
    """

    ratios: tuple[float, ...]

    @classmethod
    def of(cls, reference: Timing, other: Timing) -> "Gain":
        """Compare two timings round by round, so that a slow moment hits both."""
        return cls(tuple(a / b for a, b in zip(reference.seconds, other.seconds, strict=True)))

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The first and the third quartile."""
        return Timing(self.ratios).spread

    def __str__(self) -> str:
        low, high = self.spread
        return f"{self.median:.2f} ({low:.2f} to {high:.2f})"


def when_free(
    ways: Mapping[str, Callable[[], object]],
    calibration: tuple[str, str],
    enough: int = 5,
    patience_s: float = 1.0,
) -> tuple[dict[str, Timing], bool]:
    """Time several ways in turn, and count the rounds in which the cores were free.

    Whether they were is told by a calibration in each round, and so does not depend on what is
    found about the other ways.

    Parameters
    ----------
    ways : mapping of str to callable
        The ways, by name, warmed up already.
    calibration : tuple of str
        Names of two of the ways: the same work on one core and on two.
    enough : int
        How many free rounds are wanted, at least three.
    patience_s : float
        For how long they are tried for. With one core, all rounds count.

    Returns
    -------
    timings : dict of str to Timing
        Of the free rounds, or of all where there were fewer than three.
    free : bool
        Whether there were as many as three.
    """
    alone, divided = calibration
    rounds: list[dict[str, float]] = []
    counted: list[dict[str, float]] = []
    end = time.perf_counter() + patience_s
    while len(counted) < enough:
        if len(rounds) >= _FEWEST_ROUNDS and time.perf_counter() > end:
            break
        timings = compare(ways, repeats=1, warm_ups=0)
        rounds.append({name: timing.median for name, timing in timings.items()})
        if CPU_COUNT == 1 or rounds[-1][alone] >= FREE * rounds[-1][divided]:
            counted.append(rounds[-1])
    free = len(counted) >= _FEWEST_ROUNDS
    chosen = counted if free else rounds
    return {name: Timing(tuple(each[name] for each in chosen)) for name in ways}, free


def amdahl(workers: float | np.ndarray, serial_share: float) -> float | np.ndarray:
    r"""Return the speed-up of work of which a share cannot be divided.

    .. math:: S(n) = \frac{1}{s + (1 - s) / n}

    Parameters
    ----------
    workers : float or numpy.ndarray
        :math:`n`, at least 1.
    serial_share : float
        :math:`s`, from 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        From 1 to at most :math:`1 / s`.

    Raises
    ------
    ValueError
        If the share is no share.

    References
    ----------
    Amdahl, G. M. (1967). Validity of the single processor approach to achieving large scale
    computing capabilities. AFIPS Conference Proceedings, 30, 483-485. doi:10.1145/1465482.1465560
    """
    if not 0 <= serial_share <= 1:
        raise ValueError(f"the serial share must lie between 0 and 1, but is {serial_share}")
    return 1 / (serial_share + (1 - serial_share) / workers)


def serial_share(speed_ups: Mapping[int, float]) -> float:
    """Fit the serial share of Amdahl's law to measured speed-ups.

    Turned over, the law is a straight line in the share: what is left of the time, ``1 / S``, less
    the ``1 / n`` of a perfect division, is the share times ``1 - 1 / n``. The line is fitted by
    least squares.

    Parameters
    ----------
    speed_ups : mapping of int to float
        Speed-up for each number of workers; what is said of one worker does not matter.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        If there is no point with more than one worker.
    """
    points = {n: gained for n, gained in speed_ups.items() if n > 1}
    if not points:
        raise ValueError("a serial share takes at least one speed-up with more than one worker")
    workers = np.array(list(points), dtype=float)
    left_over = 1 / np.array(list(points.values())) - 1 / workers
    lever = 1 - 1 / workers
    return float(np.clip(np.sum(left_over * lever) / np.sum(lever**2), 0, 1))


def break_even_s(start_s: float, speed_up: float) -> float:
    """Return from how many seconds of work on it pays to start workers.

    Parameters
    ----------
    start_s : float
        What starting them takes, in seconds.
    speed_up : float
        How many times faster than one they are, once started.

    Returns
    -------
    float
        Seconds of work, as one takes them; infinite if the workers are not faster.
    """
    return start_s / (1 - 1 / speed_up) if speed_up > 1 else math.inf
