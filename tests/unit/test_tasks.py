import asyncio
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seispipe.teaching import tasks


@pytest.mark.parametrize(
    ("task", "options"),
    [
        (tasks.compute, {"slices": 20}),
        (tasks.transform, {"slices": 5}),
        (tasks.fetch, {"reads": 2, "wait_s": 0.01, "slices": 5}),
    ],
)
def test_a_task_says_when_it_ran(task, options):
    spans = task("one", **options)
    assert {span.task for span in spans} == {"one"}
    assert all(span.worker.startswith(f"{os.getpid()}/") for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


def test_waiting_is_not_running():
    spans = tasks.fetch("one", reads=3, wait_s=0.05, slices=1)
    ran = sum(span.end - span.start for span in spans)
    assert spans[-1].end - spans[0].start > 0.15 > 3 * ran


def test_coroutines_wait_together():
    async def both():
        return await asyncio.gather(
            *(tasks.fetch_in_turn(name, reads=3, wait_s=0.05, slices=1) for name in "ab")
        )

    first, second = asyncio.run(both())
    assert {span.task for span in first} == {"a"}
    assert second[0].start < first[-1].end


def test_lines_are_counted_and_the_count_is_signed(tmp_path):
    path = tmp_path / "picks.csv"
    path.write_text("station,phase\nS001,P\nS001,S\n", encoding="utf-8")
    assert tasks.count_lines(path) == 3
    assert tasks.count_and_sign(path) == tasks.Count(path, 3, os.getpid())
    assert tasks.count_lines(str(path)) == 3


def test_small_things():
    assert tasks.size_of(np.zeros(10, dtype="int32")) == 40
    assert tasks.receive([1, 2]) is None
    assert tasks.who() == os.getpid()
    assert np.isfinite(tasks.multiply(8, 2))
    assert tasks.multiply(8, 2) == tasks.multiply(8, 1)


def _in_a_process(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", f"from seispipe.teaching import tasks\n{code}"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_threads_of_the_library_follow_the_variable():
    outcome = _in_a_process("print(tasks.blas_threads())", OPENBLAS_NUM_THREADS="1")
    assert outcome.stdout.strip() in ("0", "1")


def test_a_crash_is_no_exception():
    outcome = _in_a_process(
        "try:\n    tasks.crash()\nexcept BaseException:\n    print('caught')\nprint('alive')"
    )
    assert outcome.returncode == 1
    assert outcome.stdout == outcome.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to consoles only")
def test_a_worker_that_leaves_interrupts_to_its_parent_lives_on():
    outcome = _in_a_process(
        "import os, signal\n"
        "tasks.ignore_interrupts()\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('alive')"
    )
    assert outcome.stdout == "alive\n"


def test_workers_can_import_every_task():
    assert Path(tasks.__file__).name == "tasks.py"
    assert tasks.crash.__module__ == "seispipe.teaching.tasks"
