"""miniSEED is decoded as ObsPy decodes it, and in threads without a lock."""

import io
import subprocess
import sys

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime, read

from seispipe.archive.miniseed import UnsoundRecord, read_miniseed
from seispipe.archive.recordings import _path

# Records whose last value is not the one that they promise: the C library complains of each. With
# ObsPy's reader about every third run ended with a segmentation fault.
COMPLAINTS_IN_THREADS = """
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from obspy import Trace

from seispipe.archive.miniseed import UnsoundRecord, read_miniseed

trace = Trace(np.random.default_rng(0).integers(-1000, 1000, 20_000, dtype=np.int32))
written = io.BytesIO()
trace.write(written, format="MSEED", encoding="STEIM2", reclen=512)
sound, spoilt = written.getvalue(), bytearray(written.getvalue())
for record in range(0, len(spoilt), 512):
    spoilt[record + 75] ^= 1

def outcome(number):
    try:
        (read,) = read_miniseed(bytes(spoilt) if number % 2 else sound)
    except UnsoundRecord:
        return "unsound"
    return len(read)

with ThreadPoolExecutor(4) as pool:
    found = list(pool.map(outcome, range(4000)))
print(set(found[0::2]), set(found[1::2]))
"""


def test_complaints_in_many_threads_neither_end_the_process_nor_reach_another_thread():
    program = subprocess.run(
        [sys.executable, "-c", COMPLAINTS_IN_THREADS], capture_output=True, text=True, timeout=300
    )
    assert program.returncode == 0, program.stderr[-2000:]
    assert program.stdout == "{20000} {'unsound'}\n"


def same(ours: Stream, theirs: Stream) -> None:
    assert len(ours) == len(theirs)
    for a, b in zip(ours.sort(), theirs.sort(), strict=True):
        assert (a.id, a.stats.starttime, a.stats.sampling_rate) == (
            b.id, b.stats.starttime, b.stats.sampling_rate
        )  # fmt: skip
        np.testing.assert_array_equal(a.data, b.data)


@pytest.mark.parametrize("encoding", ["STEIM1", "STEIM2", "INT16", "INT32", "FLOAT32", "FLOAT64"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_every_encoding_is_read_as_obspy_reads_it(encoding, byteorder):
    kind = {"INT16": np.int16, "FLOAT32": np.float32, "FLOAT64": np.float64}.get(encoding, np.int32)
    header = {"network": "XX", "station": "ABCDE", "location": "00", "channel": "BHZ"}
    start = UTCDateTime(2020, 2, 29, 23, 59, 59, 123456)
    made = io.BytesIO()
    Stream(
        Trace(
            np.random.default_rng(0).integers(-99, 99, 3000).astype(kind),
            header={**header, "sampling_rate": rate, "starttime": start + after},
        )
        for rate, after in ((20.0, 0.0), (20.0, 200.0), (31.25, 400.0))
    ).write(made, format="MSEED", encoding=encoding, byteorder=byteorder, reclen=512)
    same(read_miniseed(made.getvalue()), read(io.BytesIO(made.getvalue())))


@pytest.mark.parametrize(
    "name",
    [
        "clients/fdsn/tests/data/dataselect_example.mseed",
        "io/mseed/tests/data/1T_MONN_00_EDH.mseed",
        "io/mseed/tests/data/timingquality.mseed",
        "io/mseed/tests/data/gaps.mseed",
        "io/mseed/tests/data/BW.BGLD.__.EHE.D.2008.001.first_10_records",
    ],
)
def test_recordings_of_the_field_are_read_as_obspy_reads_them(name):
    data = _path(name).read_bytes()
    same(read_miniseed(data), read(io.BytesIO(data), format="MSEED"))


def test_a_sample_that_is_not_the_one_recorded_is_an_error():
    made = io.BytesIO()
    Trace(np.arange(3000, dtype=np.int32)).write(made, format="MSEED", encoding="STEIM2")
    spoilt = bytearray(made.getvalue())
    spoilt[75] ^= 1
    with pytest.raises(UnsoundRecord, match="does not end with the value"):
        read_miniseed(bytes(spoilt))
