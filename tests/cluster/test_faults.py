"""What dies while a run is under way, and that its rows are complete and equal to serial.

Each fault is measured against the same run undisturbed, on the same engine; what both took, and how
many partitions were begun again, goes into the record that the book shows.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ceph import ceph
from disturbed import SIZE, after, note, pids, scheduler_at, undisturbed, worker_command
from hosts import CAMPUS, network
from slow_archive import Deadly, Slow
from slurm import on_hosts

from seispipe.archive import S3Archive
from seispipe.clusters import connect
from seispipe.runs import Report, Run
from seispipe.ways import WorkersLost
from tests.processes import free_port, start, stop, wait_for

PAUSE_S = 0.3


@pytest.fixture
def slow(work):
    return Slow(work.folder, PAUSE_S)


@pytest.fixture
def measured(work, record, tmp_path):
    """Return a function that does the work twice, undisturbed and disturbed, and compares."""

    def measure(
        fault: str, engine: str, archive, disturb, brought_back_by: str, harmless: bool = False
    ) -> Report:
        undisturbed_s = undisturbed(work, archive, tmp_path)
        kept = Run.begin(tmp_path / "disturbed", work.requests, size=SIZE)
        begun = time.perf_counter()
        with ThreadPoolExecutor(1) as aside:
            working = aside.submit(kept.work, archive, how="dask")
            after(kept, 8)
            disturb()
            report = working.result(timeout=200)
        disturbed_s = time.perf_counter() - begun
        assert report.complete
        assert kept.rows() == work.serial
        assert harmless or report.begun_again >= 1, "nothing was under way when it happened"
        note(record, work, fault, engine, kept, undisturbed_s, disturbed_s, brought_back_by)
        return report

    return measure


def test_a_worker_is_killed(measured, slow):
    with connect("local", workers=2, quiet=True) as connection:
        measured(
            "a worker process is killed",
            "local",
            slow,
            lambda: os.kill(pids(connection.client)[0], signal.SIGKILL),
            "Dask's nanny starts another process",
        )
        assert connection.workers == 2


def test_a_node_of_slurm_dies_and_comes_back(measured, slow, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with network("w1", "w2") as net, on_hosts(tmp_path, net) as slurm:
        for name, value in slurm.environment.items():
            monkeypatch.setenv(name, value)
        with connect(
            "slurm", workers=2, interface=slurm.interface, memory="1GiB", quiet=True
        ) as connection:
            measured(
                "a node is killed",
                "Slurm, two nodes",
                slow,
                lambda: slurm.kill_node("w1"),
                "Dask asks Slurm for another job",
            )
            slurm.start_node("w1")
            slurm.wait_until("idle", node="w1", timeout=60)
            wait_for(lambda: connection.workers == 2, "two workers again", timeout=90)
        wait_for(lambda: not slurm.queue(), "the queue to be empty", timeout=60)


def test_a_cable_is_cut(measured, slow, tmp_path, monkeypatch):
    impatient = {
        "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s",
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "11s",
    }
    for name, value in impatient.items():
        monkeypatch.setenv(name, value)
    with network("w1", "w2") as net, scheduler_at(CAMPUS, tmp_path, port := free_port(CAMPUS)):
        address = f"tcp://{CAMPUS}:{port}"
        for host in net.hosts.values():
            host.start(worker_command(address, host.address), tmp_path / f"{host.name}.log")
        with connect(address, workers=2, quiet=True):
            measured(
                "a host's cable is cut",
                "two hosts",
                slow,
                net["w1"].cut,
                "the scheduler gives its work to the other host",
                # The host goes on alone, and the disk is a shared one: it may still write.
                harmless=True,
            )


def test_a_station_kills_every_worker_that_reads_it(work, record, tmp_path):
    deadly = Deadly(work.folder, PAUSE_S)
    with connect("local", workers=2, quiet=True) as connection:
        undisturbed_s = undisturbed(work, Slow(work.folder, PAUSE_S), tmp_path)
        kept = Run.begin(tmp_path / "disturbed", work.requests, size=SIZE)
        begun = time.perf_counter()
        report = kept.work(deadly, how="dask")
        disturbed_s = time.perf_counter() - begun
        wait_for(lambda: connection.workers == 2, "two workers again")
    assert report.complete
    for row, serial in zip(kept.rows(), work.serial, strict=True):
        if row.station == Deadly.station:
            assert row.status == "error"
            assert "the process that worked on it died" in row.reason
        else:
            assert row == serial
    note(
        record,
        work,
        "a station kills each worker that reads it",
        "local",
        kept,
        undisturbed_s,
        disturbed_s,
        "run() tries suspects alone; its row says error",
    )


def test_memory_runs_short(measured, slow, work):
    """Other results fill two thirds of the workers' memory and more: Dask writes them to disk."""
    with connect("local", workers=2, quiet=True, memory_limit="700MiB") as connection:
        client = connection.client
        ballast = []

        def spilled() -> int:
            metrics = client.scheduler_info(n_workers=-1)["workers"].values()
            return sum(each["metrics"]["spilled_bytes"]["disk"] for each in metrics)

        def fill() -> None:
            ballast.extend(client.map(lambda _: os.urandom(40_000_000), range(24), pure=False))
            wait_for(lambda: spilled() > 2e8, "200 MB to be written to disk")

        measured(
            "memory runs short",
            "local, 700 MiB a worker",
            slow,
            fill,
            "Dask spills results to disk, and reads them back",
            harmless=True,
        )
        # One at a time: to read all of them back at once is more than the workers can hold.
        for each in ballast:
            assert client.submit(len, each).result(30) == 40_000_000


def test_the_scheduler_is_killed(work, slow, record, tmp_path):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    workers = []

    def with_two_workers():
        for number in range(2):
            log = tmp_path / f"worker-{len(workers)}-{number}.log"
            workers.append(start(worker_command(address, "127.0.0.1"), log))

    try:
        with scheduler_at("127.0.0.1", tmp_path, port) as scheduler:
            with_two_workers()
            with connect(address, workers=2, quiet=True):
                undisturbed_s = undisturbed(work, slow, tmp_path)
                kept = Run.begin(tmp_path / "disturbed", work.requests, size=SIZE)
                begun = time.perf_counter()
                with ThreadPoolExecutor(1) as aside:
                    working = aside.submit(kept.work, slow, how="dask")
                    after(kept, 8)
                    scheduler.kill()
                    with pytest.raises(WorkersLost, match="scheduler is gone"):
                        working.result(timeout=100)
        written = kept.verify().rows_out
        assert 8 <= written < len(work.requests)
        with scheduler_at("127.0.0.1", tmp_path, port):
            with_two_workers()
            with connect(address, workers=2, quiet=True):
                report = kept.work(slow, how="dask")
        disturbed_s = time.perf_counter() - begun
    finally:
        for process in workers:
            stop(process)
    assert report.complete
    assert kept.rows() == work.serial
    assert report.begun_again <= 4, "only what was under way is begun again"
    note(
        record,
        work,
        "the scheduler is killed",
        "a scheduler at an address",
        kept,
        undisturbed_s,
        disturbed_s,
        "you: the same call, on a new cluster",
    )


def test_the_object_store_is_restarted(work, record, tmp_path):
    """It holds the archive and takes the rows, and is away for six seconds."""
    with ceph(tmp_path) as server:
        server.create_bucket("scedc-pds")
        server.create_bucket("results", public=False)
        server.upload(work.folder, "scedc-pds")
        archive = S3Archive(endpoint_url=server.url)
        keys = {"key": server.access_key, "secret": server.secret_key, "endpoint_url": server.url}
        with connect("local", workers=2, quiet=True):
            undisturbed_s = undisturbed(work, archive, "s3://results", **keys)
            kept = Run.begin("s3://results/disturbed", work.requests, size=SIZE, **keys)
            begun = time.perf_counter()
            with ThreadPoolExecutor(1) as aside:
                working = aside.submit(kept.work, archive, how="dask")
                wait_for(lambda: len(kept.store.names("rows")) >= 4, "some rows")
                server.stop_gateway()
                time.sleep(6)
                server.start_gateway()
                report = working.result(timeout=200)
            disturbed_s = time.perf_counter() - begun
            assert report.complete
            assert kept.rows() == work.serial
        note(
            record,
            work,
            "the object store is restarted",
            "local, archive and rows on S3",
            kept,
            undisturbed_s,
            disturbed_s,
            "writing and reading are tried again",
        )
