"""The site is there, whole, and was executed by this build."""

import json
import re
from functools import lru_cache

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, pages

NOTEBOOKS = [page for page in pages() if page.startswith("notebooks/")]


@lru_cache
def parse(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def read(site, page):
    path = site / f"{page}.html"
    assert path.exists(), f"{page} was not built"
    return parse(path)


def article(site, page):
    found = read(site, page).select_one("article.bd-article")
    assert found is not None
    return found


@pytest.mark.parametrize("page", pages())
class TestEveryPage:
    def test_it_has_a_title_and_text(self, site, page):
        body = article(site, page)
        assert body.h1.get_text().strip()
        assert len(body.get_text().split()) > 20

    def test_its_figures_are_there_and_described(self, site, page):
        for image in article(site, page).find_all("img"):
            assert len(image.get("alt", "")) > 60, f"{page}: {image.get('src')} lacks a description"
            assert (site / page).parent.joinpath(image["src"]).exists()

    def test_its_tables_have_headers(self, site, page):
        for table in article(site, page).find_all("table"):
            assert table.find("th")

    def test_its_links_into_the_site_lead_somewhere(self, site, page):
        here = (site / page).parent
        for link in read(site, page).find_all("a", href=True):
            target, _, anchor = link["href"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            file = (here / target) if target else (site / f"{page}.html")
            assert file.exists(), f"{page} links to {target}, which is not there"
            if anchor and file.suffix == ".html":
                assert parse(file.resolve()).find(id=anchor), (
                    f"{page} links to #{anchor} in {file.name}"
                )

    def test_no_script_style_or_picture_comes_from_elsewhere(self, site, page):
        soup = read(site, page)
        sources = [tag.get("src") for tag in soup.find_all(["script", "img", "iframe"])]
        sources += [
            tag.get("href")
            for tag in soup.find_all("link")
            if "icon" in tag["rel"] or "stylesheet" in tag["rel"]
        ]
        remote = [source for source in sources if source and re.match(r"(https?:)?//", source)]
        assert remote == []


@pytest.mark.parametrize("page", NOTEBOOKS)
class TestEveryNotebook:
    def test_its_cells_were_executed(self, site, page):
        source = json.loads((ROOT / f"{page}.ipynb").read_text(encoding="utf-8"))
        printing = [
            c
            for c in source["cells"]
            if c["cell_type"] == "code" and "print(" in "".join(c["source"])
        ]
        outputs = article(site, page).select("div.cell_output")
        assert len(outputs) >= len(printing) > 0

    def test_its_figures_are_in_the_page(self, site, page):
        source = (ROOT / f"{page}.ipynb").read_text(encoding="utf-8")
        described = source.count('"alt": ')
        assert len(article(site, page).select("div.cell_output img")) == described > 0

    def test_no_cell_failed(self, site, page):
        assert "Traceback (most recent call last)" not in article(site, page).get_text()

    def test_solutions_are_there_and_folded(self, site, page):
        solutions = article(site, page).select("div.tag_solution")
        assert len(solutions) >= 2
        for solution in solutions:
            assert solution.select_one("details")
            assert "Right: " in solution.get_text()


def test_every_status_is_in_the_troubleshooting_table(site):
    from seispipe.results import STATUSES

    rows = article(site, "book/reference/troubleshooting").select("td:first-child")
    explained = {cell.get_text().strip() for cell in rows}
    assert set(STATUSES) - {"ok"} <= explained


def test_the_course_map_has_every_lesson_and_nothing_else(site):
    links = article(site, "book/intro").select(".course-map .course-title a, .course-map p > a")
    mapped = {(site / "book" / link["href"]).resolve() for link in links}
    beside = ("book/reference/", "book/teach/", "book/intro")
    lessons = {page for page in pages() if not page.startswith(beside)}
    assert mapped == {(site / f"{page}.html").resolve() for page in lessons}


def test_formulas_need_no_script(site):
    formulas = [(page, math) for page in pages() for math in read(site, page).select(".math")]
    assert len(formulas) > 100
    for page, formula in formulas:
        assert formula.find("math"), f"{page}: {formula}"
        assert not re.search(r"[\\$&]", formula.get_text()), f"{page}: {formula.get_text()}"
    assert not [page for page in pages() if "MathJax" in str(read(site, page))]


def test_words_of_the_glossary_are_linked_once_a_page_where_no_author_did(site):
    for page in pages():
        if page.startswith(("book/start/cloud", "book/build/", "book/scale/", "notebooks/")):
            assert article(site, page).select("a > .std-term"), page


def test_each_executed_page_says_when_and_how_long(site):
    table = article(site, "book/reference/how-this-site-was-run").find_all("table")[-1]
    listed = {link["href"] for link in table.select("a")}
    for page in NOTEBOOKS:
        facts = article(site, page).select_one("p.page-facts").get_text()
        assert re.search(r"Executed on \d+ \w+ 20\d\d, in (\d+ s|less than a second)", facts)
        assert f"../../{page}.html" in listed
