"""Many windows at once give the rows that the stages give one by one, to the last digit."""

import logging
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import Trace

from seispipe import batches
from seispipe.archive import FolderArchive, Request
from seispipe.batches import process_stations
from seispipe.errors import OutsideWindow
from seispipe.pipeline import process_station, run
from seispipe.stages import Settings, attempt, stage_by_stage
from seispipe.trimming import (
    TrimmingSettings,
    signal_and_noise,
    signal_and_noise_spans,
    without_edges,
)


@pytest.fixture(scope="module")
def archive(teaching):
    return FolderArchive(teaching, reading="records")


@pytest.fixture(scope="module")
def requests(archive):
    around = archive.requests("hour", "day", "defects")
    # Other lengths, other times, some of them quiet.
    longer = [Request.from_id(r.seed_id, r.start, r.end + 10) for r in around[:6]]
    quiet = [Request.from_id(r.seed_id, r.start - 400, r.start - 290) for r in around[:6]]
    return [*around, *longer, *quiet]


@pytest.fixture(scope="module")
def one_by_one(archive, requests):
    return [attempt(each, partial(stage_by_stage, each, archive, Settings())) for each in requests]


def test_the_rows_are_those_of_the_stages_one_by_one(archive, requests, one_by_one):
    assert list(process_stations(requests, archive)) == one_by_one
    assert {row.status for row in one_by_one} >= {"ok", "no_pick", "gap", "clipped"}


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 49))
def test_which_others_there_are_does_not_matter(archive, requests, one_by_one, seed, count):
    chosen = np.random.default_rng(seed).permutation(len(requests))[:count]
    rows = process_stations([requests[place] for place in chosen], archive)
    assert list(rows) == [one_by_one[place] for place in chosen]


def test_sound_windows_are_not_taken_one_by_one(archive, monkeypatch):
    def never(*_):
        raise AssertionError("a window was taken alone")

    monkeypatch.setattr(batches, "stage_by_stage", never)
    rows = list(process_stations(archive.requests("hour"), archive))
    assert {row.status for row in rows} == {"ok"}


def test_a_batch_that_fails_loses_nothing(archive, requests, one_by_one, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("all of them")

    monkeypatch.setattr(batches, "windows_to_velocity", broken)
    with caplog.at_level(logging.WARNING):
        assert list(process_stations(requests, archive)) == one_by_one
    assert "ZeroDivisionError: all of them" in caplog.text


def test_settings_reach_every_stage_of_a_batch(archive):
    settings = Settings(trimming=TrimmingSettings(after_s=2.0))
    requests = archive.requests("hour")[:3]
    expected = [stage_by_stage(each, archive, settings) for each in requests]
    assert run(requests, archive, settings) == expected != run(requests, archive)


def test_a_whole_day_gives_the_row_that_its_stages_give(archive):
    known = archive.requests("day")[0]
    start = known.start - known.start.timestamp % 86400
    day = Request.from_id(known.seed_id, start, start + 86400)
    row = process_station(day, archive)
    assert row.status == "ok"
    assert row == stage_by_stage(day, archive, Settings())


@given(
    samples=st.integers(1, 3000),
    rate=st.sampled_from([20.0, 31.25, 100.0, 200.0]),
    onset=st.integers(0, 3000),
    edge_s=st.sampled_from([0.0, 0.5, 1.0]),
    before_s=st.sampled_from([0.0, 0.5, 0.333]),
    after_s=st.sampled_from([0.02, 4.5, 2.0]),
    noise_s=st.sampled_from([0.01, 3.0]),
)
def test_spans_are_what_the_functions_for_traces_cut(
    samples, rate, onset, edge_s, before_s, after_s, noise_s
):
    settings = TrimmingSettings(before_s, after_s, noise_s)
    trace = Trace(np.arange(samples, dtype=float), header={"sampling_rate": rate})
    time = trace.stats.starttime + onset * trace.stats.delta
    try:
        expected = signal_and_noise(without_edges(trace, edge_s), time, settings)
    except OutsideWindow:
        expected = None
    spans = signal_and_noise_spans(samples, rate, onset, edge_s, settings)
    assert (spans is None) == (expected is None)
    if spans:
        for span, cut in zip(spans, expected, strict=True):
            np.testing.assert_array_equal(trace.data[span], cut.data)
