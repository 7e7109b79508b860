"""A plan is arithmetic that can be checked by hand, and refuses what cannot be."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.teaching.planning import (
    S3_GETS_PER_S,
    S3_PUTS_PER_S,
    Assumptions,
    plan,
    table,
)
from seispipe.teaching.prices import PRICES
from seispipe.teaching.scheduling import simulate

# Round numbers: a station-day takes 0.2 s to read and 0.3 s to compute.
ROUND = Assumptions(
    stations=1000,
    days=1000,
    compute_s=0.3,
    megabytes=10,
    gets=2,
    batch=100,
    workers=100,
    scheduler_s=0.001,
    scheduler_bytes=4000,
    worker_mb_s=50,
    result_kb=3,
)
plans = st.builds(
    Assumptions,
    stations=st.integers(1, 10_000),
    days=st.integers(1, 10_000),
    compute_s=st.floats(0, 1000),
    megabytes=st.floats(0, 1000),
    gets=st.floats(0, 100),
    batch=st.integers(1, 10_000),
    workers=st.integers(1, 100_000),
    scheduler_s=st.floats(0, 0.1),
    scheduler_bytes=st.floats(0, 1e5),
    worker_mb_s=st.floats(0.1, 1e4),
    line_mb_s=st.floats(0.1, 1e6),
    there=st.floats(0, 1),
    start_s=st.floats(0, 600),
)


def test_round_numbers_give_what_the_hand_gives():
    found = plan(ROUND)
    assert found.tasks == 10_000
    assert found.task_s == pytest.approx(50)
    assert found.limits_hours["workers"] == pytest.approx(1e6 * 0.5 / 100 / 3600)
    assert found.limits_hours["scheduler"] == pytest.approx(10 / 3600)
    assert found.limits_hours["requests"] == pytest.approx(2e6 / 5500 / 3600)
    assert found.limits_hours["bandwidth"] == 0
    assert found.bottleneck == "workers"
    assert found.hours == found.limits_hours["workers"]
    assert found.core_hours == pytest.approx(1e6 * 0.5 / 3600)
    assert found.worked == pytest.approx(1)
    assert found.busy("workers") == 1
    assert found.busy("scheduler") == pytest.approx(10 / 5000)
    assert found.gets == 2e6
    assert found.puts == 10_000
    assert found.gets_per_s == pytest.approx(400)
    assert found.read_tb == pytest.approx(10)
    assert found.result_gb == pytest.approx(3)
    assert found.scheduler_gb == pytest.approx(0.04)
    assert found.again == 0
    assert found.dollars == pytest.approx(
        {
            "computing": 1e6 * 0.5 / 3600 * 0.085,
            "requests": 2000 * 0.0004 + 10 * 0.005,
            "keeping": 3 * 0.023,
        }
    )


def test_prices_and_limits_are_those_of_the_sources():
    assert ROUND.core_hour == PRICES["core"].dollars
    assert ROUND.gets_1000 == PRICES["get"].dollars
    assert ROUND.puts_1000 == PRICES["put"].dollars
    assert ROUND.gb_month == PRICES["storage"].dollars
    assert ROUND.gets_per_s == S3_GETS_PER_S == 5500
    assert ROUND.puts_per_s == S3_PUTS_PER_S == 3500


@pytest.mark.parametrize(
    ("changed", "bottleneck"),
    [
        ({}, "workers"),
        ({"batch": 1, "workers": 1000}, "scheduler"),
        ({"workers": 10_000}, "requests"),
        ({"workers": 10_000, "prefixes": 10}, "workers"),
        ({"line_mb_s": 20}, "bandwidth"),
        ({"gets": 0, "batch": 1, "scheduler_s": 0, "workers": 10_000}, "requests"),
    ],
)
def test_each_limit_can_be_the_bottleneck(changed, bottleneck):
    found = plan(replace(ROUND, **changed))
    assert found.bottleneck == bottleneck
    assert found.hours == pytest.approx(found.limits_hours[bottleneck])


def test_whoever_waits_is_paid():
    there = plan(ROUND)
    waiting = plan(replace(ROUND, line_mb_s=20))
    assert waiting.worked == waiting.busy("workers") == pytest.approx(1e6 * 0.5 / 100 / 5e5)
    assert waiting.core_hours == pytest.approx(100 * 1e7 / 20 / 3600)
    assert waiting.dollars["computing"] > 20 * there.dollars["computing"]


def test_a_task_cannot_be_cut():
    """334 tasks for 1000 workers: two thirds have nothing to do."""
    found = plan(replace(ROUND, workers=1000, batch=3000))
    assert found.tasks == 334
    assert found.hours == pytest.approx(3000 * 0.5 / 3600)
    assert found.worked == pytest.approx(1e6 / (1000 * 3000))


@given(st.integers(1, 300), st.integers(1, 40), st.integers(1, 30))
def test_the_workers_limit_is_the_simulated_time(days, batch, workers):
    given_ = replace(ROUND, stations=1, days=days, batch=batch, workers=workers)
    sizes = [batch] * (days // batch) + [days % batch] * (days % batch > 0)
    simulated = simulate([0.5 * size for size in sizes], workers, in_hand=0).makespan
    assert 3600 * plan(given_).limits_hours["workers"] == pytest.approx(simulated)


@given(plans)
def test_nothing_that_comes_out_is_nonsense(given_):
    found = plan(given_)
    assert found.tasks >= 1
    assert found.hours >= max(found.limits_hours.values())
    for number in (*found.limits_hours.values(), *found.dollars.values(), found.core_hours):
        assert 0 <= number < math.inf
    assert 0 <= found.worked <= 1 + 1e-9
    for limit in found.limits_hours:
        assert 0 <= found.busy(limit) <= 1


@given(plans, st.integers(1, 5))
def test_more_workers_take_no_longer(given_, times):
    more = replace(given_, workers=times * given_.workers)
    assert plan(more).hours <= plan(given_).hours * (1 + 1e-9)


def test_station_days_that_are_not_there_cost_their_reads():
    half = plan(replace(ROUND, there=0.5))
    assert half.limits_hours["workers"] == pytest.approx(plan(ROUND).limits_hours["workers"] / 2)
    assert half.read_tb == pytest.approx(5)
    assert half.gets == 2e6


def test_workers_that_are_lost_cost_more_the_longer_the_tasks():
    again = [
        plan(replace(ROUND, batch=batch, losses_per_hour=0.1)).again for batch in (1, 100, 10_000)
    ]
    assert again == sorted(again)
    # Half of a task is lost on average, as long as losses are rare.
    assert again[1] == pytest.approx(0.1 * 50 / 3600 / 2, rel=0.01)
    found = plan(replace(ROUND, batch=10_000, losses_per_hour=0.1))
    expected = 0.1 * 5000 / 3600
    assert found.again == pytest.approx((math.exp(expected) - 1) / expected - 1)
    assert found.gets == pytest.approx(2e6 * (1 + found.again))
    assert found.puts == 100


def test_starting_counts():
    assert plan(replace(ROUND, start_s=360)).hours == pytest.approx(plan(ROUND).hours + 0.1)


def test_variants_stand_side_by_side():
    side = table(ROUND, {"one by one": {"batch": 1}, "far away": {"line_mb_s": 20}})
    assert isinstance(side, pd.DataFrame)
    assert list(side) == ["as assumed", "one by one", "far away"]
    assert side.loc["tasks"].to_list() == ["10,000", "1,000,000", "10,000"]
    assert side.loc["bottleneck", "far away"] == "bandwidth"
    assert side.loc["takes at least", "as assumed"] == "1.39 hours"
    assert side.loc["scheduler busy", "one by one"] == "20.0%"
    with pytest.raises(TypeError, match="batches"):
        table(ROUND, {"misspelt": {"batches": 1}})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"stations": 0}, "stations must be positive, but is 0"),
        ({"workers": 2.5}, "workers must be a whole number, but is 2.5"),
        ({"batch": -1}, "batch must be positive"),
        ({"compute_s": -0.1}, "compute_s must be at least 0, but is -0.1"),
        ({"compute_s": math.nan}, "compute_s must be a finite number"),
        ({"compute_s": "0.3"}, "compute_s must be a finite number, but is '0.3'"),
        ({"worker_mb_s": 0}, "worker_mb_s must be positive"),
        ({"worker_mb_s": math.inf}, "worker_mb_s must be a finite number"),
        ({"line_mb_s": 0}, "line_mb_s must be positive"),
        ({"there": 36}, "there is a share, from 0 to 1, but is 36"),
        ({"months": True}, "months must be a finite number"),
        (
            {"batch": 100_000, "losses_per_hour": 1},
            "a task takes 13.9 hours, in which its worker would be lost 13.9 times",
        ),
    ],
)
def test_what_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        replace(ROUND, **wrong)
