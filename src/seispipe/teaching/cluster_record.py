"""What real clusters did: recorded by ``make cluster-test RECORD=yes``, and shown where none is.

A page is built on one machine, without a Slurm and without a hub. What it shows of them comes from
here, and says so: which machine, and when.
"""

import json
from functools import cache
from importlib.resources import files

import pandas as pd

_FILE = files("seispipe.teaching") / "cluster_record.json"


@cache
def _record() -> dict:
    return json.loads(_FILE.read_text(encoding="utf-8"))


def origin() -> str:
    """Say in a sentence where and when it was recorded; to be shown with every recorded number."""
    record = _record()
    return f"Recorded, not measured by this page: {record['machine']}, on {record['date']}."


def versions() -> str:
    """Name the software that it was recorded with."""
    return ", ".join(f"{name} {version}" for name, version in _record()["versions"].items())


def recorded(engine: str) -> dict:
    """Return what was recorded of an engine.

    Parameters
    ----------
    engine : str
        As :func:`seispipe.clusters.connect` calls it, such as ``slurm``.

    Returns
    -------
    dict
        Among others ``said``, the line that ``connect`` printed, and ``queue``, what Slurm's queue
        showed. Where an engine was tried in several ways, the first of them.

    Raises
    ------
    ValueError
        If nothing was recorded of it.
    """
    entries = _record()["engines"]
    for entry in entries:
        if entry["engine"] == engine:
            return entry
    known = dict.fromkeys(entry["engine"] for entry in entries)
    raise ValueError(f"nothing was recorded of {engine!r}, but of: {', '.join(known)}")


def engines_table() -> pd.DataFrame:
    """Return a line for each engine: workers, seconds, rows."""
    return _table(
        "engine",
        {
            entry["about"]: {
                "workers": _number(entry.get("workers"), "d"),
                "connect, s": _number(entry.get("connect_s"), ".1f"),
                "work, s": _number(entry.get("work_s"), ".1f"),
                "rows": _rows(entry),
            }
            for entry in _record()["engines"]
        },
    )


def faults() -> list[dict]:
    """Return what was recorded of each fault: among others ``undisturbed_s``, ``disturbed_s``."""
    return _record()["faults"]


def faults_table() -> pd.DataFrame:
    """Return a line for each fault: what it cost, and who mended it."""
    return _table(
        "what fails",
        {
            f"{entry['fault']} ({entry['engine']})": {
                "rows": _rows(entry),
                "parts begun again": f"{entry['begun_again']} of {entry['partitions']}",
                "s without": _number(entry.get("undisturbed_s"), ".1f"),
                "s with": _number(entry.get("disturbed_s"), ".1f"),
                "brought back by": entry["brought_back_by"],
            }
            for entry in _record()["faults"]
        },
    )


def _table(corner: str, lines: dict[str, dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(lines, orient="index").rename_axis(columns=corner)


def _rows(entry: dict) -> str:
    equal = entry["rows_equal"]
    verdict = "equal" if equal == entry["rows_out"] else f"{equal} equal"
    return f"{entry['rows_out']} of {entry['rows_in']}, {verdict}"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
