import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.overlap import (
    Overlap,
    draw_timelines,
    in_progress,
    most_at_once,
    overlap,
    turns,
)
from seispipe.teaching.timeline import Span


def spans(*times):
    return [Span(task, "1/1", core, start, end) for task, core, start, end in times]


IN_TURN = spans(("A", 0, 0, 2), ("B", 1, 2, 4), ("A", 0, 4, 6), ("B", 0, 6, 8))
SIDE_BY_SIDE = spans(("A", 0, 0, 2), ("B", 1, 0, 2))
ONE_BY_ONE = spans(("A", 0, 0, 2), ("B", 0, 5, 7))


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (IN_TURN, Overlap(12 / 8, 1)),
        (SIDE_BY_SIDE, Overlap(2, 2)),
        (ONE_BY_ONE, Overlap(1, 1)),
    ],
)
def test_what_is_in_progress_is_told_from_what_runs(run, expected):
    assert overlap(run) == expected


def test_both_numbers_are_said():
    assert str(Overlap(2.96, 1.004)) == "3.0 in progress, 1.0 running"


def test_a_task_is_in_progress_from_its_first_beginning_to_its_last_end():
    whole = in_progress(reversed(IN_TURN))
    assert [(span.task, span.start, span.end) for span in whole] == [("A", 0, 6), ("B", 2, 8)]


def test_a_span_inside_another_of_the_same_task_shortens_nothing():
    assert in_progress(spans(("A", 0, 0, 9), ("A", 1, 1, 2)))[0].end == 9


def test_turns_are_counted_by_task_and_not_by_span():
    assert turns(IN_TURN) == 3
    assert turns(spans(("A", 0, 0, 1), ("A", 1, 1, 2), ("B", 0, 2, 3))) == 1


def test_the_most_parallel_run_is_taken():
    runs = iter([IN_TURN, SIDE_BY_SIDE, ONE_BY_ONE])
    assert most_at_once(lambda: next(runs), tries=3) is SIDE_BY_SIDE


def test_of_runs_that_are_equally_parallel_the_most_concurrent_is_taken():
    runs = iter([ONE_BY_ONE, IN_TURN])
    assert most_at_once(lambda: next(runs), tries=2) is IN_TURN


def test_no_more_is_tried_once_it_is_enough():
    runs = iter([ONE_BY_ONE, SIDE_BY_SIDE])
    assert most_at_once(lambda: next(runs), tries=9, enough=1.5) is SIDE_BY_SIDE


def test_no_try_at_all_is_refused():
    with pytest.raises(ValueError, match="tries must be positive, but is 0"):
        most_at_once(lambda: IN_TURN, tries=0)


def test_nothing_cannot_overlap():
    with pytest.raises(ValueError, match="there are no spans"):
        overlap([])


@pytest.mark.parametrize("share", [True, False])
def test_the_figure_has_a_row_a_run_and_one_legend_with_every_core_once(share):
    figure = draw_timelines({"in turn": IN_TURN, "side by side": SIDE_BY_SIDE}, share=share)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["in turn", "side by side"]
    assert [ax.get_title(loc="right") for ax in figure.axes] == [
        "1.5 in progress, 1.0 running",
        "2.0 in progress, 2.0 running",
    ]
    assert [ax.get_legend() for ax in figure.axes] == [None, None]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "ran on core 0",
        "ran on core 1",
        "begun, not running",
    ]
    plt.close(figure)


def test_a_legend_of_many_cores_leaves_the_rows_their_room():
    many = [Span(task, "1/1", core, core, core + 1) for core in range(12) for task in "AB"]
    tall, small = (draw_timelines({"a run": run}) for run in (many, SIDE_BY_SIDE))
    for figure in (tall, small):
        figure.draw_without_rendering()
    rooms = [
        figure.get_figheight() * figure.axes[0].get_position().height for figure in (tall, small)
    ]
    assert rooms[0] == pytest.approx(rooms[1], rel=0.2)
    plt.close("all")


@pytest.mark.parametrize("longest_first", [True, False])
def test_nothing_is_cut_off_when_runs_of_different_length_share_an_axis(longest_first):
    runs = {"long": IN_TURN, "short": SIDE_BY_SIDE}
    if not longest_first:
        runs = dict(reversed(runs.items()))
    figure = draw_timelines(runs)
    assert all(ax.get_xlim()[1] >= 8000 for ax in figure.axes)
    plt.close(figure)
    figure = draw_timelines(runs, share=False)
    assert sorted(ax.get_xlim()[1] // 1000 for ax in figure.axes) == [2, 8]
    plt.close(figure)
