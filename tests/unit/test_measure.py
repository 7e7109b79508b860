import time

import pytest

from seispipe.teaching.measure import Stopwatch, Timing, compare, in_words, machine


def test_ways_are_run_in_turn_and_the_first_runs_do_not_count():
    calls = []
    ways = {name: lambda name=name: calls.append(name) for name in ("a", "b")}
    timings = compare(ways, repeats=3, warm_ups=2)
    assert calls == ["a", "b"] * 5
    assert [len(timing.seconds) for timing in timings.values()] == [3, 3]


def test_what_takes_longer_is_found_to_take_longer():
    timings = compare({"long": lambda: time.sleep(0.05), "short": lambda: None}, repeats=3)
    assert timings["long"].median > 10 * timings["short"].median


def test_a_timing_says_median_spread_and_number_of_runs():
    timing = Timing((0.001, 0.002, 0.003, 0.004, 0.1))
    assert timing.median == 0.003
    assert timing.spread == (0.002, 0.004)
    assert str(timing) == "3 ms (2 ms to 4 ms, 5 runs)"
    assert str(Timing((2.0,))) == "2 s (2 s to 2 s, 1 run)"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(12.3456, "12.3 s"), (0.5, "500 ms"), (2e-5, "20 µs"), (3e-9, "3 ns"), (0.0, "0 ns")],
)
def test_times_have_a_fitting_unit(seconds, words):
    assert in_words(seconds) == words


def test_nothing_is_not_measured():
    with pytest.raises(ValueError, match="repeats must be positive"):
        compare({}, repeats=0)


def test_a_stopwatch_adds_up_its_parts_also_when_one_fails():
    watch = Stopwatch()
    with watch.time("read"):
        time.sleep(0.01)
    with pytest.raises(KeyError), watch.time("pick"):
        raise KeyError
    with watch.time("read"):
        time.sleep(0.01)
    assert list(watch.seconds) == ["read", "pick"]
    assert watch.seconds["read"] >= 0.02


def test_the_machine_is_described_by_what_it_lets_us_use():
    assert "available" in machine()
