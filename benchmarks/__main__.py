"""Run the benchmarks, print a table, and write ``_build/bench.json``."""

import argparse
import logging
from pathlib import Path

from benchmarks import downloads, one_core, start_up, two_workers
from benchmarks.result import table, write
from seispipe.archive import FolderArchive
from seispipe.sources import teaching_folder
from seispipe.teaching.measure import machine

GROUPS = {
    "one-core": one_core.results,
    "two-workers": two_workers.results,
    "downloads": downloads.results,
    "start-up": start_up.results,
}
FILE = Path("_build") / "bench.json"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--repeats", type=int, default=7, help="rounds that count (default: 7)")
    parser.add_argument("--out", type=Path, default=FILE, help=f"where to write (default: {FILE})")
    chosen = parser.parse_args()
    unknown = set(chosen.groups) - set(GROUPS)
    if unknown or chosen.repeats < 1:
        parser.error(f"no such group: {', '.join(unknown)}" if unknown else "nothing to repeat")
    logging.getLogger("distributed").setLevel(logging.ERROR)
    archive = FolderArchive(teaching_folder(), reading="records")
    print(machine())
    results = []
    for name in chosen.groups or GROUPS:
        found = GROUPS[name](archive, chosen.repeats)
        print(f"\n{name}, {chosen.repeats} rounds\n{table(found)}", flush=True)
        results += found
    write(results, chosen.out)
    missed = [result.name for result in results if result.met is False]
    print(f"\nnot reached: {', '.join(missed)}" if missed else "\nevery target was reached")
    print(f"written to {chosen.out}")


if __name__ == "__main__":
    main()
