"""Break the package in small ways, one after the other, and see whether the tests notice.

``make mutate`` runs it. For each change a copy of the package is put before the installed one, and
tests run until the first fails: those that name the changed module first, then all the others but
the notebooks. ``RECORD=yes`` writes the figures that the book shows.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutation.changes import CHANGES, Change
from tests.recorded import record

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "seispipe"
ROOMS = [ROOT / "tests" / room for room in ("unit", "fuzz", "house")]
# What goes through the whole pipeline with a known answer.
ALWAYS = {
    "test_pipeline.py",
    "test_batches.py",
    "test_teaching_archive.py",
    "test_mangled_waveforms.py",
}
SIDE_BY_SIDE = 2
# A change may well make something wait for ever.
PATIENCE_S = 1800


def tests_of(path: str) -> tuple[list[Path], list[Path]]:
    """Return the files of tests that name a module, and the others."""
    module = path.removesuffix(".py").replace("/", ".")
    names = {f"seispipe.{module}", f"seispipe.{module.rpartition('.')[0]}".rstrip(".")}
    names -= {"seispipe", "seispipe.archive"}
    files = [file for room in ROOMS for file in sorted(room.glob("test_*.py"))]
    # It is about the figures that come out of this.
    files = [file for file in files if file.name != "test_tested.py"]
    first = [
        file
        for file in files
        if file.name in ALWAYS
        or file.stem == f"test_{module.rpartition('.')[2]}"
        or any(f"{name} import" in file.read_text(encoding="utf-8") for name in names)
    ]
    return first, [file for file in files if file not in first]


def noticed(change: Change, copy: Path) -> str:
    """Return the first test that a change fails; empty where all pass."""
    changed, original = copy / "seispipe" / change.path, PACKAGE / change.path
    source = original.read_text(encoding="utf-8")
    if source.count(change.old) != 1:
        raise ValueError(f"{change.old!r} is not once in {change.path}; mend tests/mutation")
    changed.write_text(source.replace(change.old, change.new), encoding="utf-8")
    try:
        for files in tests_of(change.path):
            failed = first_failure(files, copy)
            if failed:
                return failed
        return ""
    finally:
        shutil.copyfile(original, changed)


def first_failure(files: list[Path], copy: Path) -> str:
    """Run tests against a copy of the package until one fails, and return its name."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--timeout=300",
    ]
    environment = os.environ | {
        "PYTHONPATH": str(copy),
        "SEISPIPE_CACHE": str(copy / "cache"),
        "RECORD": "no",
    }
    try:
        done = subprocess.run(
            [*command, *map(str, files)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return "no end"
    if done.returncode == 0:
        return ""
    for line in done.stdout.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" - ")[0].partition("tests/")[2]
    return f"exit code {done.returncode}"


def main() -> int:
    """Try every change, and print what became of each."""
    wanted = [change for change in CHANGES if not sys.argv[1:] or change.path in sys.argv[1:]]
    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(SIDE_BY_SIDE):
            copy = Path(folder) / str(number)
            shutil.copytree(PACKAGE, copy / "seispipe")
            copies.put(copy)

        def one(change: Change) -> str:
            copy = copies.get()
            try:
                by = noticed(change, copy)
            finally:
                copies.put(copy)
            print(f"{by or 'NOT NOTICED':<70} {change.path}: {change.old.strip()!r}", flush=True)
            return by

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            outcomes = list(pool.map(one, wanted))
    missed = [change for change, by in zip(wanted, outcomes, strict=True) if not by]
    print(f"{len(wanted)} changes, {len(wanted) - len(missed)} noticed")
    if len(wanted) == len(CHANGES):
        lines = [f"{each.path}: {each.old.strip()} → {each.new.strip()}" for each in missed]
        record("mutation", {"changes": len(CHANGES), "not_noticed": lines})
    return 0 if len(missed) <= 0.05 * len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
