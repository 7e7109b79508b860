"""A service that answers with anything: the right row, or a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs import inputs, one_input
from mangling import mangle, ways_to_mangle
from station import judged, right_row, same_as_right, small_object, subject

from seispipe.archive import FdsnArchive
from seispipe.pipeline import process_station
from tests.unit.faulty_server import a_server_that

statuses = st.sampled_from([200] * 12 + [204, 400, 401, 403, 404, 413, 414, 429, 500, 503, 599])
answers = st.tuples(
    statuses,
    st.lists(ways_to_mangle, max_size=2) | st.binary(max_size=300),
    st.sampled_from([0, 0, 0, -1, 1]),
)


class Service:
    """What is answered at the moment to which question."""

    def __init__(self):
        self.metadata = self.waveforms = (200, [], 0)

    def __call__(self, handler, _number):
        metadata = subject()[2]
        if "/version" in handler.path:
            status, body, more = 200, b"1.1.0", 0
        elif "/station/" in handler.path:
            (status, change, more), body = self.metadata, metadata
        else:
            (status, change, more), body = self.waveforms, small_object()
        if "/version" not in handler.path:
            body = change if isinstance(change, bytes) else mangle(body, change)
        handler.send_response(status)
        handler.send_header("Content-Length", str(max(0, len(body) + more)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True


@pytest.fixture(scope="module")
def service():
    service = Service()
    with a_server_that(service) as (url, _asked):
        service.archive = FdsnArchive(url)
        yield service


def test_sound_answers_give_the_right_row(service):
    service.metadata = service.waveforms = (200, [], 0)
    assert process_station(subject()[0], service.archive) == right_row()


@inputs(share=0.05)
@given(strange=answers, which=st.sampled_from(["metadata", "waveforms"]))
def test_strange_answers_give_the_right_row_or_a_reason(service, strange, which):
    with one_input("answers of services") as became:
        service.metadata = service.waveforms = (200, [], 0)
        setattr(service, which, strange)
        row = process_station(subject()[0], service.archive)
        outcome = judged(row)
        assert outcome != "ok" or which == "metadata" or same_as_right(row), row
        became(outcome)
