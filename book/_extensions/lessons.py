"""What the course has: read from ``_toc.yml``, the chapters and the notebooks themselves.

A lesson is a chapter with the notebooks beside it, a chapter alone, or a notebook alone.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

WORDS_A_MINUTE = 200
# Parts of the book that are no lessons.
BESIDE = {"Teach", "Reference"}
# Everybody needs it, so no lesson has to say so.
SET_UP = "book/start/set-up"


@dataclass
class Page:
    """A page of the book.

    Attributes
    ----------
    name : str
        As it stands in ``_toc.yml``.
    title : str
        Its first heading.
    minutes : int
        How long it takes: to read a chapter, to work through a notebook.
    needs : list of str
        Pages to be known before.
    """

    name: str
    title: str
    minutes: int
    needs: list[str] = field(default_factory=list)

    @property
    def is_notebook(self) -> bool:
        """Whether it is run rather than read."""
        return self.name.startswith("notebooks/")


@dataclass
class Lesson:
    """Pages that belong together.

    Attributes
    ----------
    pages : list of Page
        The chapter, if there is one, then its notebooks.
    """

    pages: list[Page]

    @property
    def needs(self) -> list[str]:
        """Pages to be known before, without its own."""
        own = {page.name for page in self.pages}
        found = dict.fromkeys(need for page in self.pages for need in page.needs)
        return [need for need in found if need not in own]


def parts_of(root: Path) -> dict[str, list[Lesson]]:
    """Return the lessons of each part, in teaching order.

    Parameters
    ----------
    root : Path
        The folder with ``_toc.yml``.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = {}
    for part in toc["parts"]:
        if part["caption"] in BESIDE:
            continue
        lessons = parts[part["caption"]] = []
        for chapter in part["chapters"]:
            page = read_page(root, chapter["file"])
            if lessons and _belong_together(lessons[-1].pages[0], page):
                lessons[-1].pages.append(page)
            else:
                lessons.append(Lesson([page]))
    return parts


def _belong_together(first: Page, page: Page) -> bool:
    """Say whether a page is a notebook to a chapter, which its name then begins with."""
    if first.is_notebook or not page.is_notebook:
        return False
    return page.name.split("-", 1)[1].startswith(first.name.rpartition("/")[2])


def read_page(root: Path, name: str) -> Page:
    """Read from a page what it is called, how long it takes and what it needs.

    Raises
    ------
    ValueError
        If the page does not say so.
    """
    if name.startswith("notebooks/"):
        cells = json.loads((root / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        head = "".join(cells[0]["source"])
        minutes = re.search(r"\*\*Time\*\* (\d+) minutes", head)
        needs = re.search(r"\*\*You need\*\* (.+)", head)
        if not (minutes and needs):
            raise ValueError(f"{name}: the first cell does not say time and needs")
        links = re.findall(r"\]\(([^)]+)\.(?:ipynb|md)\)", needs[1])
        pages = [Path("notebooks", link).as_posix().replace("notebooks/../", "") for link in links]
        return Page(name, _title(head), int(minutes[1]), [p for p in pages if p != SET_UP])
    text = (root / f"{name}.md").read_text(encoding="utf-8")
    settings = {}
    if text.startswith("---\n"):
        _, head, text = text.split("---\n", 2)
        settings = yaml.safe_load(head)
    prose = re.sub(r"^(```+|:::+).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    minutes = max(1, round(len(prose.split()) / WORDS_A_MINUTE))
    return Page(name, _title(text), minutes, settings.get("needs", "").split())


def _title(text: str) -> str:
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1]
