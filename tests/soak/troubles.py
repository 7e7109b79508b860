"""What goes wrong while a run is under way, again and again, until the run is done."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
_MOST_STARTS = 400


def clock_library() -> Path:
    """Return the library that gives a program another clock (Debian's libfaketime)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise FileNotFoundError("libfaketime is missing; run: bash tests/install-system.sh")
    return found[0]


@contextmanager
def small_disk(folder: Path, size_mb: int):
    """Put a disk of its own under a folder; needs root."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={size_mb}m", "soak", str(folder)]
    subprocess.run(["/bin/mount", *options], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["/bin/umount", "--lazy", str(folder)], check=True)


class Driver:
    """Somebody who starts the work, and starts it again whenever it has ended too early.

    Parameters
    ----------
    where : Path
        The kept run.
    endpoint : str
        The bucket's address.
    log : Path
        Where the work's own words go.
    clock : Path, optional
        A file that says how far the work's clock is off.
    """

    def __init__(self, where: Path, endpoint: str, log: Path, clock: Path | None = None) -> None:
        self._command = [sys.executable, "-m", "tests.soak.work", str(where), endpoint]
        self._log = log
        self.environment = dict(os.environ)
        if clock:
            self.environment |= {
                "LD_PRELOAD": str(clock_library()),
                "FAKETIME_TIMESTAMP_FILE": str(clock),
                "FAKETIME_NO_CACHE": "1",
                # What counts seconds goes on: nobody sets that.
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        self.process: subprocess.Popen | None = None
        self.starts = 0

    def until_done(self) -> None:
        """Work until the run is complete, however often that takes."""
        while self.starts < _MOST_STARTS:
            self.starts += 1
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    self._command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
                )
                if self.process.wait() == 0:
                    return
        raise RuntimeError(f"not done after {self.starts} starts: {self._log.read_text()[-3000:]}")

    def workers(self) -> list[psutil.Process]:
        """Return the processes that do the work at the moment."""
        if self.process is None or self.process.poll() is not None:
            return []
        with suppress(psutil.Error):
            below = psutil.Process(self.process.pid).children(recursive=True)
            return [each for each in below if "spawn_main" in " ".join(each.cmdline())]
        return []


class Aside(threading.Thread):
    """Something that goes on beside a ``with`` block, until the block ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()


class Troubles(Aside):
    """Do something bad, at random, so often or until told to stop; count what was done."""

    def __init__(
        self,
        seed: int,
        ways: dict[str, Callable[[random.Random], bool]],
        pause_s: tuple[float, float],
        most: int,
    ) -> None:
        super().__init__()
        self._chance = random.Random(seed)  # noqa: S311 (no secret)
        self._ways, self._pause_s, self._most = ways, pause_s, most
        self.counts: Counter[str] = Counter()

    def run(self):
        while not self.ended.wait(self._chance.uniform(*self._pause_s)):
            if self.counts.total() >= self._most:
                return
            name = self._chance.choice(sorted(self._ways))
            self.counts[name] += self._ways[name](self._chance)


def killing_workers(driver: Driver):
    """Kill one of the processes that do the work, as a machine short of memory does."""

    def kill(chance) -> bool:
        workers = driver.workers()
        with suppress(psutil.Error):
            if workers:
                chance.choice(workers).kill()
                return True
        return False

    return kill


def killing_the_driver(driver: Driver):
    """Kill who hands out the work, and leave the workers to themselves."""

    def kill(_chance) -> bool:
        if not driver.workers():
            return False
        driver.process.send_signal(signal.SIGKILL)
        return True

    return kill


def filling_the_disk(folder: Path):
    """Leave no room on the disk of the run for some seconds."""

    def fill(chance) -> bool:
        filler = folder / "filler"
        with suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(bytes(2**20))
                file.flush()
        time.sleep(chance.uniform(1, 4))
        filler.unlink()
        return True

    return fill


def changing_the_clock(clock: Path):
    """Set the clock of the work days ahead or back."""

    def change(chance) -> bool:
        draft = clock.with_suffix(".new")
        draft.write_text(f"{chance.choice('+-')}{chance.randint(1, 400)}d\n")
        draft.replace(clock)
        return True

    return change
