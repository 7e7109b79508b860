"""Write formulas as MathML, which browsers and screen readers know by themselves.

No script and no font has to be loaded, so a page with formulas is a megabyte lighter than with
MathJax, and works without a network.
"""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)


def _mathml(node, display: str) -> str:
    latex = node.astext()
    try:
        formula = convert(latex, display=display)
    except Exception as problem:  # it has many of its own, and lets IndexErrors through
        LOGGER.warning("cannot read the formula %r: %r", latex, problem, location=node)
        return ""
    # "&" of an alignment is left as it is by the library, and would not be valid HTML.
    if "<mi>&</mi>" in formula:
        LOGGER.warning("cannot align in a formula: %r", latex, location=node)
    return formula


def inline(translator, node) -> None:
    """Write a formula within a line."""
    translator.body.append(f'<span class="math">{_mathml(node, "inline")}</span>')
    raise SkipNode


def block(translator, node) -> None:
    """Write a formula on a line of its own."""
    translator.body.append(f'<div class="math">{_mathml(node, "block")}</div>\n')
    raise SkipNode


def setup(app):
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
