import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.sources import open_archive

START = UTCDateTime("2005-08-01T14:57:20")
code = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=5)


@given(
    network=st.one_of(st.just(""), code),
    station=code,
    location=st.sampled_from(["", "00", "10"]),
    channel=code,
)
def test_an_id_comes_back_as_it_went_in(network, station, location, channel):
    seed_id = f"{network}.{station}.{location}.{channel}"
    request = Request.from_id(seed_id, START, START + 60)
    assert request.seed_id == seed_id
    assert (request.network, request.location) == (network, location)


def test_the_empty_location_may_be_spelled_as_services_do():
    assert Request.from_id("XX.S001.--.HHZ", START, START + 1).seed_id == "XX.S001..HHZ"


@given(st.text().filter(lambda text: text.count(".") != 3))
def test_what_is_not_an_id_is_refused_by_name(text):
    with pytest.raises(ValueError, match="is not a SEED id"):
        Request.from_id(text, START, START + 60)


@pytest.mark.parametrize("seed_id", ["BW.RJOB..EH?", "BW.*..EHZ", "BW.RJOB..EHZ/../x", "BW...EHZ"])
def test_wildcards_and_strange_signs_are_refused(seed_id):
    with pytest.raises(ValueError, match="without wildcards"):
        Request.from_id(seed_id, START, START + 60)


def test_equal_requests_have_the_same_hash():
    one, other = (
        Request.from_id("BW.RJOB..EHZ", UTCDateTime(ns=START.ns + extra), START + 60)
        for extra in (0, 1)
    )
    assert one == other
    assert len({one, other}) == 1


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_empty_window_is_refused(seconds):
    with pytest.raises(ValueError, match=r"BW\.RJOB\.\.EHZ: the window must end after it starts"):
        Request.from_id("BW.RJOB..EHZ", START, START + seconds)


def test_a_request_is_small_and_travels():
    request = Request.from_id("BW.RJOB..EHZ", START, START + 60)
    sent = pickle.dumps(request)
    assert len(sent) < 500
    assert pickle.loads(sent) == request  # noqa: S301 (we made it ourselves)
    assert hash(request) == hash(pickle.loads(sent))  # noqa: S301


def test_an_unknown_archive_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"'attic'.*choose one of: teaching"):
        open_archive("attic")
