"""ObsPy's reader is let in by one thread at a time: two of them may end the process."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from seispipe.archive import miniseed

# Records whose last value is not the one that they promise: ObsPy's C library complains of each.
# Without the lock about every third run ends with a segmentation fault.
COMPLAINTS_IN_THREADS = """
import io
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from obspy import Trace

from seispipe.archive.miniseed import read_miniseed

warnings.simplefilter("ignore")
trace = Trace(np.random.default_rng(0).integers(-1000, 1000, 20_000, dtype=np.int32))
written = io.BytesIO()
trace.write(written, format="MSEED", encoding="STEIM2", reclen=512)
spoilt = bytearray(written.getvalue())
for record in range(0, len(spoilt), 512):
    spoilt[record + 75] ^= 1
with ThreadPoolExecutor(4) as pool:
    lengths = set(pool.map(lambda _: len(read_miniseed(bytes(spoilt))[0]), range(4000)))
print(lengths)
"""


def test_one_thread_at_a_time_reads(monkeypatch):
    inside, most = [], []

    def slow_read(*_arguments, **_options):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()

    monkeypatch.setattr(miniseed, "read", slow_read)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(miniseed.read_miniseed, [b""] * 12))
    assert len(most) == 12
    assert max(most) == 1


def test_complaints_in_many_threads_do_not_end_the_process():
    program = subprocess.run(
        [sys.executable, "-c", COMPLAINTS_IN_THREADS], capture_output=True, text=True, timeout=300
    )
    assert program.returncode == 0, program.stderr[-2000:]
    assert program.stdout == "{20000}\n"
