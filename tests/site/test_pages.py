"""Every page as a reader's browser shows it: light, quick, from this site alone, for everybody.

Each page is looked at wide and on a narrow phone, in light and in dark colours.
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
ALL_RULES = {}
# Nothing else changes with the colours.
RULES_OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}
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
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_page_is_for_everybody(name, size, scheme, look_at):
    """The wide window shows both schemes, as when a reader changes the system's setting."""
    page = look_at(name, size, scheme, reduced_motion="reduce")
    assert page.evaluate(TOO_WIDE) <= 0, "it scrolls sideways"
    page.evaluate(AXE)
    page.add_style_tag(content="* { transition: none !important; }")
    page.wait_for_selector(f"html[data-theme={scheme}]")
    assert page.evaluate(VIOLATIONS, ALL_RULES) == [], scheme
    if size == PHONE:
        return  # it has the colours of the wide window
    other = {"light": "dark", "dark": "light"}[scheme]
    page.emulate_media(color_scheme=other)
    page.wait_for_selector(f"html[data-theme={other}]")
    assert page.evaluate(VIOLATIONS, RULES_OF_COLOUR) == [], other


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_there_at_once(name, look_at):
    """The best of six: what else this machine does at the moment is not the page's doing."""
    page = look_at(name)
    times = [page.evaluate(FIRST_CONTENT)]
    most = most_ms(page)
    while len(times) < 6 and min(times) > most:
        again = look_at(name)
        times.append(again.evaluate(FIRST_CONTENT))
        most = max(most, most_ms(again))
    assert min(times) <= most
    page.evaluate(TO_THE_END)
    assert 0 < page.evaluate(WEIGHT) <= MOST_BYTES


def most_ms(page):
    """Allow more where a page with one letter on it takes long as well."""
    empty = page.context.new_page()
    empty.goto("data:text/html,<p>a")
    needed = empty.evaluate(FIRST_CONTENT)
    empty.close()
    return max(MOST_MS_TO_FIRST_CONTENT, TIMES_AN_EMPTY_PAGE * needed)
