"""The figures of long tests that the page *How it is tested* shows."""

import json
import os
from datetime import date
from pathlib import Path

from seispipe.fingerprint import fingerprint

ROOT = Path(__file__).parents[1]
PATH = ROOT / "book" / "reference" / "tested.json"


def record(what: str, figures: dict) -> None:
    """Write down what a run found, where ``RECORD=yes`` asks for it."""
    if os.environ.get("RECORD") != "yes":
        return
    known = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    known[what] = {"day": date.today().isoformat(), "source": fingerprint(), **figures}
    PATH.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
