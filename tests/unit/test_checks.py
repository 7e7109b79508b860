import math
import re

import pytest
from obspy import UTCDateTime

from seispipe.teaching.checks import Choice, check
from seispipe.teaching.exercises import EXERCISES


@pytest.mark.parametrize("name", EXERCISES)
class TestEveryExercise:
    def test_an_empty_answer_is_not_right(self, name):
        verdict = check(name, ...)
        assert not verdict
        assert "No answer yet" in verdict.message

    def test_the_right_answer_is_right(self, name):
        assert check(name, EXERCISES[name].expected)

    def test_just_beyond_the_tolerance_is_not(self, name):
        exercise = EXERCISES[name]
        if isinstance(exercise, Choice):
            assert not check(name, chr(ord(max([exercise.right, *exercise.wrong])) + 1))
            return
        for side in (-1, 1):
            assert not check(name, exercise.expected + 1.01 * side * exercise.tolerance)

    def test_each_foreseen_mistake_is_recognised(self, name):
        exercise = EXERCISES[name]
        assert exercise.mistakes
        for mistake in exercise.mistakes:
            verdict = check(name, mistake.answer())
            assert not verdict
            assert mistake.say in verdict.message

    @pytest.mark.parametrize("nonsense", ["about four", None, [1, 2], math.nan])
    def test_nonsense_is_not_right(self, name, nonsense):
        assert not check(name, nonsense)

    def test_a_date_is_told_from_a_number(self, name):
        verdict = check(name, UTCDateTime("2005-08-01"))
        assert not verdict
        wanted = "one of the letters" if isinstance(EXERCISES[name], Choice) else "that is a date"
        assert wanted in verdict.message

    def test_it_belongs_to_a_notebook(self, name):
        from pathlib import Path

        notebooks = Path(__file__).parents[2] / "notebooks"
        lesson = name.split("/")[0]
        assert list(notebooks.glob(f"[0-9][0-9]-{lesson}.ipynb"))


def test_where_things_are_counted_a_fraction_is_not_right():
    name = "dask-delayed-and-futures/batch"
    assert check(name, 17)
    assert check(name, 17.0)
    verdict = check(name, 40 * 0.0005 / 0.1 / 0.012)
    assert not verdict
    assert "whole number" in verdict.message


CHOICES = [name for name, exercise in EXERCISES.items() if isinstance(exercise, Choice)]


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_takes_letters_however_they_are_written_and_tells_nothing(name):
    choice = EXERCISES[name]
    assert check(name, f" {choice.right.upper()} ")
    assert choice.because in check(name, choice.right).message
    assert len(choice.wrong) >= 2
    for letter in choice.wrong:
        assert choice.because not in check(name, letter).message


@pytest.mark.parametrize("name", CHOICES)
def test_the_notebook_has_an_option_for_each_letter(name):
    from pathlib import Path

    lesson = name.partition("/")[0]
    (path,) = (Path(__file__).parents[2] / "notebooks").glob(f"[0-9][0-9]-{lesson}.ipynb")
    options = re.findall(r'"- \*\*([a-z])\*\*: ', path.read_text(encoding="utf-8"))
    assert options == sorted([EXERCISES[name].right, *EXERCISES[name].wrong])


def test_an_exercise_nobody_knows_is_named():
    with pytest.raises(ValueError, match="'no/such'; there are: a-real-earthquake/distance"):
        check("no/such", 1)
