"""Letters in figures can be read: none too small for a phone, none in a colour of a thin line."""

import ast
import json
import re
from pathlib import Path

import pytest
from matplotlib.colors import CSS4_COLORS

ROOT = Path(__file__).parents[2]
PAGES = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "book").rglob("*.md")]
MODULES = sorted(
    path
    for path in (ROOT / "src").rglob("*.py")
    if "matplotlib" in path.read_text(encoding="utf-8")
)
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n|(?::[^\n]*\n)*)(.*?)^```", re.DOTALL | re.MULTILINE
)
WRITES = {"text", "annotate", "set_title", "suptitle", "set_xlabel", "set_ylabel"}
SIZES = {"fontsize", "font_size", "labelsize", "title_fontsize"}


def code_of(path):
    """Return the code of a page or a module, cell after cell."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [text]
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return CELL.findall(text)


def keywords(code):
    """Yield each keyword of a call of a method: the method's name, the keyword's, and its value."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for keyword in node.keywords:
                yield node.func.attr, keyword.arg, keyword.value


def sizes_in_numbers(code):
    return [
        ast.unparse(value)
        for _, name, value in keywords(code)
        if name in SIZES and isinstance(value, ast.Constant) and not isinstance(value.value, str)
    ]


def coloured_letters(code):
    return [
        ast.unparse(value)
        for method, name, value in keywords(code)
        if method in WRITES and name == "color"
        if ast.unparse(value) not in {"INK", "QUIET", "'white'"}
    ]


def named_colours(code):
    """Return Matplotlib's own colours where they are chosen, also by place or in a dictionary."""
    found = []
    for node in ast.walk(ast.parse(code)):
        values = []
        if isinstance(node, ast.keyword) and "color" in (node.arg or ""):
            values = [node.value]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values = [
                v for k, v in pairs if isinstance(k, ast.Constant) and "color" in str(k.value)
            ]
        elif isinstance(node, ast.Assign) and "color" in ast.unparse(node.targets[0]).lower():
            values = [node.value]
        parts = [part for value in values for part in ast.walk(value)]
        texts = [part.value for part in parts if isinstance(part, ast.Constant)]
        found += [text for text in texts if text in CSS4_COLORS.keys() - {"white"}]
    return found


@pytest.mark.parametrize(
    "path", [*PAGES, *MODULES], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_letters_are_large_enough_and_in_ink_and_no_colour_is_chosen_by_its_name(path):
    for code in code_of(path):
        assert sizes_in_numbers(code) == []
        assert named_colours(code) == []
        # Modules pass colours on, of which tests/unit/test_figures.py knows that they can be read.
        assert path in MODULES or coloured_letters(code) == []


def test_all_of_that_would_be_found():
    assert sizes_in_numbers("ax.text(0, 0, 'a', fontsize=8)") == ["8"]
    assert coloured_letters("ax.annotate('a', (0, 0), color=COLOURS['P'])") == ["COLOURS['P']"]
    assert named_colours("ax.plot(x, y, color = 'red')") == ["red"]
    assert named_colours('style = {"color": "red"}') == ["red"]
    assert named_colours("colors = ['red', 'white']") == ["red"]
    assert code_of(ROOT / "book" / "scale" / "choosing.md")
