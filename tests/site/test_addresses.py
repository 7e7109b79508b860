"""A build that knows where it will live: buttons, sitemap, cards, and the page for wrong addresses.

The book is built once more, without executing anything, as a workflow of a fork would build it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from join_pages import pages_of

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://github.com/someone/course"
HOME = "https://someone.github.io/course/"
NOTEBOOK = "notebooks/01-a-real-earthquake"
# The book is built once, by one of those who share the tests.
pytestmark = pytest.mark.xdist_group("addresses")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("addresses")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"]["execute_notebooks"] = "off"
    # These are looked for beside the configuration, which lies elsewhere here.
    settings["sphinx"]["local_extensions"] = {
        name: str(ROOT / path) for name, path in settings["sphinx"]["local_extensions"].items()
    }
    (folder / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    build = subprocess.run(
        [
            *(Path(sys.executable).with_name("jupyter-book"), "build", ROOT),
            *("--path-output", folder),
            *("--config", folder / "_config.yml", "--toc", ROOT / "_toc.yml"),
        ],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("COURSE_")},
            "GITHUB_REPOSITORY": "someone/course",
            "GITHUB_SERVER_URL": "https://github.com",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stdout + build.stderr
    return folder / "_build" / "html"


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


def test_every_notebook_has_the_button(built):
    for page in pages():
        if page.startswith("notebooks/"):
            assert read(built, page).select(f"a[href$='lab/tree/{page}.ipynb']")


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
