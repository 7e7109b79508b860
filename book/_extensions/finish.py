"""Mend in the written pages what theme and libraries do not get right.

Each mend says what is wrong without it. The tests of the site look at the result in a browser.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from scour import scour

# Icons are drawn with a font; fontawesome.js has them again, in 1.5 MB. Thebe is not used.
UNUSED = re.compile(r"fontawesome\.js|sphinx-thebe\.(js|css)")
# What only pages with certain elements use.
USED_WITH = {
    re.compile(r"sphinx-design|design-tabs"): "[class*=sd-]",
    re.compile(r"calculator\.(js|css)"): ".calculator",
}
# Only the search page searches; other pages would load the index of the whole book for nothing.
FOR_SEARCH = re.compile(r"(^|/)(searchindex|searchtools|language_data)\.js")
SHORTER = scour.parse_args(
    [
        "--set-precision=4",
        "--enable-id-stripping",
        "--shorten-ids",
        "--no-line-breaks",
        "--remove-descriptive-elements",
    ]
)
# Above the fold, as far as one can know beforehand.
SEEN_AT_ONCE = 1


def lighten(soup: BeautifulSoup, page: Path) -> None:
    """Leave out what the page loads and does not use."""
    for tag in soup.find_all(["script", "link"]):
        source = tag.get("src") or tag.get("href") or ""
        unused = UNUSED.search(source) or any(
            name.search(source) and not soup.select_one(users) for name, users in USED_WITH.items()
        )
        if unused or (page.name != "search.html" and FOR_SEARCH.search(source)):
            tag.decompose()


def postpone_pictures(soup: BeautifulSoup, page: Path) -> None:
    """Load pictures when they come near, with their room kept free so that no text jumps."""
    for place, image in enumerate(soup.select("article img")):
        if place >= SEEN_AT_ONCE:
            image["loading"] = "lazy"
        size = _size(page.parent / image["src"])
        if size and not image.get("width"):
            image["width"], image["height"] = size


def _size(picture: Path) -> tuple[int, int] | None:
    """Return the width and height of an SVG picture in pixels."""
    if picture.suffix != ".svg" or not picture.exists():
        return None
    root = ElementTree.parse(picture).getroot()  # noqa: S314  (our own figure)
    points = [root.get(name, "").removesuffix("pt") for name in ("width", "height")]
    return tuple(round(float(length) * 4 / 3) for length in points) if all(points) else None


def lighten_picture(picture: Path) -> None:
    """Write an SVG shorter, with four digits a number: it looks the same at half the size."""
    svg = scour.scourString(picture.read_text(encoding="utf-8"), SHORTER)
    picture.write_text(svg, encoding="utf-8")


def name_landmarks(soup: BeautifulSoup, page: Path) -> None:
    """Let everything on the page be in a region that a screen reader can name."""
    for sidebar in soup.select(".sidebar-primary-items__start"):
        sidebar["role"], sidebar["aria-label"] = "navigation", "Site"


def name_controls(soup: BeautifulSoup, page: Path) -> None:
    """Let a control be called what is written on it, so that it can be spoken to."""
    for control in soup.select("button.search-button-field, a.nav-link[aria-label]"):
        del control["aria-label"]
    for toggle in soup.select("summary:has(.toctree-toggle)"):
        beside = toggle.find_parent("li").a
        toggle["aria-label"] = f"Pages below: {beside.get_text(strip=True)}"


def use_allowed_roles(soup: BeautifulSoup, page: Path) -> None:
    """Take away roles of the bibliography that its elements may not have."""
    for tag in soup.select("[role=doc-biblioentry], [role=doc-backlink], .citation-list"):
        del tag["role"]


def fill_heads(soup: BeautifulSoup, page: Path) -> None:
    """Let no table have a head without text: pandas leaves the corner empty."""
    for head in soup.select("article th"):
        if not head.get_text(strip=True):
            head.name = "td"


MENDS = (
    lighten,
    postpone_pictures,
    name_landmarks,
    name_controls,
    use_allowed_roles,
    fill_heads,
)


def finish(app, problem) -> None:
    """Go through all written pages."""
    if problem or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for page in site.rglob("*.html"):
        if page.is_relative_to(site / "_static"):
            page.unlink()  # templates of the theme, which it copies by mistake
            continue
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for mend in MENDS:
            mend(soup, page)
        page.write_text(str(soup), encoding="utf-8")
    for picture in (site / "_images").glob("*.svg"):
        lighten_picture(picture)
    for file in (site / "_static").rglob("*"):
        if UNUSED.search(file.name) or file.suffix == ".map":
            file.unlink()


def setup(app):
    """Register with Sphinx."""
    # After all extensions that write at the end.
    app.connect("build-finished", finish, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
