"""A learner at work: one notebook after the other, and what each of them took."""

import json
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from confined import Group, as_nobody
from image import Image

_EVERY_S = 0.1


@dataclass(frozen=True)
class Outcome:
    """How a notebook ended.

    Attributes
    ----------
    problem : str
        What went wrong; empty where all went well.
    seconds : float
        How long it ran.
    peak_bytes : int
        The most memory that it and all that it had started held at once, without the system's
        own copies of files, which it takes back when they are in the way.
    killed : int
        How many processes were killed because more memory was wanted than there was.
    """

    problem: str
    seconds: float
    peak_bytes: int
    killed: int


class Learner:
    """Somebody without rights, on one core, in so much memory, who runs notebooks in turn.

    Parameters
    ----------
    image : Image
        Where the notebooks are, and what runs them.
    name : str
        A name for the learner's control group, and for the log.
    core : int
        Which core.
    memory : int
        How much memory, in bytes.
    env : dict
        Variables beside those of the image.
    log : Path
        Where what is said goes that is no answer.
    """

    def __init__(
        self, image: Image, name: str, core: int, memory: int, env: dict[str, str], log: Path
    ) -> None:
        self._group = Group(name, memory)
        program = image.course / "tests" / "hub" / "execute.py"
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                as_nobody(
                    [image.course / "binder" / "start", image.bin / "python", program],
                    self._group,
                    core,
                ),
                cwd=image.course,
                env=image.environment(**env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )

    def run(self, notebook: str) -> Outcome:
        """Run a notebook to its end, or to the first cell that fails."""
        before, killed = self._group.bytes_now(), self._group.killed()
        peak, begin = before, time.perf_counter()
        print(notebook, file=self._process.stdin, flush=True)
        while not select.select([self._process.stdout], [], [], _EVERY_S)[0]:
            peak = max(peak, self._group.bytes_now())
        seconds = time.perf_counter() - begin
        answer = self._process.stdout.readline()
        problem = json.loads(answer) if answer else "the program that runs notebooks has died"
        return Outcome(problem, seconds, peak - before, self._group.killed() - killed)

    def close(self) -> None:
        """Stop, and take the control group away."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.terminate()
        self._process.wait()
        self._group.close()
