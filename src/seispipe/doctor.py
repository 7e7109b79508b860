"""What this machine has, what the course needs, and how to mend the difference."""

import platform
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import dask.system
import distributed.system
import psutil
from packaging.requirements import Requirement

from seispipe.archive.recordings import CATALOGUE, load_response, load_waveforms

MINIMUM_PYTHON = (3, 11)
MINIMUM_MEMORY_GIB = 1.5
MINIMUM_DISK_GIB = 0.5
_GIB = 2**30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what : str
        The thing.
    found : str
        How it stands.
    good : bool
        Whether the course can work with it.
    mend : str
        What to do if not.
    """

    what: str
    found: str
    good: bool
    mend: str = ""


def examine() -> list[Finding]:
    """Look at everything the course needs."""
    checks: list[Callable[[], list[Finding]]] = [
        _python,
        _packages,
        _cores,
        _memory,
        _disk,
        _loopback,
        _recordings,
        _kernel,
    ]
    return [finding for check in checks for finding in check()]


def _python() -> list[Finding]:
    return [
        Finding(
            "Python",
            f"{platform.python_version()} on {platform.system()} {platform.machine()}",
            sys.version_info >= MINIMUM_PYTHON,
            "install Python 3.11 or newer",
        )
    ]


def _packages() -> list[Finding]:
    """List the package's own dependencies, as its metadata name them."""
    findings = []
    for line in requires("seispipe") or []:
        requirement = Requirement(line)
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            findings.append(
                Finding(
                    requirement.name,
                    "not installed",
                    False,
                    "run make test, or: pip install -r requirements.lock",
                )
            )
            continue
        findings.append(
            Finding(
                requirement.name,
                installed,
                requirement.specifier.contains(installed, prereleases=True),
                f"the course needs {requirement}; run: pip install -r requirements.lock",
            )
        )
    return findings


def _cores() -> list[Finding]:
    # Dask's count respects CPU affinity and control groups, as a hub sets them.
    cores = dask.system.cpu_count()
    in_the_machine = psutil.cpu_count() or cores
    found = f"{cores} available"
    if cores < in_the_machine:
        found += f" of {in_the_machine} in the machine"
    if cores == 1:
        found += " (all notebooks run; those on parallelism say what one core cannot show)"
    return [Finding("cores", found, True)]


def _memory() -> list[Finding]:
    limit = distributed.system.memory_limit()
    available = min(limit, psutil.virtual_memory().available)
    return [
        Finding(
            "memory",
            f"{available / _GIB:.1f} GiB free of {limit / _GIB:.1f} GiB that may be used",
            available >= MINIMUM_MEMORY_GIB * _GIB,
            f"close programs or other kernels: a notebook wants up to {MINIMUM_MEMORY_GIB} GiB",
        )
    ]


def _disk() -> list[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    return [
        Finding(
            "disk",
            f"{free / _GIB:.1f} GiB free here",
            free >= MINIMUM_DISK_GIB * _GIB,
            f"free {MINIMUM_DISK_GIB} GiB, or start from a folder on another disk",
        )
    ]


def _loopback() -> list[Finding]:
    """Open a port on this machine's own address and talk to it, as Dask and the servers do."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                found, good = f"port {port} on 127.0.0.1 opened and answered", True
    except OSError as problem:
        found, good = f"no port could be opened on 127.0.0.1: {problem}", False
    return [Finding("loopback", found, good, "let your firewall allow connections to 127.0.0.1")]


def _recordings() -> list[Finding]:
    missing = []
    for name in CATALOGUE:
        try:
            load_waveforms(name)
            load_response(name)
        except OSError:
            missing.append(name)
    return [
        Finding(
            "recordings",
            f"{len(CATALOGUE) - len(missing)} of {len(CATALOGUE)} found in the ObsPy package",
            not missing,
            "install ObsPy from PyPI: pip install --force-reinstall --no-deps obspy",
        )
    ]


def _kernel() -> list[Finding]:
    """Look whether Jupyter would run notebooks with this Python, which has the packages."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        return [Finding("kernel", "no python3 kernel", False, "pip install ipykernel")]
    # Not resolved: the Pythons of two environments may be links to the same file.
    here = command == "python" or Path(command).absolute() == Path(sys.executable).absolute()
    return [
        Finding(
            "kernel",
            f"python3 runs {command}",
            here,
            f"make it this one: {sys.executable} -m ipykernel install --sys-prefix",
        )
    ]
