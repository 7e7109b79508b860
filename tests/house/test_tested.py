"""The page *How it is tested* names tests that are there, and figures that runs have written."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "reference" / "how-it-is-tested.md").read_text(encoding="utf-8")
TESTED = json.loads((ROOT / "book" / "reference" / "tested.json").read_text(encoding="utf-8"))


def test_every_test_that_is_named_is_there():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 25
    assert named <= there, named - there


def test_the_runs_were_as_large_as_the_page_says():
    fuzz = TESTED["fuzz"]["inputs"]
    assert sum(sum(outcomes.values()) for outcomes in fuzz.values()) >= 100_000
    assert not any("error" in outcomes for outcomes in fuzz.values())
    soak = TESTED["soak"]
    assert soak["station_days"] == soak["rows_equal"] >= 1000
    assert soak["memory_late_mb"] < 1.1 * soak["memory_early_mb"]
    mutation = TESTED["mutation"]
    assert mutation["changes"] >= 50
    assert len(mutation["not_noticed"]) <= 0.05 * mutation["changes"]
