"""A question with answers, each of which says why it is right or wrong when it is opened.

An author writes a list of tasks, with what there is to say about each answer below it::

    :::{quiz} Which of these is faster?
    - [ ] The first answer.

      Why it is not.
    - [x] The second answer.

      Why it is.
    :::

The page has a group of disclosure elements, which browsers open by mouse, by finger and by
keyboard, and screen readers announce, without a script.
"""

import re

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

LOGGER = logging.getLogger(__name__)
MARK = re.compile(r"\[([ x])\]\s+")
VERDICTS = {True: "Right.", False: "Not so."}


class quiz(nodes.General, nodes.Element):  # noqa: N801  (as docutils names its nodes)
    """A question and its answers."""


class quiz_question(nodes.Part, nodes.TextElement):  # noqa: N801
    """What is asked."""


class quiz_answer(nodes.Part, nodes.Element):  # noqa: N801
    """An answer, which holds what is chosen and what is said about it."""


class quiz_choice(nodes.Part, nodes.TextElement):  # noqa: N801
    """What can be chosen."""


class QuizDirective(SphinxDirective):
    """A question as its argument, and a list of answers as its content."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the nodes, or say what is wrong with what the author wrote."""
        content = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, content)
        number = self.env.new_serialno("quiz") + 1
        found = quiz(number=number)
        asked, problems = self.state.inline_text(self.arguments[0], self.lineno)
        found += quiz_question("", "", *asked, number=number)
        for item in content.findall(nodes.list_item):
            found += self._answer(item)
        right = [answer["right"] for answer in found.children[1:]]
        if len(right) < 3 or sum(right) != 1:
            raise self.error("a quiz has at least three answers, of which one has the mark [x]")
        return [found, *problems]

    def _answer(self, item: nodes.list_item) -> quiz_answer:
        if len(item) != 2 or not all(isinstance(part, nodes.paragraph) for part in item):
            raise self.error("each answer is a line, and after it a paragraph that says why")
        choice, why = item
        text = choice[0] if isinstance(choice[0], nodes.Text) else ""
        mark = MARK.match(text)
        if mark is None:
            raise self.error(f"this answer begins with neither [ ] nor [x]: {choice.astext()}")
        right = mark[1] == "x"
        choice[0] = nodes.Text(text[mark.end() :])
        why.insert(0, nodes.strong("", VERDICTS[right]))
        why.insert(1, nodes.Text(" "))
        answer = quiz_answer(right=right)
        answer += quiz_choice("", "", *choice.children)
        answer += why
        return answer


def _open_quiz(translator, node) -> None:
    number = node["number"]
    translator.body.append(
        f'<div class="quiz" role="group" aria-labelledby="quiz-{number}-question">\n'
    )


def _close_quiz(translator, node) -> None:
    translator.body.append("</div>\n")


def _open_question(translator, node) -> None:
    number = node["number"]
    translator.body.append(f'<p class="quiz-question" id="quiz-{number}-question">')


def _close_question(translator, node) -> None:
    translator.body.append("</p>\n")


def _open_answer(translator, node) -> None:
    kind = "right" if node["right"] else "wrong"
    translator.body.append(f'<details class="quiz-answer quiz-{kind}">')


def _close_answer(translator, node) -> None:
    translator.body.append("</details>\n")


def _open_choice(translator, node) -> None:
    translator.body.append("<summary>")


def _close_choice(translator, node) -> None:
    translator.body.append("</summary>\n")


def setup(app):
    """Register with Sphinx."""
    app.add_node(quiz, html=(_open_quiz, _close_quiz))
    app.add_node(quiz_question, html=(_open_question, _close_question))
    app.add_node(quiz_answer, html=(_open_answer, _close_answer))
    app.add_node(quiz_choice, html=(_open_choice, _close_choice))
    app.add_directive("quiz", QuizDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
