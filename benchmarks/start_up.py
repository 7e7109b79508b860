"""Before any work: imports, a worker's first task, the archive's making."""

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.result import Result
from benchmarks.timing import in_turn, ratio
from benchmarks.two_workers import pipeline_share
from seispipe.archive import FolderArchive
from seispipe.synthesis.build import build
from seispipe.synthesis.network import hour_stations
from seispipe.teaching.measure import Timing


def results(archive: FolderArchive, repeats: int) -> list[Result]:
    """Run the benchmarks of starting."""
    return [
        *imports(repeats),
        first_task(archive, repeats),
        *making_the_archive(repeats),
    ]


def imports(repeats: int) -> list[Result]:
    """Compare importing the package with importing ObsPy, each in a new process."""
    found = []
    for module, aim in (("seispipe", 1.3), ("seispipe.pipeline", None)):
        times = in_turn(
            {"ours": _import(module), "obspy": _import("obspy"), "nothing": _import("sys")}, repeats
        )
        wall = {way: clocked.wall for way, clocked in times.items()}
        share = ratio(wall["ours"], wall["obspy"])
        found.append(
            Result(
                f"import-{module}",
                f"a new process that imports {module}, against one that imports obspy",
                ours=wall["ours"].median,
                baseline=wall["obspy"].median,
                ratio=1 / share,
                bound=wall["nothing"].median,
                ours_over_bound=ratio(wall["ours"], wall["nothing"]),
                target=f"<= {aim:g} of obspy" if aim else "",
                met=share <= aim if aim else None,
                spread=wall["ours"].spread,
                baseline_spread=wall["obspy"].spread,
                repeats=repeats,
                note="" if aim else "obspy.signal brings matplotlib and scipy.signal along",
            )
        )
    return found


def _import(module: str) -> Callable[[], None]:
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


def first_task(archive: FolderArchive, repeats: int) -> Result:
    """Time a worker's first task, start and imports and all, against its second."""
    requests = archive.requests("hour")[:1]
    seconds: dict[str, list[float]] = {"first": [], "second": []}

    def one() -> None:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            for kind in seconds:
                start = time.perf_counter()
                pool.submit(pipeline_share, archive.folder, requests).result()
                seconds[kind].append(time.perf_counter() - start)

    in_turn({"one": one}, repeats, warm_ups=1)
    counted = {kind: sorted(values[1:]) for kind, values in seconds.items()}
    middle = repeats // 2
    return Result(
        "first-task",
        "a new worker's first window, start and imports and all, against its second",
        ours=counted["first"][middle],
        baseline=counted["second"][middle],
        ratio=counted["second"][middle] / counted["first"][middle],
        spread=(counted["first"][repeats // 4], counted["first"][3 * repeats // 4]),
        repeats=repeats,
        note="paid once for each worker",
    )


def making_the_archive(repeats: int) -> list[Result]:
    """Time the making of 24 stations of three components for an hour, and weigh it."""
    made = []
    with tempfile.TemporaryDirectory() as name:
        for number in range(repeats):
            # A new process each time, so that what it takes at most is its own.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                made.append(pool.submit(_make, Path(name) / f"archive-{number}").result())
    seconds = Timing(tuple(each for each, _ in made))
    peak = max(gigabytes for _, gigabytes in made)
    what = "24 stations, three components, one hour, from nothing"
    return [
        Result(
            "archive-24x3x1h",
            what,
            ours=seconds.median,
            baseline=None,
            target="<= 4 s",
            met=seconds.median <= 4,
            spread=seconds.spread,
            repeats=repeats,
        ),
        Result(
            "archive-24x3x1h-memory",
            f"{what}, peak memory",
            ours=peak,
            baseline=None,
            unit="GB",
            target="<= 1 GB",
            met=peak <= 1,
            repeats=repeats,
        ),
    ]


def _make(folder: Path) -> tuple[float, float]:
    """Make the archive; return the seconds, and the gigabytes that the process took at most."""
    start = time.perf_counter()
    build(folder, hour_stations(24))
    return time.perf_counter() - start, _peak_gigabytes()


def _peak_gigabytes() -> float:
    """Return how much memory this process has taken at most."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage(), which in Linux hands a parent's peak on to its children.
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) * 1024 / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9
