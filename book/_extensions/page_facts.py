"""Say of each executed page when it was executed and how long that took.

A line at the end of the page says it, and the directive ``run-table`` lists all pages. The table
also has what each notebook took where there is one core and little memory, which was recorded by
``make hub-test``.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util.docutils import SphinxDirective

HOW = "book/reference/how-this-site-was-run"
ONE_CORE = "book/reference/one_core.json"


class run_table(nodes.General, nodes.Element):  # noqa: N801  (as docutils names its nodes)
    """Where the table will be, once every page has been executed."""


class RunTable(SphinxDirective):
    """All executed pages, in the order of the book, with what they took."""

    def run(self) -> list[nodes.Node]:
        """Keep a place for the table."""
        return [run_table()]


def executions(env) -> dict[str, dict]:
    """Return what is known of the execution of each page, in the order of the book."""
    data = NbMetadataCollector.get_doc_data(env)
    order = ["book/intro", *env.toctree_includes.get("book/intro", [])]
    return {page: data[page]["exec_data"] for page in order if data[page].get("exec_data")}


def say(app, doctree, docname) -> None:
    """Put the line, or the table, into a page."""
    known = executions(app.env)
    for place in list(doctree.findall(run_table)):
        place.replace_self(_table(app, docname, known))
    if docname in known and docname != HOW:
        facts = known[docname]
        line = nodes.paragraph(
            "", f"Executed {_date(facts)}, in {_seconds(facts)}. ", classes=["page-facts"]
        )
        address = app.builder.get_relative_uri(docname, HOW)
        line += nodes.reference("", "On what, and with which versions", refuri=address)
        line += nodes.Text(".")
        next(doctree.findall(nodes.section)).append(line)


def _date(facts: dict) -> str:
    when = datetime.fromtimestamp(facts["mtime"], UTC)
    return f"on {when.day} {when:%B %Y}"


def _seconds(facts: dict) -> str:
    return f"{facts['runtime']:.0f} s" if facts["runtime"] >= 1 else "less than a second"


def _table(app, docname: str, known: dict[str, dict]) -> nodes.table:
    heads = ("page", "executed", "seconds", "on one core", "memory")
    group = nodes.tgroup("", *(nodes.colspec(colwidth=20) for _ in heads), cols=len(heads))
    recorded = json.loads(Path(app.srcdir, ONE_CORE).read_text(encoding="utf-8"))["notebooks"]
    group += nodes.thead("", nodes.row("", *map(_entry, heads)))
    body = nodes.tbody()
    for page, facts in known.items():
        address = app.builder.get_relative_uri(docname, page)
        link = nodes.reference("", app.env.titles[page].astext(), refuri=address)
        took = f"{facts['runtime']:.1f}"
        row = nodes.row("", _entry("", link), _entry(_date(facts)[3:]), _entry(took))
        alone = recorded.get(page.removeprefix("notebooks/"))
        row += _entry(f"{alone['seconds']:.0f} s" if alone else "")
        row += _entry(f"{alone['peak_bytes'] / 1e9:.2f} GB" if alone else "")
        body += row
    group += body
    total = sum(facts["runtime"] for facts in known.values())
    title = f"{len(known)} pages, {total / 60:.0f} minutes if done one after the other"
    return nodes.table(
        "", nodes.title("", title), group, classes=["colwidths-auto"], ids=["run-table"]
    )


def _entry(text: str, *children) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", text, *children))


def setup(app):
    """Register with Sphinx."""
    app.add_node(run_table)
    app.add_directive("run-table", RunTable)
    app.connect("doctree-resolved", say)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
