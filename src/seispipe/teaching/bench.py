"""What ``make bench`` measured, as tables and a figure for the book."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from seispipe.teaching.figures import COLOURS, INK, QUIET, SMALL
from seispipe.teaching.measure import in_words

Entry = dict[str, Any]
_CLIENTS = {
    "-boto3-64-threads": "boto3, threads",
    "-aiobotocore": "aiobotocore",
    "-s3fs": "s3fs",
    "-obstore": "obstore",
}
_ANSWER = {True: "yes", False: "no", None: ""}


def load(root: Path) -> tuple[list[Entry], str]:
    """Read what was measured last, or else what is recorded in the repository.

    Parameters
    ----------
    root : Path
        The course's folder.

    Returns
    -------
    entries : list of dict
        As ``benchmarks/result.py`` describes them.
    origin : str
        In a sentence: where and when, and whether it was on the machine that built the book.
    """
    here, recorded = root / "_build" / "bench.json", root / "benchmarks" / "recorded.json"
    entries = json.loads((here if here.exists() else recorded).read_text(encoding="utf-8"))
    where = f"{entries[0]['machine']}, on {entries[0]['date']}"
    if here.exists():
        return entries, f"Measured by `make bench` on the machine that built this book: {where}."
    return entries, f"Recorded, not measured by this build: {where}. `make bench` measures anew."


def against_baselines(entries: Sequence[Entry]) -> pd.DataFrame:
    """Return the comparisons that have a target, one line each."""
    lines = [
        {
            "name": entry["name"],
            "baseline": _amount(entry["baseline"], entry["unit"]),
            "ours": _amount(entry["ours"], entry["unit"]),
            "ratio": _number(entry["ratio"]),
            "ours / bound": _number(entry["ours_over_bound"]),
            "target": entry["target"],
            "met": _ANSWER[entry["met"]],
        }
        for entry in entries
        if entry["target"]
    ]
    return pd.DataFrame(lines).set_index("name")


def clients(entries: Sequence[Entry], kind: str) -> pd.DataFrame:
    """Return what reading many objects takes with each client, a line a round trip.

    Parameters
    ----------
    entries : sequence of dict
        As of :func:`load`.
    kind : {"download", "ranges"}
        Whole objects, or parts of them.

    Returns
    -------
    pandas.DataFrame
        Times as text; a dash where a client could not.
    """
    known = {entry["name"]: entry for entry in entries}
    trips = {
        int(match[1]): match[0]
        for name in known
        if (match := re.fullmatch(rf"{kind}-(\d+)ms", name))
    }
    lines = {}
    for milliseconds, name in sorted(trips.items()):
        line = {"a loop": in_words(known[name]["baseline"])}
        for suffix, client in _CLIENTS.items():
            found = known.get(name + suffix)
            line[client] = in_words(found["ours"]) if found else "–"
        lines[f"{milliseconds} ms"] = line
    return pd.DataFrame(lines).T.rename_axis("round trip")


def missed(entries: Sequence[Entry]) -> list[Entry]:
    """Return the comparisons whose target was not reached."""
    return [entry for entry in entries if entry["met"] is False]


def draw_ratios(entries: Sequence[Entry]) -> Figure:
    """Draw how many times faster the pipeline is than each baseline."""
    shown = [
        entry
        for entry in entries
        if entry["unit"] == "s"
        and entry["ratio"]
        and entry["same_results"]
        and not entry["name"].startswith(("ranges", "chain"))
        and (not entry["name"].startswith("download-") or entry["name"].endswith("ms"))
    ]
    figure, axes = plt.subplots(figsize=(6.4, 0.8 + 0.32 * len(shown)))
    names = [entry["name"] for entry in shown][::-1]
    ratios = [entry["ratio"] for entry in shown][::-1]
    axes.barh(names, ratios, color=COLOURS["motion"], height=0.62)
    axes.axvline(1, color=QUIET, linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(0.5, 3 * max(ratios))
    axes.xaxis.set_major_formatter("{x:g}")
    for place, value in enumerate(ratios):
        axes.text(1.08 * value, place, f"{value:.3g}", va="center", color=INK, fontsize=SMALL)
    axes.set_xlabel("times faster than the baseline (one is as fast)")
    return figure


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "s":
        return in_words(value)
    return f"{value / 1e6:.3g} MB" if unit == "B" else f"{value:.2g} {unit}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"
