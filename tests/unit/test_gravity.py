import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.teaching.gravity import (
    LIMITS,
    Plan,
    in_words,
    reading_seconds,
    storage_dollars,
    transfer_hours,
    weigh,
)


def within(name):
    limit = LIMITS[name]
    return st.floats(limit.least, limit.most)


plans = st.builds(Plan, **{name: within(name) for name in LIMITS})


def test_a_volume_on_a_line():
    # 1 GB is 8 Gbit: 80 s at 100 Mbit/s.
    assert transfer_hours(1, 100) * 3600 == pytest.approx(80)
    assert transfer_hours(0, 100) == 0


@given(plans)
def test_nothing_that_comes_out_is_nonsense(plan):
    outcome = weigh(plan)
    for hours in (outcome.bring_hours, outcome.go_hours):
        assert 0 <= hours < math.inf
    for dollars in (outcome.bring_dollars, outcome.go_dollars):
        assert 0 <= dollars < math.inf
    assert outcome.crossover_runs_time >= 0
    assert outcome.crossover_runs_money >= 0


@given(plans)
def test_at_the_crossover_both_ways_cost_the_same(plan):
    runs = weigh(plan).crossover_runs_money
    if not 1 <= runs <= LIMITS["runs"].most:
        return
    there = weigh(Plan(**{**vars(plan), "runs": runs}))
    assert there.bring_dollars == pytest.approx(there.go_dollars, rel=1e-9)


def test_a_second_run_decides():
    """100 GB at 100 Mbit/s: 2.2 h to bring them, 3 h to go there, and 1 h here."""
    plan = Plan(volume_gb=100, result_gb=0, megabit_s=100, core_hours=3, cores_here=3)
    assert weigh(plan).bring_hours == pytest.approx(100 * 8e9 / 100e6 / 3600 + 1)
    assert weigh(plan).crossover_runs_time == pytest.approx(2.2222 / 2, rel=1e-3)


def test_where_going_there_always_wins_there_is_no_crossover():
    plan = Plan(volume_gb=1000, result_gb=0, megabit_s=100, core_hours=10, cores_there=100)
    assert weigh(plan).crossover_runs_time == math.inf
    assert weigh(plan).crossover_runs_money == math.inf


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"megabit_s": 0}, "megabit_s must lie between 0.001 and 1e[+]07 Mbit/s, but is 0"),
        ({"volume_gb": -1}, "volume_gb must lie between"),
        ({"volume_gb": 1e15}, "is its unit right"),
        ({"runs": math.nan}, "runs must be a finite number of runs, but is nan"),
        ({"result_gb": "5"}, "result_gb must be a finite number of GB, but is '5'"),
        ({"price_core_hour": math.inf}, "finite number"),
        ({"cores_there": 0.5}, "cores_there must lie between 1"),
    ],
)
def test_what_makes_no_sense_is_named(wrong, message):
    good = {"volume_gb": 1.0, "result_gb": 0.1, "megabit_s": 100.0}
    with pytest.raises(ValueError, match=message):
        Plan(**{**good, **wrong})


def test_a_prediction_adds_trips_bytes_and_work():
    assert reading_seconds(10, 1e6, 0.05, 1e6, 2) == pytest.approx(0.5 + 1 + 2)
    for wrong in ((-1, 1, 1, 1, 1), (1, 1, 1, 0, 1), (1, 1, math.nan, 1, 1)):
        with pytest.raises(ValueError, match="must be finite and not negative"):
            reading_seconds(*wrong)


def test_keeping_data_costs_by_volume_and_time():
    assert storage_dollars(1000, 12, 0.023) == pytest.approx(276)
    for wrong in ((-1, 1, 1), (1, -1, 1), (1, 1, math.nan)):
        with pytest.raises(ValueError, match="must"):
            storage_dollars(*wrong)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (20000, "2.28 years"),
        (48, "2 days"),
        (1.5, "1.5 hours"),
        (0.1, "6 minutes"),
        (0, "0 seconds"),
    ],
)
def test_times_have_a_fitting_unit(hours, words):
    assert in_words(hours) == words
