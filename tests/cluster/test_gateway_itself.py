"""The Dask Gateway of these tests is a real one: it starts, scales, heals and ends clusters."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest
from dask_gateway import Gateway
from distributed import wait
from gateway import gateway

from tests.processes import wait_for


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with gateway(tmp_path_factory.mktemp("gateway")) as server:
        yield server


@pytest.fixture
def entrance(running):
    """A client of the gateway that was told nothing but dask's own variables."""
    with running.known(), Gateway() as client:
        yield client


@pytest.fixture
def cluster(entrance):
    with entrance.new_cluster(shutdown_on_close=True) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with cluster.get_client() as client:
        yield client


def workers(client):
    return client.scheduler_info(n_workers=-1)["workers"]


def in_time(futures):
    """The results, or a TimeoutError: what has lost its cluster would wait for ever."""
    wait(futures, timeout=60)
    return [future.result() for future in futures]


def test_it_scales_heals_adapts_and_ends(entrance, cluster, client):
    # Within the test, so that they travel as they are: a worker cannot import this file.
    def square(number):
        return number * number

    def slowly(number):
        time.sleep(0.02)
        return number, os.getpid()

    cluster.scale(2)
    client.wait_for_workers(2, timeout=60)
    assert in_time(client.map(square, range(20))) == [n * n for n in range(20)]

    pids = client.run(os.getpid)
    assert len(set(pids.values())) == 2
    futures = client.map(slowly, range(100), pure=False)
    wait_for(futures[0].done, "the first of 100 tasks")
    os.kill(next(iter(pids.values())), signal.SIGKILL)
    assert [number for number, _ in in_time(futures)] == list(range(100))
    del futures  # a worker that holds a result is kept

    cluster.adapt(minimum=0, maximum=3)
    wait_for(lambda: not workers(client), "a cluster without work to have no workers", 60)
    assert client.submit(square, 30).result(timeout=60) == 900

    cluster.shutdown()
    wait_for(lambda: not entrance.list_clusters(), "the gateway to list no cluster")


def test_a_worker_is_as_large_as_was_asked_for(entrance):
    options = entrance.cluster_options()
    options.worker_cores = 2
    options.worker_memory = 0.5
    with entrance.new_cluster(options) as cluster, cluster.get_client() as client:
        cluster.scale(1)
        client.wait_for_workers(1, timeout=60)
        (worker,) = workers(client).values()
        assert worker["nthreads"] == 2
        assert worker["memory_limit"] == 2**29


def test_a_program_needs_no_more_than_the_variables(running):
    program = textwrap.dedent("""
        from dask_gateway import Gateway
        with Gateway() as gateway:
            print(gateway.address, gateway.proxy_address, gateway.list_clusters())
    """)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **running.environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == [running.address, running.proxy_address, "[]"], done.stderr


def test_a_wrong_password_is_refused(running):
    variables = {**running.environment, "DASK_GATEWAY__AUTH__KWARGS__PASSWORD": "guessed"}
    program = "from dask_gateway import Gateway\nwith Gateway() as g: g.list_clusters()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode
    assert "401" in done.stderr or "Unauthorized" in done.stderr


def test_nothing_is_left_of_it_when_a_test_fails(tmp_path):
    before = set(psutil.pids())
    with pytest.raises(ZeroDivisionError), gateway(tmp_path) as server:
        leave_a_cluster_behind_and_fail(server)
    left = [psutil.Process(pid).cmdline() for pid in set(psutil.pids()) - before]
    assert not left


def leave_a_cluster_behind_and_fail(server):
    with server.known(), Gateway() as entrance:
        cluster = entrance.new_cluster(shutdown_on_close=False)
        cluster.scale(1)
        with cluster.get_client() as client:
            client.wait_for_workers(1, timeout=60)
        cluster.close(shutdown=False)
        assert len(entrance.list_clusters()) == 1
    raise ZeroDivisionError
