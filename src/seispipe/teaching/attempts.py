"""Notes on a disk of who began which task and who ended it: they outlive whoever wrote them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Stands between the parts of a note's name.
_BETWEEN = "~"


@dataclass(frozen=True)
class Attempt:
    """One time that a task was begun.

    Attributes
    ----------
    task : str
        The task's name.
    process : int
        The number of the process that began it.
    start : float
        When, in seconds of the machine's clock.
    end : float or None
        When it was done. None if it is not, or raised, or its process died.
    """

    task: str
    process: int
    start: float
    end: float | None = None


@contextmanager
def noted(folder: Path, task: str) -> Iterator[None]:
    """Note that a task begins, and after the block that it is done.

    A note is an empty file, and everything stands in its name. The disk has it before the block
    begins, so that a process that is killed leaves the note that it had begun.

    Parameters
    ----------
    folder : Path
        Where the notes go. It is made.
    task : str
        The task's name.

    Raises
    ------
    ValueError
        If the name cannot be part of a file's name, or has a ``~`` in it.
    """
    if not task or any(sign in task for sign in (_BETWEEN, "/", "\\", ":")):
        raise ValueError(f"a task cannot be noted under the name {task!r}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / _BETWEEN.join([task, str(os.getpid()), f"{time.time():.6f}"])
    note.touch(exist_ok=False)
    yield
    note.rename(f"{note}{_BETWEEN}{time.time():.6f}")


def attempts(folder: Path, task: str | None = None) -> list[Attempt]:
    """Return what the notes in a folder say.

    Parameters
    ----------
    folder : Path
        Where the notes are. One that does not exist holds none.
    task : str, optional
        Only those of this task.

    Returns
    -------
    list of Attempt
        In the order in which they were begun.
    """
    folder = Path(folder)
    names = os.listdir(folder) if folder.exists() else []
    found = []
    for name in names:
        own, process, start, *end = name.split(_BETWEEN)
        if task in (None, own):
            found.append(Attempt(own, int(process), float(start), float(end[0]) if end else None))
    return sorted(found, key=lambda attempt: (attempt.start, attempt.process))
