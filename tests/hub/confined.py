"""Programs that run as a learner's do on Binder: no root, one core, and so much memory."""

import subprocess
from pathlib import Path

from tests.processes import wait_for

NOBODY = 65534
_CONTROL = Path("/sys/fs/cgroup")


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
