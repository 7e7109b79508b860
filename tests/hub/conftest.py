"""An image of the course, made once for all tests that run in it."""

import json
import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import image as images
import pytest

from seispipe.teaching.measure import machine

RECORD = Path(__file__).parents[2] / "book" / "reference" / "one_core.json"


@pytest.fixture(scope="session", autouse=True)
def rights():
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.exit("The tests of a hub need control groups: run them as root, on Linux.", 2)


@pytest.fixture(scope="session")
def record():
    """What was measured; with RECORD=yes it is written where the book reads it."""
    measured: dict = {"machine": machine(), "date": date.today().isoformat()}
    yield measured
    if os.environ.get("RECORD") and {"notebooks", "server_bytes"} <= measured.keys():
        RECORD.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def image(rights, record):
    # Not below pytest's own folder, into which only root may look.
    folder = Path(tempfile.mkdtemp(prefix="course-image-"))
    folder.chmod(0o755)
    try:
        image = images.build(folder)
        record |= {
            "python": image.python,
            "environment_s": image.environment_s,
            "post_build_s": image.post_build_s,
            "environment_bytes": image.bytes_of("env"),
            "archive_bytes": image.bytes_of("home/.cache/seispipe"),
        }
        yield image
    finally:
        shutil.rmtree(folder)
