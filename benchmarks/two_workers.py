"""Two workers: 24 stations times three earthquakes, by threads, by processes and by Dask.

What two workers can gain is told by a calibration in every round: plain Python in two processes.
The *efficiency* is the gain as a share of that.
"""

import json
import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from distributed import Client, LocalCluster
from obspy import UTCDateTime
from obspy.core.inventory.response import Response

from benchmarks.result import Result
from benchmarks.timing import in_turn, ratio
from seispipe.archive import FolderArchive, Request
from seispipe.archive.truth import TRUTH_KEY
from seispipe.pipeline import process_stations
from seispipe.results import Row
from seispipe.teaching.choosing import add_up
from seispipe.teaching.measure import Timing
from seispipe.teaching.tutorial_chain import tutorial_chain

WORKERS = 2
_NUMBERS = 2_000_000
_ONE_EVALUATION_AT_A_TIME = threading.Lock()
_evaluate = Response.get_evalresp_response_for_frequencies


def requests_of(archive: FolderArchive) -> list[Request]:
    """Return 130 s around the three largest earthquakes at each of 24 stations."""
    quakes = json.loads(archive.fetch(TRUTH_KEY))["earthquakes"]
    largest = sorted(quakes, key=lambda quake: -quake["magnitude"])[:3]
    origins = [UTCDateTime(quake["time"]) for quake in largest]
    channels = [request.seed_id for request in archive.requests("hour")]
    return [
        Request.from_id(channel, origin - 30, origin + 100)
        for origin in origins
        for channel in channels
    ]


def chain_share(folder: Path, requests: Sequence[Request]) -> list[tuple]:
    """Take a share of the windows through the tutorial chain."""
    # ObsPy's evaluation of responses gives wrong amplitudes in threads; one at a time it does not.
    Response.get_evalresp_response_for_frequencies = _one_at_a_time
    found = []
    for request in requests:
        outcome = tutorial_chain(folder, request)
        amplitude = None if outcome.amplitude is None else outcome.amplitude.tobytes()
        found.append((outcome.p_time, amplitude))
    return found


def _one_at_a_time(self: Response, *arguments: object, **options: object):
    with _ONE_EVALUATION_AT_A_TIME:
        return _evaluate(self, *arguments, **options)


def pipeline_share(folder: Path, requests: Sequence[Request]) -> list[Row]:
    """Take a share of the windows through the pipeline."""
    return list(process_stations(requests, _archive(folder)))


# In a worker an archive lives as long as the worker, and with it what it knows of the stations.
_archives: dict[Path, FolderArchive] = {}


def _archive(folder: Path) -> FolderArchive:
    return _archives.setdefault(folder, FolderArchive(folder, reading="records"))


@contextmanager
def threads() -> Iterator[Callable]:
    """Open a pool of threads, and yield how to give it a task."""
    with ThreadPoolExecutor(WORKERS) as pool:
        yield pool.submit


@contextmanager
def processes() -> Iterator[Callable]:
    """Open a pool of processes."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        yield pool.submit


@contextmanager
def dask() -> Iterator[Callable]:
    """Open a Dask cluster of processes."""
    with (
        LocalCluster(WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        yield lambda *task: client.submit(*task, pure=False)


WAYS = {"threads": threads, "processes": processes, "dask": dask}


def divided(submit: Callable, share: Callable, folder: Path, requests: Sequence[Request]) -> list:
    """Deal the windows out to the workers, and return what is found in their order."""
    tasks = [submit(share, folder, requests[first::WORKERS]) for first in range(WORKERS)]
    found: list = [None] * len(requests)
    for first, task in enumerate(tasks):
        found[first::WORKERS] = task.result()
    return found


def _added_up(submit: Callable) -> None:
    for task in [submit(add_up, _NUMBERS) for _ in range(WORKERS)]:
        task.result()


@dataclass(frozen=True)
class Gain:
    """What two workers of one kind gain.

    Attributes
    ----------
    alone, divided : Timing
        One worker and two, round by round.
    calibration : float
        What two processes of plain Python gained in the same rounds.
    efficiency : float
        The gain as a share of that.
    """

    alone: Timing
    divided: Timing
    calibration: float
    efficiency: float


def compare(
    way: str, share: Callable, archive: FolderArchive, repeats: int, times_over: int = 1
) -> Gain:
    """Time a kind of work with one worker and with two.

    Only the workers that are timed are there: others that wait would take a little, too.
    """
    requests = requests_of(archive) * times_over
    alone = share(archive.folder, requests)
    with WAYS[way]() as submit, processes() as plain:
        # Twice, so that both workers have imported and evaluated all they need.
        for _ in range(2):
            found = divided(submit, share, archive.folder, requests)
        assert found == alone, f"two workers ({way}) give other results than one"
        times = in_turn(
            {
                "alone": lambda: share(archive.folder, requests),
                "divided": lambda: divided(submit, share, archive.folder, requests),
                "one process": lambda: [add_up(_NUMBERS) for _ in range(WORKERS)],
                "two processes": lambda: _added_up(plain),
            },
            repeats,
        )
    wall = {name: clocked.wall for name, clocked in times.items()}
    gains = [
        [a / b for a, b in zip(wall[first].seconds, wall[second].seconds, strict=True)]
        for first, second in (("alone", "divided"), ("one process", "two processes"))
    ]
    return Gain(
        wall["alone"],
        wall["divided"],
        statistics.median(gains[1]),
        statistics.median(gain / most for gain, most in zip(*gains, strict=True)),
    )


def results(archive: FolderArchive, repeats: int) -> list[Result]:
    """Run the benchmarks of two workers."""
    found = []
    for way in WAYS:
        gain = compare(way, chain_share, archive, repeats)
        found.append(_result("chain", "the tutorial chain", way, gain, repeats))
    # The pipeline takes a tenth of a second for all, which is too short to be timed by itself.
    gains = {way: compare(way, pipeline_share, archive, repeats, times_over=8) for way in WAYS}
    best = max(gains, key=lambda way: gains[way].efficiency)
    for way, gain in gains.items():
        result = _result("pipeline", "the pipeline, eight times over", way, gain, repeats)
        if way == best:
            target = ">= 0.8 of the calibration by the best way"
            result = replace(result, target=target, met=gain.efficiency >= 0.8)
        else:
            result = replace(result, target="", met=None)
        found.append(result)
    return found


def _result(name: str, words: str, way: str, gain: Gain, repeats: int) -> Result:
    return Result(
        f"{name}-two-workers-{way}",
        f"24 stations times 3 windows, {words}, two workers ({way}) against one",
        ours=gain.divided.median,
        baseline=gain.alone.median,
        ratio=ratio(gain.alone, gain.divided),
        bound=gain.alone.median / gain.calibration,
        ours_over_bound=1 / gain.efficiency,
        same_results=True,
        target=">= 0.93 of the calibration",
        met=gain.efficiency >= 0.93,
        spread=gain.divided.spread,
        baseline_spread=gain.alone.spread,
        repeats=repeats,
        calibration=gain.calibration,
        note=f"{gain.efficiency:.2f} of the calibration",
    )
