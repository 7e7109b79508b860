"""One lock; what else lists packages is derived from it and says the same."""

import re
import subprocess
import sys
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MISSION = {
    "jupyter-book",
    "dask",
    "distributed",
    "obspy",
    "networkx",
    "matplotlib",
    "boto3",
    "tqdm",
}


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def environment_pins() -> dict[str, str]:
    (pins,) = [part["pip"] for part in environment()["dependencies"] if isinstance(part, dict)]
    requirements = [Requirement(pin) for pin in pins]
    return {r.name: next(iter(r.specifier)).version for r in requirements}


def test_binder_and_a_laptop_get_the_same():
    laptop, binder = ROOT / "environment.yml", ROOT / "binder" / "environment.yml"
    assert laptop.read_bytes() == binder.read_bytes()


def test_the_environment_has_the_versions_that_are_tested():
    pins = environment_pins()
    assert pins.keys() >= MISSION
    everything = locked()
    assert {name: everything[name] for name in pins} == pins


def test_the_lock_names_no_place_to_download_from():
    for name in ("requirements.lock", "environment.yml", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file:|index-url|find-links", text)


def test_every_package_in_the_lock_has_a_hash():
    blocks = re.split(
        r"^(?=[a-z0-9-]+==)", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.M
    )
    assert len(blocks) > 100
    for block in blocks[1:]:
        assert "--hash=sha256:" in block, block


def test_the_lock_holds_everything_that_is_asked_for():
    """A dependency added to pyproject.toml without `make lock` would be found missing here."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = list(project["project"]["dependencies"])
    for group in project["dependency-groups"].values():
        asked += group
    versions = locked()
    for line in asked:
        requirement = Requirement(line)
        assert requirement.specifier.contains(
            versions[canonicalize_name(requirement.name)], prereleases=True
        ), line


def test_this_environment_is_the_lock():
    """The packages that run these tests are those in the lock."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    installed = dict(
        line.lower().replace("_", "-").split("==") for line in listing.splitlines() if "==" in line
    )
    for name in MISSION:
        assert installed[name] == locked()[name]
