"""What holds for every input: a bound on memory, and a count."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from inputs import FEW, INPUTS, counted

from tests.recorded import record

_MOST_MORE_BYTES = 2**30


@pytest.fixture(autouse=True, scope="module")
def bounded_memory():
    """Let no input take a gibibyte: whatever asks for more is refused, and its test fails."""
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * resource.getpagesize() + _MOST_MORE_BYTES, hard)
    )
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


_found: dict[str, Counter] = {}


def _add(counts):
    for kind, outcomes in counts.items():
        _found.setdefault(kind, Counter()).update(outcomes)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Hear from one of the processes that share the tests."""
    _add(getattr(node, "workeroutput", {}).get("inputs", {}))


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workeroutput"):
        _add(counted())
    else:
        session.config.workeroutput["inputs"] = counted()


def pytest_terminal_summary(terminalreporter, exitstatus):
    tried = sum(counts.total() for counts in _found.values())
    if not tried:
        return
    terminalreporter.write_line(
        f"{tried} hostile inputs: "
        + "; ".join(f"{counts.total()} {kind}" for kind, counts in _found.items())
    )
    if exitstatus == 0 and tried >= INPUTS > FEW:
        record("fuzz", {"inputs": {kind: dict(counts) for kind, counts in _found.items()}})
