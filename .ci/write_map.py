"""Write the map of the course for those who look at it in JupyterLab or at the repository.

The site's front page draws the same lessons as cards. Run by ``make format``.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "notebooks" / "README.md"
HEADER = """\
# The course on one page

<!-- Written by `make format` from _toc.yml, the chapters and the notebooks. Do not edit it by hand. -->

Read the chapter, then run its notebook. A link opens it here.

Chapters are best read on the course's website: there are their figures, tables and questions, of which
you see the code here. The website is where you came from, or what `make book` builds. Blue words of a
notebook are explained in the [glossary](../book/reference/glossary.md), and messages in
[Troubleshooting](../book/reference/troubleshooting.md).
"""  # noqa: E501  (a comment in Markdown is one line)


def course_map() -> str:
    """Return the map as Markdown, a table for each part, with links as seen from ``notebooks``."""
    sys.path.insert(0, str(ROOT / "book" / "_extensions"))
    from lessons import parts_of

    parts = parts_of(ROOT)
    titles = {
        page.name: page.title
        for lessons in parts.values()
        for lesson in lessons
        for page in lesson.pages
    }
    text = HEADER
    for part, lessons in parts.items():
        text += f"\n## {part}\n\n| lesson | minutes | you need |\n|---|---|---|\n"
        for lesson in lessons:
            for page in lesson.pages:
                what = "run" if page.is_notebook else "read"
                needs = ", ".join(_link(need, titles[need]) for need in page.needs)
                text += f"| {what}: {_link(page.name, page.title)} | {page.minutes} | {needs} |\n"
    return text


def _link(page: str, title: str) -> str:
    suffix = ".ipynb" if page.startswith("notebooks/") else ".md"
    return f"[{title}]({Path(os.path.relpath(page + suffix, MAP.parent.name)).as_posix()})"


if __name__ == "__main__":
    MAP.write_text(course_map(), encoding="utf-8")
