"""Make slides of the chapters, for the parts of a workshop that are told. Run by ``make slides``.

They are made from the pages of the built site: headings, figures, tables, what is set in
bold, and the questions at the end. The text itself becomes the notes of whoever speaks. reveal.js
comes with the package sphinx-revealjs and is copied beside them, so that they need no network.
"""

import re
import shutil
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import sphinx_revealjs
import yaml
from bs4 import BeautifulSoup, Tag
from zip_site import ROOT, SITE

SLIDES = ROOT / "_build" / "slides"
REVEAL = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
NEEDED = ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes")
BESIDE = {"Teach", "Reference"}
NOT_TOLD = {"book/start/set-up"}
POINTS, LETTERS, ROWS, LINES = 5, 170, 6, 12
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="reveal.js/dist/reset.css">
<link rel="stylesheet" href="reveal.js/dist/reveal.css">
<link rel="stylesheet" href="slides.css">
</head>
<body>
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script src="reveal.js/dist/reveal.js"></script>
<script src="reveal.js/plugin/notes/notes.js"></script>
<script>
Reveal.initialize({{
  width: 1280, height: 720, margin: 0.06, hash: true, slideNumber: "c/t", transition: "none",
  center: false, plugins: [RevealNotes]
}});
</script>
</body>
</html>
"""


@dataclass
class Section:
    """What of a section is shown, and what is said."""

    title: str
    points: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def slides(self) -> list[str]:
        """Return a slide with the points, and one for each thing to look at."""
        notes = "".join(f"<p>{escape(text)}</p>" for text in self.said)
        bodies = list(self.shown)
        if self.points:
            points = "".join(f"<li>{point}</li>" for point in self.points[:POINTS])
            bodies.insert(0, f"<ul>{points}</ul>")
        notes = f'<aside class="notes">{notes}</aside>'
        heading = f"<h2>{self.title}</h2>"
        return [f"<section>{heading}{body}{notes}</section>" for body in bodies]


def told(toc: dict) -> list[str]:
    """Return the chapters that have slides, in their order."""
    return [
        chapter["file"]
        for part in toc["parts"]
        if part["caption"] not in BESIDE
        for chapter in part["chapters"]
        if chapter["file"].startswith("book/") and chapter["file"] not in NOT_TOLD
    ]


def slides_of(page: Path) -> tuple[str, str]:
    """Return the title of a chapter, and its slides as HTML.

    Parameters
    ----------
    page : Path
        The chapter's page in the built site.
    """
    soup = BeautifulSoup(page.read_bytes(), "html.parser")
    chapter = soup.select_one("article > section")
    for useless in chapter.select("a.headerlink, button, script, .page-facts, .calculator"):
        useless.decompose()
    _embed_figures(chapter, page.parent)
    for link in chapter.select("a[href]"):
        link.unwrap()
    title = chapter.h1.get_text()
    question = chapter.find("strong")
    slides = [f"<section class='title'><h1>{escape(title)}</h1><p>{question}</p></section>"]
    # What stands above the first section is shown as well.
    opening = Section(escape(title))
    for block in chapter.find_all(True, recursive=False):
        if block.name != "section":
            _take(block, opening)
    opening.points.clear()
    slides += opening.slides()
    for part in chapter.find_all("section", recursive=False):
        if part.select(".quiz"):
            slides += [f"<section>{quiz}</section>" for quiz in part.select(".quiz")]
        else:
            slides += _section(part).slides()
    return title, "\n".join(slides)


def _section(part: Tag) -> Section:
    section = Section(part.find(["h2", "h3"]).decode_contents())
    for block in part.find_all(True, recursive=False):
        _take(block, section)
    if not section.points and not section.shown:
        first = part.find("p", recursive=False)
        if first is not None:
            section.points.append(_sentences(first)[0])
    return section


def _take(block: Tag, section: Section) -> None:
    """Put a block of a page where it belongs."""
    if block.name in {"h1", "h2", "h3", "h4"}:
        return
    if figures := block.select("img, svg"):
        section.shown += [f'<div class="figure">{figure}</div>' for figure in figures]
    elif table := block if block.name == "table" else block.find("table"):
        section.shown += _tables(table)
        section.said.append(_plain(block))
    elif code := block.select_one("pre"):
        if len(code.get_text().splitlines()) <= LINES and "cell_output" not in str(block):
            section.shown.append(f"<pre><code>{escape(code.get_text())}</code></pre>")
    elif block.name in {"ul", "ol"}:
        for item in block.find_all("li", recursive=False):
            section.points.append(_sentences(item)[0])
            section.said.append(_plain(item))
    elif block.name in {"section", "div", "dl", "blockquote"}:
        for inner in block.find_all(True, recursive=False):
            _take(inner, section)
    elif block.name == "p":
        if block.find("strong"):
            bold = [each for each in _sentences(block) if "<strong" in each]
            section.points += bold[:1]
        section.said.append(_plain(block))


def _tables(table: Tag) -> list[str]:
    """Return a table in pieces that fit on a slide, each with its heads."""
    head = table.find("thead")
    pieces: list[list[Tag]] = [[]]
    for row in (table.find("tbody") or table).find_all("tr", recursive=False):
        letters = sum(len(each.get_text()) for each in [*pieces[-1], row])
        if pieces[-1] and (len(pieces[-1]) >= ROWS or letters > ROWS * LETTERS / 2):
            pieces.append([])
        pieces[-1].append(row)
    return [f"<table>{head or ''}{''.join(map(str, piece))}</table>" for piece in pieces]


def _sentences(block: Tag) -> list[str]:
    """Return the sentences of a paragraph as HTML, the first with what is short enough."""
    inner = block.p if block.name == "li" and block.p else block
    html = re.sub(r"\s+", " ", inner.decode_contents()).strip()
    found = re.split(r"(?<=[.?!])\s+(?=[A-Z<])", html)
    whole = [each for each in found if each.count("<strong") == each.count("</strong")]
    short = [each for each in whole if len(BeautifulSoup(each, "html.parser").text) <= LETTERS]
    return short or [escape(_plain(inner)[: LETTERS - 1]) + "…"]


def _plain(block: Tag) -> str:
    return re.sub(r"\s+", " ", block.get_text(" ")).strip()


def _embed_figures(chapter: Tag, folder: Path) -> None:
    """Let figures be found from the slides' own folder."""
    for image in chapter.select("img"):
        source = (folder / image["src"]).resolve()
        target = SLIDES / "figures" / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
        image["src"] = f"figures/{source.name}"
        for attribute in ("width", "height", "style", "loading"):
            image.attrs.pop(attribute, None)


def main() -> None:
    """Make the slides of each chapter, and a page that lists them."""
    if not (SITE / "index.html").exists():
        raise SystemExit("There is no site in _build/html: run make book first")
    shutil.rmtree(SLIDES, ignore_errors=True)
    for name in NEEDED:
        source, target = REVEAL / name, SLIDES / "reveal.js" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    shutil.copy(ROOT / ".ci" / "slides.css", SLIDES / "slides.css")
    listing = []
    for name in told(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))):
        title, slides = slides_of(SITE / f"{name}.html")
        file = f"{name.rpartition('/')[2]}.html"
        (SLIDES / file).write_text(PAGE.format(title=title, slides=slides), encoding="utf-8")
        listing.append(f'<li><a href="{file}">{escape(title)}</a></li>')
    contents = f"<section class='contents'><h2>Slides</h2><ol>{''.join(listing)}</ol></section>"
    page = PAGE.format(title="Slides", slides=contents)
    (SLIDES / "index.html").write_text(page, encoding="utf-8")
    print(f"{len(listing)} sets of slides; open {SLIDES.relative_to(ROOT) / 'index.html'}")
    print("Keys: arrows to go on, S for the speaker's notes, F for the whole screen.")


if __name__ == "__main__":
    main()
