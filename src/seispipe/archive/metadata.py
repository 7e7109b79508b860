"""StationXML: read once, and kept for a while."""

import io
import threading
from collections.abc import Hashable
from functools import lru_cache

from cachetools import TTLCache
from obspy import Inventory, read_inventory

# For so long, in seconds, what was read is taken for what is there.
KEPT_S = 600
_MOST_STATIONS = 1024


class KnownMetadata:
    """What an archive has said of its stations; may be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: TTLCache = TTLCache(_MOST_STATIONS, KEPT_S)

    def get(self, asked: Hashable) -> Inventory | None:
        """Return what was answered to a question, or None where it is not known any more."""
        with self._lock:
            return self._known.get(asked)

    def keep(self, asked: Hashable, answer: Inventory) -> None:
        """Keep an answer."""
        with self._lock:
            self._known[asked] = answer

    def forget(self) -> None:
        """Forget all."""
        with self._lock:
            self._known.clear()


@lru_cache(maxsize=64)
def parsed(stationxml: bytes) -> Inventory:
    """Parse metadata, once for the same bytes; what comes out is shared and must not be changed."""
    return read_inventory(io.BytesIO(stationxml), format="STATIONXML")
