"""Hosts on a network of their own: each a host name, an address and a cable, in namespaces.

All share the files and the processor of the machine. The process of the tests is a host too,
the campus.
"""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import start, wait_for

CAMPUS = "10.77.0.1"
# The same name on all hosts, the campus included, as Dask wants one name for all.
INTERFACE = "eth0"
NAMES = Path("/etc/hosts")


class NotAlone(RuntimeError):
    """The tests run where they would change the network of the machine."""


@dataclass
class Host:
    """A host: all processes that share the namespaces of its first one.

    Parameters
    ----------
    name : str
        Its host name.
    address : str
        Its address on the network.
    keeper : Popen
        A process that does nothing but keep the namespaces in being.
    """

    name: str
    address: str
    keeper: subprocess.Popen
    _started: list[subprocess.Popen] = field(default_factory=list)

    def start(
        self, command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen:
        """Start a program on this host, in a session of its own; see :func:`processes.start`."""
        process = start([*self._entering, *command], log, env)
        self._started.append(process)
        return process

    def run(self, command: Sequence[str | Path], timeout: float = 20) -> str:
        """Run a program on this host to its end, and return what it says."""
        return subprocess.run(
            [*self._entering, *command], check=True, capture_output=True, text=True, timeout=timeout
        ).stdout

    def kill_everything(self) -> None:
        """Kill every process of this host at once, as a power cut does."""
        wait_for(self._kill_round, f"the end of all processes of {self.name}", timeout=10)
        for process in self._started:
            process.wait(timeout=10)
        self._started.clear()

    def cut(self) -> None:
        """Pull the plug of the network cable; nobody is told."""
        _ip("link", "set", f"to-{self.name}", "down")

    def mend(self) -> None:
        """Plug the network cable in again."""
        _ip("link", "set", f"to-{self.name}", "up")

    @property
    def _entering(self) -> list[str]:
        # Not `ip netns exec`: that mounts a /sys without cgroups, and slurmd does not start.
        return ["nsenter", "--target", str(self.keeper.pid), "--net", "--uts", "--"]

    def _kill_round(self) -> bool:
        # A process that is being forked can escape one round, so the rounds go on until none is
        # found. It is the host name that all of a host share: a network may be the campus's.
        home = os.readlink(f"/proc/{self.keeper.pid}/ns/uts")
        found = [pid for pid in _processes_in(home) if pid != self.keeper.pid]
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not found


@dataclass
class Network:
    """Hosts by name; the process of the tests is the campus, at ``address``."""

    hosts: dict[str, Host]
    address: str = CAMPUS
    interface: str = INTERFACE

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """Give hosts of these names, each with its cable to the campus; they resolve everywhere."""
    refuse_unless_alone()
    addresses = {name: f"10.77.0.{11 + number}" for number, name in enumerate(names)}
    with ExitStack() as stack:
        stack.enter_context(_names_known({"campus": CAMPUS, **addresses}))
        stack.enter_context(_link(INTERFACE, "type", "bridge"))
        _ip("address", "add", f"{CAMPUS}/24", "dev", INTERFACE)
        _ip("link", "set", INTERFACE, "up")
        yield Network(
            {name: stack.enter_context(_plugged_in(name, at)) for name, at in addresses.items()}
        )


@contextmanager
def host(name: str, address: str = "127.0.0.1", unshared: Sequence[str] = ()) -> Iterator[Host]:
    """Give a host that has its processes to itself and shares the network of the campus."""
    refuse_unless_alone()
    keep = ["unshare", "--uts", *unshared, "--", "sh", "-euc", _KEEP, "sh", name]
    with subprocess.Popen(keep, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as keeper:
        try:
            if not keeper.stdout.readline():
                raise RuntimeError(f"the host {name} could not be made")
            made = Host(name, address, keeper)
            try:
                yield made
            finally:
                made.kill_everything()
        finally:
            keeper.kill()


_KEEP = """
echo "$1" >/proc/sys/kernel/hostname
ip link set lo up
echo ready
exec sleep infinity
"""


def refuse_unless_alone() -> None:
    """Raise where the network of the machine would be changed, and not that of a sandbox."""
    if os.environ.get("TESTS_ARE_ALONE") != "yes":
        raise NotAlone("run this by way of tests/cluster/alone.sh, which makes a sandbox for it")


@contextmanager
def _plugged_in(name: str, address: str) -> Iterator[Host]:
    with host(name, address, unshared=["--net"]) as made:
        there = ("netns", str(made.keeper.pid))
        with _link(f"to-{name}", "type", "veth", "peer", "name", INTERFACE, *there):
            _ip("link", "set", f"to-{name}", "master", INTERFACE, "up")
            made.run(["ip", "address", "add", f"{address}/24", "dev", INTERFACE])
            made.run(["ip", "link", "set", INTERFACE, "up"])
            yield made


@contextmanager
def _link(name: str, *how: str) -> Iterator[None]:
    _ip("link", "add", name, *how)
    try:
        yield
    finally:
        # At once: when its namespace goes, it lingers on, and the name is still taken.
        _ip("link", "delete", name)


@contextmanager
def _names_known(addresses: Mapping[str, str]) -> Iterator[None]:
    # The file is the sandbox's own, and is written in place: what is mounted there is the inode.
    before = NAMES.read_text()
    lines = ["127.0.0.1 localhost", *(f"{at} {name}" for name, at in addresses.items())]
    NAMES.write_text("\n".join(lines) + "\n")
    try:
        yield
    finally:
        NAMES.write_text(before)


def _processes_in(namespace: str) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        # A process may end while it is looked at; those that ended already have no namespace.
        with suppress(OSError):
            if entry.name.isdecimal() and os.readlink(entry / "ns/uts") == namespace:
                yield int(entry.name)


def _ip(*words: str) -> None:
    command = ["ip", *words]
    subprocess.run(command, check=True, timeout=10)
