"""Download, then process: the pipeline as a careful seismologist runs it without a cloud.

Each step goes over all stations before the next begins, and leaves files that the next one reads.
What is there already is not made again. The stages are those of :mod:`seispipe.pipeline`.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from obspy import Trace, UTCDateTime

from seispipe.archive import Archive, FolderArchive, Request, S3Archive
from seispipe.archive.download import download, write_failures
from seispipe.archive.miniseed import read_miniseed
from seispipe.picking import Pick
from seispipe.results import Row, write_csv
from seispipe.stages import (
    Settings,
    attempt,
    correct,
    find_onset,
    find_response,
    measure,
    read_counts,
    trim,
)
from seispipe.teaching.kept import digest, whole


def traditional(
    requests: Iterable[Request],
    archive: S3Archive,
    folder: Path,
    settings: Settings | None = None,
    *,
    threads: int = 16,
    disk: Callable[[Path], Archive] = FolderArchive,
) -> list[Row]:
    """Download every file needed, then work from the disk, one station after the other.

    Parameters
    ----------
    requests : iterable of Request
        What to process.
    archive : S3Archive
        The bucket. It is listed and downloaded from, and its traffic counted, unless that has been
        done for these requests before.
    folder : Path
        Where everything goes: downloaded objects, corrected traces, picks, trimmed traces, rows.
    settings : Settings, optional
        The settings of the stages. Files made with others are left alone and not used.
    threads : int
        How many downloads run at once.
    disk : callable
        Opens the folder of what was downloaded.

    Returns
    -------
    list of Row
        The rows of :func:`seispipe.pipeline.run`, in the order of the requests.

    Raises
    ------
    RuntimeError
        If something could not be downloaded; ``failed.csv`` lists it. Call again.
    """
    requests, settings, folder = list(requests), settings or Settings(), Path(folder)
    # Each name says by which settings its contents were made.
    used = [requests, settings.correction]
    corrected = folder / f"corrected-{digest(settings.correction)}"
    used.append(settings.picking)
    picks = folder / f"picks-{digest(*used)}.csv"
    used.append(settings.trimming)
    trimmed = folder / f"trimmed-{digest(*used)}"
    used.append(settings.frequency)

    found = folder / f"found-{digest(requests)}.txt"
    if not found.exists():
        keys = find_keys(requests, archive)
        fetch_all(keys, archive, folder, threads)
        with whole(found) as draft:
            draft.write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
    correct_all(requests, disk(folder / "archive"), corrected, settings)
    pick_all(requests, corrected, picks, settings)
    trim_all(requests, corrected, picks, trimmed, settings)
    rows = measure_all(requests, picks, trimmed, settings)
    with whole(folder / f"rows-{digest(*used)}.csv") as draft:
        write_csv(rows, draft)
    return rows


def find_keys(requests: Sequence[Request], archive: S3Archive) -> list[str]:
    """Return the keys of the objects that are needed and that the bucket has, by listing it."""
    needed: dict[str, None] = {}
    for each in requests:
        needed[f"FDSNstationXML/{each.network}/{each.network}_{each.station}.xml"] = None
        codes = (each.network, each.station, each.location, each.channel)
        day = each.start.date
        while day <= (each.end - 1e-6).date:
            needed[archive.layout.key(*codes, day)] = None
            day += timedelta(days=1)
    there = set()
    for prefix in sorted({key.rpartition("/")[0] + "/" for key in needed}):
        there.update(archive.keys(prefix))
        archive.traffic.add(0)  # what a list weighs is not counted
    return [key for key in needed if key in there]


def fetch_all(keys: Sequence[str], archive: S3Archive, folder: Path, threads: int) -> None:
    """Download whole objects in threads; those that are there already are only asked about."""
    outcomes = download(
        archive.client,
        archive.layout.bucket,
        keys,
        folder / "archive",
        threads=threads,
        progress=False,
    )
    for outcome in outcomes:
        archive.traffic.add(outcome.size if outcome.status == "downloaded" else 0)
    if failed := write_failures(outcomes, folder / "failed.csv"):
        raise RuntimeError(
            f"{failed} objects could not be downloaded; {folder / 'failed.csv'} says why. "
            "Call again: what is there is not fetched twice"
        )


def correct_all(
    requests: Sequence[Request], disk: Archive, folder: Path, settings: Settings
) -> None:
    """Write ground velocity for each request, or why there is none."""
    for request in requests:
        path = folder / f"{label(request)}.mseed"
        if not _done(path):
            _keep(path, attempt(request, _corrected, request, disk, settings))


def pick_all(requests: Sequence[Request], corrected: Path, picks: Path, settings: Settings) -> None:
    """Write one line for each request that was corrected: its pick, or why there is none."""
    if picks.exists():
        return
    with whole(picks) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("request", *Pick.__dataclass_fields__, "status", "reason"))
        for request in requests:
            velocity = _load(request, corrected / f"{label(request)}.mseed")
            pick = attempt(request, lambda trace: find_onset(trace, settings), velocity)
            if isinstance(pick, Row):
                table.writerow((label(request), *[""] * 4, pick.status, pick.reason))
            else:
                numbers = (pick.time, pick.trigger_time, repr(pick.sta_lta), repr(pick.snr))
                table.writerow((label(request), *numbers, "ok", ""))


def trim_all(
    requests: Sequence[Request], corrected: Path, picks: Path, folder: Path, settings: Settings
) -> None:
    """Write the windows of signal and of noise for each pick, or why there are none."""
    found = read_picks(requests, picks)
    for request in requests:
        noise, signal = (folder / f"{label(request)}.{part}.mseed" for part in ("noise", "signal"))
        pick = found[label(request)]
        if isinstance(pick, Row) or _done(signal):
            continue
        velocity = _load(request, corrected / f"{label(request)}.mseed")
        windows = attempt(request, trim, velocity, pick, settings)
        if not isinstance(windows, Row):
            # The signal last: where it is, both are.
            write_trace(windows[1], noise)
            windows = windows[0]
        _keep(signal, windows)


def measure_all(
    requests: Sequence[Request], picks: Path, trimmed: Path, settings: Settings
) -> list[Row]:
    """Return the rows, from the picks and the trimmed traces."""
    found = read_picks(requests, picks)
    rows = []
    for request in requests:
        pick = found[label(request)]
        signal = noise = pick
        if not isinstance(pick, Row):
            signal = _load(request, trimmed / f"{label(request)}.signal.mseed")
        if not isinstance(signal, Row):
            noise = _load(request, trimmed / f"{label(request)}.noise.mseed")
        rows.append(attempt(request, _measured, pick, signal, noise, request, settings))
    return rows


def label(request: Request) -> str:
    """Return a file name for a request: the channel, the start and the length."""
    start = request.start.strftime("%Y%m%dT%H%M%S%f")
    return f"{request.seed_id}.{start}.{request.end - request.start:g}s"


def write_trace(trace: Trace, path: Path) -> None:
    """Write a trace as miniSEED, whole or not at all, and with every digit of its samples."""
    with whole(path) as draft:
        trace.write(str(draft), format="MSEED", encoding="FLOAT64")


def read_trace(path: Path) -> Trace:
    """Read a trace that :func:`write_trace` has written."""
    (trace,) = read_miniseed(path.read_bytes())
    return trace


def read_picks(requests: Sequence[Request], path: Path) -> dict[str, Pick | Row]:
    """Read the table of picks: for each request its pick, or the row that says why not."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = {line["request"]: line for line in csv.DictReader(file)}
    found: dict[str, Pick | Row] = {}
    for request in requests:
        line = lines[label(request)]
        if line["status"] == "ok":
            times = (UTCDateTime(line[name]) for name in ("time", "trigger_time"))
            found[label(request)] = Pick(*times, float(line["sta_lta"]), float(line["snr"]))
        else:
            found[label(request)] = Row.of(request, line["status"], reason=line["reason"])
    return found


def _corrected(request: Request, disk: Archive, settings: Settings) -> Trace:
    inventory = find_response(request, disk)
    return correct(read_counts(request, disk), inventory, settings)


def _measured(pick: Pick, signal: Trace, noise: Trace, request: Request, settings: Settings) -> Row:
    return measure(pick, (signal, noise), request, settings)


def _failure(path: Path) -> Path:
    return path.with_suffix(".failed.csv")


def _done(path: Path) -> bool:
    return path.exists() or _failure(path).exists()


def _keep(path: Path, result: Trace | Row) -> None:
    """Write a trace, or beside its place why there is none."""
    if isinstance(result, Row):
        with whole(_failure(path)) as draft, draft.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow((result.status, result.reason))
    else:
        write_trace(result, path)


def _load(request: Request, path: Path) -> Trace | Row:
    """Read a trace back, or why there is none."""
    if not _failure(path).exists():
        return read_trace(path)
    with _failure(path).open(newline="", encoding="utf-8") as file:
        ((status, reason),) = csv.reader(file)
    return Row.of(request, status, reason=reason)
