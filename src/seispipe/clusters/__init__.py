"""From one word to workers: this machine, a scheduler somewhere, Slurm, or Dask Gateway.

The pipeline does not change when it moves to more machines. What changes is one argument of
:func:`connect`, or one environment variable.
"""

from seispipe.clusters.connection import CLUSTER_VARIABLE, Connection, connect
from seispipe.clusters.engines import ENGINES
from seispipe.clusters.errors import ClusterError

__all__ = ["CLUSTER_VARIABLE", "ENGINES", "ClusterError", "Connection", "connect"]
