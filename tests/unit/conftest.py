"""An archive in memory, so that a test can hand the pipeline exactly the data it is about."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from obspy import Inventory, Stream, Trace

from seispipe.archive import Recordings, Request
from seispipe.archive.recordings import load_waveforms
from seispipe.sources import teaching_folder

# A busy machine is no failure: what takes long is not judged by the clock.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@dataclass
class MemoryArchive:
    """Answers as an archive does, from what it was given."""

    stream: Stream
    inventory: Inventory

    def get_waveforms(self, network, station, location, channel, starttime, endtime):
        found = self.stream.select(network, station, location, channel).copy()
        return found.trim(starttime, endtime, nearest_sample=False)

    def get_stations(self, *, network, station, location, channel, level):
        assert level == "response"
        return self.inventory.select(network, station, location, channel)


@pytest.fixture(autouse=True, scope="session")
def own_progress(tmp_path_factory):
    """Right answers in tests are nothing that the user has passed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEISPIPE_PROGRESS", str(tmp_path_factory.mktemp("progress") / "passed.tsv"))
        yield


@pytest.fixture(scope="session")
def teaching_cache(tmp_path_factory) -> Path:
    """A cache folder of the tests' own, with the teaching archive in it."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEISPIPE_CACHE", str(cache))
        teaching_folder()
    return cache


@pytest.fixture(scope="session")
def teaching(teaching_cache) -> Path:
    """The folder of the teaching archive."""
    (folder,) = teaching_cache.iterdir()
    return folder


@pytest.fixture
def jochberg() -> Stream:
    """The earthquake of 2005 at RJOB, three components, vertical first."""
    return load_waveforms("rjob-2005")


@pytest.fixture
def request_2005() -> Request:
    """All of the vertical channel of that recording."""
    return Recordings().requests()[0]


@pytest.fixture
def inventory_rjob() -> Inventory:
    """Every epoch of every channel of RJOB."""
    return Recordings().get_stations(network="BW", station="RJOB")


@pytest.fixture
def archive_of(inventory_rjob):
    """Make an archive of some traces and RJOB's metadata."""

    def make(*traces: Trace, inventory: Inventory = inventory_rjob) -> MemoryArchive:
        return MemoryArchive(Stream(traces), inventory)

    return make


@pytest.fixture
def noise() -> Trace:
    """One minute of white noise at 100 Hz, always the same."""
    data = np.random.default_rng(2005).standard_normal(6000)
    return Trace(data, header={"sampling_rate": 100.0, "station": "NOISE", "channel": "HHZ"})
