"""Many station-days, while workers are killed, answers fail, the disk is full and the clock jumps.

``make test`` does a few, with a worker killed and a failing bucket. ``make soak`` does a thousand,
with all of it; it needs root on Linux, for a disk of its own.
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from statistics import median

import psutil
import pytest
import requests
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.runs import Run
from seispipe.sources import open_archive, teaching_folder
from tests.recorded import record
from tests.soak.bucket import TROUBLES, station
from tests.soak.troubles import (
    ROOT,
    Aside,
    Driver,
    Troubles,
    changing_the_clock,
    filling_the_disk,
    killing_the_driver,
    killing_workers,
    small_disk,
)

DAYS = int(os.environ.get("SOAK_DAYS", "4"))
ALL_TROUBLES = DAYS >= 100
SHARE_OF_ANSWERS = 0.05 if ALL_TROUBLES else 0.15
SIZE = 2
PAUSE_S = (4, 12) if ALL_TROUBLES else (3, 6)
# Among few station-days two kills may well hit the same one, which is then blamed, and rightly.
MOST_TROUBLES = 10_000 if ALL_TROUBLES else 1
DISK_MB = 40


@contextmanager
def bucket(share):
    command = [sys.executable, "-m", "tests.soak.bucket", str(teaching_folder()), str(share)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


@pytest.fixture(scope="module")
def days():
    """The whole day of each station."""
    day = min(one.start for one in open_archive("teaching").requests("day")).date
    start = UTCDateTime(day)
    return [
        Request("XX", station(number), "", "HHZ", start, start + 86_400) for number in range(DAYS)
    ]


class Memory(Aside):
    """What the work holds in all, every half second."""

    def __init__(self, driver):
        super().__init__()
        self.driver, self.bytes = driver, []

    def run(self):
        while not self.ended.wait(0.5):
            held = 0
            for each in self.driver.workers():
                try:
                    held += each.memory_info().rss
                except psutil.Error:
                    held = 0
                    break
            if held:
                self.bytes.append(held)


@pytest.fixture(scope="module")
def undisturbed(days, tmp_path_factory):
    """The run with nothing going wrong: its rows, and the memory that it held."""
    folder = tmp_path_factory.mktemp("undisturbed")
    Run.begin(folder / "run", days, size=SIZE)
    with bucket(0.0) as endpoint:
        driver = Driver(folder / "run", endpoint, folder / "log")
        begun = time.monotonic()
        with Memory(driver) as memory:
            driver.until_done()
    return Run.open(folder / "run").rows(), memory.bytes, time.monotonic() - begun


def test_every_station_in_is_a_row_out_and_measured(days, undisturbed):
    rows, *_ = undisturbed
    assert [row.seed_id for row in rows] == [request.seed_id for request in days]
    assert {row.status for row in rows} == {"ok"}
    # Half of the stations have the same samples, and so the others.
    assert len({(row.p_time.ns, row.peak_velocity) for row in rows}) == 2


def test_memory_does_not_grow(undisturbed):
    """Held against itself, once everything has been loaded; a few days are over before that."""
    _, held, _ = undisturbed
    assert max(held) < 1.5e9
    if ALL_TROUBLES:
        tenth = len(held) // 10
        assert median(held[-tenth:]) < 1.1 * median(held[tenth : 2 * tenth])


def test_a_run_that_everything_happens_to_is_the_same_run(days, undisturbed, tmp_path):
    expected, held, undisturbed_s = undisturbed
    with ExitStack() as stack:
        home = (
            stack.enter_context(small_disk(tmp_path / "disk", DISK_MB))
            if ALL_TROUBLES
            else tmp_path
        )
        endpoint = stack.enter_context(bucket(SHARE_OF_ANSWERS))
        clock = tmp_path / "clock"
        clock.write_text("+0\n")
        kept = Run.begin(home / "run", days, size=SIZE)
        driver = Driver(home / "run", endpoint, tmp_path / "log", clock if ALL_TROUBLES else None)
        ways = {"workers killed": killing_workers(driver)}
        if ALL_TROUBLES:
            ways |= {
                "drivers killed": killing_the_driver(driver),
                "times the disk was full": filling_the_disk(home),
                "times the clock was set": changing_the_clock(clock),
            }
        begun = time.monotonic()
        with Troubles(13, ways, PAUSE_S, MOST_TROUBLES) as troubles:
            driver.until_done()
        disturbed_s = time.monotonic() - begun
        answers = requests.get(f"{endpoint}/counts", timeout=60).json()
        report, rows = kept.verify(), kept.rows()
    assert report.complete
    assert report.rows_out == report.stations_in == len(days)
    different = [(got, due) for got, due in zip(rows, expected, strict=True) if got != due]
    assert different == []
    failed = sum(answers[trouble] for trouble in TROUBLES)
    if not ALL_TROUBLES:
        return
    assert failed > 0
    assert all(troubles.counts[way] > 0 for way in ways)
    tenth = len(held) // 10
    record(
        "soak",
        {
            "station_days": len(days),
            "rows_equal": len(rows),
            "undisturbed_s": round(undisturbed_s),
            "disturbed_s": round(disturbed_s),
            "memory_peak_mb": round(max(held) / 1e6),
            "memory_early_mb": round(median(held[tenth : 2 * tenth]) / 1e6),
            "memory_late_mb": round(median(held[-tenth:]) / 1e6),
            "answers": sum(answers.values()),
            "answers that failed": failed,
            **troubles.counts,
            "starts": driver.starts,
            "partitions": report.partitions,
            "partitions begun again": report.begun_again,
        },
    )
