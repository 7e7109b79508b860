"""What a run is about: its requests and settings, written once, before the work begins."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version

from seispipe.archive import Request
from seispipe.fingerprint import fingerprint
from seispipe.runs.partitions import Partition, pack_requests, unpack_requests
from seispipe.runs.store import Store
from seispipe.stages import Settings

MANIFEST, REQUESTS = "manifest.json", "requests.parquet"
_FORMAT = 1


class RunError(ValueError):
    """A run cannot be begun, opened or gone on with; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a run is about.

    Attributes
    ----------
    requests : tuple of Request
        What goes in, in order.
    settings : Settings
        The settings of the stages.
    size : int
        Requests in a partition.
    created : str
        When the run was begun, ISO 8601 UTC.
    seispipe, source : str
        The version and the fingerprint of the package that began it.
    archive : str or None
        The word for where the data are, as of :func:`~seispipe.sources.open_archive`, if whoever
        began the run named it.
    """

    requests: tuple[Request, ...]
    settings: Settings
    size: int
    created: str
    seispipe: str
    source: str
    archive: str | None = None

    @classmethod
    def of(
        cls, requests: Sequence[Request], settings: Settings, size: int, archive: str | None = None
    ) -> "Manifest":
        """Make the manifest of a new run.

        Raises
        ------
        RunError
            If there is no request, or no request in a partition.
        """
        if not requests:
            raise RunError("a run needs at least one request")
        if size < 1:
            raise RunError(f"size, the requests in a partition, must be at least 1, but is {size}")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        package = version("seispipe"), fingerprint()
        return cls(tuple(requests), settings, size, now, *package, archive)

    @property
    def partitions(self) -> list[Partition]:
        """The requests, in portions of the run's size."""
        starts = range(0, len(self.requests), self.size)
        return [
            Partition(number, first, self.requests[first : first + self.size])
            for number, first in enumerate(starts)
        ]

    def same_work(self, other: "Manifest") -> bool:
        """Tell whether two runs are about the same requests, settings, partitions and archive."""
        own = self.requests, self.settings, self.size
        archives = {self.archive, other.archive} - {None}
        return own == (other.requests, other.settings, other.size) and len(archives) < 2

    def write(self, store: Store) -> None:
        """Write the manifest, last of all: where it is, everything it names is."""
        packed = pack_requests(self.requests)
        store.write(REQUESTS, packed)
        content = {
            "format": _FORMAT,
            "created": self.created,
            "seispipe": self.seispipe,
            "source": self.source,
            "requests": len(self.requests),
            "requests_sha256": hashlib.sha256(packed).hexdigest(),
            "size": self.size,
            "settings": asdict(self.settings),
            "archive": self.archive,
        }
        store.write(MANIFEST, json.dumps(content, indent=2).encode())

    @classmethod
    def read(cls, store: Store) -> "Manifest | None":
        """Read the manifest of a run, or return None where there is no run.

        Raises
        ------
        RunError
            If it cannot be understood, or the requests are not those it names.
        """
        raw = store.read(MANIFEST)
        if raw is None:
            return None
        try:
            content = json.loads(raw)
            if content["format"] != _FORMAT:
                raise RunError(f"{store} is a run of format {content['format']}, not {_FORMAT}")
            settings, size = _settings(content["settings"]), content["size"]
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"size is {size!r}")
            archive = content.get("archive")
            if not isinstance(archive, str | None):
                raise ValueError(f"archive is {archive!r}")
            packed = store.read(REQUESTS) or b""
            if hashlib.sha256(packed).hexdigest() != content["requests_sha256"]:
                raise RunError(f"{REQUESTS} in {store} is not what the manifest names; begin anew")
            return cls(
                tuple(unpack_requests(packed)),
                settings,
                size,
                content["created"],
                content["seispipe"],
                content["source"],
                archive,
            )
        except RunError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            raise RunError(f"{MANIFEST} in {store} cannot be understood: {problem}") from problem


def _settings(content: dict) -> Settings:
    stages = {}
    for field in fields(Settings):
        values = {
            # JSON knows no tuples.
            name: tuple(value) if isinstance(value, list) else value
            for name, value in content.pop(field.name).items()
        }
        stages[field.name] = field.default_factory(**values)
    if content:
        raise ValueError(f"no such settings: {', '.join(content)}")
    return Settings(**stages)
