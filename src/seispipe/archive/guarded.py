"""Helper processes that announce an address and are gone when their owner is."""

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

_READY_WITHIN_S = 15.0
_GUARD = str(Path(__file__).with_name("guard.py"))


class HelperError(RuntimeError):
    """A helper process could not be started; the message holds what it said."""


@contextmanager
def guarded(
    what: str, command: list[str], announcement: str, environment: dict[str, str] | None = None
) -> Iterator[str]:
    """Run a helper for the length of a ``with`` block.

    Parameters
    ----------
    what : str
        What to call it in an error.
    command : list of str
        The program and its arguments.
    announcement : str
        A regular expression; its first group is the address that the helper prints, on standard
        error, once it answers.
    environment : dict, optional
        Its environment variables; by default those of this process.

    Yields
    ------
    str
        The address.

    Raises
    ------
    HelperError
        If it ends, or says nothing for too long, before it has an address.
    """
    process = subprocess.Popen(  # noqa: S603 (every command is put together by this package)
        [sys.executable, _GUARD, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield _address(what, process, re.compile(announcement))
    finally:
        _stop(process)


def _address(what: str, process: subprocess.Popen, announcement: re.Pattern[str]) -> str:
    lines: Queue[str | None] = Queue()
    # Read on a thread for the helper's whole life, or a full pipe would one day stop it.
    Thread(target=_drain, args=(process.stderr, lines), daemon=True).start()
    said: deque[str] = deque(maxlen=20)
    deadline = time.monotonic() + _READY_WITHIN_S
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except Empty:
            break
        if line is None:
            raise HelperError(f"{what} did not start: {' '.join(said) or 'no reason given'}")
        said.append(line.strip())
        if match := announcement.search(line):
            return match[1]
    raise HelperError(f"{what} did not answer in {_READY_WITHIN_S:g} s: {' '.join(said)}")


def _drain(stream: IO[str], lines: Queue) -> None:
    with stream:
        for line in stream:
            if lines.qsize() < 100:
                lines.put(line)
    lines.put(None)


def _stop(process: subprocess.Popen) -> None:
    """Close the pipe, which ends the guard and the helper, and wait until they are gone."""
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
