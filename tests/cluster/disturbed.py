"""What a disturbed run needs: a cluster of commands, an undisturbed run beside it, a note."""

import os
import sys
import time
from contextlib import contextmanager
from operator import eq
from pathlib import Path

from distributed import Client

from seispipe.runs import Run
from tests.processes import start, stop, wait_for, wait_for_port

DASK = Path(sys.executable).with_name("dask")
# One window a partition, so that a fault meets many small portions, as in a large run.
SIZE = 1


def undisturbed(work, archive, where: str | Path, **storage) -> float:
    """Do all the work with nothing going wrong, and return what it took, in seconds."""
    # The first tasks of a worker also import.
    Run.begin(f"{where}/warm-up", work.requests[:6], size=SIZE, **storage).work(archive, how="dask")
    kept = Run.begin(f"{where}/undisturbed", work.requests, size=SIZE, **storage)
    begun = time.perf_counter()
    assert kept.work(archive, how="dask").complete
    return time.perf_counter() - begun


def after(kept: Run, partitions: int) -> None:
    """Wait until so many partitions are written."""
    folder = Path(kept.store.where) / "rows"
    wait_for(
        lambda: folder.exists() and len(list(folder.glob("*.parquet"))) >= partitions,
        f"{partitions} partitions",
        timeout=60,
    )


def note(record, work, fault, engine, kept, undisturbed_s, disturbed_s, brought_back_by) -> None:
    """Write down what became of a run, and how many of its rows are the serial ones."""
    report = kept.verify()
    record.faults.append(
        {
            "fault": fault,
            "engine": engine,
            "rows_in": report.stations_in,
            "rows_out": report.rows_out,
            "rows_equal": sum(map(eq, kept.rows(), work.serial)),
            "partitions": report.partitions,
            "begun_again": report.begun_again,
            "undisturbed_s": round(undisturbed_s, 1),
            "disturbed_s": round(disturbed_s, 1),
            "brought_back_by": brought_back_by,
        }
    )


@contextmanager
def scheduler_at(host: str, folder: Path, port: int, **environment):
    log = folder / f"scheduler-{time.monotonic_ns()}.log"
    process = start(
        [DASK, "scheduler", "--host", host, "--port", str(port), "--no-dashboard"],
        log,
        os.environ | environment,
    )
    try:
        wait_for_port(host, port, process, log)
        yield process
    finally:
        stop(process)


def worker_command(address: str, host: str) -> list:
    command = [DASK, "worker", address, "--host", host, "--nthreads", "1", "--nworkers", "1"]
    return [*command, "--no-dashboard"]


def pids(client: Client) -> list[int]:
    return sorted(client.run(os.getpid).values())
