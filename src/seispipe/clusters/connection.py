"""A connection to a cluster, that is opened by a word and closes what it has opened."""

import os
import warnings
from contextlib import ExitStack, suppress

from dask.utils import format_bytes
from distributed import Client
from distributed.versions import VersionMismatchWarning

from seispipe.clusters import engines
from seispipe.clusters.agreement import disagreements
from seispipe.clusters.errors import ClusterError

CLUSTER_VARIABLE = "SEISPIPE_CLUSTER"
_MADE_HERE = {"local": engines.local, "slurm": engines.slurm, "gateway": engines.gateway}


class Connection:
    """Workers to work with. Use it in a ``with`` block, or close it.

    While it is open, it is what ``run(..., how="dask")`` and Dask's own collections run on.

    Attributes
    ----------
    engine : str
        Where the workers come from, as it was asked for.
    client : distributed.Client
        Dask's own view of the cluster.
    """

    def __init__(self, engine: str, client: Client, opened: ExitStack) -> None:
        self.engine = engine
        self.client = client
        self._opened = opened

    @property
    def workers(self) -> int:
        """How many workers there are at this moment."""
        return len(self._known())

    @property
    def cores(self) -> int:
        """How many tasks they can run at once."""
        return sum(worker["nthreads"] for worker in self._known())

    @property
    def memory(self) -> int:
        """How much memory they may use together, in bytes."""
        return sum(worker["memory_limit"] or 0 for worker in self._known())

    @property
    def dashboard(self) -> str:
        """The address of Dask's dashboard; empty where there is none."""
        own = getattr(self.client.cluster, "dashboard_link", None)
        return own or self.client.dashboard_link or ""

    def __str__(self) -> str:
        workers, cores = self.workers, self.cores
        memory = f"{format_bytes(self.memory)} of memory" if self.memory else "no limit of memory"
        return (
            f"{self.engine}: {workers} {'worker' if workers == 1 else 'workers'}, "
            f"{cores} {'core' if cores == 1 else 'cores'}, {memory}; "
            + (f"dashboard at {self.dashboard}" if self.dashboard else "no dashboard")
        )

    def _known(self) -> list[dict]:
        return list(self.client.scheduler_info(n_workers=-1)["workers"].values())

    def close(self) -> None:
        """Leave the cluster, and end it if :func:`connect` has started it."""
        self._opened.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()


def connect(
    engine: str | None = None,
    workers: int | None = None,
    *,
    patience_s: float = 120,
    quiet: bool = False,
    **options,
) -> Connection:
    """Connect to workers, and say in a line what there is.

    Parameters
    ----------
    engine : str, optional
        One of ``ENGINES``; by default what the environment variable ``SEISPIPE_CLUSTER`` says,
        else ``local``.
    workers : int, optional
        How many workers to start: on this machine by default one for each core that we may use (by
        affinity and control group), from Slurm and Dask Gateway two. At an address, how many to
        wait for.
    patience_s : float
        How long to wait for the workers, in seconds. A queue may want more.
    quiet : bool
        Do not print the line.
    **options
        What the engine itself understands: of ``LocalCluster``, of ``SLURMCluster`` (such as
        ``queue``, ``account``, ``walltime``, ``cores``, ``memory``), of the gateway's cluster
        options.

    Returns
    -------
    Connection
        With at least one worker, and with the same software on every worker as here.

    Raises
    ------
    ValueError
        If there is no such engine, or no worker is asked for.
    ClusterError
        If the engine is missing or refuses, if no worker comes, or if workers lack the package or
        have another version of it.
    """
    engine = engine or os.environ.get(CLUSTER_VARIABLE) or "local"
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, but is {workers}")
    with ExitStack() as opened, warnings.catch_warnings():
        # What it warns of, disagreements() says in words and with the mend.
        warnings.simplefilter("ignore", VersionMismatchWarning)
        # Somebody has just taken that port; the line below says where the dashboard is.
        warnings.filterwarnings("ignore", "Port 8787 is already in use")
        if engine in _MADE_HERE:
            client = _MADE_HERE[engine](workers, options, opened)
        elif "://" in engine or engine.endswith(".json"):
            if options:
                raise ValueError(
                    f"the cluster at {engine} is already there: it takes no {', '.join(options)}"
                )
            client = engines.at_address(engine, opened)
        else:
            known = "; ".join(f"{name} ({what})" for name, what in engines.ENGINES.items())
            raise ValueError(f"{engine!r} is no engine; choose one of: {known}")
        _wait(client, engine, workers or 1, patience_s)
        differences = disagreements(client)
        if differences:
            raise ClusterError(
                f"{'; '.join(differences)}. Give the workers the same environment "
                "(requirements.lock, or environment.yml) and the same seispipe, and connect again."
            )
        connection = Connection(engine, client, opened.pop_all())
    if not quiet:
        print(connection)
    return connection


def _wait(client: Client, engine: str, workers: int, patience_s: float) -> None:
    """Wait for the workers, and go on with fewer if at least one has come.

    Raises
    ------
    ClusterError
        If none has.
    """
    with suppress(TimeoutError):
        client.wait_for_workers(workers, timeout=patience_s)
    if client.scheduler_info(n_workers=-1)["workers"]:
        return
    why = f"the cluster from {engine!r} has no worker after {patience_s:g} s"
    if queue := engines.queue_of(client):
        why += f"; Slurm says: {queue}"
    raise ClusterError(f"{why}. Wait longer (patience_s=...), or ask for less.")
