"""Every page as a reader's browser shows it: from this site alone, without errors, for everybody.

Each page is looked at wide and on a narrow phone, light and dark.
"""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from conftest import SITE, THEMES_OWN

AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")]
PAGES = sorted(
    path.relative_to(SITE).as_posix()
    for path in SITE.rglob("*.html")
    if not path.relative_to(SITE).parts[0].startswith("_")
)
VIOLATIONS = Path(__file__).with_name("violations.js").read_text(encoding="utf-8")
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def look_at(site, chromium):
    """Open a page with a size and a colour scheme, and note what it asks for and complains of."""
    contexts = []

    def open_page(name, size, scheme):
        context = chromium.new_context(viewport=size, color_scheme=scheme)
        context.add_init_script(
            f'localStorage.setItem("mode", "{scheme}"); localStorage.setItem("theme", "{scheme}")'
        )
        contexts.append(context)
        page = context.new_page()
        page.elsewhere, page.complaints = [], []

        def asked(request):
            if not request.url.startswith((site, "data:", "blob:")):
                page.elsewhere.append(request.url)

        def answered(response):
            if response.status >= 400:
                page.complaints.append(f"{response.status} {response.url}")

        def said(message):
            if message.type == "error" and THEMES_OWN not in message.text:
                page.complaints.append(message.text)

        page.on("request", asked)
        page.on("response", answered)
        page.on("console", said)
        page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
        page.goto(f"{site}{name}", wait_until="load")
        page.evaluate("() => window.MathJax?.startup?.promise")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_there_are_pages():
    assert len(PAGES) >= 45


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_quiet_and_for_everybody(name, look_at):
    for size, scheme in LOOKS:
        page = look_at(name, size, scheme)
        look = f"{name}, {size['width']} px, {scheme}"
        assert page.elsewhere == [], look
        assert page.complaints == [], look
        assert page.evaluate(TOO_WIDE) <= 0, f"{look}: it scrolls sideways"
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == [], look
        page.context.close()
