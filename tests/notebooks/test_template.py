"""Every notebook keeps to one template, so that a reader finds things where they were last time."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DRAWS = re.compile(r"plt\.(subplots|figure)\(|\bdraw_\w+\(")
CHECKED_EXERCISE = re.compile(r'check\("([\w-]+/[\w-]+)", answer(?:, solution=True)?\)')


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


def code_cells(cells, tag=None):
    return [
        cell
        for cell in cells
        if cell.cell_type == "code" and (tag is None or tag in cell.metadata.get("tags", []))
    ]


def exercise_name(cell):
    match = CHECKED_EXERCISE.search(cell.source)
    assert match, f"this cell checks no exercise:\n{cell.source}"
    return match[1]


def test_there_are_notebooks_and_they_are_numbered_without_holes():
    numbers = [int(path.name[:2]) for path in NOTEBOOKS]
    assert numbers
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_first_cell_says_what_it_is_for_and_what_it_takes(cells):
    head = cells[0].source
    assert head.startswith("# ")
    for promise in ("**You will be able to**", "**You need**"):
        assert promise in head
    facts = r"\*\*Time\*\* \d+ minutes\. \*\*Cores\*\* .+ \*\*Memory\*\* [\d.]+ GB\. \*\*Data\*\* "
    assert re.search(facts, head)


def test_imports_and_settings_stand_in_one_cell(cells):
    first, *others = code_cells(cells)
    assert "import" in first.source
    for cell in others:
        assert not re.search(r"^\s*(import|from) ", cell.source, re.MULTILINE), cell.source


def test_no_outputs_are_kept(cells):
    for cell in code_cells(cells):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_the_kernel_is_named_once_and_for_all(path):
    """Without a name JupyterLab asks each reader for one; any other name is one machine's own."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert nbformat.read(path, as_version=4).metadata == {"kernelspec": kernel}


def test_something_is_asserted_and_said_to_be(cells):
    checks = code_cells(cells, "check")
    assert checks
    for cell in checks:
        assert re.search(r"^assert ", cell.source, re.MULTILINE)
        assert re.search(r"^# Check: .+\.$", cell.source, re.MULTILINE), cell.source


def test_every_figure_has_a_text_for_those_who_cannot_see_it(cells):
    for cell in code_cells(cells):
        if DRAWS.search(cell.source):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) > 60, f"say what this figure shows:\n{cell.source}"


def test_each_exercise_has_a_hint_a_check_and_a_solution_that_is_right(cells):
    exercises = code_cells(cells, "exercise")
    solutions = code_cells(cells, "solution")
    assert len(exercises) >= 2
    assert [exercise_name(c) for c in exercises] == [exercise_name(c) for c in solutions]
    for exercise, solution in zip(exercises, solutions, strict=True):
        where = cells.index(exercise)
        assert cells.index(solution) == where + 1
        assert cells[where - 1].source.lstrip().startswith(("### Exercise", "## Exercises"))
        assert ":class: hint dropdown" in cells[where - 1].source
        assert re.search(r"^answer = \.\.\.$", exercise.source, re.MULTILINE)
        assert "assert verdict" in solution.source
        # JupyterLab shows the first line of a folded cell.
        assert solution.source.startswith("# Solution\n")
        assert "answer, solution=True)" in solution.source


def test_exercises_are_graded_and_numbered(cells):
    """One applies what was shown, one changes something, and the last asks why."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.findall(r"^### Exercise (\d+), (apply|change|explain): \S", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"^### Exercise", text, re.MULTILINE))
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    grades = [grade for _, grade in found]
    assert {*grades} == {"apply", "change", "explain"}
    assert grades.index("explain") == len(grades) - 1


def test_only_solutions_are_folded_away(cells):
    """The site calls every folded cell a solution."""
    for cell in code_cells(cells):
        tags = cell.metadata.get("tags", [])
        folded = any(tag.startswith("hide-") for tag in tags)
        assert folded == ("solution" in tags)
        assert bool(cell.metadata.get("jupyter", {}).get("source_hidden")) == folded


def test_it_ends_with_key_points_and_what_is_next(cells):
    assert re.search(r"^## Key points\n.*^## Next\n", cells[-1].source, re.DOTALL | re.MULTILINE)


def test_it_is_in_the_book(path):
    assert f"notebooks/{path.stem}" in (ROOT / "_toc.yml").read_text(encoding="utf-8")
