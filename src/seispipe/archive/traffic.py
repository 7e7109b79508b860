"""How many bytes a piece of work really moved."""

import threading


class Traffic:
    """Counts reads and bytes; may be shared between threads.

    Attributes
    ----------
    reads : int
        How many reads there were; over a network, each is a round trip.
    bytes : int
        How many bytes they brought.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Begin again at zero."""
        with self._lock:
            self.reads = 0
            self.bytes = 0

    def add(self, count: int) -> None:
        """Count one read of so many bytes."""
        with self._lock:
            self.reads += 1
            self.bytes += count

    def __repr__(self) -> str:
        noun = "read" if self.reads == 1 else "reads"
        return f"{self.reads} {noun}, {self.bytes / 1e6:.3f} MB"

    def __reduce__(self) -> tuple[type["Traffic"], tuple[()]]:
        # A lock cannot be sent to another process; there, counting begins anew.
        return Traffic, ()
