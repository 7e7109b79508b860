import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import Inventory, Stream, Trace, UTCDateTime

from seispipe.archive import Request
from seispipe.errors import BadSamples, GapInWindow, NoData
from seispipe.pipeline import process_station
from seispipe.waveforms import read_window

START = UTCDateTime("2020-01-01T00:00:00")
ID = "XX.TEST..HHZ"


def trace(first=0, count=1000, rate=100.0, start=START):
    """Samples that say themselves where they belong: each is its own index after START."""
    header = {"network": "XX", "station": "TEST", "channel": "HHZ", "sampling_rate": rate}
    return Trace(
        np.arange(first, first + count, dtype=np.float64),
        header={**header, "starttime": start + first / rate},
    )


def window(start=START, seconds=10.0):
    return Request.from_id(ID, start, start + seconds)


def test_the_end_is_not_included(archive_of):
    read = read_window(archive_of(trace(count=2000)), window(START + 1, 5))
    assert len(read) == 500
    np.testing.assert_array_equal(read.data, np.arange(100, 600))
    assert read.stats.starttime == START + 1


@given(
    cuts=st.lists(st.integers(1, 999), max_size=5, unique=True),
    first=st.integers(0, 500),
    count=st.integers(1, 499),
)
def test_records_in_any_order_join_to_the_same_samples(archive_from, cuts, first, count):
    edges = [0, *sorted(cuts), 1000]
    records = [trace(a, b - a) for a, b in itertools.pairwise(edges)]
    archive = archive_from(records[::-1])
    read = read_window(archive, window(START + first / 100, count / 100))
    np.testing.assert_array_equal(read.data, np.arange(first, first + count))


@pytest.fixture(scope="module")
def archive_from():
    class Records:
        def __init__(self, records):
            self.stream = Stream(records)

        def get_waveforms(self, *_codes_and_times):
            return self.stream.copy()

    return Records


@pytest.mark.parametrize("early", [2e-6, 0.002, 0.0051, 0.009])
def test_a_clock_beside_the_full_second_loses_no_sample(archive_of, early):
    """Samples need not lie on the window's start; found with a start of 14:57:20.002."""
    read = read_window(archive_of(trace(count=1001, start=START - early)), window())
    np.testing.assert_array_equal(read.data, np.arange(1, 1001))


@pytest.mark.parametrize("rate", [12.5, 31.25, 40.0, 62.5, 100.0])
@pytest.mark.parametrize("seconds", [1.0, 3.0, 0.7])
def test_windows_side_by_side_share_nothing_and_lose_nothing(archive_of, rate, seconds):
    archive = archive_of(trace(count=int(60 * rate) + 2, rate=rate))
    pieces = [read_window(archive, window(START + k * seconds, seconds)).data for k in range(20)]
    joined = np.concatenate(pieces)
    np.testing.assert_array_equal(joined, np.arange(len(joined)))


def test_a_masked_gap_is_a_gap(archive_of):
    masked = trace()
    masked.data = np.ma.masked_inside(masked.data, 400, 499)
    with pytest.raises(GapInWindow, match=r"a gap of 1\.00 s"):
        read_window(archive_of(masked), window())


def test_headers_that_differ_in_what_does_not_matter_are_joined(archive_of):
    first, second, empty = trace(0, 500), trace(500, 500), trace(0, 0, rate=50.0)
    second.stats.calib = 2.0
    second.stats.sampling_rate *= 1 + 1e-9
    read = read_window(archive_of(first, empty, second), window())
    np.testing.assert_array_equal(read.data, np.arange(1000))


def test_the_archive_is_left_as_it_was(archive_of):
    archive = archive_of(trace())
    read_window(archive, window()).data[:] = -1
    np.testing.assert_array_equal(archive.stream[0].data, np.arange(1000))


def test_nothing_there_is_said(archive_of):
    with pytest.raises(NoData, match=r"no sample of XX\.TEST\.\.HHZ"):
        read_window(archive_of(), window())


def test_a_gap_is_located_and_never_filled(archive_of):
    with pytest.raises(GapInWindow, match=r"a gap of 1\.00 s from 2020-01-01T00:00:04"):
        read_window(archive_of(trace(0, 400), trace(500, 500)), window())


@pytest.mark.parametrize(
    ("first", "count", "where"),
    [
        (50, 950, r"lacks 0\.50 s at the start of the window"),
        (0, 900, r"lacks 1\.00 s at the end of the window"),
        (50, 900, r"lacks 0\.50 s at the start and 0\.50 s at the end"),
    ],
)
def test_a_window_short_at_an_edge_is_a_gap(archive_of, first, count, where):
    with pytest.raises(GapInWindow, match=where):
        read_window(archive_of(trace(first, count)), window())


def test_an_overlap_that_agrees_is_joined(archive_of):
    read = read_window(archive_of(trace(0, 600), trace(400, 600)), window())
    np.testing.assert_array_equal(read.data, np.arange(1000))


def test_an_overlap_that_disagrees_is_refused(archive_of):
    other = trace(400, 600)
    other.data += 1
    with pytest.raises(BadSamples, match="disagree about the 200 samples"):
        read_window(archive_of(trace(0, 600), other), window())


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(archive_of, poison):
    bad = trace()
    bad.data[[7, 8]] = poison
    with pytest.raises(BadSamples, match="2 of the 1000 samples"):
        read_window(archive_of(bad), window())


def test_a_sampling_rate_that_changes_is_refused(archive_of):
    with pytest.raises(BadSamples, match="50 Hz, 100 Hz"):
        read_window(archive_of(trace(0, 500), trace(250, 250, rate=50.0)), window())


def test_a_window_between_two_samples_is_refused(archive_from):
    with pytest.raises(NoData, match="shorter than one sample at 100 Hz"):
        read_window(archive_from([trace()]), window(START + 1.002, 0.004))


def test_a_dead_channel_is_said_to_be_dead(archive_of):
    """Found by a row that was "ok": taking the trend away left rounding errors to pick on."""
    dead = trace()
    dead.data[:] = 7.0
    with pytest.raises(BadSamples, match="in the window is 7: the channel is dead"):
        read_window(archive_of(dead), window())


@dataclass
class Answers:
    """A service that answers with what it likes."""

    stream: Stream
    inventory: Inventory

    def get_waveforms(self, *_):
        return self.stream

    def get_stations(self, **_):
        return self.inventory


def test_another_channel_is_not_taken_for_the_one_asked_for(jochberg, inventory_rjob, request_2005):
    vertical, north, _ = jochberg
    more = Answers(jochberg, inventory_rjob)
    assert process_station(request_2005, more).status == "ok"
    other = Answers(Stream([north]), inventory_rjob)
    assert process_station(request_2005, other).status == "no_data"
    other = Answers(Stream([vertical]), inventory_rjob.select(channel="EHN"))
    assert process_station(request_2005, other).status == "unknown_station"
