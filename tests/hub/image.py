"""What Binder, or a hub's keeper, makes of the repository: its steps, one by one, without Docker.

The folder holds a copy of the repository, an environment with what ``environment.yml`` lists, and
a learner's home. As in an image, all of it belongs to a user without rights, and ``postBuild`` has
run.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from confined import NOBODY, as_nobody

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"


@dataclass(frozen=True)
class Image:
    """A copy of the course in an environment of its own.

    Attributes
    ----------
    folder : Path
        Where all of it lies.
    python : str
        The version of Python in it.
    environment_s, post_build_s : float
        How long it took to install the packages, and to run ``postBuild``.
    """

    folder: Path
    python: str
    environment_s: float
    post_build_s: float

    @property
    def course(self) -> Path:
        """The copy of the repository."""
        return self.folder / "course"

    @property
    def home(self) -> Path:
        """The home of the user to whom all belongs."""
        return self.folder / "home"

    @property
    def bin(self) -> Path:
        """Where the environment's programs are."""
        return self.folder / "env" / "bin"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables that a program in the image has, and no others."""
        return {
            "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "USER": "nobody",
            "LOGNAME": "nobody",
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            # A Python that was copied looks for its own library where that was before.
            "LD_LIBRARY_PATH": str(self.folder / "python" / "lib"),
            **more,
        }

    def bytes_of(self, name: str) -> int:
        """Return how large a folder of the image is."""
        listing = subprocess.run(
            ["du", "--summarize", "--bytes", self.folder / name],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        return int(listing.stdout.split()[0])

    def add(self, *packages: str) -> None:
        """Install what is not in the course's environment, in the versions of the lock."""
        _install(self.folder, "--constraints", LOCK, *packages)
        self.give_away()

    def give_away(self) -> None:
        """Let all of it belong to the user without rights."""
        owner = f"{NOBODY}:{NOBODY}"
        subprocess.run(["chown", "--recursive", owner, self.folder], check=True)  # noqa: S607


def build(folder: Path) -> Image:
    """Take the steps of an image, and return it.

    Raises
    ------
    subprocess.CalledProcessError
        If one of them fails; it has said why.
    """
    _copy_repository(folder / "course")
    (folder / "home").mkdir()
    begin = time.perf_counter()
    python = _python_for(folder)
    _uv("venv", "--quiet", "--python", python, folder / "env")
    pins = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (folder / "pins.txt").write_text(
        "\n".join(next(each["pip"] for each in pins if isinstance(each, dict)))
    )
    _install(folder, "--requirements", folder / "pins.txt")
    installed = time.perf_counter()
    _uv("pip", "install", "--quiet", "--python", folder / "env", "pip")
    image = Image(folder, _version(folder), installed - begin, 0)
    image.give_away()
    before = time.perf_counter()
    subprocess.run(
        as_nobody([image.course / "binder" / "postBuild"]),
        check=True,
        cwd=image.course,
        env=image.environment(),
    )
    return Image(folder, image.python, image.environment_s, time.perf_counter() - before)


def _copy_repository(course: Path) -> None:
    """Copy what git knows, or would know."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listing.stdout.splitlines():
        if (ROOT / name).is_file():
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, course / name)


def _python_for(folder: Path) -> Path:
    """Return the Python that ``environment.yml`` asks for, or where it is missing our own."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    wanted = next(
        each.removeprefix("python=")
        for each in yaml.safe_load(text)["dependencies"]
        if isinstance(each, str) and each.startswith("python=")
    )
    found = _prefix(f"python{wanted}")
    if found is None:
        pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        found = next((each for each in sorted(pyenv.glob(f"{wanted}.*"))), Path(sys.base_prefix))
    if found.is_relative_to(Path.home()):
        # A learner without rights cannot look into root's home. What else is installed there stays.
        others = shutil.ignore_patterns("site-packages", "test", "share")
        shutil.copytree(found, folder / "python", symlinks=True, ignore=others)
        found = folder / "python"
    return found / "bin" / "python3"


def _prefix(name: str) -> Path | None:
    """Return where the Python of that name is at home, if it is there and works."""
    command = [name, "-c", "import sys; print(sys.base_prefix)"]
    try:
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
    return Path(said.stdout.strip())


def _version(folder: Path) -> str:
    program = "import platform; print(platform.python_version())"
    said = subprocess.run(
        [folder / "env/bin/python", "-c", program], check=True, capture_output=True, text=True
    )
    return said.stdout.strip()


def _install(folder: Path, *what: object) -> None:
    # Copies, not links: the files shall belong to the learner.
    copies = ("--link-mode", "copy", "--compile-bytecode")
    _uv("pip", "install", "--quiet", "--python", folder / "env", *copies, *what)


def _uv(*words: object) -> None:
    subprocess.run([sys.executable, "-m", "uv", *map(str, words)], check=True)
