"""A build that knows where it will live: buttons, sitemap, cards, and the page for wrong addresses.

The book is built once more, without executing anything, as a workflow of a fork would build it.
"""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from join_pages import pages_of

from tests.building import build_book

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://github.com/someone/course"
HOME = "https://someone.github.io/course/"
HUB = "https://hub.example.org"
NOTEBOOK = "notebooks/01-a-real-earthquake"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build_book(
        tmp_path_factory.mktemp("addresses"),
        GITHUB_REPOSITORY="someone/course",
        GITHUB_SERVER_URL="https://github.com",
        COURSE_HUB=HUB,
    )


def read(built, page):
    return BeautifulSoup((built / f"{page}.html").read_bytes(), "html.parser")


def pages():
    return pages_of(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


def test_the_button_to_binder_opens_this_notebook_in_jupyterlab(built):
    (button,) = read(built, NOTEBOOK).select("a[href*='mybinder.org']")
    address = urlsplit(button["href"])
    assert address.path == "/v2/gh/someone/course/main"
    assert parse_qs(address.query) == {"urlpath": [f"lab/tree/{NOTEBOOK}.ipynb"]}
    assert (ROOT / f"{NOTEBOOK}.ipynb").exists()


def test_the_button_to_the_hub_pulls_the_course_and_opens_this_notebook(built):
    (button,) = read(built, NOTEBOOK).select(f"a[href^='{HUB}']")
    address = urlsplit(button["href"])
    assert address.path == "/hub/user-redirect/git-pull"
    assert parse_qs(address.query) == {
        "repo": [REPOSITORY],
        "branch": ["main"],
        "urlpath": [f"lab/tree/course/{NOTEBOOK}.ipynb"],
    }


def test_set_up_has_the_ways_in(built):
    page = read(built, "book/start/set-up")
    links = [link["href"] for link in page.select("article a")]
    binder = "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/workspaces/course"
    assert binder in links
    (hub,) = [link for link in links if link.startswith(HUB)]
    assert parse_qs(urlsplit(hub).query)["urlpath"] == ["lab/tree/course/notebooks/README.md"]
    assert (ROOT / "notebooks" / "README.md").is_file()
    workspace = json.loads((ROOT / "binder" / "course.jupyterlab-workspace").read_text("utf-8"))
    assert binder.endswith("/" + workspace["metadata"]["id"])
    cells = [cell.get_text() for cell in page.select("article pre")]
    assert any(f'"seispipe @ git+{REPOSITORY}"' in cell for cell in cells)


def test_every_notebook_has_the_buttons(built):
    for page in pages():
        if page.startswith("notebooks/"):
            assert read(built, page).select(f"a[href$='urlpath=lab/tree/{page}.ipynb']")
            assert read(built, page).select(f"a[href*='urlpath=lab/tree/course/{page}.ipynb']")


def test_the_buttons_of_the_source_lead_to_the_repository(built):
    links = {link["href"] for link in read(built, NOTEBOOK).select(".article-header-buttons a")}
    assert REPOSITORY in links
    assert any(link.startswith(f"{REPOSITORY}/issues/new?") for link in links)


def test_the_sitemap_has_every_page_and_no_other(built):
    tree = ElementTree.parse(built / "sitemap.xml")  # noqa: S314  (we have just written it)
    listed = {place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert listed == {f"{HOME}{page}.html" for page in pages()}


@pytest.mark.parametrize("page", pages())
def test_a_page_has_its_card_and_says_where_it_lives(built, page):
    head = read(built, page).head
    card = {tag["property"]: tag["content"] for tag in head.select("meta[property^='og:']")}
    assert card["og:url"] == f"{HOME}{page}.html"
    assert card["og:title"]
    assert len(card["og:description"]) >= 20
    assert card["og:image"].startswith(HOME)
    assert (built / card["og:image"].removeprefix(HOME)).read_bytes().startswith(b"\x89PNG")
    assert head.find("link", rel="canonical")["href"] == card["og:url"]


def test_the_page_for_wrong_addresses_works_at_any_depth(built):
    page = read(built, "404")
    assert page.select_one("article h1").get_text() == "There is no page at this address"
    for tag in page.find_all(["a", "link", "script", "img"]):
        address = tag.get("href") or tag.get("src")
        if address and not re.match(r"#|https?:|mailto:|data:", address):
            assert address.startswith("/course/"), address
            assert (built / urlsplit(address).path.removeprefix("/course/")).exists(), address
