"""The built site, as a folder."""

from pathlib import Path

import pytest
import yaml
from join_pages import pages_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site() -> Path:
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        pytest.fail("no site in _build/html; run make book", pytrace=False)
    return folder


def pages() -> list[str]:
    """Every page that _toc.yml names."""
    return pages_of(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
