"""The plan of a whole archive: from what one station-day takes to hours, money and the bottleneck.

It is arithmetic on assumptions, each of which has a name and a unit. What it gives is the *least*
that the work takes if the assumptions hold: four limits are worked out as if each were alone, and
the largest counts. :func:`seispipe.teaching.scheduling.simulate` tells how near one gets to it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import pandas as pd

from seispipe.teaching.gravity import in_words
from seispipe.teaching.prices import PRICES

# What S3 answers at least, a second and prefix (aws_s3_5xx in the bibliography).
S3_GETS_PER_S = 5500
S3_PUTS_PER_S = 3500
# A task that is likelier to be lost so many times over than to be done once is no plan.
_MOST_LOSSES = 5.0
_WHOLE = {"stations", "days", "batch", "workers", "prefixes"}
_POSITIVE = _WHOLE | {"worker_mb_s", "line_mb_s", "gets_per_s", "puts_per_s"}


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What a plan supposes. A *station-day* is one channel of one station on one day.

    Attributes
    ----------
    stations, days : int
        How many of each.
    there : float
        The share of these station-days of which there are data. The others cost their reads only.
    compute_s : float
        Seconds of computing for a station-day, on one worker.
    megabytes : float
        MB (10⁶ bytes) read for a station-day.
    gets : float
        Reads from the bucket for a station-day.
    batch : int
        Station-days in a task. A task writes one object.
    workers : int
        How many; each has one core.
    scheduler_s : float
        What each task costs the scheduler, in seconds.
    scheduler_bytes : float
        What each task takes of the scheduler's memory, in bytes.
    worker_mb_s : float
        How fast one worker reads, in MB a second. It reads first and computes then.
    line_mb_s : float
        How fast all workers together can read, in MB a second; infinite where no limit is known.
    gets_per_s, puts_per_s : float
        Reads and writes that the bucket answers, a second and prefix.
    prefixes : int
        Over how many prefixes the work is spread at any time.
    start_s : float
        Seconds until the workers are there.
    losses_per_hour : float
        How often an hour a worker is lost. Its task is done again from the start by another, which
        is supposed to be there at once.
    result_kb : float
        KB (10³ bytes) that are kept of a station-day.
    months : float
        How long results are kept.
    core_hour, gets_1000, puts_1000, gb_month : float
        Prices in US dollars: of a core for an hour, of a thousand reads and writes, and of keeping
        a GB for a month. By default those of :mod:`seispipe.teaching.prices`.

    Raises
    ------
    ValueError
        If a number cannot be; the message names it.
    """

    stations: int
    days: int
    compute_s: float
    megabytes: float
    gets: float
    batch: int
    workers: int
    scheduler_s: float
    scheduler_bytes: float
    worker_mb_s: float
    line_mb_s: float = math.inf
    gets_per_s: float = S3_GETS_PER_S
    puts_per_s: float = S3_PUTS_PER_S
    prefixes: int = 1
    there: float = 1.0
    start_s: float = 0.0
    losses_per_hour: float = 0.0
    result_kb: float = 0.0
    months: float = 1.0
    core_hour: float = PRICES["core"].dollars
    gets_1000: float = PRICES["get"].dollars
    puts_1000: float = PRICES["put"].dollars
    gb_month: float = PRICES["storage"].dollars

    def __post_init__(self) -> None:
        for field in fields(self):
            _demand(field.name, getattr(self, field.name))
        expected = self.losses_per_hour * self.task_s / 3600
        if expected > _MOST_LOSSES:
            raise ValueError(
                f"a task takes {in_words(self.task_s / 3600)}, in which its worker would be lost "
                f"{expected:.3g} times: hardly any would be finished; make batch smaller"
            )

    @property
    def station_days(self) -> int:
        """Stations times days."""
        return self.stations * self.days

    @property
    def each_s(self) -> float:
        """How long a worker takes for a station-day on average, in seconds."""
        return self.there * (self.megabytes / self.worker_mb_s + self.compute_s)

    @property
    def task_s(self) -> float:
        """How long a task takes that nothing disturbs, in seconds."""
        return self.batch * self.each_s


def _demand(name: str, value: float) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or math.isnan(value) or (math.isinf(value) and name != "line_mb_s"):
        raise ValueError(f"{name} must be a finite number, but is {value!r}")
    if name in _WHOLE and value != int(value):
        raise ValueError(f"{name} must be a whole number, but is {value!r}")
    if value < 0 or (name in _POSITIVE and value == 0):
        least = "positive" if name in _POSITIVE else "at least 0"
        raise ValueError(f"{name} must be {least}, but is {value!r}")
    if name == "there" and value > 1:
        raise ValueError(f"there is a share, from 0 to 1, but is {value!r}")


@dataclass(frozen=True)
class Plan:
    """What follows from the assumptions.

    Attributes
    ----------
    tasks : int
        How many tasks.
    task_s : float
        How long one takes that nothing disturbs, in seconds.
    again : float
        Work that is done once more because workers are lost, as a share of the work.
    limits_hours : dict of str to float
        What each takes at least if it were alone: ``workers`` (to read and to compute),
        ``scheduler``, ``requests`` (the bucket's answers), ``bandwidth`` (the common line).
    hours : float
        The largest of them, after the workers have come: the whole takes at least so long.
    core_hours : float
        What is paid for: all workers, all the time.
    worked : float
        The share of it in which they read and compute, from 0 to 1. In the rest they wait.
    gets, puts : float
        Reads from the bucket, and writes to it.
    read_tb, result_gb : float
        What is read, in TB, and what is kept, in GB.
    scheduler_gb : float
        The scheduler's memory for all tasks at once, in GB.
    dollars : dict of str to float
        What it costs: ``computing``, ``requests``, and ``keeping`` the results.
    """

    tasks: int
    task_s: float
    again: float
    limits_hours: dict[str, float]
    hours: float
    core_hours: float
    worked: float
    gets: float
    puts: float
    read_tb: float
    result_gb: float
    scheduler_gb: float
    dollars: dict[str, float]

    @property
    def bottleneck(self) -> str:
        """The limit that counts."""
        return max(self.limits_hours, key=self.limits_hours.__getitem__)

    def busy(self, limit: str) -> float:
        """Return the share of time in which a limit is reached, once work has begun."""
        longest = self.limits_hours[self.bottleneck]
        return self.limits_hours[limit] / longest if longest > 0 else 0.0

    @property
    def gets_per_s(self) -> float:
        """Reads a second, once work has begun."""
        longest = self.limits_hours[self.bottleneck]
        return self.gets / longest / 3600 if longest > 0 else 0.0


def plan(given: Assumptions) -> Plan:
    """Work out what a whole archive takes at least.

    Parameters
    ----------
    given : Assumptions
        What is supposed.

    Returns
    -------
    Plan
        Hours, money, and what holds it up.

    Notes
    -----
    Losses are supposed to come at random, at a rate that does not depend on the past. A task of
    length T that begins anew at every loss then takes (exp(λT) − 1) / λ on average, and exp(λT)
    attempts.
    """
    tasks = math.ceil(given.station_days / given.batch)
    lost = given.losses_per_hour * given.task_s / 3600
    attempts = math.exp(lost)
    again = math.expm1(lost) / lost - 1 if lost > 0 else 0.0
    # Work done again also reads again, as far as it had come.
    done = given.station_days * (1 + again)
    gets, puts = done * given.gets, float(tasks)
    megabytes = done * given.there * given.megabytes
    # Tasks cannot be cut: in the last round some workers may have nothing to do, and where only one
    # has, it may be with less than a whole batch.
    rounds, left = divmod(tasks - 1, given.workers)
    last = given.station_days - (tasks - 1) * given.batch if left == 0 else given.batch
    limits = {
        "workers": (rounds * given.batch + last) * given.each_s * (1 + again),
        "scheduler": tasks * attempts * given.scheduler_s,
        "requests": max(gets / given.gets_per_s, puts / given.puts_per_s) / given.prefixes,
        "bandwidth": megabytes / given.line_mb_s,
    }
    hours = (given.start_s + max(limits.values())) / 3600
    result_gb = given.station_days * given.result_kb / 1e6
    core_hours = given.workers * hours
    return Plan(
        tasks=tasks,
        task_s=given.task_s,
        again=again,
        limits_hours={name: seconds / 3600 for name, seconds in limits.items()},
        hours=hours,
        core_hours=core_hours,
        worked=done * given.each_s / 3600 / core_hours if core_hours > 0 else 0.0,
        gets=gets,
        puts=puts,
        read_tb=megabytes / 1e6,
        result_gb=result_gb,
        scheduler_gb=tasks * given.scheduler_bytes / 1e9,
        dollars={
            "computing": core_hours * given.core_hour,
            "requests": (gets * given.gets_1000 + puts * given.puts_1000) / 1000,
            "keeping": result_gb * given.months * given.gb_month,
        },
    )


def table(given: Assumptions, variants: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Set plans side by side.

    Parameters
    ----------
    given : Assumptions
        The plan of the first column.
    variants : mapping of str to mapping
        For each further column, what is assumed otherwise, by the names of :class:`Assumptions`.

    Returns
    -------
    pandas.DataFrame
        A column a plan, as text.
    """
    columns = {"as assumed": given}
    columns |= {name: replace(given, **dict(changed)) for name, changed in variants.items()}
    return pd.DataFrame({name: _column(each, plan(each)) for name, each in columns.items()})


def _column(given: Assumptions, found: Plan) -> dict[str, str]:
    return {
        "workers": f"{given.workers:,}",
        "station-days in a task": f"{given.batch:,}",
        "tasks": f"{found.tasks:,}",
        "a task takes": in_words(found.task_s / 3600),
        "done again": f"{found.again:.1%}",
        "bottleneck": found.bottleneck,
        "takes at least": in_words(found.hours),
        "workers work": f"{found.worked:.0%}",
        "scheduler busy": f"{found.busy('scheduler'):.1%}",
        "scheduler's memory, GB": f"{found.scheduler_gb:.2g}",
        "read, TB": f"{found.read_tb:.3g}",
        "reads a second": f"{found.gets_per_s:,.0f}",
        "core-hours paid": f"{found.core_hours:,.0f}",
        "US dollars": f"{sum(found.dollars.values()):,.2f}",
    }
