"""Join the pages of the built site into one document that can be printed."""

import html
import posixpath
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

# Of use on a screen only.
NOT_PRINTED = "a.headerlink, button, script, .toggle-button, .onlyprint, .calculator form"
STYLE = """
@page { size: A4; }
html, body { background: white; font-size: 10.5pt; }
body { margin: 0; }
.page, .part-title, .book-contents { break-before: page; }
/* Else room below the last line may take a sheet of its own. */
.page :is(article, section, dl, dd, p):last-child { margin-bottom: 0; padding-bottom: 0; }
.title-page { padding-top: 30%; text-align: center; }
.title-page h1 { font-size: 24pt; white-space: nowrap; }
.part-title { padding-top: 35%; text-align: center; }
/* A heading at the very top of a sheet would be written twice into the outline by Chromium. */
.book-contents { padding-top: 1px; }
.book-contents ul { list-style: none; padding-left: 1.2em; }
.book-contents a { color: inherit; text-decoration: none; }
h1, h2, h3, h4, summary, div.cell::before { break-after: avoid; }
figure, img, .quiz, .course-map li, tr { break-inside: avoid; }
img { max-width: 100%; max-height: 225mm; }
pre { white-space: pre-wrap !important; overflow-wrap: anywhere; font-size: 8.5pt; }
.bd-article table, .calculator table { display: table; width: 100%; font-size: 8.5pt; }
.bd-article :is(td, th) { overflow-wrap: break-word; }
.bd-article td code { overflow-wrap: anywhere; }
.bd-article table.dataframe { font-size: 7.5pt; }
.admonition.dropdown > :not(.admonition-title) { display: block !important; }
details.hide summary span, details > summary::before { display: revert; }
.cell.container { break-inside: auto; }
"""


def join(site: Path, toc: dict, settings: dict, commit: str) -> str:
    """Return one HTML document with all pages.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    toc : dict
        What ``_toc.yml`` says.
    settings : dict
        What ``_config.yml`` says.
    commit : str
        What is printed; may be empty.
    """
    names = pages_of(toc)
    bodies, titles = {}, {}
    for name in names:
        article = read_article(site, name, set(names))
        titles[name] = article.h2.get_text().removesuffix("#").strip()
        bodies[name] = article
    parts = [_title_page(settings, commit), _contents(toc, titles), _page(toc["root"], bodies)]
    for part in toc["parts"]:
        parts.append(f'<div class="part-title"><h1>{html.escape(part["caption"])}</h1></div>')
        parts += [_page(name, bodies) for name in _files(part)]
    head = BeautifulSoup((site / f"{toc['root']}.html").read_bytes(), "html.parser").head
    styles = [
        f'<link rel="stylesheet" href="{posixpath.normpath(posixpath.join("book", link["href"]))}">'
        for link in head.select("link[rel=stylesheet]")
    ]
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head>'
        f'<meta charset="utf-8"><title>{html.escape(settings["title"])}</title>'
        f'{"".join(styles)}<link rel="stylesheet" href="_static/calculator.css">'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def pages_of(toc: dict) -> list[str]:
    """Return the names of all pages, in order."""
    return [toc["root"], *(name for part in toc["parts"] for name in _files(part))]


def _files(part: dict) -> list[str]:
    found = []
    for chapter in part["chapters"]:
        found += [chapter["file"], *(section["file"] for section in chapter.get("sections", []))]
    return found


def anchor(name: str, part: str = "") -> str:
    """Return an id that no other page has, for a page or for a part of it."""
    return re.sub(r"\W", "-", name) + (f"--{part}" if part else "")


def read_article(site: Path, name: str, names: set[str]) -> BeautifulSoup:
    """Return a page's text, ready to stand beside that of all others."""
    page = BeautifulSoup((site / f"{name}.html").read_bytes(), "html.parser")
    article = page.select_one("article.bd-article")
    for tag in article.select(NOT_PRINTED):
        tag.decompose()
    for tag in article.select("details"):
        tag["open"] = ""
    for tag in article.select(".toggle-hidden"):
        tag["class"].remove("toggle-hidden")
    for image in article.select("img"):
        image["src"] = posixpath.normpath(posixpath.join(posixpath.dirname(name), image["src"]))
        image.attrs.pop("loading", None)
    for tag in article.select("[id]"):
        tag["id"] = anchor(name, tag["id"])
    for tag in article.select("[aria-labelledby]"):
        tag["aria-labelledby"] = anchor(name, tag["aria-labelledby"])
    for link in article.select("a[href]"):
        if target := _within(name, link["href"], names):
            link["href"] = target
        else:
            link.unwrap()
    # The outline goes from parts to pages to sections.
    for level in (5, 4, 3, 2, 1):
        for heading in article.find_all(f"h{level}"):
            heading.name = f"h{level + 1}"
    return article


def _within(name: str, address: str, names: set[str]) -> str | None:
    """Return where a link leads in the joined document; links to elsewhere stay.

    The index and the search are pages of the site and not of the book: there is None for them.
    """
    parts = urlsplit(address)
    if parts.scheme:
        return address
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
    page = target.removesuffix(".html") if parts.path else name
    if page not in names:
        return None
    return f"#{anchor(page, parts.fragment)}"


def _page(name: str, bodies: dict) -> str:
    return f'<main class="page" id="{anchor(name)}">{bodies[name]}</main>'


def _title_page(settings: dict, commit: str) -> str:
    today = datetime.now(UTC)
    lines = [settings["author"], f"{today.day} {today:%B %Y}"]
    if commit:
        lines.append(f"as of commit {commit}")
    lines.append("Text and figures CC BY 4.0, code BSD 3-Clause")
    said = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f'<div class="title-page"><h1>{html.escape(settings["title"])}</h1>{said}</div>'


def _contents(toc: dict, titles: dict[str, str]) -> str:
    def line(name):
        return f'<li><a href="#{anchor(name)}">{html.escape(titles[name])}</a></li>'

    parts = "".join(
        f"<li><strong>{html.escape(part['caption'])}</strong>"
        f"<ul>{''.join(map(line, _files(part)))}</ul></li>"
        for part in toc["parts"]
    )
    return f'<nav class="book-contents"><h1>Contents</h1><ul>{line(toc["root"])}{parts}</ul></nav>'
