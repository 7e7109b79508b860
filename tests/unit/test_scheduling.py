"""The simulated scheduler keeps to the laws that no scheduler can break."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe import dag
from seispipe.teaching.scheduling import simulate

seconds = st.floats(0, 100)
tasks = st.lists(seconds, min_size=1, max_size=40)
workers = st.integers(1, 12)
costs = st.floats(0, 10)
hands = st.integers(0, 3)


def later(value, than):
    """Not earlier, but for the last digits of a sum."""
    return value >= than * (1 - 1e-12) - 1e-12


@given(tasks, workers, costs, hands, st.floats(0, 50))
def test_a_schedule_is_lawful(task_s, number, cost, in_hand, start_s):
    schedule = simulate(task_s, number, cost, in_hand, start_s)
    # All the work is done, once, and takes as long as it takes.
    assert schedule.ends - schedule.starts == pytest.approx(np.array(task_s))
    assert set(schedule.ran_on) <= set(range(number))
    # Nobody does two at once.
    by_worker = sorted(zip(schedule.ran_on, schedule.starts, schedule.ends, strict=True))
    for (one, _, end), (other, start, _) in itertools.pairwise(by_worker):
        assert one != other or later(start, end)
    # Nor does the scheduler, and no task runs before it was handed out.
    assert all(later(after, before + cost) for before, after in itertools.pairwise(schedule.handed))
    assert later(schedule.handed[0], start_s + cost)
    assert np.all(schedule.starts >= schedule.handed)
    # Nobody holds more than he may.
    for place, (worker, handed) in enumerate(zip(schedule.ran_on, schedule.handed, strict=True)):
        held = (schedule.ran_on[:place] == worker) & (schedule.ends[:place] > handed)
        assert held.sum() <= in_hand


@given(tasks, workers, costs, hands, st.floats(0, 50))
def test_nothing_beats_the_bounds(task_s, number, cost, in_hand, start_s):
    schedule = simulate(task_s, number, cost, in_hand, start_s)
    longest, work = max(task_s), sum(task_s) / number
    for bound in (work, len(task_s) * cost, longest):
        assert later(schedule.makespan, start_s + bound)
    assert 0 <= schedule.busy <= 1 + 1e-9
    assert 0 <= schedule.scheduler_busy <= 1 + 1e-9
    # What is never idle while there is work is at most so far off.
    worst = start_s + len(task_s) * cost + work + (1 - 1 / number) * longest
    if in_hand == 0:
        assert later(worst, schedule.makespan)


@given(tasks, costs, st.floats(0, 50))
def test_one_worker_that_waits_each_time_takes_the_sum(task_s, cost, start_s):
    exact = start_s + len(task_s) * cost + sum(task_s)
    assert simulate(task_s, 1, cost, 0, start_s).makespan == pytest.approx(exact)


@given(st.integers(1, 40), st.floats(0, 1), st.floats(1, 10))
def test_one_worker_with_a_task_in_hand_never_waits_for_a_quick_scheduler(number, cost, task):
    schedule = simulate([task] * number, 1, cost, in_hand=1)
    assert schedule.makespan == pytest.approx(cost + number * task)


@given(st.integers(1, 40), workers, hands)
def test_where_tasks_take_no_time_the_scheduler_is_all(number, many, in_hand):
    schedule = simulate([0.0] * number, many, 0.5, in_hand)
    assert schedule.makespan == pytest.approx(0.5 * number)
    assert schedule.scheduler_busy == pytest.approx(1)
    assert schedule.busy == 0


@given(tasks, workers, costs)
def test_more_workers_or_a_quicker_scheduler_never_harm(task_s, number, cost):
    taken = simulate(task_s, number, cost, 0).makespan
    assert later(taken, simulate(task_s, number + 1, cost, 0).makespan)
    assert later(taken, simulate(task_s, number, cost / 2, 0).makespan)
    shorter = [each / 2 for each in task_s]
    assert later(taken, simulate(shorter, number, cost, 0).makespan)


@given(st.integers(1, 60), workers, st.floats(0, 2))
def test_of_equal_tasks_one_in_hand_never_harms(number, many, cost):
    alone = simulate([1.0] * number, many, cost, 0).makespan
    in_hand = simulate([1.0] * number, many, cost, 1).makespan
    # At the very end a task may wait in the hand of one while another is idle.
    assert later(alone + 1.0 + cost, in_hand)


@given(tasks, workers, st.floats(0.1, 10), costs, hands)
def test_in_slow_motion_it_looks_the_same(task_s, number, factor, cost, in_hand):
    """Only the ratio of a task to the scheduler's cost counts."""
    one = simulate(task_s, number, cost, in_hand)
    slow = simulate([factor * each for each in task_s], number, factor * cost, in_hand)
    assert slow.makespan == pytest.approx(factor * one.makespan)


@given(tasks, workers)
def test_without_a_scheduler_it_is_the_schedule_of_a_graph(task_s, number):
    task_s = sorted(task_s, reverse=True)  # a graph takes the longest first
    graph = nx.DiGraph()
    for place in range(len(task_s)):
        dag.add_task(graph, str(place), "", list)
    lengths = {str(place): each for place, each in enumerate(task_s)}
    other = dag.simulate(graph, lengths, number)
    schedule = simulate(task_s, number, in_hand=0)
    assert schedule.makespan == pytest.approx(max(slot.end for slot in other))
    assert dag.durations(schedule.slots()) == pytest.approx(lengths)


def test_a_case_worked_out_on_paper():
    """Two workers, a scheduler of 1 s, tasks of 3, 1, 2 and 2 s, none in hand."""
    schedule = simulate([3, 1, 2, 2], 2, 1, in_hand=0)
    assert schedule.handed.tolist() == [1, 2, 4, 5]
    assert schedule.starts.tolist() == [1, 2, 4, 5]
    assert schedule.ends.tolist() == [4, 3, 6, 7]
    assert schedule.ran_on.tolist() == [0, 1, 1, 0]
    assert schedule.makespan == 7
    assert schedule.busy == pytest.approx(8 / 14)
    assert schedule.scheduler_busy == pytest.approx(4 / 7)
    assert schedule.tasks_per_s == pytest.approx(4 / 7)


def test_the_scheduler_is_the_limit_where_there_are_too_many_workers():
    """Workers beyond task / cost have nothing to do."""
    rates = {w: simulate([1.0] * 50 * w, w, 0.1).tasks_per_s for w in (1, 5, 10, 20, 40)}
    assert rates[5] == pytest.approx(5, rel=0.03)
    assert rates[20] == pytest.approx(10, rel=0.03)
    assert rates[40] == pytest.approx(rates[20], rel=0.02)


def test_no_tasks_take_no_time():
    schedule = simulate([], 3, 0.1)
    assert schedule.makespan == 0
    assert schedule.busy == schedule.scheduler_busy == schedule.tasks_per_s == 0
    assert simulate([], 3, start_s=2.0).makespan == 2
    assert schedule.slots() == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"workers": 0}, "workers must be at least 1, but is 0"),
        ({"in_hand": -1}, "in_hand must not be negative"),
        ({"task_s": [1, -1]}, "task_s must be finite and not negative, but is -1.0"),
        ({"task_s": [math.nan]}, "task_s must be finite"),
        ({"scheduler_s": math.inf}, "scheduler_s must be finite"),
        ({"start_s": -0.1}, "start_s must be finite and not negative"),
    ],
)
def test_what_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        simulate(**{"task_s": [1.0], "workers": 1, **wrong})
