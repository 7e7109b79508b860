"""Self-checks: tell a learner whether an answer is right and, where it is not, what went wrong.

An exercise is known by its name. Its right answer is worked out from the data when it is first
asked for, and it lists the mistakes that people make, each with what to say about it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral

from obspy import UTCDateTime

from seispipe.teaching.progress import note_passed


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that can be foreseen.

    Attributes
    ----------
    answer : callable
        Works out what one gets by making the mistake.
    say : str
        What to tell the learner, without giving the answer away.
    """

    answer: Callable[[], float]
    say: str


@dataclass
class Exercise:
    """An exercise whose answer is a number.

    Attributes
    ----------
    right : callable
        Works out the right answer. If that is an `int`, only whole numbers are right.
    unit : str
        Its unit.
    tolerance : float
        How far off an answer may be, in that unit.
    mistakes : list of Mistake
        What may be foreseen.
    """

    right: Callable[[], float]
    unit: str
    tolerance: float
    mistakes: list[Mistake] = field(default_factory=list)

    @cached_property
    def expected(self) -> float:
        """The right answer."""
        return self.right()

    def judge(self, answer: object) -> "Verdict":
        """Judge an answer."""
        if answer is ...:
            return Verdict(False, "No answer yet: put yours in place of the three dots.")
        if isinstance(answer, UTCDateTime):
            return Verdict(
                False, f"Not yet: that is a date, and the answer is a number in {self.unit}."
            )
        try:
            number = float(answer)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return Verdict(False, f"Not yet: the answer is one number ({self.unit}).")
        if not math.isfinite(number):
            return Verdict(False, f"Not yet: {number} is not a finite number.")
        if abs(number - self.expected) <= self.tolerance:
            if isinstance(self.expected, Integral) and not number.is_integer():
                return Verdict(
                    False,
                    f"Not yet: {number:.6g} {self.unit} is near, but the answer is a whole number. "
                    "Which way must it be rounded?",
                )
            return Verdict(True, f"Right: {number:.6g} {self.unit}.")
        near = [
            (abs(number - wrong), mistake.say)
            for mistake in self.mistakes
            for wrong in [mistake.answer()]
            if abs(number - wrong) <= self._near(wrong)
        ]
        if near:
            return Verdict(False, f"Not yet: {min(near)[1]}")
        side = "large" if number > self.expected else "small"
        return Verdict(False, f"Not yet: {number:.6g} {self.unit} is too {side}.")

    def _near(self, wrong: float) -> float:
        """Return how near an answer must come to a wrong one to be taken for that mistake."""
        part = 0.1 * abs(wrong) or self.tolerance
        return max(0.01 * abs(wrong), min(self.tolerance, part))


@dataclass(frozen=True)
class Choice:
    """An exercise whose answer is one of several explanations.

    Attributes
    ----------
    right : str
        The letter of the right one.
    because : str
        What to tell the learner who has chosen it.
    wrong : dict of str to str
        What to tell the learner who has chosen another, by its letter, without giving the answer
        away.
    """

    right: str
    because: str
    wrong: dict[str, str]

    @property
    def expected(self) -> str:
        """The right answer."""
        return self.right

    @property
    def mistakes(self) -> list[Mistake]:
        """The wrong answers."""
        return [Mistake(lambda letter=letter: letter, say) for letter, say in self.wrong.items()]

    def judge(self, answer: object) -> "Verdict":
        """Judge an answer."""
        if answer is ...:
            return Verdict(False, "No answer yet: put yours in place of the three dots.")
        letter = answer.strip().lower() if isinstance(answer, str) else answer
        if letter == self.right:
            return Verdict(True, f"Right: {self.because}")
        if isinstance(letter, str) and letter in self.wrong:
            return Verdict(False, f"Not yet: {self.wrong[letter]}")
        letters = ", ".join(f'"{each}"' for each in sorted([self.right, *self.wrong]))
        return Verdict(False, f"Not yet: the answer is one of the letters {letters}.")


@dataclass(frozen=True)
class Verdict:
    """What a check says: true where the answer is right, and shown as a sentence."""

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.message


def check(name: str, answer: object, *, solution: bool = False) -> Verdict:
    """Check the answer to an exercise, and write it down if it is right.

    Parameters
    ----------
    name : str
        Name of the exercise, such as ``a-real-earthquake/distance``.
    answer : object
        The learner's answer.
    solution : bool
        Whether it is not the learner's answer but the one that the notebook gives. It is checked
        and not written down as passed.

    Returns
    -------
    Verdict
        Shown as a sentence at the end of a cell, and true where the answer is right.

    Raises
    ------
    ValueError
        If no exercise has that name.
    """
    from seispipe.teaching.exercises import EXERCISES

    if name not in EXERCISES:
        raise ValueError(f"no exercise is called {name!r}; there are: {', '.join(EXERCISES)}")
    verdict = EXERCISES[name].judge(answer)
    if verdict and not solution:
        note_passed(name)
    return verdict
