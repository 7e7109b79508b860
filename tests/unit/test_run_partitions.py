"""Requests and rows come back from Parquet as they went in."""

import dataclasses
import math
import subprocess
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.results import STATUSES, Row
from seispipe.runs import Partition
from seispipe.runs.partitions import pack_requests, pack_rows, rows_of, unpack_requests

codes = st.text("ABCXYZ0189", min_size=1, max_size=5)
times = st.integers(0, 4_000_000_000_000_000_000).map(lambda ns: UTCDateTime(ns=ns // 1000 * 1000))
numbers = st.none() | st.floats(allow_nan=False)
made_requests = st.builds(
    lambda codes_, start, length: Request(*codes_, start, start + length),
    st.tuples(codes, codes, st.just("") | codes, codes),
    times,
    st.floats(0.001, 1e6),
)


@given(st.lists(made_requests, min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_requests_come_back_from_a_file_as_they_went_in(made):
    assert unpack_requests(pack_requests(made)) == made


@given(
    made_requests,
    st.sampled_from(list(STATUSES)),
    st.text(),
    st.none() | times,
    st.tuples(numbers, numbers, numbers, numbers, numbers),
    st.integers(0, 10**9),
)
def test_rows_come_back_from_a_file_as_they_went_in(made, status, reason, p_time, measured, first):
    names = [field.name for field in dataclasses.fields(Row)][-5:]
    row = Row.of(
        made, status, reason=reason, p_time=p_time, **dict(zip(names, measured, strict=True))
    )
    partition = Partition(0, first, (made,))
    (back,) = rows_of(partition, pack_rows([row], first))
    assert back == row
    assert all(
        math.copysign(1, getattr(back, name)) == math.copysign(1, getattr(row, name))
        for name in names
        if getattr(row, name) is not None
    )


def test_a_file_is_read_without_a_thread_that_could_abort_the_process_at_its_end():
    """A job of an array ends right after it has read, and Arrow's threads may still be starting."""
    script = """
import psutil
from obspy import UTCDateTime
from seispipe.archive import Request
from seispipe.runs.partitions import pack_requests, unpack_requests

made = [Request("XX", "STA", "", "HHZ", UTCDateTime(0), UTCDateTime(9))]
before = psutil.Process().num_threads()
assert unpack_requests(pack_requests(made)) == made
assert psutil.Process().num_threads() == before
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
