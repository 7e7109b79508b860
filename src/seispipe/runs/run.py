"""A run: begun once, worked on as often as need be, verified at any time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter

from dask.system import CPU_COUNT
from tqdm import tqdm

from seispipe.archive import Archive, Request
from seispipe.fingerprint import fingerprint
from seispipe.pipeline import run as run_pipeline
from seispipe.results import Row
from seispipe.runs.doing import ABSENT, do, finished, read, write
from seispipe.runs.manifest import Manifest, RunError
from seispipe.runs.partitions import PASSING, Partition, Written
from seispipe.runs.report import Report
from seispipe.runs.store import Store, StoreError
from seispipe.stages import Settings
from seispipe.ways import WAYS, died_on

_READERS = 8


class Run:
    """A run that is kept in a store. Make one with :meth:`begin` or :meth:`open`.

    Attributes
    ----------
    store : Store
        Where it is kept.
    manifest : Manifest
        What it is about.
    """

    def __init__(self, store: Store, manifest: Manifest) -> None:
        self.store = store
        self.manifest = manifest

    @classmethod
    def begin(
        cls,
        where: str | Path,
        requests: Iterable[Request],
        settings: Settings | None = None,
        size: int = 50,
        archive: str | None = None,
        **storage,
    ) -> "Run":
        """Begin a run; if the very same one is there, go on with it.

        Parameters
        ----------
        where : str or Path
            A folder, or an address such as ``s3://bucket/prefix``.
        requests : iterable of Request
            What to process.
        settings : Settings, optional
            The settings of the stages.
        size : int
            Requests in a partition: what is lost at most when something dies, and what a task of
            the cluster does.
        archive : str, optional
            The word for where the data are, as of :func:`~seispipe.sources.open_archive`. It is
            kept, so that the command line goes on with the same one.
        **storage
            As of :class:`Store`.

        Raises
        ------
        RunError
            If another run is there, or the requests or their number in a partition cannot be.
        StoreError
            If it cannot be written there.
        """
        store = Store(where, **storage)
        manifest = Manifest.of(list(requests), settings or Settings(), size, archive)
        there = Manifest.read(store)
        if there is None:
            manifest.write(store)
            return cls(store, manifest)
        if not there.same_work(manifest):
            raise RunError(
                f"{store} holds another run, of {len(there.requests)} requests; begin this one "
                f"somewhere else, or go on with that one (Run.open; seispipe runs work {where})"
            )
        return cls(store, there)

    @classmethod
    def open(cls, where: str | Path, **storage) -> "Run":
        """Open a run that was begun.

        Raises
        ------
        RunError
            If there is none.
        """
        store = Store(where, **storage)
        manifest = Manifest.read(store)
        if manifest is None:
            raise RunError(f"there is no run in {store}; begin one first")
        return cls(store, manifest)

    def work(
        self,
        archive: Archive,
        how: str = "serial",
        workers: int | None = None,
        only: Sequence[int] | None = None,
        passes: int = 2,
        progress: bool = False,
    ) -> Report:
        """Do what is not yet done, and write each partition as soon as it is finished.

        Parameters
        ----------
        archive : Archive
            Where the responses and samples are.
        how, workers
            As of :func:`seispipe.pipeline.run`. The rows are written by whoever works them out;
            here only their number arrives.
        only : sequence of int, optional
            Do only the partitions of these numbers, as a job of a job array does.
        passes : int
            How often to go through what is not finished. A partition is not finished if its archive
            was unreachable; at the next pass only its unreachable stations are read again.
        progress : bool
            Show a bar.

        Returns
        -------
        Report
            What has become of the run, or of those partitions that were named.

        Raises
        ------
        RunError
            If the package has changed since the run was begun, or there is no such partition.
        StoreError
            If partitions could not be written.
        WorkersLost
            If the cluster was lost. What is written stays; the same call goes on from there.
        """
        if self.manifest.source != fingerprint():
            raise RunError(
                f"{self.store} was begun with another state of seispipe ({self.manifest.seispipe}, "
                f"source {self.manifest.source}; now {fingerprint()}), and its rows would not be "
                "comparable; begin a new run"
            )
        todo = self._chosen(only)
        problems: list[Written] = []
        for _ in range(passes):
            todo = [each for each, rows, why in self._read(todo) if not finished(rows, why)]
            if not todo:
                break
            problems = self._sweep(todo, archive, how, workers, progress)
        if problems:
            first = problems[0]
            raise StoreError(
                f"{len(problems)} partitions could not be written, the first of them "
                f"{first.number}: {first.problem}"
            )
        return self.verify(only)

    def _sweep(self, todo, archive, how, workers, progress) -> list[Written]:
        """Go once through partitions; return what became of those that could not be written."""
        process = partial(do, store=self.store, archive=archive, settings=self.manifest.settings)
        workers = CPU_COUNT if workers is None else workers
        pairs = WAYS[how](
            todo, process, workers, size=1, died=partial(self._one_by_one, archive, how, workers)
        )
        bar = tqdm(total=len(todo), unit="partition", disable=not progress)
        problems = []
        with bar, closing(pairs):
            for _, written in pairs:
                bar.update()
                if written.problem:
                    problems.append(written)
        return problems

    def _one_by_one(
        self, archive: Archive, how: str, workers: int, partition: Partition
    ) -> Written:
        """Do a partition that has killed its workers: one of its stations has, the rest can be."""
        begun = perf_counter()
        if len(partition.requests) == 1:
            rows = [died_on(partition.requests[0])]
        else:
            rows = run_pipeline(partition.requests, archive, self.manifest.settings, how, workers)
        return write(partition, rows, self.store, begun)

    def _chosen(self, only: Sequence[int] | None) -> list[Partition]:
        partitions = self.manifest.partitions
        if only is None:
            return partitions
        for number in only:
            if not 0 <= number < len(partitions):
                raise RunError(
                    f"there is no partition {number}: they are numbered from 0 to "
                    f"{len(partitions) - 1}"
                )
        return [partitions[number] for number in only]

    def _read(self, partitions: Sequence[Partition]) -> Iterator[tuple[Partition, list[Row], str]]:
        """Read partitions, several at a time: each with its rows, or why it has none."""
        with ThreadPoolExecutor(_READERS) as readers:
            found = readers.map(partial(read, store=self.store), partitions)
            for partition, (rows, problem) in zip(partitions, found, strict=True):
                yield partition, rows, problem

    def verify(self, only: Sequence[int] | None = None) -> Report:
        """Read what is written, and hold it against what went in.

        Parameters
        ----------
        only : sequence of int, optional
            Only the partitions of these numbers: a job of a job array that read all of them would
            make an array of n jobs read n times n.

        Raises
        ------
        RunError
            If there is no such partition.
        """
        partitions = self._chosen(only)
        statuses: Counter = Counter()
        missing, damaged = [], {}
        for partition, rows, problem in self._read(partitions):
            statuses.update(row.status for row in rows)
            if problem == ABSENT:
                missing.append(partition.number)
            elif problem:
                damaged[partition.number] = problem
        return Report(
            stations_in=sum(len(each.requests) for each in partitions),
            rows_out=statuses.total(),
            partitions=len(partitions),
            missing=tuple(missing),
            damaged=damaged,
            passing=sum(statuses[status] for status in PASSING),
            statuses=statuses,
            attempts=self._attempts(partitions),
        )

    def _attempts(self, partitions: Sequence[Partition]) -> int:
        """Count how often these partitions were begun."""
        numbers = {f"{each.number:06d}" for each in partitions}
        return sum(name.split("-")[0] in numbers for name in self.store.names("attempts"))

    def rows(self) -> list[Row]:
        """Return a row for each request, in order; what is not done has the status ``stopped``."""
        rows: list[Row] = []
        for partition, found, problem in self._read(self.manifest.partitions):
            rows += found or [
                Row.of(request, "stopped", reason=f"its partition is not written: {problem}")
                for request in partition.requests
            ]
        return rows
