"""Work where the data are: read only what is needed, and write rows, in partitions.

Nothing lies on a disk between the archive and the rows. The work is cut into partitions of a few
stations; each is written when all of it is done, and never again.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from seispipe.archive import Archive, Request
from seispipe.pipeline import Settings, run
from seispipe.results import Row, write_quakeml
from seispipe.runs.partitions import PASSING, pack_rows, unpack_rows
from seispipe.teaching.kept import digest, whole


def in_place(
    requests: Iterable[Request],
    archive: Archive,
    folder: Path,
    settings: Settings | None = None,
    *,
    how: str = "threads",
    workers: int = 16,
    size: int = 16,
) -> list[Row]:
    """Process requests where the data are, a partition at a time.

    Parameters
    ----------
    requests : iterable of Request
        What to process.
    archive : Archive
        Where the data are.
    folder : Path
        Where the partitions of rows go, in a folder for each choice of settings, and the picks as
        QuakeML. A partition that is there is read and not made again.
    settings : Settings, optional
        The settings of the stages.
    how : str
        As of :func:`seispipe.pipeline.run`; ``dask`` on a cluster.
    workers : int
        How many requests are under way at once.
    size : int
        How many requests make a partition.

    Returns
    -------
    list of Row
        The rows of :func:`seispipe.pipeline.run`, in the order of the requests.

    Raises
    ------
    KeyboardInterrupt
        If it was stopped by Ctrl-C. The partitions written by then are kept.
    """
    settings = settings or Settings()
    place = Path(folder) / f"rows-{digest(settings)}"
    rows: list[Row] = []
    for part in partitions(requests, size):
        path = place / f"{digest(part)}.parquet"
        if path.exists():
            rows += read_partition(path)
            continue
        fresh = run(part, archive, settings, how, workers)
        statuses = {row.status for row in fresh}
        if "stopped" in statuses:
            raise KeyboardInterrupt
        # The archive may answer tomorrow: rows that say so are not kept.
        if not statuses & PASSING:
            write_partition(fresh, path)
        rows += fresh
    with whole(place.with_name(f"{place.name}.xml")) as draft:
        write_quakeml(rows, draft)
    return rows


def partitions(requests: Iterable[Request], size: int) -> Iterator[list[Request]]:
    """Cut requests into lists of so many, in their order.

    Raises
    ------
    ValueError
        If the size is not positive.
    """
    if size < 1:
        raise ValueError(f"a partition needs at least one request, but size is {size}")
    requests = list(requests)
    for first in range(0, len(requests), size):
        yield requests[first : first + size]


def write_partition(rows: Sequence[Row], path: Path) -> None:
    """Write rows as Parquet, whole or not at all."""
    with whole(path) as draft:
        draft.write_bytes(pack_rows(rows))


def read_partition(path: Path) -> list[Row]:
    """Read rows back, equal to those that were written.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    return unpack_rows(path.read_bytes())[1]
