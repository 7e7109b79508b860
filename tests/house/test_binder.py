"""What repo2docker, which Binder and many hubs use, makes of this repository, without Docker."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from repo2docker.app import Repo2Docker
from write_map import MAP, course_map

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


@pytest.fixture(scope="module")
def pack():
    """The first of repo2docker's ways to make an image that feels responsible."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        app = Repo2Docker()
        for kind in app.buildpacks:
            pack = kind(base_image=app.base_image)
            pack.platform = "linux/amd64"
            if pack.detect():
                yield pack
                break
        else:
            pytest.fail("repo2docker would not know what to do with this repository")
    finally:
        os.chdir(before)


def test_it_is_taken_for_a_conda_environment_of_the_python_that_is_asked_for(pack):
    assert type(pack).__name__ == "CondaBuildPack"
    assert Path(pack.binder_dir) == Path("binder")
    wanted = re.search(r"python=(\S+)", (BINDER / "environment.yml").read_text("utf-8"))[1]
    assert pack.python_version == wanted


def test_the_image_installs_the_environment_then_runs_post_build_as_the_learner(pack):
    lines = pack.render({}).splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    install = next(i for i, line in enumerate(said) if "env update" in line)
    assert "binder/environment.yml" in said[install]
    post_build = next(i for i, line in enumerate(said) if "binder/postBuild" in line)
    copied = next(i for i, line in enumerate(said) if re.match(r"COPY .*src/ \$\{REPO_DIR\}", line))
    assert install < copied < post_build
    users = [line for line in said[:post_build] if line.startswith("USER ")]
    assert users[-1] == "USER ${NB_USER}"
    assert any(line.startswith("ENV R2D_ENTRYPOINT") and "binder/start" in line for line in said)


@pytest.mark.parametrize("script", ["postBuild", "start", "furnish"])
def test_scripts_can_be_run_and_are_sound(script):
    path = BINDER / script
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)  # noqa: S607
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")


def test_the_workspace_opens_what_is_there_and_nothing_twice():
    workspace = json.loads((BINDER / "course.jupyterlab-workspace").read_text(encoding="utf-8"))
    data = workspace["data"]
    opened = re.findall(
        r'"((?:notebook|markdownviewer-widget|dask-dashboard-launcher):[^"]+)"',
        json.dumps(data["layout-restorer:data"]["main"]["dock"]),
    )
    assert len(opened) == len(set(opened))
    assert {*opened} <= data.keys()
    paths = [data[name]["data"]["path"] for name in opened if "path" in data[name]["data"]]
    assert len(paths) == 2
    assert all((ROOT / path).is_file() for path in paths)
    assert sum(name.startswith("dask-dashboard-launcher:") for name in opened) == 3


def test_panels_look_where_the_courses_clusters_put_their_dashboards():
    settings = json.loads((BINDER / "overrides.json").read_text(encoding="utf-8"))
    port = settings["dask-labextension:plugin"]["defaultURL"].removeprefix("proxy/")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        addresses = re.findall(r'dashboard_address=\\"([^"\\]+)', path.read_text(encoding="utf-8"))
        # ":0" is what the lesson warns of.
        assert set(addresses) - {":0"} <= {f"127.0.0.1:{port}"}, path.name


def test_the_map_for_jupyterlab_is_that_of_the_course():
    assert MAP.read_text(encoding="utf-8") == course_map(), "run make format"
    for link in re.findall(r"\]\(([^)]+)\)", MAP.read_text(encoding="utf-8")):
        assert (MAP.parent / link).is_file(), link
