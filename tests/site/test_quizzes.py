"""Quizzes as written by their authors and as built."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import SITE

BOOK = Path(__file__).parents[2] / "book"
# Set up is a recipe; everything else that is read is a chapter.
CHAPTERS = sorted(
    path.relative_to(BOOK.parent).with_suffix("").as_posix()
    for part in ("start", "build", "scale")
    for path in (BOOK / part).glob("*.md")
    if path.stem != "set-up"
)


@pytest.fixture(params=CHAPTERS)
def quizzes(request):
    page = BeautifulSoup((SITE / f"{request.param}.html").read_bytes(), "html.parser")
    return page.select(".quiz")


def test_there_are_chapters():
    assert len(CHAPTERS) >= 15


def test_each_chapter_ends_with_some(quizzes):
    assert len(quizzes) >= 2
    for quiz in quizzes:
        section = quiz.find_parent("section")
        assert section.find("h2").get_text().startswith("Check yourself")


def test_each_asks_and_explains(quizzes):
    for quiz in quizzes:
        question = quiz.select_one(".quiz-question")
        assert quiz["aria-labelledby"] == question["id"]
        assert question.get_text().strip().endswith("?")
        answers = quiz.select("details")
        assert len(answers) >= 3
        assert len(quiz.select(".quiz-right")) == 1
        for answer in answers:
            assert not answer.has_attr("open")
            assert len(answer.summary.get_text().split()) >= 1
            assert len(answer.p.get_text().split()) >= 8, "an answer is explained"
            assert not answer.summary.find("a"), "a link there could not be reached"


def test_explanations_differ(quizzes):
    said = [answer.p.get_text() for quiz in quizzes for answer in quiz.select("details")]
    assert len(set(said)) == len(said)


def test_no_mark_of_the_author_is_left(quizzes):
    for quiz in quizzes:
        assert not re.search(r"\[[ xX]\]", quiz.get_text())


def test_the_right_answer_is_not_always_in_the_same_place():
    places = []
    for chapter in CHAPTERS:
        page = BeautifulSoup((SITE / f"{chapter}.html").read_bytes(), "html.parser")
        for quiz in page.select(".quiz"):
            answers = quiz.select("details")
            places.append(next(i for i, a in enumerate(answers) if "quiz-right" in a["class"]))
    for place in (0, 1, 2):
        assert places.count(place) >= len(places) / 6
