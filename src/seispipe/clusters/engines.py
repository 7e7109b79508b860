"""The engines a cluster can come from: each a function that opens one, and what closes it."""

import shutil
import socket
import subprocess
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import dask.config
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Status
from distributed.system import memory_limit
from tornado.ioloop import PeriodicCallback

from seispipe.clusters.errors import ClusterError

_PATIENCE_S = 10
_GUARD_EVERY_S = 2
_DASHBOARD_PORT = 8787
_PLAN_B = 'or work on this machine: connect("local")'
ENGINES = {
    "local": "worker processes on this machine, as many as it gives us cores",
    "slurm": "jobs of a Slurm cluster, submitted from a machine that has sbatch",
    "gateway": "a cluster from a Dask Gateway, as many hubs offer",
    "tcp://HOST:PORT": "the scheduler at this address (also tls://, ws://)",
    "FILE.json": "the scheduler that has written this file (dask scheduler --scheduler-file)",
}


def local(workers: int | None, options: dict, opened: ExitStack) -> Client:
    """Start worker processes here, one thread each, which share the memory we may use."""
    workers = CPU_COUNT if workers is None else workers
    settings = {
        "n_workers": workers,
        "threads_per_worker": 1,
        # Dask's own default gives each worker the share of a core, also when there are more
        # workers than cores.
        "memory_limit": memory_limit() // workers,
        "dashboard_address": _dashboard_address(),
    }
    try:
        cluster = opened.enter_context(LocalCluster(**settings | options))
    except RuntimeError as problem:
        raise ClusterError(
            "the worker processes cannot start. In a script, put what you run under "
            '`if __name__ == "__main__":`.'
        ) from problem
    client = opened.enter_context(Client(cluster))
    _keep_whole(cluster, opened)
    return client


def _dashboard_address() -> str:
    """Return where people and JupyterLab's panels look first; any free port if it is taken."""
    try:
        socket.create_server(("127.0.0.1", _DASHBOARD_PORT)).close()
    except OSError:
        return "127.0.0.1:0"
    return f"127.0.0.1:{_DASHBOARD_PORT}"


def _keep_whole(cluster: LocalCluster, opened: ExitStack) -> None:
    """Look every few seconds whether workers are lost for good, and have them started again.

    A worker that dies is started again by its nanny. But a nanny may give up after some deaths, and
    nobody in Dask asks for another.
    """

    def look() -> None:
        for name, nanny in list(cluster.workers.items()):
            if nanny.status == Status.failed:
                del cluster.workers[name]
        cluster.scale(len(cluster.worker_spec))  # starts those that are missing

    guard = PeriodicCallback(look, 1000 * _GUARD_EVERY_S)
    cluster.loop.add_callback(guard.start)
    opened.callback(cluster.loop.add_callback, guard.stop)


def at_address(address: str, opened: ExitStack) -> Client:
    """Connect to a scheduler that somebody else has started, and leave it running at the end."""
    where = {"address": address}
    if address.endswith(".json"):
        if not Path(address).is_file():  # Dask would wait for it without an end
            raise ClusterError(
                f"there is no scheduler's file {address}; start the scheduler first, with "
                f"`dask scheduler --scheduler-file {address}`"
            )
        where = {"scheduler_file": address}
    try:
        return opened.enter_context(Client(**where, timeout=_PATIENCE_S))
    except (OSError, ValueError, TypeError) as problem:
        raise ClusterError(
            f"no Dask scheduler answers at {address} within {_PATIENCE_S} s "
            f"({_last_line(problem)}). Is it running, is the address right, and can this machine "
            f"reach it? Start one with `dask scheduler`, {_PLAN_B}."
        ) from problem


def slurm(workers: int | None, options: dict, opened: ExitStack) -> Client:
    """Submit jobs to Slurm, each with one worker, and have those that die replaced."""
    if not shutil.which("sbatch"):
        raise ClusterError(
            "Slurm is not here: there is no command sbatch. Run this where jobs are submitted, "
            f"such as a cluster's login node, {_PLAN_B}."
        )
    try:
        from dask_jobqueue import SLURMCluster
    except ImportError as problem:
        raise ClusterError("for Slurm, first: pip install dask-jobqueue") from problem
    settings = for_slurm(options)
    try:
        cluster = opened.enter_context(SLURMCluster(**settings))
    except (ValueError, TypeError, RuntimeError, OSError) as problem:
        raise ClusterError(f"dask-jobqueue refuses: {problem}") from problem
    _try_out(cluster.job_script())
    client = opened.enter_context(Client(cluster))
    jobs = 2 if workers is None else workers
    # Not scale(), after which a job that dies is never replaced.
    cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
    return client


def for_slurm(options: dict) -> dict:
    """Return the options, and what neither they nor Dask's configuration say."""

    def said(name: str) -> object:
        return options.get(name) or dask.config.get(f"jobqueue.slurm.{name}", None)

    needed = {"cores": 1, "processes": 1, "memory": "2GiB"}  # a job is a worker
    settings = {name: value for name, value in needed.items() if said(name) is None} | options
    directives = list(said("job_extra_directives") or [])
    if not any("requeue" in each for each in directives):
        directives.append("--no-requeue")  # one owner: Dask replaces what dies
    settings["job_extra_directives"] = directives
    # A login node has many users, and one port 8787.
    settings["scheduler_options"] = {"dashboard_address": ":0"} | (said("scheduler_options") or {})
    return settings


def _try_out(script: str) -> None:
    """Let Slurm say whether it would take the job, before Dask submits it in the background.

    Raises
    ------
    ClusterError
        If it would not, with Slurm's own words.
    """
    trial = ["sbatch", "--test-only"]
    try:
        answer = subprocess.run(  # noqa: S603
            trial, input=script, capture_output=True, text=True, timeout=60
        )
    except subprocess.TimeoutExpired as problem:
        raise ClusterError("Slurm's controller does not answer within 60 s; try sinfo") from problem
    if "fatal:" in answer.stderr:
        raise ClusterError(
            f"Slurm is not here: its commands are, but they know no cluster "
            f"({_last_line(answer.stderr)}). Run this where jobs are submitted, {_PLAN_B}."
        )
    if answer.returncode:
        raise ClusterError(
            f"Slurm refuses such a job: {_last_line(answer.stderr)}. Look with sinfo at what there "
            'is, and say what you want, as in connect("slurm", queue="debug", memory="1GiB").'
        )


def queue_of(client: Client) -> str:
    """Say what Slurm's queue holds of the jobs that a client waits for, with its reasons."""
    name = getattr(client.cluster, "job_name", None)
    if not name or not shutil.which("squeue"):
        return ""
    command = ["squeue", "--me", "--noheader", f"--name={name}", "--format=job %i %T (%r)"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30)  # noqa: S603
    except subprocess.TimeoutExpired:
        return "its controller does not answer"
    return "; ".join(answer.stdout.split("\n")[:3]).strip("; ") or "no job in the queue"


def gateway(workers: int | None, options: dict, opened: ExitStack) -> Client:
    """Ask a Dask Gateway for a cluster of our own."""
    try:
        from aiohttp import ClientError
        from dask_gateway import Gateway, GatewayClusterError
        from dask_gateway.client import GatewayServerError
    except ImportError as problem:
        raise ClusterError("for Dask Gateway, first: pip install dask-gateway") from problem
    if not dask.config.get("gateway.address", None):
        raise ClusterError(
            "no Dask Gateway is named. A hub that offers one sets its address; elsewhere put it "
            f"into the environment variable DASK_GATEWAY__ADDRESS, {_PLAN_B}."
        )
    address = dask.config.get("gateway.address")
    try:
        door = Gateway()
        opened.callback(_laid_to_rest, door)
        opened.enter_context(door)
        cluster = door.new_cluster(**options, shutdown_on_close=True)
        opened.callback(_laid_to_rest, cluster.gateway)
        opened.enter_context(cluster)
        client = opened.enter_context(cluster.get_client())
        wanted = 2 if workers is None else workers
        cluster.adapt(minimum=wanted, maximum=wanted)
    except (
        # A wrong password is not the gateway's own error, but that of the client below it.
        *(GatewayServerError, GatewayClusterError, ClientError),
        *(OSError, ValueError, TypeError),
    ) as problem:
        raise ClusterError(
            f"the Dask Gateway at {address} gives no cluster: {_last_line(problem)}. Its address, "
            "your login and what you ask for must be right; `gateway.cluster_options()` lists what "
            f"may be asked for. Ask the hub's keepers, {_PLAN_B}."
        ) from problem
    return client


def _laid_to_rest(door) -> None:
    """Keep a closed client of a gateway from closing itself once more when it is thrown away.

    So does dask-gateway 2026.3: an error at the program's end, or, where garbage happens to be
    collected in the thread of its loop, a wait for itself without an end.
    """
    door._asynchronous = True


def _last_line(problem: object) -> str:
    """Return the last line that says something: where tools put the reason."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    if not lines and isinstance(problem, BaseException):
        return type(problem).__name__
    said = lines[-1] if lines else "it does not say why"
    # Slurm repeats itself: "sbatch: error: X" and "allocation failure: X".
    parts = said.split(": ")
    return ": ".join([parts[0], *(b for a, b in pairwise(parts) if a != b)]).rstrip(".")
