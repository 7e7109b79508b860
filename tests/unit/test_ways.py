"""The same rows whichever way they are worked off, and none is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from queue import SimpleQueue

import psutil
import pytest

from seispipe import ways
from seispipe.archive import FolderArchive
from seispipe.pipeline import run
from seispipe.teaching.deadly_archive import DeadlyArchive
from seispipe.ways import WAYS, WorkersLost, in_processes


@pytest.fixture(scope="module")
def requests(teaching):
    return FolderArchive(teaching).requests("hour", "day", "defects")


@pytest.fixture(scope="module")
def rows(teaching, requests):
    return run(requests, FolderArchive(teaching))


@pytest.fixture(autouse=True)
def nothing_is_left_running():
    before = set(psutil.Process().children(recursive=True))
    yield
    deadline = time.monotonic() + 10
    while left := {
        child
        for child in set(psutil.Process().children(recursive=True)) - before
        if "resource_tracker" not in " ".join(child.cmdline())
    }:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


@pytest.mark.parametrize("how", WAYS)
def test_all_ways_give_the_same_rows_in_the_same_order(how, teaching, requests, rows):
    assert run(requests, FolderArchive(teaching), how=how, workers=2) == rows
    assert [row.seed_id for row in rows] == [request.seed_id for request in requests]


@pytest.mark.parametrize("how", WAYS)
def test_no_request_is_no_row(how, teaching):
    assert run([], FolderArchive(teaching), how=how) == []


@pytest.mark.parametrize("how", ["processes", "dask"])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_process_that_dies_takes_only_its_own_request_along(how, teaching, requests, rows):
    found = run(requests[:8], DeadlyArchive(teaching, "S003"), how=how, workers=2)
    assert [row.status for row in found if row.station == "S003"] == ["error"]
    assert "died" in found[2].reason
    others = [row for row in found if row.station != "S003"]
    assert others == [row for row in rows[:8] if row.station != "S003"]


def test_one_crash_does_not_cost_a_pool_for_each_request(teaching, requests, monkeypatch):
    """A pool takes seconds to start: what was not under way must not be suspected."""
    pools = []

    def counted(*arguments, **options):
        pools.append(arguments)
        return ProcessPoolExecutor(*arguments, **options)

    monkeypatch.setattr("seispipe.ways.ProcessPoolExecutor", counted)
    found = run(requests, DeadlyArchive(teaching, "S003"), how="processes", workers=2)
    assert [row.station for row in found if row.status == "error"] == ["S003"]
    assert len(pools) <= 4


def test_after_ctrl_c_finished_rows_are_kept_and_the_others_say_so(teaching, requests, rows):
    class Interrupted(FolderArchive):
        read = 0

        def get_waveforms(self, *arguments):
            self.read += 1
            if self.read > 5:
                raise KeyboardInterrupt
            return super().get_waveforms(*arguments)

    found = run(requests, Interrupted(teaching))
    assert found[:5] == rows[:5]
    assert {row.status for row in found[5:]} == {"stopped"}
    assert len(found) == len(requests)


class SlowArchive(FolderArchive):
    def get_waveforms(self, *arguments):
        time.sleep(0.5)
        return super().get_waveforms(*arguments)


def test_where_who_handed_out_the_work_is_killed_its_processes_end(teaching, tmp_path):
    """An executor's would wait for ever, each with all that it has loaded."""
    script = tmp_path / "program.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        "from test_ways import SlowArchive\n"
        "from seispipe.pipeline import run\n"
        "if __name__ == '__main__':\n"
        f"    archive = SlowArchive(Path({str(teaching)!r}))\n"
        "    run(archive.requests() * 100, archive, how='processes', workers=2)\n"
    )
    program = subprocess.Popen([sys.executable, str(script)])
    try:
        workers = []
        deadline = time.monotonic() + 90
        while len(workers) < 2 or any(each.memory_info().rss < 1e8 for each in workers):
            assert time.monotonic() < deadline
            time.sleep(0.2)
            begun = psutil.Process(program.pid).children(recursive=True)
            workers = [each for each in begun if "spawn_main" in " ".join(each.cmdline())]
    finally:
        program.kill()
        program.wait()
    assert psutil.wait_procs(workers, timeout=30)[1] == []


@pytest.mark.parametrize("how", ["threads", "processes", "dask"])
def test_ctrl_c_stops_a_running_command_soon_and_keeps_what_is_done(how, teaching, tmp_path):
    """A real interrupt to a real program, as a terminal sends it: to every process of the group."""
    script = tmp_path / "program.py"
    script.write_text(
        "import signal, sys\n"
        "from pathlib import Path\n"
        # Who runs the tests in the background may have had interrupts ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        "from test_ways import SlowArchive\n"
        "from seispipe.pipeline import run\n"
        "if __name__ == '__main__':\n"
        f"    archive = SlowArchive(Path({str(teaching)!r}))\n"
        "    requests = archive.requests() * 10\n"
        "    print('begun', flush=True)\n"
        f"    rows = run(requests, archive, how={how!r}, workers=2, progress=True)\n"
        "    print(len(rows), sum(row.status == 'stopped' for row in rows), flush=True)\n"
    )
    program = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert program.stdout.readline() == "begun\n"
        watcher = threading.Timer(90, program.kill)
        watcher.start()
        # A bar that has moved says that rows are coming in.
        seen = ""
        while " 0/240" in seen or "/240" not in seen or not seen.rstrip().endswith("row/s]"):
            seen = _next_frame(program.stderr)
        os.killpg(program.pid, signal.SIGINT)
        start = time.monotonic()
        output = program.communicate(timeout=60)[0]
        watcher.cancel()
    finally:
        program.kill()
    total, stopped = map(int, output.split())
    assert total == 240
    assert 0 < stopped < 240
    assert time.monotonic() - start < 45  # 240 requests take a minute


@pytest.mark.parametrize("how", ["processes", "dask"])
def test_a_script_without_the_usual_line_is_told_so_at_once(how, teaching, tmp_path):
    """Each new process would run the script again; the reader must hear of it, and no row lie."""
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from pathlib import Path\n"
        "from seispipe.archive import FolderArchive\n"
        "from seispipe.pipeline import run\n"
        f"archive = FolderArchive(Path({str(teaching)!r}))\n"
        f"print(run(archive.requests(), archive, how={how!r}, workers=2))\n"
    )
    program = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120
    )
    assert program.returncode == 1
    assert program.stdout == ""
    assert "RuntimeError: the processes that were started cannot do this work" in program.stderr
    assert '`if __name__ == "__main__":`' in program.stderr.splitlines()[-1]


def test_an_archive_that_processes_cannot_import_is_no_fault_of_the_requests(
    teaching, requests, monkeypatch
):
    """Such as a class from a notebook's cell."""

    class Homeless(FolderArchive):
        pass

    Homeless.__qualname__ = "Homeless"
    monkeypatch.setattr(sys.modules["__main__"], "Homeless", Homeless, raising=False)
    Homeless.__module__ = "__main__"
    with pytest.raises(RuntimeError, match="must stand in a module that can be imported"):
        run(requests, Homeless(teaching), how="processes", workers=2)


def _next_frame(stream):
    """Read one frame of a progress bar, which ends with a carriage return."""
    frame = ""
    while (character := stream.read(1)) not in ("\r", "\n", ""):
        frame += character
    assert frame or character, "the program ended"
    return frame


def test_a_way_that_is_not_there_is_named(teaching):
    with pytest.raises(ValueError, match="how is 'magic'; choose one of: serial, threads"):
        run([], FolderArchive(teaching), how="magic")
    with pytest.raises(ValueError, match="workers must be at least 1"):
        run([], FolderArchive(teaching), workers=0)


def test_a_generator_that_is_closed_early_ends_its_processes(teaching, requests):
    from functools import partial

    from seispipe.pipeline import process_stations

    process = partial(process_stations, archive=FolderArchive(teaching))
    pairs = in_processes(requests, process, 2)
    next(pairs)
    pairs.close()


class StandingCluster:
    """Plays a Dask client whose cluster gives nobody anything to do."""

    def __init__(self, workers: int, busy: bool = False) -> None:
        self.workers = {f"worker {number}": {"nthreads": 1} for number in range(workers)}
        self.busy = busy

    def scheduler_info(self, n_workers):
        return {"workers": self.workers}

    def processing(self):
        return dict.fromkeys(self.workers, ("task",) if self.busy else ())


@pytest.mark.parametrize(
    ("cluster", "ours"), [(StandingCluster(2), False), (StandingCluster(0), True)]
)
def test_a_cluster_that_stands_still_is_not_waited_for_without_end(cluster, ours, monkeypatch):
    monkeypatch.setattr("seispipe.ways._LOOK_EVERY_S", 0.01)
    with pytest.raises(WorkersLost, match=f"{len(cluster.workers)} workers, nothing given to any"):
        ways._next(SimpleQueue(), cluster, ours)


@pytest.mark.parametrize("cluster", [StandingCluster(2, busy=True), StandingCluster(0)])
def test_a_long_task_and_workers_that_are_yet_to_come_are_waited_for(cluster, monkeypatch):
    monkeypatch.setattr("seispipe.ways._LOOK_EVERY_S", 0.01)
    finished = SimpleQueue()
    later = threading.Timer(0.3, finished.put, ["future"])
    later.start()
    assert ways._next(finished, cluster, ours=False) == "future"
    later.join()


def test_where_the_cluster_is_lost_finished_rows_are_kept_and_the_others_say_so(
    teaching, requests, rows, monkeypatch, caplog
):
    def lost(items, process, workers):
        yield 1, next(iter(process(items[1:2])))
        raise WorkersLost("the scheduler is gone")

    monkeypatch.setitem(ways.WAYS, "dask", lost)
    found = run(requests, FolderArchive(teaching), how="dask")
    assert found[1] == rows[1]
    assert {row.status for row in found[:1] + found[2:]} == {"stopped"}
    assert f"1 of {len(requests)} requests are done: the scheduler is gone" in caplog.text
