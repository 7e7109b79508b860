"""The engines are real: Slurm runs jobs, and hosts have names, cables and deaths of their own."""

import subprocess

import pytest
from hosts import network
from slurm import on_hosts, one_node

from tests.processes import wait_for


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    with one_node(tmp_path_factory.mktemp("single")) as slurm:
        yield slurm


@pytest.fixture(scope="module")
def net():
    with network("w1", "w2") as net:
        yield net


@pytest.fixture
def pair(tmp_path, net):
    with on_hosts(tmp_path, net) as slurm:
        yield slurm


def reaches(host, name):
    try:
        host.run(["ping", "-c", "1", "-W", "1", name])
    except subprocess.CalledProcessError:
        return False
    return True


def test_a_step_runs_on_one_node(single):
    assert single.run("srun", "hostname") == "campus\n"


def test_an_array_of_jobs_writes_a_file_each(single, tmp_path):
    job = tmp_path / "job.sh"
    job.write_text('#!/bin/sh\necho "$SLURM_ARRAY_TASK_ID" >"number-$SLURM_ARRAY_TASK_ID"\n')
    single.run("sbatch", "--array=1-3", f"--chdir={tmp_path}", "--output=%a.log", job)
    wait_for(lambda: not single.queue(), "the end of the array")
    written = {path.name: path.read_text() for path in tmp_path.glob("number-*")}
    assert written == {f"number-{n}": f"{n}\n" for n in (1, 2, 3)}


def test_the_queue_tells_of_a_job_until_it_is_cancelled(single, tmp_path):
    single.run("sbatch", "--job-name=long", f"--chdir={tmp_path}", "--wrap=sleep 60")
    wait_for(lambda: [job[1:] for job in single.queue()] == [("RUNNING", "long")], "the job")
    single.cancel_everything()
    assert single.queue() == []


def test_hosts_reach_each_other_by_name_until_a_cable_is_cut(net):
    assert net["w1"].run(["hostname"]) == "w1\n"
    assert reaches(net["w1"], "w2")
    assert reaches(net["w2"], "campus")
    net["w2"].cut()
    assert not reaches(net["w1"], "w2")
    assert reaches(net["w1"], "campus")
    net["w2"].mend()
    wait_for(lambda: reaches(net["w1"], "w2"), "the mended cable")


def test_a_step_runs_on_two_hosts(pair):
    assert sorted(pair.run("srun", "-N2", "hostname").split()) == ["w1", "w2"]


def test_the_job_of_a_dead_node_is_queued_again_and_the_node_comes_back(pair, tmp_path):
    pair.run("sbatch", "--nodelist=w1", f"--chdir={tmp_path}", "--wrap=sleep 60")
    pair.wait_until("mixed", node="w1")
    pair.kill_node("w1")
    pair.wait_until("down", node="w1")
    assert pair.states()["w2"] == "idle"
    wait_for(lambda: [job.state for job in pair.queue()] == ["PENDING"], "the job to be queued")
    pair.cancel_everything()
    pair.start_node("w1")
    pair.wait_until("idle")
    assert sorted(pair.run("srun", "-N2", "hostname").split()) == ["w1", "w2"]
