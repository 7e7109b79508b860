"""Files that may be trusted after a crash: whole or absent, and named by what made them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, and rename it to the proper one when it is written.

    Parameters
    ----------
    path : Path
        Where the file shall be. Its folder is made.

    Yields
    ------
    Path
        A hidden name beside it. If the block ends by an exception nothing is left of it; if the
        process is killed a hidden file is, which nobody takes for the real one.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def digest(*ingredients: object) -> str:
    """Return eight characters that change with what something is made from.

    Parameters
    ----------
    *ingredients : object
        Settings, requests and the like; what they print as counts, and the package's version.

    Returns
    -------
    str
        The same for the same ingredients, in any process.
    """
    text = repr((version("seispipe"), *ingredients))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
