"""Timetables of workshops: who does what when, with links, and with times that add up.

Each line of the directive ``timetable`` has the minutes, what is done, and a page where there is
one: ``40 | run notebooks/01-a-real-earthquake``. ``run`` and ``read`` are for whole pages and need
at least the minutes that these say of themselves; ``talk`` is a chapter told with its slides;
``show`` is a part of a page, with the sections after another bar. Anything else is a line of text.
"""

import re
from pathlib import Path

from docutils import nodes
from lessons import Page, read_page
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

WHOLE = {"run", "read", "talk"}
DOINGS = {"run": "Run", "read": "Read", "talk": "Talk", "show": "Show"}


class Timetable(SphinxDirective):
    """A table with the clock, the minutes, and what is done."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        rows, clock = [], 0
        for line in self.content:
            minutes, what = self._line(line)
            rows.append((_clock(clock), str(minutes), what))
            clock += minutes
        title = f"{self.arguments[0]}: {_in_words(clock)}"
        return [_table(title, rows)]

    def _line(self, line: str) -> tuple[int, nodes.paragraph]:
        parts = [part.strip() for part in line.removeprefix("- ").split("|")]
        if len(parts) not in (2, 3) or not parts[0].isdigit():
            raise self.error(f"a line of a timetable is `minutes | what`, and not {line!r}")
        minutes, what = int(parts[0]), nodes.paragraph()
        verb, _, name = parts[1].partition(" ")
        if verb not in DOINGS or not name.startswith(("notebooks/", "book/")):
            what += nodes.Text(parts[1])
            return minutes, what
        root = Path(self.env.srcdir)
        try:
            page = read_page(root, name)
        except FileNotFoundError:
            raise self.error(f"there is no page {name}") from None
        if verb in WHOLE and minutes < page.minutes:
            raise self.error(f"{name} takes {page.minutes} minutes, and has {minutes} here")
        self.env.note_dependency(self.env.doc2path(name))
        what += nodes.Text(f"{DOINGS[verb]}: ")
        what += self._link(page)
        if len(parts) == 3:
            sections = [section.strip() for section in parts[2].split(";")]
            headings = _headings(root, page)
            for section in sections:
                if section not in headings:
                    raise self.error(f"{name} has no section {section!r}")
            what += nodes.Text(", only " + "; ".join(sections))
        return minutes, what

    def _link(self, page: Page) -> nodes.Node:
        link = pending_xref(
            "",
            nodes.inline("", page.title),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page.name}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return link


def _headings(root: Path, page: Page) -> set[str]:
    """Return the headings of a page, without the numbers that some begin with."""
    suffix, escaped = (".ipynb", r'\\n|"') if page.is_notebook else (".md", r"$")
    text = (root / f"{page.name}{suffix}").read_text(encoding="utf-8")
    start = r'(?:^|")' if page.is_notebook else r"^"
    pattern = rf"{start}\s*#{{2,3}} (?:\d+ )?(.+?)(?:{escaped})"
    return set(re.findall(pattern, text, re.MULTILINE))


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _table(title: str, rows: list[tuple]) -> nodes.table:
    heads = ("at", "minutes", "what")
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (8, 8, 70)), cols=3)
    group += nodes.thead("", nodes.row("", *map(_entry, heads)))
    group += nodes.tbody("", *(nodes.row("", *map(_entry, row)) for row in rows))
    return nodes.table("", nodes.title("", title), group, classes=["colwidths-auto", "timetable"])


def _entry(content: str | nodes.paragraph) -> nodes.entry:
    paragraph = nodes.paragraph("", content) if isinstance(content, str) else content
    return nodes.entry("", paragraph)


def setup(app):
    """Register with Sphinx."""
    app.add_directive("timetable", Timetable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
