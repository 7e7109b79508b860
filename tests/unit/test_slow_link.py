"""The link is as slow as it says: its round trip and its rate are measured."""

import http.client
import socketserver
import statistics
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import boto3  # noqa: F401 (imported before anything is timed)
import pytest

from seispipe.archive import FolderArchive, Request, S3Archive
from seispipe.archive.endpoint import serve
from seispipe.archive.slow_link import slow_link
from seispipe.pipeline import run
from seispipe.synthesis.build import build
from seispipe.synthesis.network import earthquakes, hour_stations

BODY = bytes(range(256)) * 4096  # 1 MiB


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = BODY[: int(self.path.strip("/"))]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    socketserver.TCPServer.allow_reuse_address = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def timed(connection, size):
    before = time.perf_counter()
    connection.request("GET", f"/{size}")
    body = connection.getresponse().read()
    assert body == BODY[:size]
    return time.perf_counter() - before


def connect(url):
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)


def test_an_exchange_takes_a_round_trip_and_the_first_takes_two(server):
    with slow_link(server, 80.0) as url:
        connection = connect(url)
        first, *others = (timed(connection, 100) for _ in range(8))
        connection.close()
    # Never faster than it says; slower only by what a busy machine adds.
    assert min(others) >= 0.080
    assert statistics.median(others) < 3 * 0.080
    assert 0.160 <= first < 5 * 0.160


def test_the_rate_is_what_it_says_and_is_shared(server):
    """1 MiB at 40 Mbit/s takes 0.21 s; two at once take twice as long."""
    alone = len(BODY) * 8 / 40e6
    with slow_link(server, 0.0, 40.0) as url:
        one = connect(url)
        timed(one, 100)
        single = min(timed(one, len(BODY)) for _ in range(3))
        assert alone <= single * 1.01
        assert single < 3 * alone
        before = time.perf_counter()
        connections = [connect(url) for _ in range(2)]
        threads = [Thread(target=timed, args=(each, len(BODY))) for each in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        together = time.perf_counter() - before
        for each in (one, *connections):
            each.close()
    assert together >= 2 * alone * 0.99


def test_a_long_line_does_not_make_a_fast_one_narrow(server):
    """Delay and rate are two things: 1 MiB over 100 ms at no limit is no 100 ms a piece."""
    with slow_link(server, 100.0) as url:
        connection = connect(url)
        timed(connection, 100)
        assert timed(connection, len(BODY)) < 10 * 0.100
        connection.close()


def test_the_rows_are_the_same_over_a_slow_link(tmp_path):
    folder = build(tmp_path / "one", hour_stations(1))
    origin = earthquakes()[0].time
    requests = [Request.from_id("XX.S001..HHZ", origin - 30, origin + 60)]
    with serve(folder, round_trip_ms=20.0, megabit_s=100.0) as endpoint:
        assert run(requests, S3Archive(endpoint_url=endpoint.url)) == run(
            requests, FolderArchive(folder)
        )


def test_a_link_with_faults_cuts_answers_and_goes_on_serving(server):
    """Of five pieces each is lost with one chance in ten: some are whole, some break off."""
    whole, broken = 0, 0
    with slow_link(server, 0.0, cut_share=0.1) as url:
        for _ in range(60):
            connection = connect(url)
            try:
                timed(connection, 5 * 16 * 1024)
                whole += 1
            except (http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError):
                broken += 1
            connection.close()
    assert whole + broken == 60
    assert 5 < whole < 55


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ((-1.0, None), "negative"),
        ((0.0, 0.0), "positive"),
        ((0.0, None, 0, 1.5), "between 0 and 1"),
    ],
)
def test_links_that_make_no_sense_are_refused(server, wrong, word):
    with pytest.raises(ValueError, match=word), slow_link(server, *wrong):
        pass
