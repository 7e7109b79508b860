"""Connecting: what is said when it works, and when it does not; the engines themselves are tried
in tests/cluster.
"""

import os
import stat
import subprocess
import sys
import time

import dask
import dask_gateway  # noqa: F401  its defaults must be there before a test sets one for a while
import pytest
from distributed import LocalCluster, get_client

from seispipe.archive import Recordings
from seispipe.clusters import CLUSTER_VARIABLE, ClusterError, connect
from seispipe.clusters.engines import for_slurm
from seispipe.pipeline import run

FREE_PORT = "127.0.0.1:0"


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=FREE_PORT) as cluster:
        yield cluster


def test_this_machine_gives_workers_and_takes_them_back(capsys):
    requests = Recordings().requests()
    with connect(workers=3) as connection:
        assert connection.workers == connection.cores == 3
        assert 0 < connection.memory <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        said = capsys.readouterr().out
        assert said == f"{connection}\n"
        assert said.startswith("local: 3 workers, 3 cores, ")
        assert "dashboard at http://127.0.0.1:" in said
        assert run(requests, Recordings(), how="dask") == run(requests, Recordings())
    assert connection.client.status == "closed"
    with pytest.raises(ValueError, match="No global client"):
        get_client()


def test_two_clusters_have_a_dashboard_each_for_this_machine_only_and_nobody_is_warned():
    with connect(workers=1, quiet=True) as first, connect(workers=1, quiet=True) as second:
        addresses = {first.dashboard, second.dashboard}
    assert len(addresses) == 2
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux pins processes")
def test_as_many_workers_are_started_as_this_process_may_use_cores():
    program = (
        "import os\n"
        "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "from seispipe.clusters import connect\n"
        "if __name__ == '__main__':\n"
        "    connect().close()\n"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.startswith("local: 1 worker, 1 core, ")
    assert ran.stderr == ""


def test_a_worker_that_nobody_starts_again_is_started_again():
    """As where its nanny has given up."""
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "200ms"}),
        connect(workers=1, quiet=True) as connection,
    ):
        (first,) = connection.client.scheduler_info()["workers"]
        cluster = connection.client.cluster
        cluster.sync(cluster.workers[0].close)
        deadline = time.monotonic() + 60
        while set(connection.client.scheduler_info()["workers"]) <= {first}:
            assert time.monotonic() < deadline, "no other worker has come"
            time.sleep(0.1)
        assert connection.client.submit(sum, [1, 2]).result(60) == 3


def test_a_scheduler_elsewhere_is_used_and_left_running(cluster, monkeypatch, capsys):
    monkeypatch.setenv(CLUSTER_VARIABLE, cluster.scheduler_address)
    with connect() as connection:
        assert connection.engine == cluster.scheduler_address
        assert connection.workers == 1
    assert "1 worker, 1 core" in capsys.readouterr().out
    assert cluster.status.name == "running"
    assert len(cluster.workers) == 1


def test_a_scheduler_is_found_by_its_file(cluster, tmp_path):
    path = tmp_path / "scheduler.json"
    with pytest.raises(ClusterError, match=r"no scheduler's file .*scheduler\.json; start"):
        connect(str(path))
    path.write_text(f'{{"address": "{cluster.scheduler_address}"}}', encoding="utf-8")
    with connect(str(path), quiet=True) as connection:
        assert connection.workers == 1


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"engine": "cray"}, r"'cray' is no engine; choose one of: local \("),
        ({"workers": 0}, "workers must be at least 1, but is 0"),
        (
            {"engine": "tcp://h:1", "queue": "short"},
            "tcp://h:1 is already there: it takes no queue",
        ),
    ],
)
def test_what_cannot_be_meant_is_said(wanted, said):
    with pytest.raises(ValueError, match=said):
        connect(**wanted)


def test_no_scheduler_no_connection(monkeypatch):
    monkeypatch.setattr("seispipe.clusters.engines._PATIENCE_S", 1)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        connect("tcp://127.0.0.1:9")


def test_a_scheduler_without_workers_is_no_cluster():
    with (
        LocalCluster(n_workers=0, dashboard_address=FREE_PORT) as empty,
        pytest.raises(ClusterError, match=r"no worker after 0\.2 s\. Wait longer"),
    ):
        connect(empty.scheduler_address, patience_s=0.2)


def test_slurm_needs_sbatch(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match=r"no command sbatch. Run this where .*login node"):
        connect("slurm")


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        (
            "allocation failure: Invalid partition name specified",
            r"Slurm refuses such a job: .*Invalid partition name specified\. Look with sinfo",
        ),
        (
            "sbatch: fatal: Could not establish a configuration source",
            r"Slurm is not here: its commands are, .*configuration source\)\. Run this where",
        ),
    ],
)
def test_slurm_refuses_in_its_own_words(complaint, said, monkeypatch, tmp_path):
    sbatch = tmp_path / "sbatch"
    sbatch.write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n", encoding="utf-8")
    sbatch.chmod(sbatch.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(ClusterError, match=said):
        connect("slurm", workers=1, queue="nowhere", interface="lo")


@pytest.mark.parametrize(
    ("configured", "options", "expected"),
    [
        ({}, {}, {"cores": 1, "processes": 1, "memory": "2GiB"}),
        ({"cores": 8, "processes": 2, "memory": "9GB"}, {}, {}),
        ({"cores": 8}, {"cores": 4}, {"cores": 4, "processes": 1, "memory": "2GiB"}),
    ],
)
def test_what_the_reader_has_configuredfor_slurm_is_kept(configured, options, expected):
    theirs = {"job_extra_directives": ["--exclusive"], "scheduler_options": {"port": 8786}}
    with dask.config.set({"jobqueue.slurm": configured | theirs}):
        settings = for_slurm(options)
    assert settings.pop("job_extra_directives") == ["--exclusive", "--no-requeue"]
    assert settings.pop("scheduler_options") == {"port": 8786, "dashboard_address": ":0"}
    assert settings == expected


def test_who_wants_slurm_to_requeue_is_not_contradicted():
    directives = for_slurm({"job_extra_directives": ["--requeue"]})["job_extra_directives"]
    assert directives == ["--requeue"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "DASK_GATEWAY__ADDRESS"),
        ("http://127.0.0.1:9", r"at http://127\.0\.0\.1:9 gives no cluster: "),
    ],
)
def test_a_gateway_needs_an_address_that_answers(address, said):
    with (
        dask.config.set({"gateway.address": address}),
        pytest.raises(ClusterError, match=said),
    ):
        connect("gateway")


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        ("{'seispipe': None}", "has no seispipe, and here it is"),
        ("{'seispipe': '0.0.9'}", "has seispipe 0.0.9, and here it is"),
        ("{'python': '3.9.1'}", "has python 3.9.1, and here it is"),
        ("{}", "another state of seispipe's source, under the same version"),
    ],
)
def test_workers_with_other_software_are_found_before_work_begins(tmp_path, theirs, said):
    path = tmp_path / "preload.py"
    path.write_text(
        "import distributed.versions, seispipe.fingerprint\n"
        "real = distributed.versions.get_package_info\n"
        "distributed.versions.get_package_info = (\n"
        f"    lambda names, real=real: {{**real(names), **{theirs}}}\n"
        ")\n"
        "seispipe.fingerprint.fingerprint = lambda: 'other'\n",
        encoding="utf-8",
    )
    with (
        LocalCluster(n_workers=1, dashboard_address=FREE_PORT, preload=str(path)) as odd,
        pytest.raises(ClusterError, match=f"{said}.*Give the workers the same environment"),
    ):
        connect(odd.scheduler_address)
