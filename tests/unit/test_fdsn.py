"""A data centre's answers become what an archive says, and so does each way of failing."""

import io
import pickle
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from faulty_server import a_server_that
from obspy import UTCDateTime, read, read_inventory

from seispipe.archive import Request
from seispipe.archive import fdsn as fdsn_module
from seispipe.archive.fdsn import FdsnArchive
from seispipe.errors import ArchiveUnreachable, BadSamples, NoResponse, StationError
from seispipe.inventory import channel_inventory
from seispipe.pipeline import process_station
from seispipe.waveforms import read_window

HTML = b"<!doctype html><html><body>Welcome to the network of this hotel.</body></html>" * 9
CHANNEL = ("BW", "RJOB", "", "EHZ")
METADATA = dict(zip(("network", "station", "location", "channel"), CHANNEL, strict=True))


def as_bytes(thing, form, **options):
    file = io.BytesIO()
    thing.write(file, format=form, **options)
    return file.getvalue()


STREAM, INVENTORY = read(), read_inventory()
START = STREAM[0].stats.starttime
WINDOW = Request.from_id("BW.RJOB..EHZ", START + 2.003, START + 20)
MINISEED = as_bytes(STREAM.select(channel="EHZ"), "MSEED", reclen=512)
STATIONXML = as_bytes(INVENTORY.select(**METADATA), "STATIONXML")


class DataCentre:
    """Plays FDSN services; what it does when asked for data or for its version can be changed."""

    def behave(self):
        self.query, self.version = select, reply(200, b"1.1.0\n")
        self.asked.clear()

    def answer(self, handler, _number):
        path = urlsplit(handler.path)
        service, question = path.path.removeprefix("/fdsnws/").split("/1/")
        wanted = {name: values[0] for name, values in parse_qs(path.query).items()}
        {"version": self.version, "query": self.query}[question](handler, service, wanted)


def hang_up(*_): ...


def stall(handler, *_):
    with suppress(OSError):
        handler.rfile.read(1)  # ends when the client is gone


def reply(status, body=b"", sent=None, say_length=True, then=hang_up):
    def answer(handler, *_):
        handler.send_response(status)
        if say_length:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:sent])
        then(handler)

    return answer


def select(handler, service, wanted):
    """Select as a data centre does: whole records, and every epoch."""
    codes = {name: wanted[name].replace("--", "") for name in METADATA}
    if service == "dataselect":
        found = STREAM.select(**codes)
        there = found.slice(UTCDateTime(wanted["starttime"]), UTCDateTime(wanted["endtime"]))
        body = as_bytes(found, "MSEED", reclen=512) if there else b""
    else:
        found = INVENTORY.select(**codes)
        body = as_bytes(found, "STATIONXML") if found else b""
    reply(200 if body else 204, body)(handler)


@pytest.fixture(scope="module")
def lasting_centre():
    centre = DataCentre()
    with a_server_that(centre.answer) as (centre.url, centre.asked):
        yield centre


@pytest.fixture
def centre(lasting_centre):
    lasting_centre.behave()
    return lasting_centre


@pytest.fixture
def archive(centre):
    return FdsnArchive(centre.url)


def test_the_stages_see_through_it_what_they_see_in_memory(archive, archive_of):
    memory = archive_of(*STREAM, inventory=INVENTORY)
    there, here = read_window(archive, WINDOW), read_window(memory, WINDOW)
    assert (there.id, there.stats.starttime) == (here.id, here.stats.starttime)
    np.testing.assert_array_equal(there.data, here.data)
    assert channel_inventory(archive, WINDOW) == channel_inventory(memory, WINDOW)


def test_both_ends_are_included_and_nothing_beyond(archive):
    (trace,) = archive.get_waveforms(*CHANNEL, START + 1, START + 2)
    assert (trace.stats.starttime, trace.stats.endtime) == (START + 1, START + 2)
    assert archive.requests() == []


def test_it_asks_once_who_is_there_and_writes_no_location_as_two_dashes(centre, archive):
    assert centre.asked == []
    archive.get_waveforms(*CHANNEL, START, START + 1)
    archive.get_stations(**METADATA)
    archive.get_stations(network="BW", station="RJOB")
    assert centre.asked[0] == "/fdsnws/dataselect/1/version"
    queries = [urlsplit(path) for path in centre.asked[1:]]
    assert [query.path.split("/")[2] for query in queries] == ["dataselect", "station", "station"]
    assert [parse_qs(query.query)["location"] for query in queries] == [["--"], ["--"], ["*"]]
    assert parse_qs(queries[1].query)["level"] == ["response"]


def test_where_the_service_has_nothing_the_answer_is_empty(centre, archive):
    assert len(archive.get_waveforms(*CHANNEL, START + 60, START + 69)) == 0
    assert archive.get_stations(network="BW", station="NOWHERE").source == centre.url
    unknown = Request.from_id("BW.NOWHERE..EHZ", START, START + 9)
    assert process_station(unknown, archive).status == "unknown_station"
    later = Request.from_id("BW.RJOB..EHZ", START + 60, START + 69)
    assert process_station(later, archive).status == "no_data"


@pytest.mark.parametrize(
    ("query", "expected", "words"),
    [
        (reply(400), "unsuitable_settings", "check the four codes and the times"),
        (reply(401), "denied", "it is not public"),
        (reply(403), "denied", "it is not public"),
        (reply(404), "unreachable", "an FDSN service at this address?"),
        (reply(413), "unsuitable_settings", "ask for a shorter window"),
        (reply(414), "unsuitable_settings", "ask for a shorter window"),
        (reply(429), "unreachable", "let fewer workers ask at once"),
        (reply(500, HTML), "unreachable", "the server failed"),
        (reply(503), "unreachable", "the server failed"),
        (reply(200), "unreachable", "the answer was empty"),
        (hang_up, "unreachable", "is there a network"),
    ],
)
def test_each_refusal_has_its_own_status(centre, archive, query, expected, words):
    centre.query = query
    when = f" from {WINDOW.start} to {WINDOW.end - 1e-6}"
    for stage, time_asked in ((channel_inventory, ""), (read_window, when)):
        with pytest.raises(StationError) as caught:
            stage(archive, WINDOW)
        assert caught.value.status == expected
        assert words in str(caught.value)
        assert f"{WINDOW.seed_id}{time_asked} at {centre.url}" in str(caught.value)
        assert re.fullmatch(".{,600}", str(caught.value))  # one line


# Where nobody said how long it should be, only what it is shows that the end is missing.
@pytest.mark.parametrize("say_length", [True, False])
def test_half_an_answer_is_never_passed_on(centre, archive, say_length):
    for stage, body in ((channel_inventory, STATIONXML), (read_window, MINISEED)):
        centre.query = reply(200, body, sent=len(body) // 2 + 7, say_length=say_length)
        with pytest.raises(ArchiveUnreachable, match="the answer broke off"):
            stage(archive, WINDOW)


@pytest.mark.parametrize(
    ("limit", "question", "answer"),
    [
        ("_CONNECT_S", "version", stall),
        ("_ANYBODY_S", "version", stall),
        ("_ANSWER_S", "query", stall),
        ("_ANSWER_S", "query", reply(200, MINISEED, sent=999, then=stall)),
    ],
)
def test_a_silent_server_is_given_up(centre, archive, monkeypatch, limit, question, answer):
    monkeypatch.setattr(fdsn_module, limit, 0.3)
    setattr(centre, question, answer)
    with pytest.raises(ArchiveUnreachable, match=r"(?i)timed out|no answer within 0\.3 s"):
        read_window(archive, WINDOW)


def test_records_need_not_have_one_length(centre, archive):
    longer = as_bytes(STREAM.select(channel="EHN"), "MSEED", reclen=4096)
    for mixed in (longer + MINISEED, MINISEED + longer):
        centre.query = reply(200, mixed)
        assert len(archive.get_waveforms(*CHANNEL, START, START + 9)) == 2
        centre.query = reply(200, mixed[:-500])
        with pytest.raises(ArchiveUnreachable, match="the answer broke off"):
            archive.get_waveforms(*CHANNEL, START, START + 9)


@pytest.mark.parametrize("body", [HTML, b"no", b"<?xml version='1.0'?><other/>"])
def test_an_answer_of_another_kind_is_named(centre, archive, body):
    centre.query = reply(200, body)
    beginning = f".* and begins with {re.escape(repr(body[:40]))}"
    with pytest.raises(BadSamples, match=f"cannot be read as miniSEED{beginning}"):
        read_window(archive, WINDOW)
    with pytest.raises(NoResponse, match=f"cannot be read as StationXML{beginning}"):
        channel_inventory(archive, WINDOW)


@pytest.mark.parametrize("version", [reply(404), reply(503), hang_up])
def test_after_a_failure_it_asks_anew(centre, archive, version):
    centre.version = version
    with pytest.raises(ArchiveUnreachable):
        read_window(archive, WINDOW)
    centre.version = reply(200, b"1.2-beta")  # what is no number is an answer, too
    read_window(archive, WINDOW)


def test_threads_may_share_it_and_other_processes_may_have_it(archive):
    alone = read_window(archive, WINDOW)
    sent = pickle.dumps(archive)  # after use, with a client inside
    assert read_window(pickle.loads(sent), WINDOW) == alone  # noqa: S301 (we made it ourselves)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: read_window(archive, WINDOW), range(8))) == [alone] * 8


def test_nobody_there_is_said_in_one_sentence_within_ten_seconds():
    with socket.create_server(("127.0.0.1", 0)) as closed_at_once:
        archive = FdsnArchive(f"http://127.0.0.1:{closed_at_once.getsockname()[1]}")
    before = time.monotonic()
    row = process_station(WINDOW, archive)
    assert time.monotonic() - before < 10
    assert row.status == "unreachable"
    assert row.reason.endswith("is there a network, and an FDSN service at this address?")


def test_a_name_that_obspy_does_not_know_is_answered_with_those_it_knows():
    assert FdsnArchive("earthscope").service == "earthscope"
    with pytest.warns(UserWarning, match="IRIS is now EarthScope"):
        FdsnArchive("IRIS")
    for service in ("NOSUCHCENTRE", "http:/one-slash.org", "service.earthscope.org"):
        with pytest.raises(ValueError, match=rf"'{service}' is neither .* EARTHSCOPE, .* ETH, "):
            FdsnArchive(service)
