"""The same run on every engine: the rows are the serial ones, and one argument differs."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from operator import eq
from pathlib import Path
from urllib.request import urlopen

import pytest
from gateway import gateway
from hosts import CAMPUS, INTERFACE, network
from slurm import on_hosts, one_node

from seispipe.clusters import CLUSTER_VARIABLE, ClusterError, connect
from seispipe.runs import Run
from tests.processes import free_port, start, stop, wait_for, wait_for_port

DASK = Path(sys.executable).with_name("dask")
SEISPIPE = Path(sys.executable).with_name("seispipe")


@pytest.fixture
def do_the_work(work, record, tmp_path):
    """Return a function that does the work on a connection, checks it and writes it down."""

    def do(connection, about: str, since: float, queue: str = "") -> None:
        connect_s = time.perf_counter() - since
        said = str(connection)
        begun = time.perf_counter()
        kept = Run.begin(tmp_path / "run", work.requests, size=5)
        report = kept.work(work.archive, how="dask")
        work_s = time.perf_counter() - begun
        assert report.complete
        assert kept.rows() == work.serial
        record.engines.append(
            {
                "engine": connection.engine if "://" not in connection.engine else "address",
                "about": about,
                "said": said,
                "workers": connection.workers,
                "rows_in": report.stations_in,
                "rows_out": report.rows_out,
                "rows_equal": sum(map(eq, kept.rows(), work.serial)),
                "connect_s": round(connect_s, 1),
                "work_s": round(work_s, 1),
                "queue": queue,
            }
        )

    return do


@pytest.fixture
def slurm_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # jobs write their logs where they were submitted
    with one_node(tmp_path) as slurm:
        yield slurm_known(slurm, monkeypatch)


@pytest.fixture
def slurm_two(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with network("w1", "w2") as net, on_hosts(tmp_path, net) as slurm:
        yield slurm_known(slurm, monkeypatch)


def slurm_known(slurm, monkeypatch):
    for name, value in slurm.environment.items():
        monkeypatch.setenv(name, value)
    return slurm


@contextmanager
def connected(slurm, **options):
    with connect(
        "slurm", workers=2, interface=slurm.interface, memory="1GiB", quiet=True, **options
    ) as connection:
        yield connection


def shown(slurm) -> str:
    return slurm.run("squeue", "--format=%.6i %.10j %.8T %.6M %N").rstrip()


def test_this_machine(do_the_work):
    since = time.perf_counter()
    with connect("local", workers=2, quiet=True) as connection:
        do_the_work(connection, "worker processes on one machine", since)


def test_a_scheduler_and_workers_on_separate_hosts(do_the_work, tmp_path):
    with network("w1", "w2") as net:
        port = free_port(CAMPUS)
        address = f"tcp://{CAMPUS}:{port}"
        scheduler = start(
            [DASK, "scheduler", "--host", CAMPUS, "--port", str(port)],
            tmp_path / "scheduler.log",
        )
        try:
            wait_for_port(CAMPUS, port, scheduler, tmp_path / "scheduler.log")
            for host in net.hosts.values():
                command = [DASK, "worker", address, "--host", host.address, "--nthreads", "1"]
                host.start([*command, "--no-dashboard"], tmp_path / f"{host.name}.log")
            since = time.perf_counter()
            with connect(address, workers=2, quiet=True) as connection:
                workers = connection.client.scheduler_info()["workers"]
                assert {each["host"] for each in workers.values()} == {
                    host.address for host in net.hosts.values()
                }
                assert urlopen(connection.dashboard, timeout=10).status == 200  # noqa: S310
                do_the_work(connection, "a scheduler, and workers on two other hosts", since)
            assert scheduler.poll() is None, "a scheduler of somebody else is left running"
        finally:
            stop(scheduler)


def test_slurm_on_one_node(slurm_one, do_the_work):
    since = time.perf_counter()
    with connected(slurm_one) as connection:
        do_the_work(connection, "Slurm, one node", since, shown(slurm_one))
    wait_for(lambda: not slurm_one.queue(), "the queue to be empty again")


def test_slurm_on_two_nodes(slurm_two, do_the_work):
    since = time.perf_counter()
    with connected(slurm_two) as connection:
        workers = connection.client.scheduler_info()["workers"].values()
        assert len({each["host"] for each in workers}) == 2
        do_the_work(connection, "Slurm, a controller and two nodes", since, shown(slurm_two))
    wait_for(lambda: not slurm_two.queue(), "the queue to be empty again")


def test_a_job_array_does_it_without_dask(slurm_two, work, record, tmp_path, monkeypatch):
    monkeypatch.setenv(CLUSTER_VARIABLE, "slurm")  # which is not for jobs that are workers
    run = tmp_path / "run"
    groups = ["--group", "hour", "--group", "defects"]
    begin = subprocess.run(
        [SEISPIPE, "runs", "begin", run, "--size", "5", *groups, "--source", work.folder],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    last = int(begin.stdout.splitlines()[-1]) - 1
    since = time.perf_counter()
    task = f'"{SEISPIPE}" runs work "{run}" --source "{work.folder}" --part $SLURM_ARRAY_TASK_ID'
    log = f"--output={tmp_path}/array-%a.out"
    slurm_two.run("sbatch", f"--array=0-{last}%4", "--mem=500", log, f"--wrap={task}")
    queue = shown(slurm_two)
    wait_for(lambda: not slurm_two.queue(), "the array to be done", timeout=120)
    work_s = time.perf_counter() - since
    kept = Run.open(run)
    report = kept.verify()
    assert report.complete, [path.read_text() for path in tmp_path.glob("array-*.out")]
    assert kept.rows() == work.serial
    assert report.attempts == report.partitions == last + 1
    hosts = {name.read_text() for name in (run / "attempts").iterdir()}
    assert any('"w1"' in host for host in hosts)
    assert any('"w2"' in host for host in hosts)
    record.engines.append(
        {
            "engine": "job array",
            "about": "a Slurm job array, without Dask",
            "said": "",
            "workers": 4,
            "rows_in": report.stations_in,
            "rows_out": report.rows_out,
            "rows_equal": sum(map(eq, kept.rows(), work.serial)),
            "connect_s": None,
            "work_s": round(work_s, 1),
            "queue": queue,
        }
    )


def test_dask_gateway(do_the_work, tmp_path):
    with gateway(tmp_path) as server, server.known():
        since = time.perf_counter()
        with connect("gateway", workers=2, quiet=True) as connection:
            do_the_work(connection, "Dask Gateway", since)


def test_a_program_that_used_a_gateway_ends_quietly(tmp_path):
    program = (
        "import gc\n"
        "from seispipe.clusters import connect\n"
        "with connect('gateway', workers=1) as connection:\n"
        "    assert connection.client.submit(sum, [1, 2]).result(60) == 3\n"
        "del connection\n"
        "gc.collect()\n"
    )
    with gateway(tmp_path) as server:
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=os.environ | server.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("gateway: 1 worker, 1 core, ")


def test_slurm_says_why_it_gives_nothing(slurm_one):
    with pytest.raises(ClusterError, match=r"Slurm refuses such a job: .*Invalid partition"):
        connect("slurm", workers=1, queue="nowhere", interface="lo")
    with pytest.raises(ClusterError, match=r"Slurm refuses such a job: .*not available"):
        connect("slurm", workers=1, cores=1000, interface="lo")
    slurm_one.run("sbatch", "--exclusive", "--wrap=sleep 60")
    with pytest.raises(ClusterError, match=r"no worker after 5 s; Slurm says: job \d+ PENDING \("):
        connect("slurm", workers=1, interface="lo", patience_s=5)
    wait_for(lambda: len(slurm_one.queue()) == 1, "our jobs to be out of the queue")


def test_a_gateway_that_refuses_is_told(tmp_path, monkeypatch):
    with gateway(tmp_path) as server, server.known():
        monkeypatch.setenv("DASK_GATEWAY__AUTH__KWARGS__PASSWORD", "wrong")
        import dask

        dask.config.refresh()
        with pytest.raises(ClusterError, match=r"gives no cluster: .*your login"):
            connect("gateway")
        monkeypatch.undo()
        dask.config.refresh()
        with pytest.raises(ClusterError, match=r"gives no cluster: .*wings"):
            connect("gateway", wings=2)


def test_a_worker_that_cannot_import_the_package_is_refused(tmp_path):
    """Its Python has all the packages, but not the folder that seispipe is in."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True, timeout=60
    )
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    ours = next(each for each in sys.path if each.endswith("site-packages"))
    (packages / "all.pth").write_text(f"{ours}\n", encoding="utf-8")
    python = tmp_path / "venv" / "bin" / "python"
    port = free_port()
    command = ["-m", "dask"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    host = ["--host", "127.0.0.1"]
    processes = [
        start(
            [python, *command, "scheduler", *host, "--port", str(port), "--no-dashboard"],
            tmp_path / "scheduler.log",
            environment,
        )
    ]
    try:
        wait_for_port("127.0.0.1", port, processes[0], tmp_path / "scheduler.log")
        address = f"tcp://127.0.0.1:{port}"
        processes.append(
            start(
                [python, *command, "worker", address, *host, "--no-dashboard"],
                tmp_path / "worker.log",
                environment,
            )
        )
        with pytest.raises(ClusterError, match=r"seispipe.*Give the workers the same environment"):
            connect(address, patience_s=30)
    finally:
        for process in reversed(processes):
            stop(process)


def test_interface_is_the_one_name_on_every_host():
    with network("w1") as net:
        assert f" {INTERFACE}" in net["w1"].run(["ip", "-o", "link"])
