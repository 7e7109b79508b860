"""Run a small script in a Python of its own, as from a terminal, and see how it ends."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NAME = "script.py"
# Such as `ValueError: no` and `KeyboardInterrupt`, at the beginning of a line.
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(: .*)?")


@dataclass(frozen=True)
class Outcome:
    """How a script ended.

    Attributes
    ----------
    output : str
        What it printed.
    error : str
        What it and its processes wrote to standard error.
    ended_well : bool
        Whether it ended without an error.
    """

    output: str
    error: str
    ended_well: bool

    @property
    def exception(self) -> str:
        """The last line of the error that names an exception; empty where there is none."""
        lines = [line for line in self.error.splitlines() if _EXCEPTION.fullmatch(line)]
        return lines[-1] if lines else ""

    def complaint(self, words: str) -> str:
        """Return the paragraph of the error that begins with these words.

        Parameters
        ----------
        words : str
            What to look for.

        Returns
        -------
        str
            The paragraph as one line, or an empty string if the words do not occur.
        """
        _, found, rest = self.error.partition(words)
        paragraph = (found + rest).split("\n\n")[0]
        return " ".join(paragraph.split())


def run_script(text: str, *arguments: str, stdin: bytes = b"", timeout_s: float = 60.0) -> Outcome:
    """Write a script into a temporary folder, run it, and wait for it and for what it started.

    Parameters
    ----------
    text : str
        The script.
    *arguments : str
        What it finds in ``sys.argv`` behind its name.
    stdin : bytes
        What it can read from standard input.
    timeout_s : float
        How long it may take.

    Returns
    -------
    Outcome
        How it ended, without the name of the temporary folder.

    Raises
    ------
    TimeoutError
        If it takes longer. It and its processes are ended.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _NAME
        path.write_text(text, encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603 (a script that the caller wrote)
            [sys.executable, str(path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A group of its own, so that the processes that it starts can be ended with it.
            start_new_session=True,
        )
        try:
            output, error = process.communicate(stdin, timeout_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise TimeoutError(f"the script did not end within {timeout_s:g} s") from None
        except BaseException:
            # Ctrl-C does not reach another group.
            _kill(process)
            raise
        return Outcome(_readable(output, folder), _readable(error, folder), process.returncode == 0)


def _kill(process: subprocess.Popen) -> None:
    """End a process and those that it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _readable(written: bytes, folder: str) -> str:
    text = written.decode("utf-8", errors="replace").replace("\r\n", "\n")
    return text.replace(folder + os.sep, "")
