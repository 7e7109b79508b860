"""Build the book, or a few pages of it, as somebody would who knows where it will live."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def build_book(folder: Path, pages: list[str] | None = None, **addresses: str) -> Path:
    """Build the book without executing anything, and return the folder of the site.

    Parameters
    ----------
    folder : Path
        Where to build.
    pages : list of str, optional
        Which pages; by default all.
    **addresses : str
        Variables that tell the build where it will live, and no others.
    """
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"]["execute_notebooks"] = "off"
    # These are looked for beside the configuration, which lies elsewhere here.
    settings["sphinx"]["local_extensions"] = {
        name: str(ROOT / path) for name, path in settings["sphinx"]["local_extensions"].items()
    }
    (folder / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    contents = ROOT / "_toc.yml"
    if pages is not None:
        first, *others = pages
        contents = folder / "_toc.yml"
        toc: dict = {"format": "jb-book", "root": first}
        if others:
            toc["chapters"] = [{"file": page} for page in others]
        contents.write_text(yaml.safe_dump(toc), encoding="utf-8")
    known = ("COURSE_", "GITHUB_")
    build = subprocess.run(
        [
            *(Path(sys.executable).with_name("jupyter-book"), "build", ROOT),
            *("--path-output", folder),
            *("--config", folder / "_config.yml", "--toc", contents),
        ],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith(known)} | addresses,
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stdout + build.stderr
    return folder / "_build" / "html"
