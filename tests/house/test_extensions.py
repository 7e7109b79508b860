"""What the book's own Sphinx extensions make of what authors write."""

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]
EXTENSIONS = ROOT / "book" / "_extensions"
sys.path.insert(0, str(EXTENSIONS))

from lessons import SET_UP, parts_of, read_page  # noqa: E402

GLOSSARY = """# Words

```{glossary}
worker
    One who works.

corner frequency
    Where it bends.

record
    A piece of a file, and an everyday word.

t*
    A decay.
```
"""
GOOD = """
:::{quiz} Which of `a`, *b* and c?
- [ ] The first.

  Because of this.
- [x] The second, $x^2$.

  Because of that.
- [ ] The third.

  Because of something else.
:::
"""


@pytest.fixture
def build(tmp_path):
    """Build a page, and return it with what Sphinx complained of."""

    def built(text):
        source = tmp_path / "source"
        (source / "book" / "reference").mkdir(parents=True)
        (source / "conf.py").write_text(
            f"import sys; sys.path.insert(0, {str(EXTENSIONS)!r})\n"
            "extensions = ['myst_parser', 'quiz', 'glossary_links', 'formulas']\n"
            "extensions += ['timetable', 'doors']\n"
            "myst_enable_extensions = ['colon_fence', 'dollarmath']\n"
            "html_math_renderer = 'mathml'\n"
        )
        (source / "index.md").write_text(
            f"# Page\n\n{text}\n\n```{{toctree}}\nbook/reference/words\n```\n"
        )
        (source / "book" / "reference" / "words.md").write_text(GLOSSARY)
        app = SphinxTestApp("html", srcdir=source)
        app.build()
        said = app.warning.getvalue()
        page = BeautifulSoup((Path(app.outdir) / "index.html").read_bytes(), "html.parser")
        app.cleanup()
        return page, said

    return built


def test_a_quiz_explains_each_answer(build):
    page, said = build(GOOD)
    assert said == ""
    (quiz,) = page.select(".quiz")
    assert quiz.select_one(".quiz-question").get_text() == "Which of a, b and c?"
    first, second, third = quiz.select("details")
    assert first.summary.get_text() == "The first."
    assert first.p.get_text() == "Not so. Because of this."
    assert second["class"] == ["quiz-answer", "quiz-right"]
    assert second.p.get_text() == "Right. Because of that."
    assert second.summary.find("msup")
    assert third.summary.get_text() == "The third."


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[x]", "[ ]"), "one has the mark"),
        (("[ ] The first", "[x] The first"), "one has the mark"),
        (("[ ] The first", "The first"), "begins with neither"),
        (("  Because of this.\n", ""), "a paragraph that says why"),
        (("  Because of this.\n", "  This.\n\n  And this.\n"), "a paragraph that says why"),
        (("- [ ] The third.\n\n  Because of something else.\n", ""), "at least three"),
    ],
)
def test_a_quiz_that_is_not_one_is_refused(change, complaint, build):
    page, said = build(GOOD.replace(*change))
    assert complaint in said
    assert not page.select(".quiz")


def links_of(page):
    return [link.get_text() for link in page.select("article a > .std-term, .body a > .std-term")]


def test_a_word_is_linked_where_it_comes_up_first_and_only_there(build):
    page, said = build("## Workers\n\nTwo workers, and a Worker. `worker` too.\n\nAnother worker.")
    assert said == ""
    assert links_of(page) == ["workers"]


def test_what_the_author_linked_is_not_linked_again(build):
    page, _ = build("A {term}`worker` and its worker.")
    assert links_of(page) == ["worker"]


@pytest.mark.parametrize(
    "text", ["A coworker.", "A worker-like thing.", "We record it.", "[worker](#page)", "worker/t"]
)
def test_what_only_looks_like_a_word_is_left_alone(text, build):
    assert links_of(build(text)[0]) == []


def test_longer_words_come_first_and_capitals_do_not_matter(build):
    assert links_of(build("The Corner frequency.")[0]) == ["Corner frequency"]


TIMETABLE = """
:::{timetable} A cut
- 10 | Welcome
- 65 | read book/reference/words
- 5 | Break
:::
"""


def test_a_timetable_adds_up_and_links(build):
    page, said = build(TIMETABLE)
    assert said == ""
    table = page.select_one("table.timetable")
    assert table.caption.get_text().startswith("A cut: 1 h 20 min")
    rows = [[cell.get_text().strip() for cell in row.select("td")] for row in table.select("tr")]
    assert rows[1:] == [
        ["0:00", "10", "Welcome"],
        ["0:10", "65", "Read: Words"],
        ["1:15", "5", "Break"],
    ]
    assert table.select_one("td a")["href"] == "book/reference/words.html"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("65 |", "0 |"), "takes 1 minutes, and has 0 here"),
        (("words", "nothing"), "there is no page book/reference/nothing"),
        (("- 5 | Break", "- soon | Break"), "a line of a timetable is"),
        (("- 5 | Break", "- 5"), "a line of a timetable is"),
        (("read book/reference/words", "show book/reference/words | Lost"), "no section 'Lost'"),
    ],
)
def test_a_timetable_that_is_wrong_is_refused(change, complaint, build):
    page, said = build(TIMETABLE.replace(*change))
    assert complaint in said
    assert not page.select("table.timetable")


@pytest.mark.parametrize("door", ["binder", "hub", "colab"])
def test_a_door_without_an_address_says_what_to_put_in(door, build, monkeypatch):
    for name in ("COURSE_REPOSITORY", "COURSE_HUB", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("doors.repository_url", lambda: None)
    page, said = build(f"```{{door}} {door}\n```")
    assert said == ""
    assert "OWNER/COURSE" in page.select_one("pre").get_text()


def test_a_door_that_is_none_is_named(build):
    assert "no such door: window" in build("```{door} window\n```")[1]


def test_a_formula_that_cannot_be_read_is_reported(build):
    _, said = build("So $\\left( x$ it is.")
    assert "cannot read the formula" in said


@pytest.mark.parametrize(
    "latex", [r"\frac{2}{3}\log_{10} M_0", r"\sqrt{2CM}", r"t^* = 0.1\,\text{s}"]
)
def test_a_formula_is_mathml(latex, build):
    page, said = build(f"So ${latex}$ it is.")
    assert said == ""
    assert page.select_one("span.math > math[display=inline]")


def test_every_lesson_says_what_it_takes():
    parts = parts_of(ROOT)
    assert list(parts) == ["Start", "Build", "Scale"]
    for lessons in parts.values():
        for lesson in lessons:
            for page in lesson.pages:
                assert page.title
                assert page.minutes >= 1
            for need in lesson.needs:
                assert (ROOT / f"{need}.md").exists() or (ROOT / f"{need}.ipynb").exists()


def test_a_lesson_is_a_chapter_with_its_notebooks():
    dask = next(lesson for lesson in parts_of(ROOT)["Scale"] if lesson.pages[0].title == "Dask")
    assert [page.name[:12] for page in dask.pages[1:]] == [
        "notebooks/17",
        "notebooks/18",
        "notebooks/19",
    ]
    assert SET_UP not in dask.needs


def test_a_notebook_that_does_not_say_what_it_takes_is_named(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-a.ipynb").write_text('{"cells": [{"source": ["# A"]}]}')
    with pytest.raises(ValueError, match="notebooks/01-a: the first cell"):
        read_page(tmp_path, "notebooks/01-a")
