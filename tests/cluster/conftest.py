"""What the tests of real clusters share: the work, how it is held against serial, the record."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import cloudpickle
import pytest
import slow_archive

from seispipe.archive import FolderArchive, Request
from seispipe.archive.s3 import s3_client
from seispipe.pipeline import run
from seispipe.results import Row
from seispipe.sources import teaching_folder
from seispipe.teaching.measure import machine

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "src" / "seispipe" / "teaching" / "cluster_record.json"
# The tests' own module is on no worker's path.
cloudpickle.register_pickle_by_value(slow_archive)


@dataclass
class Work:
    """What every engine and every fault is given to do, and what must come of it."""

    folder: Path
    requests: list[Request]
    serial: list[Row]

    @property
    def archive(self) -> FolderArchive:
        return FolderArchive(self.folder)


@dataclass
class Record:
    """What was seen, for the pages of the book."""

    engines: list[dict] = field(default_factory=list)
    faults: list[dict] = field(default_factory=list)

    def write(self, path: Path) -> None:
        content = {
            "machine": machine(),
            "date": date.today().isoformat(),
            "versions": {
                "Slurm": _first_line("slurmctld", "-V").removeprefix("slurm-wlm "),
                "Ceph": _first_line("ceph", "--version").split()[2],
                **{
                    name: version(name)
                    for name in ("dask", "distributed", "dask-jobqueue", "dask-gateway")
                },
            },
            "engines": self.engines,
            "faults": self.faults,
        }
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _first_line(*command: str) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return answer.stdout.splitlines()[0]


@pytest.fixture(scope="session")
def work(tmp_path_factory) -> Work:
    """35 windows of the teaching archive, the bad ones among them, and their serial rows."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEISPIPE_CACHE", str(cache))
        folder = teaching_folder()
    archive = FolderArchive(folder)
    requests = archive.requests("hour", "defects")
    return Work(folder, requests, run(requests, archive))


@pytest.fixture(scope="session")
def record():
    """Collect what the tests saw; written to _build, and to the book's own if RECORD is set."""
    record = Record()
    yield record
    record.write(ROOT / "_build" / "cluster_record.json")
    if os.environ.get("RECORD"):
        known = json.loads(RECORD.read_text(encoding="utf-8"))
        for kind in ("engines", "faults"):
            assert len(getattr(record, kind)) >= len(known[kind]), "not all tests ran: not recorded"
        record.write(RECORD)


@pytest.fixture
def s3(server):
    """A client with credentials, of the Ceph that the module runs."""
    client = server.client()
    yield client
    client.close()


@pytest.fixture
def anonymous(server):
    """A client without any."""
    client = s3_client(server.url)
    yield client
    client.close()
