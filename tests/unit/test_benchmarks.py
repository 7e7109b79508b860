"""The benchmarks compare results before they take times, and write what is asked for."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.baselines import from_file
from benchmarks.clients import CLIENTS
from benchmarks.one_core import Bound, assert_same, windows
from benchmarks.result import Result, table, write
from benchmarks.timing import in_turn, ratio, shared, together
from seispipe.archive import FolderArchive
from seispipe.archive.endpoint import serve
from seispipe.teaching.measure import Timing


@pytest.fixture(scope="module")
def archive(teaching):
    return FolderArchive(teaching, reading="records")


@pytest.fixture(scope="module")
def found(archive):
    requests = windows(archive)[:2]
    return requests, [from_file(archive.folder, request) for request in requests]


def test_the_tutorial_chain_and_the_pipeline_give_the_same(archive, found):
    assert assert_same(found[0], archive, found[1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda each: replace(each, p_time=each.p_time + 0.01), "not 2026"),
        (lambda each: replace(each, amplitude=each.amplitude * (1 + 2e-6)), "spectra"),
        (lambda each: replace(each, plateau=each.plateau * (1 + 1e-5)), "magnitudes"),
    ],
)
def test_a_difference_is_noticed_and_named(archive, found, wrong, message):
    requests, right = found
    with pytest.raises(AssertionError, match=rf"{requests[1].seed_id}.*{message}"):
        assert_same(requests, archive, [right[0], wrong(right[1])])


def test_the_bound_is_of_the_windows_and_takes_its_parts(archive, found):
    bound = Bound.of(found[0], archive)
    assert bound.samples.shape == (2, 13_000)
    assert 10 <= np.mean([len(data) for data in bound.records]) / 512 <= 60
    for part in bound.parts().values():
        part()


def test_every_client_brings_the_same_bytes(tmp_path):
    (tmp_path / "one").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "two").write_bytes(b"other")
    pieces = [("one", None), ("two", None)]
    with serve(tmp_path) as endpoint:
        for client in CLIENTS.values():
            with client(endpoint.url) as read:
                assert read(pieces) == [bytes(range(256)) * 20, b"other"]


def test_parts_are_read_as_parts(tmp_path):
    (tmp_path / "one").write_bytes(bytes(range(256)) * 20)
    with serve(tmp_path) as endpoint:
        for name, client in CLIENTS.items():
            if name != "obstore":  # which refuses this server's answer to a range
                with client(endpoint.url) as read:
                    assert read([("one", (250, 10))]) == [bytes([*range(250, 256), 0, 1, 2, 3])]


def test_rounds_are_compared_round_by_round():
    assert ratio(Timing((2.0, 8.0, 3.0)), Timing((1.0, 2.0, 1.0))) == 3.0
    assert together([Timing((1.0, 2.0)), Timing((3.0, 4.0))]) == Timing((4.0, 6.0))
    assert shared(Timing((1.0, 2.0)), 2) == Timing((0.5, 1.0))
    calls = []
    times = in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b"] * 3
    assert len(times["a"].wall.seconds) == len(times["a"].processor.seconds) == 2


def test_what_is_written_has_what_was_promised(tmp_path):
    result = Result("window-one-core", "a window", ours=1.0, baseline=2.0, ratio=2.0, met=False)
    write([result], tmp_path / "made" / "bench.json")
    (entry,) = json.loads((tmp_path / "made" / "bench.json").read_text())
    promised = {"name", "ours", "baseline", "unit", "ratio", "bound", "ours_over_bound"}
    assert entry.keys() >= {*promised, "same_results", "machine", "date"}
    assert "window-one-core  1 s" in table([result])
    assert "NO" in table([result])
