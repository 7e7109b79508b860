"""Colours have names that say what they stand for, and one place where they are chosen."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "src" / "seispipe" / "teaching" / "figures.py"
DRAW = [
    *(path for path in (ROOT / "src").rglob("*.py") if path != FIGURES),
    *(ROOT / "notebooks").glob("*.ipynb"),
    *(ROOT / "book").rglob("*.md"),
]
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
NAMED = re.compile(r"""color\w*=\\?["'](?!white|none|face)(\w+)|["'](?:tab:\w+|C\d)["']""")


@pytest.mark.parametrize("path", DRAW, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_colour_is_chosen_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert HEX.findall(text) == []
    assert [found[0] for found in NAMED.finditer(text)] == []


def test_a_colour_would_be_found():
    assert HEX.search('color="#0072b2"')
    assert NAMED.search('color="red"')
    assert NAMED.search("facecolor='C0'")
    assert NAMED.search('"tab:blue"')
    assert not NAMED.search('edgecolor="white"')
