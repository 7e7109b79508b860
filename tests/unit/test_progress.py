"""What has been passed is written down on this machine, by right answers of the learner's own."""

import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from seispipe.cli import main
from seispipe.teaching import progress
from seispipe.teaching.checks import check
from seispipe.teaching.exercises import EXERCISES, LESSONS

NAME = "a-real-earthquake/distance"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "own" / "progress.tsv"
    monkeypatch.setenv("SEISPIPE_PROGRESS", str(path))
    return path


def shown(*options):
    result = CliRunner().invoke(main, ["progress", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_right_answer_is_written_down_once_and_a_wrong_one_is_not(file):
    check(NAME, -1)
    check(NAME, ...)
    assert progress.passed() == {}
    for _ in range(2):
        assert check(NAME, EXERCISES[NAME].expected)
    assert list(progress.passed()) == [NAME]
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_the_notebooks_own_solution_does_not_count():
    assert check(NAME, EXERCISES[NAME].expected, solution=True)
    assert progress.passed() == {}


def test_every_solution_of_a_notebook_says_that_it_is_one():
    for path in NOTEBOOKS.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert text.count("verdict = check(") == text.count("answer, solution=True)") > 0


def test_a_place_that_cannot_be_written_changes_no_verdict(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("SEISPIPE_PROGRESS", str(tmp_path / "file" / "progress.tsv"))
    assert check(NAME, EXERCISES[NAME].expected)


def test_several_notebooks_may_pass_at_once(file):
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(progress.note_passed, sorted(EXERCISES) * 4))
    assert progress.passed().keys() == EXERCISES.keys()


def test_damage_is_passed_over(file):
    progress.note_passed(NAME)
    with file.open("ab") as damaged:
        damaged.write(b"\xff\xfe no such line\n\nno/such\t2026-01-01\n")
    assert progress.passed().keys() == {NAME, "no/such"}
    assert "1 of 66 exercises passed" in shown().replace(f"of {len(EXERCISES)}", "of 66")


def test_the_table_has_every_lesson_in_teaching_order(file):
    check(NAME, EXERCISES[NAME].expected)
    said = shown()
    rows = re.findall(r"^ ?(\d+)  ([\w-]+) +(\d+) of (\d+)(.*)$", said, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, len(LESSONS) + 1))
    stems = [f"{int(number):02}-{lesson}" for number, lesson, *_ in rows]
    assert stems == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    assert sum(int(many) for *_, many, _ in rows) == len(EXERCISES)
    assert [int(count) for _, _, count, *_ in rows] == [1] + [0] * (len(rows) - 1)
    assert "still open: " in rows[0][-1]
    assert str(file) in said


def test_one_can_begin_anew(file):
    check(NAME, EXERCISES[NAME].expected)
    assert f"0 of {len(EXERCISES)} exercises passed" in shown("--forget")
    assert not file.exists()
    shown("--forget")
