"""A real Dask Gateway on this machine: its server, its proxy, and clusters as local processes.

The server comes with the Python packages of ``requirements.lock``, on Linux x86-64 only. Its local
backend runs everything as the user who started it, which is good enough for tests and nothing else.
"""

import importlib.util
import os
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import dask
import dask_gateway

from tests.processes import free_port, start, stop, tail, wait_for, wait_for_port

# A client (dask-gateway 2026.3) closes itself once more when it is thrown away. Where its loop has
# ended, that is an error that pytest reports; where the collector of garbage happens to run in the
# thread of the loop, it waits for itself for ever. Here each is closed by its `with` block.
if "__del__" in vars(dask_gateway.Gateway):
    del dask_gateway.Gateway.__del__

USER = "learner"
# Its file of configuration is Python.
_CONFIGURATION = """\
from dask_gateway_server.options import Float, Integer, Options

c.DaskGateway.address = "127.0.0.1:{api_port}"
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.SimpleAuthenticator.password = "{password}"
c.Proxy.address = "127.0.0.1:{web_port}"
c.Proxy.tcp_address = "127.0.0.1:{scheduler_port}"
c.Proxy.api_url = "http://127.0.0.1:{routes_port}/api/routes"
c.UnsafeLocalBackend.clusters_directory = "{folder}/clusters"
c.UnsafeLocalBackend.inherited_environment = {inherited}
# How soon it notices what has died.
c.UnsafeLocalBackend.cluster_status_period = 1
c.UnsafeLocalBackend.worker_status_period = 1
c.UnsafeLocalBackend.cluster_heartbeat_period = 1
c.UnsafeLocalBackend.cluster_heartbeat_timeout = 15
c.UnsafeLocalBackend.sigint_timeout = 3
c.UnsafeLocalBackend.sigterm_timeout = 2
# Distributed has no programs dask-scheduler and dask-worker any more, which Gateway would call.
c.ClusterConfig.scheduler_cmd = ["{dask}", "scheduler"]
c.ClusterConfig.worker_cmd = ["{dask}", "worker"]
c.ClusterConfig.scheduler_memory = "1 G"
c.ClusterConfig.adaptive_period = 1
c.ClusterConfig.idle_timeout = {idle_timeout}


def chosen(options):
    return {{
        "worker_cores": options.worker_cores,
        "worker_memory": f"{{options.worker_memory}} G",
    }}


c.Backend.cluster_options = Options(
    Integer("worker_cores", {worker_cores}, min=1, max=4, label="Cores of a worker"),
    Float("worker_memory", {worker_memory}, min=0.25, max=4, label="Memory of a worker, GiB"),
    handler=chosen,
)
"""
# What a cluster's programs get of our environment: no more than the pods of a real one would.
_INHERITED = [
    *("PATH", "HOME", "LANG", "VIRTUAL_ENV", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("PYTHONWARNINGS", "MALLOC_TRIM_THRESHOLD_"),
]


@dataclass(frozen=True)
class Gateway:
    """A running Dask Gateway.

    Attributes
    ----------
    address : str
        Where its own interface is, ``http://``.
    proxy_address : str
        Where the schedulers of its clusters are reached, ``gateway://``.
    password : str
        The password of every user.
    """

    address: str
    proxy_address: str
    password: str
    _folder: Path = field(repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """Dask's own variables, by which ``dask_gateway.Gateway()`` needs no arguments.

        Dask reads them when it is imported; afterwards ``dask.config.refresh()`` does.
        """
        return {
            "DASK_GATEWAY__ADDRESS": self.address,
            "DASK_GATEWAY__PROXY_ADDRESS": self.proxy_address,
            "DASK_GATEWAY__AUTH__TYPE": "basic",
            "DASK_GATEWAY__AUTH__KWARGS__USERNAME": USER,
            "DASK_GATEWAY__AUTH__KWARGS__PASSWORD": self.password,
        }

    @contextmanager
    def known(self) -> Iterator[None]:
        """Let ``dask_gateway.Gateway()`` find this gateway for the length of a ``with`` block."""
        try:
            with mock.patch.dict(os.environ, self.environment):
                dask.config.refresh()
                yield
        finally:
            dask.config.refresh()

    def logs(self, lines: int = 20) -> str:
        """Return the end of the server's log, and of those of the clusters that still run."""
        logs = [self._folder / "server.log", *sorted(self._folder.glob("clusters/*/logs/*.log"))]
        return "\n\n".join(f"--- {log.name}\n{tail(log, lines)}" for log in logs)


@contextmanager
def gateway(
    folder: Path,
    *,
    idle_timeout: float = 120,
    worker_cores: int = 1,
    worker_memory: float = 1.0,
) -> Iterator[Gateway]:
    """Run Dask Gateway for the length of a ``with`` block; its clusters end with it.

    Parameters
    ----------
    folder : Path
        For its configuration, its logs and its clusters.
    idle_timeout : float
        After how many seconds without work a cluster ends by itself; 0 for never.
    worker_cores : int
        Cores, and threads, of a worker where the client asks for nothing else.
    worker_memory : float
        Its memory in GiB, likewise.

    Yields
    ------
    Gateway
        It answers by now.

    Raises
    ------
    RuntimeError
        If it is not installed or does not start; the message shows its log.
    """
    if importlib.util.find_spec("dask_gateway_server") is None:
        raise RuntimeError(
            "there is no dask-gateway-server in this environment; make it anew with `make`, on "
            "Linux x86-64 (for what else the tests of clusters need: bash tests/install-system.sh)"
        )
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    programs = Path(sys.prefix) / "bin"
    api_port, web_port, scheduler_port, routes_port = ports = [free_port() for _ in range(4)]
    assert len(set(ports)) == 4
    # Letters first: Dask would take a word of digits for a number.
    password = f"secret-{os.urandom(8).hex()}"
    configuration = folder / "gateway_config.py"
    values = {"inherited": _INHERITED, "dask": programs / "dask", "folder": folder}
    values |= {"api_port": api_port, "web_port": web_port, "routes_port": routes_port}
    values |= {"scheduler_port": scheduler_port, "password": password}
    values |= {"worker_cores": worker_cores, "worker_memory": worker_memory}
    configuration.write_text(_CONFIGURATION.format(**values, idle_timeout=idle_timeout))
    log = folder / "server.log"
    server = start([programs / "dask-gateway-server", "-f", configuration], log)
    try:
        wait_for_port("127.0.0.1", api_port, server, log)
        for port in (web_port, scheduler_port):
            wait_for_port("127.0.0.1", port, server, log)
        address = f"http://127.0.0.1:{web_port}"
        # The proxy listens before it has been told where the server is.
        wait_for(lambda: _answers(f"{address}/api/version"), "the gateway to answer")
        yield Gateway(address, f"gateway://127.0.0.1:{scheduler_port}", password, folder)
    finally:
        # It first ends its clusters, each of which may take a few seconds.
        stop(server, timeout=20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (a loopback address)
            return answer.status == 200
    except OSError:
        return False
