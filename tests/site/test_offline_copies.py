"""The book without a web server of its own: as one PDF, and as a folder on a stick."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import SITE, serve
from join_pages import pages_of
from playwright.sync_api import expect
from pypdf import PdfReader
from pypdf.generic import Destination

ROOT = Path(__file__).parents[2]
TITLE = "Cloud Workflows for Seismology"


def make(script, out):
    command = [sys.executable, ROOT / ".ci" / script, "--site", SITE, "--out", out]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    return PdfReader(make("print_book.py", tmp_path_factory.mktemp("pdf") / "book.pdf"))


@pytest.fixture(scope="module")
def sheets(pdf):
    """The text of each sheet; to take it out takes a minute."""
    return [page.extract_text() for page in pdf.pages]


@pytest.fixture(scope="module")
def articles():
    """The text of each page of the site, in the order of the book."""
    names = pages_of(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
    soups = [BeautifulSoup((SITE / f"{name}.html").read_bytes(), "html.parser") for name in names]
    return [soup.select_one("article.bd-article") for soup in soups]


def heading(tag):
    return " ".join(tag.get_text().removesuffix("#").split())


def entries(outline, depth=0):
    for item in outline:
        if isinstance(item, Destination):
            yield depth, " ".join(item.title.split())
        else:
            yield from entries(item, depth + 1)


def elements(node):
    """Walk through the tree that says what is a figure, and what it shows."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_the_outline_goes_from_parts_to_pages_in_order(pdf, articles):
    outline = list(entries(pdf.outline))
    parts = [title for depth, title in outline if depth == 0]
    assert parts == [TITLE, "Contents", "Start", "Build", "Scale", "Teach", "Reference"]
    pages = [title for depth, title in outline if depth == 1]
    assert pages == [heading(article.h1) for article in articles]
    sections = [title for depth, title in outline if depth == 2]
    assert sections == [heading(tag) for article in articles for tag in article.select("h2")]


def test_it_says_what_it_is(pdf):
    assert pdf.metadata.title == TITLE
    assert pdf.root_object["/Lang"].startswith("en")
    first = pdf.pages[0].extract_text()
    assert "Seismology" in first
    assert "CC BY 4.0" in first


def test_links_lead_somewhere(pdf):
    named = pdf.named_destinations
    within, beyond = 0, 0
    for page in pdf.pages:
        for note in page.get("/Annots") or []:
            link = note.get_object()
            action = link.get("/A", {}).get_object() if "/A" in link else {}
            if "/URI" in action:
                beyond += 1
                assert action["/URI"].startswith(("https://", "http://", "mailto:"))
                assert "127.0.0.1" not in action["/URI"] or "8000" in action["/URI"]
            else:
                within += 1
                target = link.get("/Dest") or action.get("/D")
                assert isinstance(target, list) or target.lstrip("/") in {
                    name.lstrip("/") for name in named
                }
    assert within > 1000
    assert beyond > 50


def test_every_figure_is_there_with_its_description(pdf, articles):
    described = [image["alt"] for article in articles for image in article.select("img")]
    tree = elements(pdf.root_object["/StructTreeRoot"]["/K"])
    found = {node["/Alt"] for node in tree if node.get("/S") == "/Figure" and "/Alt" in node}
    assert len(described) > 90
    assert [alt for alt in described if alt not in found] == []


def test_no_sheet_is_empty(pdf, sheets):
    for number, (page, text) in enumerate(zip(pdf.pages, sheets, strict=True)):
        drawn = len(page.get_contents().get_data()) > 2000
        assert len(text.split()) > 1 or drawn, f"sheet {number + 1}"


def test_what_is_folded_on_the_site_is_open_on_paper(sheets, articles):
    text = "".join("".join(sheet.split()) for sheet in sheets)
    hidden = [why.get_text() for article in articles for why in article.select(".quiz details p")]
    hidden += [
        hint.get_text() for article in articles for hint in article.select(".hint p:last-child")
    ]
    assert len(hidden) > 150
    # Ligatures and formulas come out otherwise; most of the beginning has none.
    plain = [start for start in ("".join(said.split())[:25] for said in hidden) if start.isascii()]
    assert sum(start in text for start in plain) >= 0.9 * len(plain)


def test_the_same_site_gives_the_same_zip(tmp_path):
    one, other = (make("zip_site.py", tmp_path / name) for name in ("one.zip", "other.zip"))
    assert one.read_bytes() == other.read_bytes()


def test_the_zip_can_be_read_from_a_folder(tmp_path, chromium):
    with ZipFile(make("zip_site.py", tmp_path / "site.zip")) as archive:
        archive.extractall(tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert "http.server" in (folder / "READ-ME-FIRST.txt").read_text(encoding="utf-8")
    asked = []
    with serve(folder) as address:
        page = chromium.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_url(lambda url: url.endswith("/book/intro.html"))
        page.goto(f"{address}notebooks/01-a-real-earthquake.html")
        assert page.evaluate("() => document.querySelector('article img').decode()") is None
        page.goto(f"{address}search.html?q=egress")
        expect(page.locator("#search-results li").first).to_be_visible()
        page.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
