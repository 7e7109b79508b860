"""Ask whether a package of the lock is known to be unsafe. Run by ``make audit``.

The question goes to OSV (https://osv.dev), by ``uv audit``; only names and versions are sent. It
looks at scripts and at projects with a lock of uv's own, so the pins become those of a script.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from lock import LOCK, OLDEST_PYTHON


def pins(lock: str) -> list[str]:
    """Return the requirements of a lock without their hashes."""
    lines = (line.removesuffix("\\").strip() for line in lock.splitlines())
    return [line for line in lines if re.match(r"[a-z0-9._-]+==", line)]


def main() -> int:
    """Audit requirements.lock; arguments go to uv."""
    found = pins(LOCK.read_text(encoding="utf-8"))
    listed = "".join(f"#   {pin!r},\n" for pin in found)
    head = f'# requires-python = ">={OLDEST_PYTHON}"\n# dependencies = [\n{listed}# ]\n'
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "lock.py"
        script.write_text(f"# /// script\n{head}# ///\n", encoding="utf-8")
        command = [sys.executable, "-m", "uv", "audit", "--preview", "--script", str(script)]
        code = subprocess.run([*command, *sys.argv[1:]]).returncode
    if code == 0:
        print(f"{len(found)} packages were asked about")
    else:
        print("A package named above: make upgrade. No answer: is there a network?")
    return code


if __name__ == "__main__":
    sys.exit(main())
