"""Imports go one way: each room of the package may know only those below it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "seispipe"
STAGES = {"inventory", "waveforms", "correction", "picking", "trimming", "frequency"}
FOUNDATIONS = {"blocks", "errors", "fingerprint", "responses", "trend", "windows"}
# What each module may import. A stage knows no other stage; nothing knows what is above it.
MAY_KNOW = {
    "__init__": set(),
    "blocks": set(),
    "errors": set(),
    "fingerprint": set(),
    "responses": {"errors"},
    "trend": set(),
    "windows": set(),
    "archive": FOUNDATIONS,
    **{stage: {"archive", *FOUNDATIONS} for stage in STAGES},
    "results": {"archive"},
    "ways": {"archive", "clusters", "results"},
    "stages": {"archive", "errors", "responses", "results", *STAGES},
    "batches": {"archive", "blocks", "errors", "responses", "results", "stages", *STAGES},
    "pipeline": {"archive", "batches", "results", "stages", "ways"},
    "runs": {"archive", "batches", "fingerprint", "pipeline", "results", "stages", "ways"},
    "dag": {"archive", "results", "stages"},
    "clusters": {"fingerprint"},
    "doctor": {"archive"},
    "sources": {"archive", "synthesis"},
    "cli": {
        "__init__",
        "archive",
        "clusters",
        "doctor",
        "errors",
        "picking",
        "pipeline",
        "results",
        "runs",
        "sources",
        "stages",
        "synthesis",
        "teaching",
        "ways",
    },
    "teaching": {"archive", "dag", "pipeline", "results", "runs", "sources", "stages", *STAGES},
    "synthesis": {"archive", *FOUNDATIONS},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def known_rooms(path: Path) -> set[str]:
    """The rooms of seispipe that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module == "seispipe":
                names = [f"seispipe.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "seispipe":
                # What is no module of the package comes from its __init__.
                found.add(parts[1] if len(parts) > 1 and parts[1] in MAY_KNOW else "__init__")
    return found - {room(path)}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_a_module_knows_only_what_lies_below_it(path):
    assert room(path) in MAY_KNOW, f"say in MAY_KNOW what {room(path)} may import"
    assert known_rooms(path) <= MAY_KNOW[room(path)]
