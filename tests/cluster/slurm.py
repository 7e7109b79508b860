"""A real Slurm, without systemd: on one node, or with a node on each of several hosts."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hosts import CAMPUS, INTERFACE, Host, Network, host

from tests.processes import free_port, start, stop, tail, wait_for

CORES_OF_A_HOST = 4
MEMORY_OF_A_CORE_MB = 2000

# Of the cores and the memory, Slurm believes what is written here (config_overrides): there may be
# more nodes, and larger ones, than the machine has. CR_LLN spreads the jobs over them. A dead node
# is noticed 20 s after its end, by SlurmdTimeout and MessageTimeout; its job waits for cred_expire
# before it may run again, which would be two minutes. A mail program that does not exist would be
# an error in the log.
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost=campus({controller})
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={short}/munge.socket,cred_expire=10
StateSaveLocation={short}/state
SlurmdSpoolDir={short}/spool-%n
SlurmctldPidFile={short}/controller.pid
SlurmdPidFile={short}/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
MailProg={mail}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory,CR_LLN
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,bf_interval=2
SlurmdParameters=config_overrides
SlurmdTimeout=10
MessageTimeout=5
ReturnToService=2
JobRequeue=1
InactiveLimit=0
KillWait=2
DefMemPerCPU=200
{nodes}
PartitionName=tests Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class Job(NamedTuple):
    """A job in the queue."""

    id: str
    state: str
    name: str


class Slurm:
    """A Slurm that runs.

    Parameters
    ----------
    folder : Path
        Where its configuration and its logs are.
    hosts : mapping
        The host of each node, by name.
    interface : str
        The network interface that scheduler and workers of Dask should use.
    """

    def __init__(self, folder: Path, hosts: Mapping[str, Host], interface: str):
        self.folder = folder
        self.interface = interface
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf")}
        self._hosts = hosts

    def run(self, *command: str | Path, timeout: float = 20) -> str:
        """Run a program of Slurm such as ``sbatch`` on the campus, and return what it says."""
        # Some of them wait for ever for a daemon that is not there.
        answer = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=os.environ | self.environment,
        )
        if answer.returncode:
            raise RuntimeError(f"{command} failed: {answer.stderr}\n{self.logs()}")
        return answer.stdout

    def queue(self) -> list[Job]:
        """Return the jobs that wait, run or are ending."""
        lines = self.run("squeue", "--noheader", "--array", "--format=%i|%T|%j").splitlines()
        return [Job(*line.split("|", 2)) for line in lines]

    def states(self) -> dict[str, str]:
        """Return the state of each node, such as ``idle`` or ``down``.

        An asterisk at its end means that the node does not answer.
        """
        lines = self.run("sinfo", "--noheader", "--Node", "--format=%N %T").splitlines()
        return dict(line.split() for line in lines)

    def wait_until(self, state: str, timeout: float = 60, node: str | None = None) -> None:
        """Wait until a node is in a state; without a name, until all nodes are."""
        wanted = {state} if state != "down" else {"down", "down*"}
        nodes = self._hosts if node is None else [node]

        def reached() -> bool:
            states = self.states()
            return all(states.get(name) in wanted for name in nodes)

        try:
            wait_for(reached, f"{', '.join(nodes)} to be {state}", timeout)
        except TimeoutError as late:
            raise TimeoutError(f"{late}; now: {self.states()}\n{self.logs()}") from None

    def kill_node(self, name: str) -> None:
        """Kill all that runs on a node, the jobs and Slurm's own daemon, as a power cut does."""
        self._hosts[name].kill_everything()

    def start_node(self, name: str) -> None:
        """Start Slurm's daemon on a node, first of all or after :meth:`kill_node`."""
        self._hosts[name].start(
            ["slurmd", "-D"], self.folder / f"{name}.log", os.environ | self.environment
        )

    def logs(self) -> str:
        """Return the ends of all logs, for a message about a failure."""
        return "\n".join(f"{log.name}:\n{tail(log)}" for log in sorted(self.folder.glob("*.log")))

    def cancel_everything(self) -> None:
        """Cancel all jobs, and wait a while for their end."""
        if jobs := self.queue():
            self.run("scancel", *{job.id.split("_")[0] for job in jobs})
            wait_for(lambda: not self.queue(), "the end of the jobs", timeout=10)


@contextmanager
def one_node(folder: Path, cores: int = 8) -> Iterator[Slurm]:
    """Give a Slurm of one node, all on the loopback interface."""
    with (
        host("campus") as node,
        _running(folder, {node.name: node}, "lo", "127.0.0.1", cores) as slurm,
    ):
        yield slurm


@contextmanager
def on_hosts(folder: Path, net: Network, nodes: tuple[str, ...] = ("w1", "w2")) -> Iterator[Slurm]:
    """Give a Slurm whose controller is on the campus and whose nodes are hosts of the network."""
    hosts = {name: net[name] for name in nodes}
    with _running(folder, hosts, INTERFACE, CAMPUS, CORES_OF_A_HOST) as slurm:
        yield slurm


@contextmanager
def _running(
    folder: Path, hosts: Mapping[str, Host], interface: str, controller: str, cores: int
) -> Iterator[Slurm]:
    slurm = Slurm(folder, hosts, interface)
    with ExitStack() as stack:
        # Unix sockets are made here, whose paths may not be long.
        short = Path(stack.enter_context(TemporaryDirectory(prefix="slurm-")))
        _write_configuration(slurm, hosts.values(), short, controller, cores)
        stack.enter_context(_daemon(_munge_command(short), folder / "munge.log"))
        wait_for((short / "munge.socket").exists, "munge")
        stack.enter_context(
            _daemon(["slurmctld", "-D"], folder / "controller.log", slurm.environment)
        )
        for name, node in hosts.items():
            stack.callback(node.kill_everything)
            slurm.start_node(name)
        _wait_for_an_answer(slurm)
        stack.callback(_cancel_what_is_left, slurm)
        slurm.wait_until("idle")
        yield slurm


def _wait_for_an_answer(slurm: Slurm) -> None:
    def answers() -> bool:
        with suppress(RuntimeError):
            return bool(slurm.states())
        return False

    try:
        wait_for(answers, "an answer of the controller", timeout=30)
    except (TimeoutError, subprocess.TimeoutExpired) as late:
        raise TimeoutError(f"{late}\n{slurm.logs()}") from None


def _cancel_what_is_left(slurm: Slurm) -> None:
    # A controller that died, or a job on a dead node, is no reason not to end the daemons.
    with suppress(RuntimeError, TimeoutError, subprocess.TimeoutExpired):
        slurm.cancel_everything()


@contextmanager
def _daemon(command: list[str], log: Path, env: Mapping[str, str] | None = None) -> Iterator[None]:
    process = start(command, log, os.environ | (env or {}))
    try:
        yield
    finally:
        stop(process)


def _munge_command(short: Path) -> list[str]:
    key = short / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(1024))
    # Forced, as it mistrusts a socket below /tmp.
    return [
        "munged",
        "--foreground",
        "--force",
        f"--key-file={key}",
        f"--socket={short}/munge.socket",
        f"--pid-file={short}/munge.pid",
        f"--seed-file={short}/munge.seed",
        f"--log-file={short}/munge.log",
    ]


def _write_configuration(
    slurm: Slurm, hosts: Iterable[Host], short: Path, controller: str, cores: int
) -> None:
    memory = cores * MEMORY_OF_A_CORE_MB
    nodes = "\n".join(
        f"NodeName={node.name} NodeAddr={node.address} CPUs={cores} RealMemory={memory}"
        for node in hosts
    )
    (short / "state").mkdir()
    Path(slurm.environment["SLURM_CONF"]).write_text(
        CONFIGURATION.format(
            controller=controller,
            controller_port=free_port(),
            node_port=free_port(),
            short=short,
            nodes=nodes,
            mail=shutil.which("true"),
        )
    )
