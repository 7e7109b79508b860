from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.pool_diagram import draw_pool, draw_start_methods
from seispipe.teaching.tasks import Count

COUNTS = [
    Count(Path("folder/S001.csv"), 30_001, 4712),
    Count(Path("folder/S002.csv"), 240_001, 4713),
    Count(Path("folder/S003.csv"), 60_001, 4712),
]


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def places(figure):
    return {text.get_text(): text.get_position() for text in figure.axes[0].texts}


def test_every_process_file_and_count_is_named():
    shown = texts(draw_pool(COUNTS, main=4711))
    assert shown.count("main program\nprocess 4711") == 1
    assert shown.count("worker\nprocess 4712") == 1
    assert shown.count("worker\nprocess 4713") == 1
    for count in COUNTS:
        assert shown.count(count.path.name) == 1
        assert shown.count(f"{count.lines:,} lines") == 1
        assert shown.count(f"{count.lines:,}") == 1


def test_each_file_stands_below_its_worker_and_the_list_is_in_the_order_of_the_files():
    at = places(draw_pool(COUNTS, main=4711))
    assert at["S001.csv"][0] == at["S003.csv"][0] < at["S002.csv"][0]
    assert at["S001.csv"][1] > at["S003.csv"][1]
    cells = [at[f"{count.lines:,}"][0] for count in COUNTS]
    assert cells == sorted(cells)


def test_an_arrow_leads_from_each_file_s_worker_to_its_count():
    figure = draw_pool(COUNTS, main=4711)
    arrows = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]
    # Main program to pool, pool to two workers, workers to three counts.
    assert len(arrows) == 1 + 2 + 3


@pytest.mark.parametrize("workers", [0, 5])
def test_what_cannot_be_drawn_is_refused(workers):
    counts = [Count(Path(f"{k}.csv"), 1, k) for k in range(workers)]
    with pytest.raises(ValueError, match=f"1 to 4 workers can be drawn, not {workers}"):
        draw_pool(counts, main=1)


def test_every_start_method_is_drawn_with_what_it_takes_along():
    shown = texts(draw_start_methods())
    for method in ("fork", "spawn", "forkserver"):
        assert shown.count(method) == 1
    for thing in ("modules", "objects", "connections", "locks", "threads"):
        assert shown.count(thing) == 3
