"""The text is plain enough to be read in a second language."""

import re

import pytest
from conftest import pages
from test_site import article

# Björnsson's LIX: words a sentence, and how many of a hundred words are long. Below 40 is called
# easy, 50 is a newspaper's leading article, 60 a law.
EASY = 40
READ = [page for page in pages() if not page.startswith("book/reference/")]


def lix(text: str) -> float:
    words = re.findall(r"[^\W\d_]+", text)
    sentences = re.findall(r"[.!?:](?:\s|$)", text)
    long = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(long) / len(words)


def test_lix_knows_easy_from_hard():
    assert lix("The cat sat. It sat on a mat. It was a big mat.") < 10
    hard = "Notwithstanding considerable methodological heterogeneity, practitioners nevertheless "
    assert lix(hard + "characterise seismological infrastructure comprehensively.") > 80


@pytest.mark.parametrize("page", READ)
def test_a_page_is_easy_to_read(site, page):
    paragraphs = article(site, page).select("p")
    assert lix("\n".join(paragraph.get_text() for paragraph in paragraphs)) < EASY
