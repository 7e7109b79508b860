"""Reading from an S3 server that is near or far: many objects, a part of one, a whole network."""

import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.baselines import download_first, from_bucket
from benchmarks.clients import CLIENTS, IN_FLIGHT, Piece
from benchmarks.one_core import assert_same, day, windows
from benchmarks.result import Result
from benchmarks.timing import Clocked, in_turn, ratio
from seispipe.archive import FolderArchive, S3Archive
from seispipe.archive.endpoint import serve
from seispipe.pipeline import run

ROUND_TRIPS_MS = (0, 20, 50, 100)
_OBJECTS, _BYTES = 200, 30_000
_PARTS, _SPAN = 50, (10_000, 3_000)
_LOOP = "boto3, a loop"
_THREADS = f"boto3, {IN_FLIGHT} threads"
_NEAR_MS = 20


def results(archive: FolderArchive, repeats: int) -> list[Result]:
    """Run the benchmarks of reading over a network."""
    return [
        *objects(repeats),
        *window_of_a_day(archive, repeats),
        *network(archive, repeats),
    ]


def objects(repeats: int) -> list[Result]:
    """Compare clients at several round trips, for whole objects and for parts of them."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = [f"object-{number:03d}" for number in range(_OBJECTS)]
        for number, key in enumerate(keys):
            (folder / key).write_bytes(random.Random(number).randbytes(_BYTES))  # noqa: S311
        for milliseconds in ROUND_TRIPS_MS:
            with serve(folder, round_trip_ms=milliseconds) as endpoint:
                whole: list[Piece] = [(key, None) for key in keys]
                found += _clients(endpoint.url, folder, "download", whole, milliseconds, repeats)
                parts: list[Piece] = [(key, _SPAN) for key in keys[:_PARTS]]
                found += _clients(endpoint.url, folder, "ranges", parts, milliseconds, repeats)
    return found


def _clients(
    url: str,
    folder: Path,
    name: str,
    pieces: Sequence[Piece],
    milliseconds: int,
    repeats: int,
) -> list[Result]:
    """Time every client that gives the right bytes, and say which is the best."""
    expected = [_bytes(folder, piece) for piece in pieces]
    refused = {}
    with ExitStack() as stack:
        ways = {}
        for client, opened in CLIENTS.items():
            read = stack.enter_context(opened(url))
            try:
                same = read(pieces) == expected
            except Exception as problem:
                refused[client] = f"{type(problem).__name__}: {problem}".splitlines()[0]
                continue
            assert same, f"{client} brings other bytes"
            ways[client] = lambda read=read: read(pieces)
        times = in_turn(ways, repeats, warm_ups=0)
    best = min((client for client in ways if client != _LOOP), key=lambda c: times[c].wall.median)
    # A round trip for each time that all connections are in use; they are open already.
    bound = milliseconds / 1000 * -(-len(pieces) // IN_FLIGHT)
    kinds = {"": best, **{f"-{_slug(client)}": client for client in ways if client != _LOOP}}
    return [
        _client(
            name + f"-{milliseconds}ms" + suffix, client, times, pieces, bound, repeats, refused
        )
        for suffix, client in kinds.items()
    ]


def _client(
    name: str,
    client: str,
    times: dict[str, Clocked],
    pieces: Sequence[Piece],
    bound: float,
    repeats: int,
    refused: dict[str, str],
) -> Result:
    ours, loop = times[client], times[_LOOP]
    gained = ratio(loop.wall, ours.wall)
    aims = {"download-100ms": 30, f"download-100ms-{_slug(_THREADS)}": 28}
    size = _BYTES if pieces[0][1] is None else _SPAN[1]
    kind = "objects" if size == _BYTES else "parts"
    notes = [f"{who} cannot: {why}" for who, why in refused.items()]
    return Result(
        name,
        f"{len(pieces)} {kind} of {size / 1000:g} kB, {client}, against a loop",
        ours=ours.wall.median,
        baseline=loop.wall.median,
        ratio=gained,
        bound=bound or None,
        ours_over_bound=ours.wall.median / bound if bound else None,
        same_results=True,
        target=f">= {aims[name]}x" if name in aims else "",
        met=gained >= aims[name] if name in aims else None,
        spread=ours.wall.spread,
        baseline_spread=loop.wall.spread,
        processor=ours.processor.median,
        baseline_processor=loop.processor.median,
        repeats=repeats,
        note="; ".join(notes),
    )


def _bytes(folder: Path, piece: Piece) -> bytes:
    key, span = piece
    data = (folder / key).read_bytes()
    return data if span is None else data[span[0] : sum(span)]


def _slug(client: str) -> str:
    return client.replace(",", "").replace(" ", "-")


def window_of_a_day(archive: FolderArchive, repeats: int) -> list[Result]:
    """Compare two minutes out of a day's object: the records needed against the whole object."""
    request = day(archive)
    start = request.start + 40_000
    codes = (request.network, request.station, request.location, request.channel)
    with serve(archive.folder, round_trip_ms=50, megabit_s=20) as endpoint:
        readers = {
            name: S3Archive(endpoint_url=endpoint.url, reading=name)
            for name in ("objects", "records")
        }

        def read(name: str) -> bytes:
            (piece,) = readers[name].get_segments(codes, start, start + 120)
            return piece.samples.tobytes()

        same = read("objects") == read("records")
        assert same, "the records hold other samples than the object"
        for reader in readers.values():
            reader.traffic.reset()
        times = in_turn({name: lambda name=name: read(name) for name in readers}, repeats, 0)
    moved = {name: reader.traffic.bytes / repeats for name, reader in readers.items()}
    gained = ratio(times["objects"].wall, times["records"].wall)
    share = moved["records"] / moved["objects"]
    what = "two minutes out of a day, the records needed against the whole object"
    return [
        Result(
            "window-of-day-50ms",
            f"{what}, 50 ms and 20 Mbit/s",
            ours=times["records"].wall.median,
            baseline=times["objects"].wall.median,
            ratio=gained,
            same_results=same,
            target=">= 5x",
            met=gained >= 5,
            spread=times["records"].wall.spread,
            baseline_spread=times["objects"].wall.spread,
            repeats=repeats,
        ),
        Result(
            "window-of-day-bytes",
            f"{what}, bytes moved",
            ours=moved["records"],
            baseline=moved["objects"],
            unit="B",
            ratio=1 / share,
            same_results=same,
            target="<= 1 % of the bytes",
            met=share <= 0.01,
            repeats=repeats,
        ),
    ]


def network(archive: FolderArchive, repeats: int) -> list[Result]:
    """Compare 24 stations over a near network: the pipeline in threads against two baselines."""
    requests = windows(archive)
    found = []
    with serve(archive.folder, round_trip_ms=_NEAR_MS) as endpoint, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))

        def fresh(name: str) -> Path:
            shutil.rmtree(folder / name, ignore_errors=True)
            return folder / name

        def ours() -> list:
            reader = S3Archive(endpoint_url=endpoint.url, reading="records")
            return run(requests, reader, how="threads", workers=16)

        baselines = {
            "stations": (
                "a client and an inventory opened for each station",
                lambda: [from_bucket(endpoint.url, fresh("each"), each) for each in requests],
            ),
            "download-first": (
                "everything downloaded, then a loop",
                lambda: download_first(endpoint.url, fresh("all"), requests),
            ),
        }
        for name, (words, baseline) in baselines.items():
            same = assert_same(requests, archive, baseline())
            assert ours() == run(requests, archive), "the bucket gives other rows than the folder"
            times = in_turn({"baseline": baseline, "ours": ours}, repeats, warm_ups=0)
            wall = {way: clocked.wall for way, clocked in times.items()}
            found.append(
                Result(
                    f"{name}-{_NEAR_MS}ms",
                    f"24 windows from a bucket {_NEAR_MS} ms away, in place, 16 threads, against: "
                    + words,
                    ours=wall["ours"].median,
                    baseline=wall["baseline"].median,
                    ratio=ratio(wall["baseline"], wall["ours"]),
                    same_results=same,
                    spread=wall["ours"].spread,
                    baseline_spread=wall["baseline"].spread,
                    processor=times["ours"].processor.median,
                    baseline_processor=times["baseline"].processor.median,
                    repeats=repeats,
                )
            )
    return found
