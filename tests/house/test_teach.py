"""What instructors are told holds: times add up, lessons run well within them, sections exist."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_extensions"))

from lessons import read_page  # noqa: E402

GUIDE = (ROOT / "book" / "teach" / "guide.md").read_text(encoding="utf-8")
NOTES = (ROOT / "book" / "teach" / "lesson-by-lesson.md").read_text(encoding="utf-8")
RECORDED = json.loads((ROOT / "book" / "reference" / "one_core.json").read_text(encoding="utf-8"))
CUTS = dict(re.findall(r"^:::\{timetable\} (.*?)\n(.*?)^:::$", GUIDE, re.MULTILINE | re.DOTALL))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LABELS = ["The point", "Show", "They may think", "When late", "Ask", "Listen for"]


def lines_of(cut):
    return [line.removeprefix("- ").split(" | ") for line in CUTS[cut].strip().splitlines()]


def minutes(cut):
    return sum(int(line[0]) for line in lines_of(cut))


def lessons(cut):
    """Yield minutes and page of each whole notebook."""
    for first, what, *_ in lines_of(cut):
        if what.startswith("run "):
            yield int(first), what.removeprefix("run ")


def test_there_are_cuts_for_ninety_minutes_a_half_day_a_day_and_two():
    totals = {cut: minutes(cut) for cut in CUTS}
    assert [name.split(",")[0] for name in CUTS] == [
        "Ninety minutes",
        "A half day",
        "A day",
        "Two days",
        "Two days",
    ]
    ninety, half, *whole = totals.values()
    assert (ninety, half) == (90, 240)
    assert all(400 <= total <= 440 for total in whole)


@pytest.mark.parametrize("cut", CUTS)
def test_nobody_sits_for_two_hours(cut):
    since_break = 0
    for first, what, *_ in lines_of(cut):
        since_break = 0 if what in {"Break", "Lunch"} else since_break + int(first)
        assert since_break <= 120, what


@pytest.mark.parametrize("cut", CUTS)
def test_lessons_have_the_time_that_they_say_and_run_in_a_tenth_of_it(cut):
    for first, page in lessons(cut):
        assert first >= read_page(ROOT, page).minutes
        seconds = RECORDED["notebooks"][page.removeprefix("notebooks/")]["seconds"]
        assert seconds <= 0.1 * 60 * first, page


@pytest.mark.parametrize("cut", CUTS)
def test_no_lesson_comes_before_one_that_it_builds_on_in_the_same_workshop(cut):
    pages = [page for _, page in lessons(cut)]
    for number, page in enumerate(pages):
        assert not set(read_page(ROOT, page).needs) & set(pages[number:]), page


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_lesson_has_its_notes_and_what_may_be_skipped_is_there(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    title = re.search(r"^# (.+)$", text, re.MULTILINE)[1]
    (entry,) = re.findall(
        rf"^## {path.stem[:2]} {re.escape(title)}\n(.*?)(?=^## |\Z)",
        NOTES,
        re.MULTILINE | re.DOTALL,
    )
    assert re.findall(r"^- \*\*(.+?)\*\*: \S", entry, re.MULTILINE) == LABELS
    assert f"](../../notebooks/{path.name})" in entry
    late = re.search(r"^- \*\*When late\*\*: skip (.+)$", entry, re.MULTILINE)[1]
    sections = re.findall(r"\*(.+?)\*", late)
    headings = re.findall(r"^#{2,3} (?:\d+ )?(.+)$", text, re.MULTILINE)
    assert sections
    assert set(sections) <= set(headings)
