"""Execute the notebooks that are asked for, one after the other. Run in the image, as its user.

Each line of the input names a notebook; each line of the output says what went wrong in it, as a
word of JSON, and nothing where all went well. Each notebook has a kernel of its own.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

CELL_TIMEOUT_S = 120

for line in sys.stdin:
    path = Path(line.strip())
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        timeout=CELL_TIMEOUT_S,
        resources={"metadata": {"path": str(path.parent)}},
    )
    problem = ""
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        problem = f"{type(error).__name__}: {error}"
    print(json.dumps(problem), flush=True)
