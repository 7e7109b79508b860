"""Go on with a kept run until it is done or something stops it: ``python -m tests.soak.work``."""

import os
import select
import sys
import time

from seispipe.archive import S3Archive
from seispipe.runs import Run


def sleep(seconds: float) -> None:
    """Wait, also under another clock: there libfaketime 0.9.10 refuses Python's own ``sleep``."""
    select.select([], [], [], seconds)


if "faketime" in os.environ.get("LD_PRELOAD", ""):  # in the workers too: they import this module
    time.sleep = sleep

if __name__ == "__main__":
    where, endpoint = sys.argv[1:]
    report = Run.open(where).work(S3Archive(endpoint_url=endpoint), how="processes", workers=2)
    sys.exit(0 if report.complete else 1)
