"""What a benchmark finds, as a row of a table and of a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from seispipe.teaching.measure import machine


@dataclass(frozen=True)
class Result:
    """One comparison.

    Attributes
    ----------
    name : str
        Such as ``window-one-core``.
    what : str
        What is done, in words.
    ours : float
        Median, in ``unit``.
    baseline : float or None
        The same of the baseline; None where there is none.
    unit : str
        ``s``, ``B`` or ``GB``.
    ratio : float or None
        How many times more the baseline takes: the median over the rounds.
    bound : float or None
        What cannot be avoided, in ``unit``.
    ours_over_bound : float or None
        The median over the rounds.
    same_results : bool or None
        Whether both sides were seen to give the same; None where they give nothing to compare.
    target : str
        What was aimed at.
    met : bool or None
        Whether it was reached; None where there was no aim.
    spread : tuple of float
        First and third quartile of ours, in ``unit``.
    baseline_spread : tuple of float
        The same of the baseline.
    processor : float or None
        Processor time of ours, in seconds, median.
    baseline_processor : float or None
        The same of the baseline.
    repeats : int
        How often each was timed.
    calibration : float or None
        What two processes of plain Python gained in the same rounds.
    note : str
        What stands in the way of a target, or how to read the row.
    """

    name: str
    what: str
    ours: float
    baseline: float | None
    unit: str = "s"
    ratio: float | None = None
    bound: float | None = None
    ours_over_bound: float | None = None
    same_results: bool | None = None
    target: str = ""
    met: bool | None = None
    spread: tuple[float, float] | None = None
    baseline_spread: tuple[float, float] | None = None
    processor: float | None = None
    baseline_processor: float | None = None
    repeats: int = 1
    calibration: float | None = None
    note: str = ""


def write(results: Sequence[Result], path: Path) -> None:
    """Write results as a list of objects, each with the machine and the day."""
    where = {"machine": machine(), "date": date.today().isoformat()}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([{**asdict(result), **where} for result in results], indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def table(results: Sequence[Result]) -> str:
    """Return results as lines for a terminal."""
    head = ("", "ours", "baseline", "ratio", "ours/bound", "same", "target", "met")
    lines = [head, *(_cells(result) for result in results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(result: Result) -> tuple[str, ...]:
    yes_or_no = {True: "yes", False: "NO", None: "-"}

    def number(value: float | None, form: str = ".3g") -> str:
        return "-" if value is None else format(value, form)

    return (
        result.name,
        f"{result.ours:.3g} {result.unit}",
        number(result.baseline) + ("" if result.baseline is None else f" {result.unit}"),
        number(result.ratio),
        number(result.ours_over_bound, ".2f"),
        yes_or_no[result.same_results],
        result.target,
        yes_or_no[result.met],
    )
