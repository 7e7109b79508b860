import threading
import time

import pytest

from seispipe.teaching.figures import ACTIVITIES
from seispipe.teaching.sampling import DOING, Sampler, Stretch, draw_activities

HERE = {"test_sampling.rest": "reading", "test_sampling.outer": "computing"}


def rest(seconds):
    time.sleep(seconds)


def outer(seconds):
    rest(seconds)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def test_it_sees_what_is_done_and_for_how_long():
    with Sampler(HERE) as sampler:
        outer(0.15)
    totals = sampler.totals()
    # The innermost function counts. On a busy machine a look may come late.
    assert totals["reading"] == pytest.approx(0.15, abs=0.1)
    assert totals["computing"] == pytest.approx(0.15, abs=0.1)
    assert sum(totals.values()) <= sampler.seconds
    assert [each.activity for each in sampler.stretches] == ["reading", "computing"]


def test_threads_have_lanes_of_their_own_and_lanes_are_used_again():
    with Sampler(HERE) as sampler:
        for _ in range(2):
            threads = [threading.Thread(target=rest, args=(0.1,)) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            time.sleep(0.05)
    assert {each.lane for each in sampler.stretches} == {0, 1, 2}
    for lane in range(3):
        own = [each for each in sampler.stretches if each.lane == lane]
        assert len(own) == 2
        assert own[0].end <= own[1].start


def test_it_stops_also_after_an_error():
    with pytest.raises(ValueError, match="wrong"), Sampler(HERE) as sampler:
        raise ValueError("wrong")
    assert not sampler._thread.is_alive()
    assert sampler.stretches == []


def test_the_functions_it_looks_for_exist():
    from seispipe import batches, results
    from seispipe.archive import download, objects
    from seispipe.teaching import in_place, traditional

    modules = (batches, results, download, objects, in_place, traditional)
    rooms = {module.__name__.rpartition(".")[2]: module for module in modules}
    for name in DOING:
        module, function = name.split(".")
        where = [rooms[module], getattr(rooms[module], "ObjectArchive", None)]
        assert any(hasattr(each, function) for each in where), name
    assert set(DOING.values()) == set(ACTIVITIES)


def test_runs_are_drawn_on_one_axis_of_time():
    runs = {
        "one": [Stretch(0, "listing", 0.0, 0.5), Stretch(0, "reading", 0.5, 2.0)],
        "two": [Stretch(lane, "reading", 0.0, 1.0) for lane in range(4)],
    }
    figure = draw_activities(runs)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["one", "two"]
    assert {ax.get_xlim() for ax in figure.axes} == {(0.0, 2.04)}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["listing", "reading"]
