"""What must not be in any file, and the small helpers that the build leans on."""

import importlib.util
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():  # a downloaded archive
        made = {".venv", "_build", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"}
        return [p for p in ROOT.rglob("*") if p.is_file() and not made & set(p.parts)]
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / line for line in listing.splitlines() if (ROOT / line).is_file()]


def test_no_module_is_long():
    for path in tracked_files():
        if path.suffix == ".py":
            lines = path.read_text(encoding="utf-8").count("\n")
            assert lines <= 300, f"{path.relative_to(ROOT)} has {lines} lines; split it"


def test_no_file_names_a_machine():
    home = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+)/")
    for path in tracked_files():
        if path.suffix not in {".ico", ".lock"}:
            text = path.read_text(encoding="utf-8")
            assert not home.search(text) or path == Path(__file__), path


@pytest.mark.parametrize("path", sorted(ROOT.glob(".github/workflows/*.yml")), ids=lambda p: p.name)
def test_workflows_call_only_targets_that_exist(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["jobs"]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    called = set(re.findall(r"\bmake ([a-z-]+)", path.read_text(encoding="utf-8")))
    assert called <= targets


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "book/start/set-up.md"])
def test_documents_name_only_targets_that_exist(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    called = set(
        re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", (ROOT / document).read_text("utf-8"), re.M)
    )
    called = {name for pair in called for name in pair if name}
    assert called
    assert called <= targets


def repository_extension():
    spec = importlib.util.spec_from_file_location(
        "repository", ROOT / "book/_extensions/repository.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:someone/course.git", "https://github.com/someone/course"),
        ("https://github.com/someone/course.git", "https://github.com/someone/course"),
        ("https://user:secret@gitlab.com/group/sub/course", "https://gitlab.com/group/sub/course"),
        ("ssh://git@github.com/someone/course", "https://github.com/someone/course"),
        ("ssh://git@example.org:2222/a/b", "https://example.org/a/b"),
        ("/srv/git/course", None),
        ("../course", None),
        ("http://127.0.0.1:3000/x", None),
        ("", None),
    ],
)
def test_a_remote_becomes_a_web_address_or_nothing(remote, address):
    assert repository_extension().web_address(remote) == address


def test_a_fork_can_say_where_it_lives(monkeypatch):
    monkeypatch.setenv("COURSE_REPOSITORY", "https://example.org/fork/")
    assert repository_extension().repository_url() == "https://example.org/fork"
