"""Who ran when: what the watch notes is when a task really ran."""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.teaching.tasks import compute, fetch, fetch_in_turn, transform
from seispipe.teaching.timeline import Span, Watch, core, draw_timeline, running_at_once

HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


def together(lists):
    return [span for spans in lists for span in spans]


def span(start, end, task="a"):
    return Span(task, "1/1", 0, start, end)


def test_one_after_the_other_is_one_and_side_by_side_is_two():
    assert running_at_once([span(0, 1), span(1, 3)]) == 1
    assert running_at_once([span(0, 1), span(5, 6)]) == 1
    assert running_at_once([span(0, 2), span(0, 2, "b")]) == 2
    assert running_at_once([span(0, 2), span(1, 3, "b")]) == pytest.approx(4 / 3)
    with pytest.raises(ValueError, match="nothing ran under a watch"):
        running_at_once([])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 10)), min_size=1, max_size=20))
def test_it_lies_between_one_and_the_number_of_spans(times):
    value = running_at_once([span(start, start + length) for start, length in times])
    assert 1 - 1e-9 <= value <= len(times) + 1e-9


def test_what_stands_still_within_a_slice_is_not_counted_as_running():
    watch = Watch("sleeper")
    with watch.running():
        time.sleep(0.05)
    (noted,) = watch.spans
    assert noted.end - noted.start < 0.02


def test_slices_without_a_pause_become_one_stretch_and_with_one_they_do_not():
    watch = Watch("busy")
    with watch.running():
        sum(range(1000))
    with watch.running():
        sum(range(1000))
    joined = len(watch.spans)
    time.sleep(0.01)
    with watch.running():
        sum(range(1000))
    assert len(watch.spans) == joined + 1
    assert {noted.worker.split("/")[0] for noted in watch.spans} == {str(os.getpid())}


def test_the_core_is_one_that_there_is():
    if sys.platform.startswith("linux"):
        assert core() in os.sched_getaffinity(0)
    else:
        assert core() is None


@pytest.mark.skipif(not HAS_GIL, reason="without the interpreter lock these run in parallel")
def test_threads_that_compute_in_python_take_turns():
    with ThreadPoolExecutor(3) as pool:
        spans = together(pool.map(compute, "abc"))
    assert {noted.task for noted in spans} == set("abc")
    assert running_at_once(spans) < 1.2


def test_coroutines_take_turns_and_wait_together():
    async def all_three():
        return await asyncio.gather(*(fetch_in_turn(name, wait_s=0.05) for name in "abc"))

    start = time.perf_counter()
    spans = together(asyncio.run(all_three()))
    elapsed = time.perf_counter() - start
    assert running_at_once(spans) < 1.01
    assert 0.25 <= elapsed < 0.75 * (3 * 5 * 0.05)


def test_threads_wait_together():
    start = time.perf_counter()
    with ThreadPoolExecutor(3) as pool:
        spans = together(pool.map(lambda name: fetch(name, wait_s=0.05), "abc"))
    assert time.perf_counter() - start < 0.75 * (3 * 5 * 0.05)
    assert {noted.task for noted in spans} == set("abc")


def test_the_figure_has_a_row_for_each_task_in_the_order_in_which_they_began():
    spans = [span(1, 2, "later"), span(0, 1, "first"), span(2, 4, "first")]
    axes = draw_timeline(spans, title="Two tasks")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "later"]
    assert "Two tasks" in {axes.get_title(loc=place) for place in ("left", "center")}
    # A pale bar for each task, and a dark one for each span.
    assert len(axes.patches) == 2 + 3
    plt.close(axes.figure)


def test_compiled_code_is_watched_too():
    spans = transform("t", slices=20)
    assert spans
    assert all(noted.end > noted.start for noted in spans)
