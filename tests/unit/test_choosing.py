import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import psutil
import pytest

from seispipe.archive import FolderArchive
from seispipe.archive.endpoint import serve
from seispipe.pipeline import run
from seispipe.teaching.choosing import (
    add_up,
    ask,
    compute,
    cores,
    hold,
    in_shares,
    nothing,
    outlook,
    start_worker,
    wait,
    wake,
)
from seispipe.teaching.one_client import archive_at
from seispipe.waveforms import read_window


@pytest.fixture
def archive(teaching):
    return FolderArchive(teaching)


@pytest.fixture
def windows(archive):
    return {"some": archive.requests()[:3]}


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_computing_finds_what_the_pipeline_finds(archive, windows):
    hold(archive.folder, windows)
    found = [compute(("some", place)) for place in range(3)]
    rows = run(windows["some"], archive)
    assert [onset for onset, _ in found] == [row.p_time.ns for row in rows]
    assert all(velocity > 0 for _, velocity in found)


def test_where_there_is_no_onset_none_is_given(archive, windows):
    noise = replace(windows["some"][0], end=windows["some"][0].start + 25)
    hold(archive.folder, {"noise": [noise]})
    onset, velocity = compute(("noise", 0))
    assert onset is None
    assert velocity > 0


def test_processes_find_the_same_as_threads_and_as_one_worker(archive, windows, threads):
    hold(archive.folder, windows)
    items = [("some", place) for place in (0, 1, 2, 0, 1)]
    alone = in_shares(None, compute, items, 2)
    assert in_shares(threads, compute, items, 2) == alone
    with ProcessPoolExecutor(
        2,
        mp_context=get_context("spawn"),
        initializer=start_worker,
        initargs=(archive.folder, windows),
    ) as processes:
        assert wake(processes, 2) > 0
        assert in_shares(processes, compute, items, 2) == alone


def test_waiting_brings_the_window_and_the_metadata(archive, windows, threads):
    first = windows["some"][0]
    with serve(archive.folder) as endpoint:
        samples, total = wait((endpoint.url, first))
        name, sensitivity = ask((endpoint.url, first))
        # Many at once, the first time that this server is asked.
        archive_at.cache_clear()
        again = in_shares(threads, ask, [(endpoint.url, first)] * 8, 4)
    counts = read_window(archive, first)
    assert (samples, total) == (len(counts), counts.data.sum())
    assert name == first.seed_id
    assert sensitivity > 1e6
    assert again == [(name, sensitivity)] * 8


@pytest.mark.parametrize("workers", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [0, 1, 4, 7])
def test_shares_come_back_in_the_order_of_the_items(threads, workers, count):
    items = list(range(count))
    assert in_shares(threads, nothing, items, workers) == items
    assert in_shares(None, nothing, items, workers) == items


def test_each_share_has_a_worker_of_its_own(threads):
    meeting = threading.Barrier(3, timeout=20)
    # Ends only if three are in progress at the same time.
    assert in_shares(threads, lambda item: meeting.wait() >= 0, [1, 2, 3], 3) == [True] * 3


def test_an_error_in_a_share_is_not_swallowed(threads):
    with pytest.raises(ZeroDivisionError):
        in_shares(threads, lambda item: 1 / item, [1, 0], 2)


def test_waking_gives_up_on_workers_that_do_not_exist(threads):
    assert wake(threads, 4) < 30
    with pytest.raises(TimeoutError, match="4 of 5 workers"):
        wake(threads, 5, patience_s=0.2)


def test_a_plain_sum_is_a_sum():
    assert add_up(101) == 5050


def test_the_cores_that_may_be_used_are_no_more_than_there_are():
    found = cores()
    assert found["os.cpu_count()"] == os.cpu_count()
    assert 1 <= found["dask.system.CPU_COUNT"] <= found["os.cpu_count()"]
    assert (found["os.process_cpu_count()"] is None) == (sys.version_info < (3, 13))


@pytest.mark.parametrize(("available", "words"), [(1, "cannot gain"), (2, "twice"), (12, "twice")])
def test_what_to_expect_depends_on_the_cores(available, words):
    assert words in outlook(available)
    assert "Waiting gains" in outlook(available)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_worker_ends_when_its_parent_is_killed(teaching, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from multiprocessing import get_context\n"
        "from seispipe.teaching.choosing import start_worker\n"
        "from os import getpid\n"
        "if __name__ == '__main__':\n"
        "    pool = ProcessPoolExecutor(1, mp_context=get_context('spawn'),\n"
        f"        initializer=start_worker, initargs=({str(teaching)!r}, {{}}))\n"
        "    print(pool.submit(getpid).result(), flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        assert psutil.pid_exists(worker)
        parent.send_signal(signal.SIGKILL)
        # The pipe closes when nobody holds it any more, and the worker holds it too.
        parent.communicate(timeout=60)
    # In a container nobody may have asked yet what became of it.
    gone = not psutil.pid_exists(worker)
    assert gone or psutil.Process(worker).status() == psutil.STATUS_ZOMBIE
