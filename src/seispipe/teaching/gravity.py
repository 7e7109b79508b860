"""What it takes to move data, and whether to move them at all: time and money as plain functions.

Every function takes numbers with their unit in the name and refuses what makes no sense. The
calculator on the page "Data gravity" does the same arithmetic in the reader's browser, and a test
holds both equal.
"""

import math
from dataclasses import dataclass, fields

BITS = 8  # in a byte
MEGA, GIGA = 1e6, 1e9


@dataclass(frozen=True)
class Limit:
    """What a number may be.

    Attributes
    ----------
    least, most : float
        The smallest and the largest that make sense.
    unit : str
        Its unit, in words.
    """

    least: float
    most: float
    unit: str


# Beyond these a number is a slip of the unit, not a plan: an exabyte, ten terabits a second.
LIMITS = {
    "volume_gb": Limit(0, 1e9, "GB"),
    "result_gb": Limit(0, 1e9, "GB"),
    "megabit_s": Limit(0.001, 1e7, "Mbit/s"),
    "runs": Limit(1, 1e6, "runs"),
    "core_hours": Limit(0, 1e9, "core-hours"),
    "cores_here": Limit(1, 1e6, "cores"),
    "cores_there": Limit(1, 1e6, "cores"),
    "egress_per_gb": Limit(0, 1000, "$ a GB"),
    "price_core_hour": Limit(0, 1000, "$ a core-hour"),
}


@dataclass(frozen=True)
class Plan:
    """One piece of work, and the two places where it could be done.

    Attributes
    ----------
    volume_gb : float
        What one run reads, in GB (10⁹ bytes). Brought here, it is kept for the runs that follow.
    result_gb : float
        What one run gives, in GB.
    megabit_s : float
        Rate of the line between the data and here, in Mbit/s.
    runs : float
        How often the work is done: each change of a setting is another run.
    core_hours : float
        What one run computes, in core-hours.
    cores_here, cores_there : float
        Cores at either place.
    egress_per_gb : float
        What the data's provider takes for each GB that leaves; zero for a sponsored archive.
    price_core_hour : float
        What a core costs for an hour near the data. Cores here are taken to be paid for.

    Raises
    ------
    ValueError
        If a number is not finite, or outside :data:`LIMITS`; the message names it.
    """

    volume_gb: float
    result_gb: float
    megabit_s: float
    runs: float = 1
    core_hours: float = 0.0
    cores_here: float = 1
    cores_there: float = 1
    egress_per_gb: float = 0.0
    price_core_hour: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            _demand(field.name, getattr(self, field.name))


@dataclass(frozen=True)
class Outcome:
    """Time and money of a plan, either way.

    Attributes
    ----------
    bring_hours, go_hours : float
        Hours until the last run is done, with the data brought here and by going to them.
    bring_dollars, go_dollars : float
        What the provider takes.
    crossover_runs_time, crossover_runs_money : float
        How many runs make both equal; with more, bringing the data here is better. Infinity where
        going there is always better.
    """

    bring_hours: float
    go_hours: float
    bring_dollars: float
    go_dollars: float
    crossover_runs_time: float
    crossover_runs_money: float


def _demand(name: str, value: float) -> None:
    limit = LIMITS[name]
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number of {limit.unit}, but is {value!r}")
    if not limit.least <= value <= limit.most:
        raise ValueError(
            f"{name} must lie between {limit.least:g} and {limit.most:g} {limit.unit}, "
            f"but is {value:g}; is its unit right?"
        )


def transfer_hours(volume_gb: float, megabit_s: float) -> float:
    """Return how long a volume takes on a line, in hours.

    Parameters
    ----------
    volume_gb : float
        In GB, 10⁹ bytes.
    megabit_s : float
        In Mbit/s, 10⁶ bits a second.

    Raises
    ------
    ValueError
        If a number makes no sense.
    """
    _demand("volume_gb", volume_gb)
    _demand("megabit_s", megabit_s)
    return volume_gb * GIGA * BITS / (megabit_s * MEGA) / 3600


def reading_seconds(
    reads: float, size_bytes: float, round_trip_s: float, bytes_s: float, compute_s: float
) -> float:
    """Predict how long work takes whose data are read over a line, one read after the other.

    Parameters
    ----------
    reads : float
        Number of reads; each waits for one round trip.
    size_bytes : float
        Bytes that they bring.
    round_trip_s : float
        Round-trip time, in seconds.
    bytes_s : float
        Rate of the line, in bytes a second.
    compute_s : float
        Time of the work itself, with the data at hand.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or the rate is zero.
    """
    numbers = {
        "reads": reads,
        "size_bytes": size_bytes,
        "round_trip_s": round_trip_s,
        "bytes_s": bytes_s,
        "compute_s": compute_s,
    }
    for name, number in numbers.items():
        if not (math.isfinite(number) and number >= 0) or (name == "bytes_s" and number == 0):
            raise ValueError(f"{name} must be finite and not negative, but is {number!r}")
    return reads * round_trip_s + size_bytes / bytes_s + compute_s


def storage_dollars(volume_gb: float, months: float, price_gb_month: float) -> float:
    """Return what it costs to keep a volume for some months.

    Parameters
    ----------
    volume_gb : float
        In GB, 10⁹ bytes.
    months : float
        How long.
    price_gb_month : float
        Price of a GB for a month, in dollars.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or the volume absurdly large.
    """
    _demand("volume_gb", volume_gb)
    for name, number in (("months", months), ("price_gb_month", price_gb_month)):
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(f"{name} must be finite and not negative, but is {number!r}")
    return volume_gb * months * price_gb_month


def weigh(plan: Plan) -> Outcome:
    """Compare bringing the data here with going to the data.

    Parameters
    ----------
    plan : Plan
        The work and the two places.

    Returns
    -------
    Outcome
        Time and money either way, and the crossovers.
    """
    move = transfer_hours(plan.volume_gb, plan.megabit_s)
    fetch = transfer_hours(plan.result_gb, plan.megabit_s)
    here = plan.core_hours / plan.cores_here
    there = plan.core_hours / plan.cores_there + fetch
    egress = plan.volume_gb * plan.egress_per_gb
    run_there = plan.core_hours * plan.price_core_hour + plan.result_gb * plan.egress_per_gb
    return Outcome(
        bring_hours=move + plan.runs * here,
        go_hours=plan.runs * there,
        bring_dollars=egress,
        go_dollars=plan.runs * run_there,
        crossover_runs_time=_crossover(move, there - here),
        crossover_runs_money=_crossover(egress, run_there),
    )


def _crossover(once: float, more_each_run: float) -> float:
    """Return how many runs pay back what is spent once."""
    return once / more_each_run if more_each_run > 0 else math.inf


def in_words(hours: float) -> str:
    """Write a time with a fitting unit and three digits."""
    for unit, size in (("years", 8766.0), ("days", 24.0), ("hours", 1.0), ("minutes", 1 / 60)):
        if hours >= size:
            return f"{hours / size:.3g} {unit}"
    return f"{hours * 3600:.3g} seconds"
