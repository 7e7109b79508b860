"""What has been published stays: no page and no figure gets lost unnoticed.

``make site-test RECORD=yes`` writes down what there is now.
"""

import json
import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import SITE

RECORD = Path(__file__).with_name("published.json")


def figures_of(soup: BeautifulSoup) -> int:
    return len(soup.select("article.bd-article img"))


@pytest.fixture(scope="module")
def now():
    """The pages of the site, and how many figures each has; redirects are not pages."""
    pages = {
        path.relative_to(SITE).as_posix(): BeautifulSoup(path.read_bytes(), "html.parser")
        for path in sorted(SITE.rglob("*.html"))
    }
    found = {name: figures_of(soup) for name, soup in pages.items() if soup.select("article")}
    if os.environ.get("RECORD") == "yes":
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def published(now):
    return json.loads(RECORD.read_text(encoding="utf-8"))


def test_every_page_is_there_or_leads_to_where_it_went(published):
    lost = [name for name in published if not (SITE / name).exists()]
    assert lost == [], "give each a line under `redirects` in _config.yml"


def test_no_page_has_fewer_figures(now, published):
    fewer = [name for name, figures in published.items() if now.get(name, figures) < figures]
    assert fewer == []


def test_new_pages_are_written_down(now, published):
    assert set(now) <= set(published), "run make site-test RECORD=yes, and commit what it writes"
    assert sum(now.values()) == sum(published.values()), "the same"
