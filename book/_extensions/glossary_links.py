"""Link each word of the glossary where a page uses it first.

Authors link a word themselves with ``{term}`` where it needs it; what they do not link is linked
here, once a page, in running text.
"""

import re

from docutils import nodes

# These are everyday words as well, or have several meanings: only authors know.
LEFT_TO_AUTHORS = """
    batch bound counts cycle dependency future job key lazy lock node object process queue race
    range recall record response scratch span stage work
"""
# Their words are names, or are links already.
NOT_WITHIN = (
    nodes.reference,
    nodes.literal,
    nodes.title,
    nodes.term,
    nodes.math,
    nodes.math_block,
    nodes.rubric,
    nodes.raw,
    nodes.FixedTextElement,
)
# Pages of names rather than of text.
NOT_ON = ("book/reference/",)


def words_of(terms: dict[str, str]) -> re.Pattern:
    """Return what finds these words, the longest first, also in the plural."""
    longest_first = sorted(terms, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w/-])({either})(?:e?s)?(?![\w/*-])", re.IGNORECASE)


def link_first_uses(app, doctree, docname) -> None:
    """Link the words of one page."""
    if docname.startswith(NOT_ON):
        return
    left = LEFT_TO_AUTHORS.split()
    terms = {
        name.lower(): (page, anchor)
        for name, _, kind, page, anchor, _ in app.env.get_domain("std").get_objects()
        if kind == "term" and name.lower() not in left
    }
    if not terms:
        return
    find = words_of(terms)
    seen = set()
    for text in list(doctree.findall(nodes.Text)):
        linked = _author_linked(text, terms)
        if linked:
            seen.add(linked)
        elif not _within(text, NOT_WITHIN):
            _link(app, docname, text, find, terms, seen)


def _within(node, kinds) -> bool:
    while (node := node.parent) is not None:
        # Within what is itself clicked on, a link could not be reached.
        clicked = node.tagname == "quiz_choice" or "sd-card-body" in node.get("classes", ())
        if clicked or isinstance(node, kinds):
            return True
    return False


def _author_linked(text, terms) -> str | None:
    """Return the word of the glossary that an author's link around a text leads to."""
    node = text
    while (node := node.parent) is not None:
        if isinstance(node, nodes.reference):
            anchor = node.get("refuri", "").partition("#")[2]
            return next((word for word, (_, mine) in terms.items() if mine == anchor), None)
    return None


def _link(app, docname, text, find, terms, seen) -> None:
    """Put links into a text where a word comes up that was not seen before."""
    parts, done = [], 0
    content = text.astext()
    for match in find.finditer(content):
        word = match[1].lower()
        if word in seen or match[0] == "Windows":  # that is a system
            continue
        seen.add(word)
        page, anchor = terms[word]
        address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        parts.append(nodes.Text(content[done : match.start()]))
        label = nodes.inline("", match[0], classes=["std", "std-term"])
        parts.append(nodes.reference("", "", label, internal=True, refuri=address))
        done = match.end()
    if parts:
        text.parent.replace(text, [*parts, nodes.Text(content[done:])])


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", link_first_uses)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
