"""How many inputs a property is tried with, what they may cost, and what became of them."""

import os
import signal
from collections import Counter
from contextlib import contextmanager

from hypothesis import HealthCheck, settings

#: As many as ``make test`` tries; ``make fuzz`` asks for more.
FEW = 2_000
INPUTS = int(os.environ.get("FUZZ_INPUTS", FEW))
# No input here takes a tenth of a second: one that takes so long has got stuck.
_STUCK_S = 30
_counts: Counter[tuple[str, str]] = Counter()


def inputs(share: float) -> settings:
    """Try a share of all inputs: the same ones each time in ``make test``, new ones otherwise."""
    return settings(
        max_examples=max(20, round(share * INPUTS)),
        derandomize=INPUTS <= FEW,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def one_input(kind: str):
    """Count an input by what the block says became of it, and break off what gets stuck."""
    outcome: list[str] = []
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _stuck)
        signal.setitimer(signal.ITIMER_REAL, _STUCK_S)
    try:
        yield outcome.append
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
    (became,) = outcome
    _counts[kind, became] += 1


def counted() -> dict[str, dict[str, int]]:
    """Return how many inputs of which kind came to what, in this process."""
    found: dict[str, dict[str, int]] = {}
    for (kind, became), count in sorted(_counts.items()):
        found.setdefault(kind, {})[became] = count
    return found


def _stuck(*_):
    # Not an Exception: the pipeline would make a row of one.
    raise KeyboardInterrupt(f"an input has taken {_STUCK_S} s")
