"""Every page as a reader's browser shows it: light, quick, from this site alone, for everybody.

Each page is looked at wide, in light and in dark colours, and on a narrow phone.
"""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from conftest import PHONE, SITE, WIDE

AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
VIOLATIONS = Path(__file__).with_name("violations.js").read_text(encoding="utf-8")
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if "<main" in path.read_text(encoding="utf-8")  # the others lead on at once
)
COLOURS = ["color-contrast", "link-in-text-block"]
OF_COLOURS = {"runOnly": COLOURS}
BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
# Code has thousands of coloured pieces, and the same colours on every page: two stand for all.
CODE = ".highlight pre"
CODE_IS_LOOKED_AT = {"notebooks/13-multiprocessing.html", "book/scale/on-a-cluster.html"}
MOST_BYTES = 1_500_000
MOST_MS_TO_FIRST_CONTENT, TIMES_AN_EMPTY_PAGE = 1000, 20

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TO_THE_END = """async () => {
  for (const image of document.images) { image.loading = "eager"; await image.decode(); }
}"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")].reduce((sum, e) => sum + e.decodedBodySize, 0)"""
FIRST_CONTENT = """() => new Promise((found) => new PerformanceObserver((list) => {
  for (const entry of list.getEntriesByName("first-contentful-paint")) found(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""


def test_there_are_pages():
    assert len(PAGES) >= 50


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_there_at_once_and_for_everybody(name, look_at):
    """The best of six: what else this machine does at the moment is not the page's doing."""
    page = look_at(name, WIDE, "light", reduced_motion="reduce")
    times = [page.evaluate(FIRST_CONTENT)]
    most = most_ms(page)
    while len(times) < 6 and min(times) > most:
        again = look_at(name)
        times.append(again.evaluate(FIRST_CONTENT))
        most = max(most, most_ms(again))
    assert min(times) <= most
    page.evaluate(TO_THE_END)
    assert 0 < page.evaluate(WEIGHT) <= MOST_BYTES
    is_for_everybody(page)
    for scheme in ("light", "dark"):  # as when a reader changes the system's setting
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f"html[data-theme={scheme}]")
        code = [] if name in CODE_IS_LOOKED_AT else [CODE]
        assert page.evaluate(VIOLATIONS, {"rules": OF_COLOURS, "without": code}) == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody_on_a_phone(name, look_at):
    """In the colours of the wide window: nothing else changes them."""
    is_for_everybody(look_at(name, PHONE, "dark", reduced_motion="reduce"))


def is_for_everybody(page):
    assert page.evaluate(TOO_WIDE) <= 0, "it scrolls sideways"
    page.evaluate(AXE)
    page.add_style_tag(content="* { transition: none !important; }")
    assert page.evaluate(VIOLATIONS, {"rules": BUT_COLOURS, "without": []}) == []


def most_ms(page):
    """Allow more where a page with one letter on it takes long as well."""
    empty = page.context.new_page()
    empty.goto("data:text/html,<p>a")
    needed = empty.evaluate(FIRST_CONTENT)
    empty.close()
    return max(MOST_MS_TO_FIRST_CONTENT, TIMES_AN_EMPTY_PAGE * needed)
