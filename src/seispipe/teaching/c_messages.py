"""What compiled code says on the side, past Python: kept, so that it can be counted."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_STANDARD_ERROR = 2


@dataclass
class Said:
    """What was written to the process's standard error.

    Attributes
    ----------
    text : str
        All of it; empty until the ``with`` block has ended.
    """

    text: str = ""


@contextmanager
def said_by_c() -> Iterator[Said]:
    """Keep what compiled code writes to standard error during a ``with`` block.

    Python's own ``sys.stderr`` can be exchanged; the one that C writes to is file descriptor 2 of
    the whole process, so whatever else writes to it meanwhile is kept too.

    Yields
    ------
    Said
        Holds the text, once the block has ended.
    """
    said = Said()
    sys.stderr.flush()
    before = os.dup(_STANDARD_ERROR)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), _STANDARD_ERROR)
            try:
                yield said
            finally:
                sys.stderr.flush()
                os.dup2(before, _STANDARD_ERROR)
                file.seek(0)
                said.text = file.read().decode(errors="replace")
    finally:
        os.close(before)
