"""Runs that outlive whoever does them: rows are written as they are finished, and checked.

A run is a folder on a disk or a prefix in a bucket. In it stand a manifest, the requests, and the
rows in Parquet partitions of a fixed size. A partition is written whole or not at all, always under
the same name and always with the same rows, so that it does no harm if it is done twice, and a run
that was interrupted goes on where it was.
"""

from seispipe.runs.manifest import Manifest, RunError
from seispipe.runs.partitions import Partition, Written
from seispipe.runs.report import Report
from seispipe.runs.run import Run
from seispipe.runs.store import Store, StoreError

__all__ = ["Manifest", "Partition", "Report", "Run", "RunError", "Store", "StoreError", "Written"]
