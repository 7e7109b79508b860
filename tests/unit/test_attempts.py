import os
import subprocess
import sys

import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.attempts import Attempt, attempts, noted
from seispipe.teaching.attempts_figure import draw_attempts, fate

# Process 1 did A, lost it and died in C; process 2 did B, then A again, then D; 3 came for C.
RUN = [
    Attempt("A", 1, 10.0, 11.0),
    Attempt("B", 2, 10.1, 11.2),
    Attempt("C", 1, 11.0, None),
    Attempt("A", 2, 11.6, 12.6),
    Attempt("D", 2, 12.6, 13.5),
    Attempt("C", 3, 13.0, 14.0),
]


def test_what_is_done_has_a_beginning_and_an_end(tmp_path):
    with noted(tmp_path / "log", "S001"):
        (begun,) = attempts(tmp_path / "log")
        assert begun.end is None
    (done,) = attempts(tmp_path / "log")
    assert (done.task, done.process, done.start) == ("S001", os.getpid(), begun.start)
    assert done.end >= done.start


def test_what_raises_has_no_end_and_counts_as_begun(tmp_path):
    for _ in range(3):
        with pytest.raises(OSError, match="away"), noted(tmp_path, "S001"):
            raise OSError("away")
    with noted(tmp_path, "S002"):
        pass
    assert [each.end for each in attempts(tmp_path, "S001")] == [None] * 3
    assert len(attempts(tmp_path)) == 4


def test_a_process_that_dies_leaves_its_note(tmp_path):
    text = (
        "import os, sys\n"
        "from seispipe.teaching.attempts import noted\n"
        "with noted(sys.argv[1], 'S001'):\n"
        "    os._exit(1)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", text, str(tmp_path)])
    program.wait(60)
    (begun,) = attempts(tmp_path)
    assert (begun.task, begun.end) == ("S001", None)
    assert begun.process != os.getpid()


def test_they_come_in_the_order_of_their_beginning(tmp_path):
    for task in ("b", "a", "c"):
        with noted(tmp_path, task):
            pass
    assert [each.task for each in attempts(tmp_path)] == ["b", "a", "c"]


def test_no_folder_no_attempts(tmp_path):
    assert attempts(tmp_path / "none") == []


@pytest.mark.parametrize("name", ["", "a~b", "a/b", "a\\b", "c:d"])
def test_a_name_that_would_break_the_notes_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="cannot be noted"), noted(tmp_path, name):
        pass


def test_what_became_of_each():
    fates = [fate(attempt, RUN, killed=1) for attempt in RUN]
    assert fates == [
        "done, and lost",
        "done once",
        "cut off",
        "done again",
        "done once",
        "done again",
    ]


def test_the_figure_has_a_bar_an_attempt_and_the_kill():
    axes = draw_attempts(RUN, killed=1, when=11.5, title="A run")
    bars = axes.patches
    assert [bar.get_x() for bar in bars] == pytest.approx([a.start - 10.0 for a in RUN])
    # What was cut off ends at the kill.
    assert bars[2].get_x() + bars[2].get_width() == pytest.approx(1.5)
    assert [text.get_text() for text in axes.texts] == ["killed"]
    assert axes.lines[0].get_xdata()[0] == pytest.approx(1.5)
    assert len(axes.get_yticks()) == 3
    named = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert named == ["done once", "done, and lost", "cut off", "done again"]
    plt.close(axes.figure)
