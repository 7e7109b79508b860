"""What a run has come to: stations in, rows out, and what stands between them."""

from collections import Counter
from dataclasses import dataclass, field

from seispipe.results import STATUSES


@dataclass(frozen=True)
class Report:
    """What was found when a run was verified.

    Attributes
    ----------
    stations_in : int
        Requests.
    rows_out : int
        Rows that are written and are those of their requests.
    partitions : int
        Portions of the run.
    missing : tuple of int
        The numbers of the partitions that are not written.
    damaged : dict of int to str
        Those that are written and cannot be trusted, each with the reason.
    passing : int
        Rows that may become better at another try: their station was unreachable.
    statuses : collections.Counter
        Rows of each status.
    attempts : int
        How often a partition was begun. More than there are partitions: some were begun again.
    """

    stations_in: int
    rows_out: int
    partitions: int
    missing: tuple[int, ...] = ()
    damaged: dict[int, str] = field(default_factory=dict)
    passing: int = 0
    statuses: Counter = field(default_factory=Counter)
    attempts: int = 0

    @property
    def complete(self) -> bool:
        """Whether every station in is a row out, and none waits for another try."""
        return self.rows_out == self.stations_in and not self.passing

    @property
    def begun_again(self) -> int:
        """How many partitions were begun more often than once, each counted so many times."""
        written = self.partitions - len(self.missing)
        return max(0, self.attempts - written)

    def __str__(self) -> str:
        counts = [f"{self.statuses[name]} {name}" for name in STATUSES if self.statuses[name]]
        lines = [
            f"{self.stations_in} stations in, {self.rows_out} rows out"
            + (f": {', '.join(counts)}" if counts else ""),
            f"{self.partitions} partitions, begun {self.attempts} times",
        ]
        if self.missing:
            lines.append(f"not written: {_some(self.missing)}")
        lines += [f"damaged: {number}, {why}" for number, why in self.damaged.items()]
        if self.passing:
            lines.append(f"{self.passing} rows may become better: their archive did not answer")
        lines.append("complete" if self.complete else "not complete: do the work again")
        return "\n".join(lines)


def _some(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown}, ... ({len(numbers)} in all)"
