"""What a worker does with a partition: read what is there, process the rest, write the whole."""

import json
import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from time import perf_counter

from seispipe.archive import Archive
from seispipe.batches import process_stations
from seispipe.results import Row
from seispipe.runs.partitions import PASSING, Partition, Written, pack_rows, rows_of, timed
from seispipe.runs.store import Store, StoreError
from seispipe.stages import Settings

ABSENT = "not there"


def do(
    partitions: Sequence[Partition], store: Store, archive: Archive, settings: Settings
) -> Iterator[Written]:
    """Do partitions, where the worker is: read, process, write."""
    for partition in partitions:
        begun = perf_counter()
        try:
            before, problem = read(partition, store)
            if finished(before, problem):  # by somebody who was quicker
                yield timed(partition, before, begun)
                continue
            _note_attempt(partition, store)
            kept = {place: row for place, row in enumerate(before) if row.status not in PASSING}
            again = [place for place in range(len(partition.requests)) if place not in kept]
            requests = [partition.requests[place] for place in again]
            fresh = process_stations(requests, archive, settings)
            rows = kept | dict(zip(again, fresh, strict=True))
            yield write(partition, [rows[place] for place in sorted(rows)], store, begun)
        except StoreError as problem:
            yield Written(partition.number, problem=str(problem))


def finished(rows: Sequence[Row], problem: str) -> bool:
    """Tell whether a partition is written, and another try would change nothing."""
    return not problem and not any(row.status in PASSING for row in rows)


def write(partition: Partition, rows: Sequence[Row], store: Store, begun: float) -> Written:
    """Write a partition's rows, and say what became of it."""
    try:
        store.write(partition.name, pack_rows(rows, partition.first))
    except StoreError as problem:
        return Written(partition.number, problem=str(problem))
    return timed(partition, rows, begun)


def read(partition: Partition, store: Store) -> tuple[list[Row], str]:
    """Return a partition's rows; if they are not there, or cannot be trusted, none and why."""
    data = store.read(partition.name)
    if data is None:
        return [], ABSENT
    try:
        return rows_of(partition, data), ""
    except ValueError as problem:
        return [], str(problem)


def _note_attempt(partition: Partition, store: Store) -> None:
    """Leave word that a partition was begun, by whom: it outlives whoever is killed over it."""
    about = {"host": socket.gethostname(), "process": os.getpid()}
    name = f"attempts/{partition.number:06d}-{uuid.uuid4().hex}.json"
    store.write(name, json.dumps(about).encode())
