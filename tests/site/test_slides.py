"""Slides of every chapter: made from the site, readable on a projector, without a network."""

import subprocess
import sys

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import serve
from make_slides import SLIDES, told
from print_book import ROOT

CHAPTERS = told(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
PROJECTOR = {"width": 1280, "height": 720}
# What does not fit into the frame of a slide.
TOO_LARGE = """() => Reveal.getSlides().flatMap((slide, number) => {
  Reveal.slide(number);
  return [slide, ...slide.querySelectorAll('img, table, pre, li, h1, h2')]
    .filter(part => part.scrollWidth > 1290 || part.offsetTop + part.offsetHeight > 725)
    .slice(0, 1)
    .map(part => `slide ${number + 1}: ${part.nodeName} ${part.textContent.slice(0, 40)}`);
})"""


@pytest.fixture(scope="module")
def slides():
    subprocess.run([sys.executable, ROOT / ".ci" / "make_slides.py"], check=True)
    with serve(SLIDES) as address:
        yield address


def read(name):
    return BeautifulSoup((SLIDES / f"{name}.html").read_bytes(), "html.parser")


def test_every_chapter_that_is_told_has_its_slides(slides):
    listed = [link["href"] for link in read("index").select("section a")]
    assert listed == [f"{chapter.rpartition('/')[2]}.html" for chapter in CHAPTERS]
    assert "book/scale/dask" in CHAPTERS
    assert not any(chapter.startswith(("book/reference", "book/teach/")) for chapter in CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_slides_of_a_chapter_have_its_sections_figures_and_questions(slides, chapter):
    site = BeautifulSoup((ROOT / f"_build/html/{chapter}.html").read_bytes(), "html.parser")
    made = read(chapter.rpartition("/")[2])
    titles = {title.get_text() for title in made.select("h2")}
    for title in site.select("article > section > section > h2"):
        wanted = title.get_text().removesuffix("#")
        assert wanted in titles or wanted == "Check yourself"
    assert len(made.select(".quiz")) == len(site.select("article .quiz"))
    figures = made.select("img")
    assert len(figures) == len(site.select("article img"))
    assert all(figure["alt"] for figure in figures)
    assert all((SLIDES / figure["src"]).is_file() for figure in figures)
    assert made.select("aside.notes p")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_is_cut_off_and_nothing_comes_from_elsewhere(slides, chapter, chromium):
    page = chromium.new_page(viewport=PROJECTOR)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.goto(f"{slides}{chapter.rpartition('/')[2]}.html")
    page.wait_for_function("window.Reveal && Reveal.isReady()", timeout=120_000)
    assert page.evaluate(TOO_LARGE) == []
    assert [url for url in asked if not url.startswith((slides, "data:"))] == []
    assert complaints == []
    page.close()
