import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.teaching import speed_up as module
from seispipe.teaching.measure import Timing
from seispipe.teaching.speed_up import Gain, amdahl, break_even_s, serial_share, when_free

shares = st.floats(0.0, 1.0)


def test_a_gain_compares_round_by_round():
    gain = Gain.of(Timing((2.0, 4.0, 9.0)), Timing((1.0, 2.0, 3.0)))
    assert gain.ratios == (2.0, 2.0, 3.0)
    assert gain.median == 2.0
    assert gain.spread == (2.0, 2.5)
    assert str(gain) == "2.00 (2.00 to 2.50)"


def test_timings_of_different_rounds_are_not_compared():
    with pytest.raises(ValueError, match="shorter"):
        Gain.of(Timing((1.0, 2.0)), Timing((1.0,)))


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when a way says so, and a machine with two cores."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(module, "CPU_COUNT", 2)
    return now


def ways_of(clock, divided_s):
    """Three ways; the calibration's second takes the next of the times given."""
    times = iter(divided_s)

    def take(seconds):
        clock[0] += seconds

    return {
        "work": lambda: take(0.5),
        "alone": lambda: take(1.0),
        "divided": lambda: take(next(times)),
    }


CALIBRATION = ("alone", "divided")


def test_only_rounds_on_free_cores_count(clock):
    ways = ways_of(clock, [0.5, 1.0, 0.6, 1.1, 0.5])
    timings, free = when_free(ways, CALIBRATION, enough=3, patience_s=1000)
    assert free
    assert timings["divided"].seconds == pytest.approx((0.5, 0.6, 0.5))
    assert timings["work"].seconds == pytest.approx((0.5,) * 3)


def test_where_the_cores_are_never_free_all_rounds_count_and_it_is_said(clock):
    timings, free = when_free(ways_of(clock, [1.0] * 9), CALIBRATION, enough=3, patience_s=20)
    assert not free
    assert len(timings["work"].seconds) == 9


def test_three_rounds_are_made_however_little_patience_there_is(clock):
    timings, free = when_free(ways_of(clock, [0.5] * 3), CALIBRATION, enough=5, patience_s=0)
    assert free
    assert len(timings["work"].seconds) == 3


def test_with_one_core_no_round_is_left_out(clock, monkeypatch):
    monkeypatch.setattr(module, "CPU_COUNT", 1)
    timings, free = when_free(ways_of(clock, [1.0] * 4), CALIBRATION, enough=4, patience_s=1000)
    assert free
    assert len(timings["work"].seconds) == 4


@given(shares)
def test_one_worker_gains_nothing(share):
    assert amdahl(1, share) == pytest.approx(1)


@given(st.floats(0.001, 1.0), st.integers(1, 100_000))
def test_no_number_of_workers_gains_more_than_one_over_the_share(share, workers):
    assert 1 - 1e-9 <= amdahl(workers, share) <= min(1 / share, workers) + 1e-6


def test_work_without_a_serial_share_gains_what_there_are_workers():
    assert amdahl(np.array([1.0, 4.0, 64.0]), 0.0) == pytest.approx([1, 4, 64])


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_beyond_the_whole_is_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        amdahl(2, share)


@given(shares, st.sets(st.integers(2, 64), min_size=1, max_size=6))
def test_the_share_that_made_the_speed_ups_is_found_again(share, workers):
    found = serial_share({n: float(amdahl(n, share)) for n in workers})
    assert found == pytest.approx(share, abs=1e-9)


def test_one_worker_says_nothing_about_the_share():
    assert serial_share({1: 7.0, 4: float(amdahl(4, 0.1))}) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="more than one worker"):
        serial_share({1: 1.0})


def test_noise_does_not_make_a_share_of_less_than_nothing():
    assert serial_share({2: 2.3}) == 0
    assert serial_share({2: 0.7}) == 1


@given(st.floats(0.01, 100), st.floats(1.01, 100))
def test_at_the_break_even_both_take_the_same_time(start, speed_up):
    work = break_even_s(start, speed_up)
    assert start + work / speed_up == pytest.approx(work)


@pytest.mark.parametrize("speed_up", [1.0, 0.8])
def test_workers_that_are_not_faster_never_pay(speed_up):
    assert break_even_s(1.0, speed_up) == math.inf
