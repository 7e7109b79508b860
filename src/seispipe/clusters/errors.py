"""What can go wrong on the way to a cluster."""


class ClusterError(RuntimeError):
    """There is no cluster to work on; the message says why and what would mend it."""
