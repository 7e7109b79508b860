"""The map of the course: each lesson a link, with minutes and needs, or with a box to tick."""

from pathlib import Path

from docutils import nodes
from lessons import Lesson, parts_of
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective


class CourseMap(SphinxDirective):
    """All lessons, part after part."""

    def run(self) -> list[nodes.Node]:
        """Make a list for each part."""
        root = Path(self.env.srcdir)
        parts = parts_of(root)
        titles = {
            page.name: page.title
            for lessons in parts.values()
            for lesson in lessons
            for page in lesson.pages
        }
        for name in titles:
            self.env.note_dependency(self.env.doc2path(name))
        found = nodes.container(classes=["course-map"])
        for part, lessons in parts.items():
            found += nodes.rubric("", part, classes=["course-part", f"course-{part.lower()}"])
            cards = nodes.bullet_list(classes=[f"course-{part.lower()}"])
            cards.extend(self._card(lesson, titles) for lesson in lessons)
            found += cards
        return [found]

    def _card(self, lesson: Lesson, titles: dict[str, str]) -> nodes.list_item:
        first, *others = lesson.pages
        card = nodes.list_item()
        card += nodes.paragraph(
            "", "", self._link(first.name, first.title), classes=["course-title"]
        )
        if not first.is_notebook:
            card += nodes.paragraph("", f"read, {first.minutes} min")
        for page in lesson.pages if first.is_notebook else others:
            number = int(page.name.partition("/")[2].partition("-")[0])
            link = [] if page is first else [self._link(page.name, f"notebook {number}")]
            what = "" if link else f"notebook {number}"
            text = nodes.Text(f"{what}, {page.minutes} min")
            card += nodes.paragraph("", "", *link, text)
        if lesson.needs:
            needs = nodes.paragraph("", "after ", classes=["course-needs"])
            for place, need in enumerate(lesson.needs):
                needs += nodes.Text(", " if place else "")
                needs += self._link(need, titles[need])
            card += needs
        return card

    def _link(self, page: str, text: str) -> nodes.Node:
        link = pending_xref(
            "",
            nodes.inline("", text),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        self.set_source_info(link)
        return link


class CourseList(CourseMap):
    """All pages in their order, each with a box to tick, for paper."""

    def _card(self, lesson: Lesson, titles: dict[str, str]) -> nodes.list_item:
        card = nodes.list_item()
        for page in lesson.pages:
            what = "notebook" if page.is_notebook else "read"
            text = nodes.Text(f", {what}, {page.minutes} min")
            link = self._link(page.name, page.title)
            card += nodes.paragraph("", "", nodes.Text("☐ "), link, text)
        return card

    def run(self) -> list[nodes.Node]:
        """Make the same lists, in a plain look."""
        (found,) = super().run()
        found["classes"] = ["course-list"]
        return [found]


def setup(app):
    """Register with Sphinx."""
    app.add_directive("course-list", CourseList)
    app.add_directive("course-map", CourseMap)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
