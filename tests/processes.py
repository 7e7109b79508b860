"""Start, watch and stop the programs that the tests of real clusters and hubs need."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil


def start(
    command: Sequence[str | Path],
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen:
    """Start a program in a session of its own; what it says is added to a file.

    Parameters
    ----------
    command : sequence of str or Path
        The program and its arguments.
    log : Path
        Where its output goes, standard and error; the folder must be there.
    env : mapping, optional
        Its whole environment; by default that of the tests.
    cwd : Path, optional
        Where it works; by default where the tests do.
    """
    with Path(log).open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
        )


def stop(process: subprocess.Popen, timeout: float = 10) -> None:
    """End a program that :func:`start` began, and all that it began in its turn.

    The program and its group are asked first, and killed where they still run after the timeout,
    in seconds; what they began in sessions of their own and left behind is killed then. To stop
    what is gone already does no harm.
    """
    begun = _descendants(process)
    # To the group even where its leader is gone: it may have left children behind.
    _signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while _group_lives(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    _signal_group(process, signal.SIGKILL)
    process.wait(timeout=10)
    for child in begun:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(begun, timeout=10)


def wait_for(condition: Callable[[], object], what: str, timeout: float = 30) -> object:
    """Ask again and again until the answer is true, and return it.

    Parameters
    ----------
    condition : callable
        What is asked; an error in it is an error of the test.
    what : str
        What is waited for, in words that end the sentence "waited 30 s in vain for ...".
    timeout : float
        For how long, in seconds.

    Raises
    ------
    TimeoutError
        If it does not come true in time.
    """
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(0.05)
    return answer


def wait_for_port(
    host: str, port: int, process: subprocess.Popen, log: Path, timeout: float = 30
) -> None:
    """Wait until a program accepts connections.

    Raises
    ------
    RuntimeError
        If the program ends before; the message shows the end of its log.
    TimeoutError
        If nobody listens in time; the message shows the end of its log.
    """
    deadline = time.monotonic() + timeout
    while not _listens(host, port):
        if (code := process.poll()) is not None:
            raise RuntimeError(f"{process.args} ended with {code}; its log:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"{process.args} did not open {host}:{port} within {timeout:g} s; "
                f"its log:\n{tail(log)}"
            )
        time.sleep(0.05)


def tail(log: Path, lines: int = 20) -> str:
    """Return the last lines of a log that are not empty, or say that there are none."""
    try:
        text = Path(log).read_text(errors="replace")
    except FileNotFoundError:
        return f"(no {log})"
    said = [line for line in text.splitlines() if line.strip()]
    return "\n".join(said[-lines:]) or f"(nothing in {log})"


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _descendants(process: subprocess.Popen) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _signal_group(process: subprocess.Popen, number: int) -> None:
    # Group and session have the number of the program that began them.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _group_lives(process: subprocess.Popen) -> bool:
    if process.poll() is not None:
        # Orphans of the group are ours where the tests are the first process of their sandbox; who
        # has ended and was not asked for counts as a member.
        with suppress(ChildProcessError):
            while os.waitpid(-process.pid, os.WNOHANG) != (0, 0):
                pass
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True
