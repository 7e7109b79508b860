"""Execute lessons two at a time, ahead of the book.

Jupyter Book executes one page after the other. Where a page does not measure what two cores do, two
can go on at the same time. What is executed here is put where Jupyter Book looks for it, so that
it finds these pages done. A page that fails is left to Jupyter Book, which says so.
"""

from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

ROOT = Path(__file__).resolve().parent.parent
# Lessons 1 to 10 build the pipeline on one core, and 21 and 22 look at what comes out, not when; in
# all others time is what is looked at.
NO_CLOCK = {*range(1, 11), 21, 22}
TIMEOUT_S = 120


def main() -> None:
    """Execute what is not there yet."""
    cache = get_cache(str(ROOT / "_build" / ".jupyter_cache"))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if int(path.stem.split("-")[0]) in NO_CLOCK:
            cache.add_nb_to_project(str(path))
    done = load_executor("local-parallel", cache).run_and_cache(timeout=TIMEOUT_S)
    left = len(done.excepted) + len(done.errored)
    print(f"lessons executed two at a time: {len(done.succeeded)}; left to the book: {left}")


if __name__ == "__main__":
    main()
