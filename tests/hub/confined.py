"""Programs that run as a learner's do on Binder: no root, one core, and so much memory."""

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.processes import tail, wait_for

NOBODY = 65534
_CONTROL = Path("/sys/fs/cgroup")
_EVERY_S = 0.1


@dataclass(frozen=True)
class Outcome:
    """How a program ended.

    Attributes
    ----------
    code : int
        What it returned; 0 where all went well.
    seconds : float
        How long it ran.
    peak_bytes : int
        The most memory that it and all that it had started held at once, without the system's
        own copies of files, which it takes back when they are in the way.
    killed : int
        How many processes were killed because more memory was wanted than there was.
    said : str
        The end of what it said.
    """

    code: int
    seconds: float
    peak_bytes: int
    killed: int
    said: str


class Group:
    """A control group of Linux: what is started in it shares an amount of memory.

    Parameters
    ----------
    name : str
        Its name.
    memory : int
        How much memory, in bytes.
    """

    def __init__(self, name: str, memory: int) -> None:
        self._old = (_CONTROL / "memory").is_dir()  # control groups of version 1
        self._folder = (_CONTROL / "memory" if self._old else _CONTROL) / name
        self._folder.mkdir()
        limit = "memory.limit_in_bytes" if self._old else "memory.max"
        (self._folder / limit).write_text(str(memory))
        if not self._old and (swap := self._folder / "memory.swap.max").exists():
            swap.write_text("0")

    @property
    def members(self) -> Path:
        """The file that a process's number is written to."""
        return self._folder / "cgroup.procs"

    def bytes_now(self) -> int:
        """Return how much its processes hold now."""
        held = self._numbers("memory.stat")
        names = ("total_rss", "total_shmem") if self._old else ("anon", "shmem")
        return sum(held.get(name, 0) for name in names)

    def killed(self) -> int:
        """Return how many of its processes were killed for want of memory."""
        return self._numbers("memory.oom_control" if self._old else "memory.events")["oom_kill"]

    def close(self) -> None:
        """Kill what is left in it, and take it away."""

        def is_empty() -> bool:
            left = self.members.read_text().split()
            if left:
                subprocess.run(["kill", "-KILL", *left], check=False, capture_output=True)  # noqa: S607
            return not left

        wait_for(is_empty, f"the end of all in {self._folder}")
        self._folder.rmdir()

    def _numbers(self, name: str) -> dict[str, int]:
        lines = (self._folder / name).read_text().splitlines()
        return {word: int(number) for word, number in (line.split()[:2] for line in lines)}


def as_nobody(command: list, group: Group | None = None, core: int | None = None) -> list[str]:
    """Return a command that runs another one without root's rights.

    Parameters
    ----------
    command : list
        The program and its arguments.
    group : Group, optional
        Whose memory it shares.
    core : int, optional
        The one core that it may use; by default all.
    """
    joined = f'echo $$ >"{group.members}"; ' if group else ""
    pinned = ["taskset", "--cpu-list", str(core)] if core is not None else []
    return [
        *("sh", "-euc", f'{joined}exec "$@"', "sh"),
        *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
        *pinned,
        *map(str, command),
    ]


def run(
    command: list,
    *,
    core: int,
    memory: int,
    cwd: Path,
    env: dict[str, str],
    log: Path,
    timeout: float,
) -> Outcome:
    """Run a program to its end, as nobody, on one core, in so much memory.

    Parameters
    ----------
    command : list
        The program and its arguments.
    core : int
        Which core.
    memory : int
        How much memory, in bytes.
    cwd : Path
        Where.
    env : dict
        Its whole environment.
    log : Path
        What it says is written there.
    timeout : float
        After so many seconds it is killed.
    """
    group = Group(f"course-{log.stem}", memory)
    peak, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(_EVERY_S):
            peak = max(peak, group.bytes_now())

    watcher = threading.Thread(target=watch)
    try:
        with log.open("wb") as said:
            begin = time.perf_counter()
            process = subprocess.Popen(
                as_nobody(command, group, core),
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            watcher.start()
            try:
                code = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            seconds = time.perf_counter() - begin
        ended.set()
        watcher.join()
        return Outcome(code, seconds, peak, group.killed(), tail(log))
    finally:
        ended.set()
        group.close()
