"""Resolve the dependencies anew and write what is derived from the result.

Writes ``requirements.lock`` (everything, with hashes, one version a package for every supported
Python) and, from the part of it that a reader needs, ``environment.yml`` and its twin in
``binder/``. Run by ``make lock``.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = "3.11"
BINDER_PYTHON = "3.12"
HEADER = """\
# Written by `make lock` from requirements.lock: the packages that reading, running and building
# the course take, each at the version that the tests ran with. Do not edit it by hand.
# binder/environment.yml is a copy of this file.
name: cloud-workflows
channels:
  - conda-forge
  - nodefaults
dependencies:
"""


def compile_requirements(*arguments: str) -> str:
    """Run uv's resolver on pyproject.toml and return what it prints."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal",
        "--python-version", OLDEST_PYTHON, "--fork-strategy", "fewest",
        "--custom-compile-command", "make lock", *arguments,
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def environment(pins: str) -> str:
    """Return the conda environment that installs these pins."""
    lines = [f"  - python={BINDER_PYTHON}", "  - pip", "  - pip:"]
    lines += [f"      - {pin!r}" if ";" in pin else f"      - {pin}" for pin in pins.splitlines()]
    return HEADER + "\n".join(lines) + "\n"


def main() -> None:
    """Write the lock and the environments."""
    everything = (
        "book",
        "lab",
        "test",
        "site",
        "bench",
        "cluster",
        "hub",
        "slides",
        "lint",
        "build",
    )
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    # uv keeps the versions of an existing output file unless told to upgrade.
    compile_requirements(
        *(f"--group={group}" for group in everything),
        "--generate-hashes",
        f"--output-file={LOCK}",
        *upgrade,
    )
    pins = compile_requirements(
        "--group=book",
        "--group=lab",
        "--group=build",
        f"--constraint={LOCK}",
        "--no-header",
        "--no-annotate",
    )
    for path in (ROOT / "environment.yml", ROOT / "binder" / "environment.yml"):
        path.write_text(environment(pins), encoding="utf-8")


if __name__ == "__main__":
    main()
