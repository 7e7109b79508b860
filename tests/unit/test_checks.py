import math

import pytest
from obspy import UTCDateTime

from seispipe.teaching.checks import check
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
        assert "that is a date" in verdict.message

    def test_it_belongs_to_a_notebook(self, name):
        from pathlib import Path

        notebooks = Path(__file__).parents[2] / "notebooks"
        lesson = name.split("/")[0]
        assert list(notebooks.glob(f"[0-9][0-9]-{lesson}.ipynb"))


def test_an_exercise_nobody_knows_is_named():
    with pytest.raises(ValueError, match="'no/such'; there are: a-real-earthquake/distance"):
        check("no/such", 1)
