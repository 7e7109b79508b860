"""The course as Binder gives it: every notebook runs there, on one core and in 2 GB."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import RECORD
from learner import Learner

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
MEMORY = 2 * 2**30
# What Binder and hubs set; the first says through which address a learner's browser comes. And a
# proxy that never answers: no lesson may need the network, or ask a proxy for its own machine.
NOWHERE = "http://127.0.0.1:9"
ON_A_HUB = {
    "JUPYTERHUB_SERVICE_PREFIX": "/user/learner/",
    "MEM_LIMIT": str(MEMORY),
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE),
}


@pytest.fixture(scope="session")
def outcomes(image, record, tmp_path_factory):
    """Each learner has a core of their own; there are two where there are two cores."""
    logs = tmp_path_factory.mktemp("notebooks")
    with ExitStack() as opened:
        free = []
        for core in sorted(os.sched_getaffinity(0))[:2]:
            log = logs / f"{core}.log"
            learner = Learner(image, f"course-learner-{core}", core, MEMORY, ON_A_HUB, log)
            opened.callback(learner.close)
            free.append(learner)

        def one(name):
            learner = free.pop()
            try:
                return learner.run(f"notebooks/{name}.ipynb")
            finally:
                free.append(learner)

        with ThreadPoolExecutor(len(free)) as pool:
            outcomes = dict(zip(NOTEBOOKS, pool.map(one, NOTEBOOKS), strict=True))
    record["notebooks"] = {
        name: {"seconds": outcome.seconds, "peak_bytes": outcome.peak_bytes}
        for name, outcome in outcomes.items()
    }
    return outcomes


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_on_one_core_in_two_gigabytes(outcomes, name):
    outcome = outcomes[name]
    assert outcome.killed == 0
    assert outcome.problem == ""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_takes_no_more_memory_than_it_says(outcomes, name):
    text = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    said = float(re.search(r"\*\*Memory\*\* ([\d.]+) GB", text)[1])
    assert outcomes[name].peak_bytes <= said * 1e9


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_memory_that_the_book_shows_is_still_right(outcomes, name):
    """The book shows what was recorded; `make hub-test RECORD=yes` records it anew."""
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))["notebooks"][name]["peak_bytes"]
    assert outcomes[name].peak_bytes == pytest.approx(recorded, rel=0.3, abs=0.1e9)
