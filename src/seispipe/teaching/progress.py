"""Which exercises have been passed: a file on the learner's own disk, and nowhere else."""

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

from platformdirs import user_data_path

PROGRESS_VARIABLE = "SEISPIPE_PROGRESS"


def progress_file() -> Path:
    """Return where it is kept.

    Returns
    -------
    Path
        What the environment variable ``SEISPIPE_PROGRESS`` names, else a file in the folder for the
        user's own data. It need not exist.
    """
    named = os.environ.get(PROGRESS_VARIABLE)
    return Path(named) if named else user_data_path("seispipe") / "progress.tsv"


def note_passed(name: str) -> None:
    """Write down that an exercise has been passed.

    A line is added to a file, which several notebooks may do at once. Where the file cannot be
    written nothing happens: the learner's answer is right all the same.

    Parameters
    ----------
    name : str
        Name of the exercise, such as ``a-real-earthquake/distance``.
    """
    with suppress(OSError):
        path = progress_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{name}\t{date.today().isoformat()}\n")


def passed() -> dict[str, str]:
    """Return what has been passed.

    Returns
    -------
    dict of str to str
        The day, as it was written down first, by the name of the exercise. Lines that are no such
        line are passed over.

    Raises
    ------
    OSError
        If the file is there and cannot be read.
    """
    try:
        lines = progress_file().read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        name, tab, day = line.partition("\t")
        if tab:
            found.setdefault(name, day)
    return found


def forget() -> None:
    """Begin anew: remove the file."""
    progress_file().unlink(missing_ok=True)
