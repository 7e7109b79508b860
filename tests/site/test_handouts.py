"""What is printed for a workshop fits on the paper that it claims to need."""

import io

import pytest
from pypdf import PdfReader

SHEETS = {"book/teach/learners-pack": 4, "book/teach/feedback": 1}


@pytest.mark.parametrize("name", SHEETS)
def test_a_handout_prints_on_few_sheets(name, look_at):
    page = look_at(f"{name}.html")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    assert 1 <= len(printed.pages) <= SHEETS[name]


def test_the_map_to_tick_is_on_one_sheet_and_has_every_lesson(look_at):
    page = look_at("book/teach/learners-pack.html")
    boxes = page.locator(".course-list li p").all_inner_texts()
    printed = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    texts = [sheet.extract_text() for sheet in printed.pages]
    (ticked,) = [text for text in texts if "☐" in text]
    assert ticked.count("☐") == len(boxes) > 30
