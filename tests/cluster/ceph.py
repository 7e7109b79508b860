"""Ceph's S3 gateway on this machine: a monitor, a store in memory, and ``radosgw``.

It is the server of many research clouds, and it does what the course's own server, ``rclone``, does
not: policies, anonymous readers beside known ones, conditional writes. It needs root and, on Debian
12, the packages ``ceph-mon``, ``ceph-osd`` and ``radosgw`` (``bash tests/install-system.sh``
installs them, without recommended ones).
"""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from tests.processes import free_port, start, stop, tail, wait_for, wait_for_port

_PROGRAMS = (
    "ceph",
    "ceph-authtool",
    "ceph-mon",
    "ceph-osd",
    "monmaptool",
    "radosgw",
    "radosgw-admin",
)
# The state of a store in memory is gone when it stops, and nothing here is worth two copies.
_CONFIGURATION = """\
[global]
fsid = {cluster_id}
mon_host = [v2:127.0.0.1:{monitor_port}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
public_network = 127.0.0.0/8
ms_bind_msgr1 = false
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 2
osd_pool_default_pgp_num = 2
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
# The monitor gathers changes for a second before it acts; a new pool is such a change.
paxos_propose_interval = 0.02
paxos_min_wait = 0.01
keyring = {folder}/keyring
run_dir = {folder}
crash_dir = {folder}
log_to_file = false
log_to_stderr = true
err_to_stderr = true
# The path of a socket may have a hundred letters, and pytest's folders have more.
admin_socket =
[mon]
mon_data = {folder}/mon
mon_data_avail_crit = 1
mon_data_avail_warn = 2
[osd]
osd_data = {folder}/osd
keyring = {folder}/osd/keyring
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_class_load_list = *
osd_class_default_list = *
[client.admin]
rgw_data = {folder}/rgw
# Without tcp_nodelay each answer waits 40 ms for an acknowledgement.
rgw_frontends = beast endpoint={host}:{port} tcp_nodelay=1
rgw_dns_name = localhost
"""


@dataclass
class Ceph:
    """A running S3 server.

    Attributes
    ----------
    url : str
        Its address; buckets are named in paths, not in host names.
    access_key, secret_key : str
        The credentials of its one user.
    """

    url: str
    access_key: str
    secret_key: str
    _folder: Path = field(repr=False)
    _gateway: subprocess.Popen | None = field(default=None, repr=False)

    def client(self, secret_key: str | None = None) -> BaseClient:
        """Return a boto3 client with the user's credentials, or with a secret that is wrong."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-west-2",
            aws_access_key_id=self.access_key,
            aws_secret_access_key=secret_key or self.secret_key,
            config=Config(
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 2},
                max_pool_connections=32,
            ),
        )

    def bucket_policy_for_reading(self, bucket: str) -> str:
        """Return the policy by which everybody may read and list a bucket, as public data are."""
        name = f"arn:aws:s3:::{bucket}"
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [name, f"{name}/*"],
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def create_bucket(self, bucket: str, public: bool = True) -> None:
        """Create a bucket, for everybody to read or for its user only."""
        s3 = self.client()
        s3.create_bucket(Bucket=bucket)
        if public:
            s3.put_bucket_policy(Bucket=bucket, Policy=self.bucket_policy_for_reading(bucket))
        s3.close()

    def upload(self, folder: Path, bucket: str) -> None:
        """Make every file below a folder an object of a bucket."""
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        s3 = self.client()

        def put(path: Path) -> None:
            key = path.relative_to(folder).as_posix()
            s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(put, files))
        s3.close()

    def start_gateway(self, timeout: float = 60) -> None:
        """Start ``radosgw`` if it does not run, and return when it accepts connections."""
        if self._gateway is not None:
            return
        log = self._folder / "radosgw.log"
        host, port = self.url.removeprefix("http://").split(":")
        self._gateway = start(
            ["radosgw", "-f", "-n", "client.admin"], log, _environment(self._folder)
        )
        wait_for_port(host, int(port), self._gateway, log, timeout)

    def stop_gateway(self) -> None:
        """Stop ``radosgw``, as for a restart: nobody answers at the address, the objects stay."""
        if self._gateway is not None:
            stop(self._gateway)
            self._gateway = None

    def logs(self, lines: int = 20) -> str:
        """Return the end of each program's log."""
        logs = sorted(self._folder.glob("*.log"))
        return "\n\n".join(f"--- {log.name}\n{tail(log, lines)}" for log in logs)


@contextmanager
def ceph(folder: Path, host: str = "127.0.0.1") -> Iterator[Ceph]:
    """Run Ceph's S3 gateway for the length of a ``with`` block.

    Parameters
    ----------
    folder : Path
        For its configuration and its logs; it must be empty, or not be there.
    host : str
        The address that the gateway listens on. Monitor and store stay on loopback.

    Yields
    ------
    Ceph
        The server, which answers by now.

    Raises
    ------
    RuntimeError
        If Ceph is not installed, or one of its programs fails; the message shows its log.
    """
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        raise RuntimeError(f"there is no {missing[0]}; run: bash tests/install-system.sh")
    folder = Path(folder).resolve()
    for name in ("mon", "osd", "rgw"):
        (folder / name).mkdir(parents=True)
    cluster_id, monitor_port, port = str(uuid.uuid4()), free_port(), free_port(host)
    (folder / "ceph.conf").write_text(_CONFIGURATION.format_map(locals()))
    server = Ceph(f"http://{host}:{port}", "seismologist-key-000", "not-much-of-a-secret", folder)
    running = []
    try:
        running.append(_start_monitor(folder, cluster_id, monitor_port))
        running.append(_start_store(folder))
        _create_user(folder, server)
        server.start_gateway()
        yield server
    finally:
        server.stop_gateway()
        for process in reversed(running):
            stop(process)


def _start_monitor(folder: Path, cluster_id: str, port: int) -> subprocess.Popen:
    keyring, names = folder / "keyring", folder / "monmap"
    rights = [word for part in ("mon", "osd", "mgr") for word in ("--cap", part, "allow *")]
    _run(folder, "ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", *rights)
    _run(folder, "ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *rights)
    address = f"[v2:127.0.0.1:{port}]"
    _run(folder, "monmaptool", "--create", "--addv", "a", address, "--fsid", cluster_id, names)
    _run(folder, "ceph-mon", "--mkfs", "-i", "a", "--monmap", names, "--keyring", keyring)
    log = folder / "mon.log"
    process = start(["ceph-mon", "-f", "-i", "a"], log, _environment(folder))
    wait_for_port("127.0.0.1", port, process, log)
    return process


def _start_store(folder: Path) -> subprocess.Popen:
    # The number that the monitor knows and the one that the store is made with must be the same,
    # or the store waits for ever, and says nothing.
    store_id, keyring = str(uuid.uuid4()), folder / "osd" / "keyring"
    key = _run(folder, "ceph-authtool", "--gen-print-key").strip()
    _run(folder, "ceph", "osd", "new", store_id, "-i", "-", given=f'{{"cephx_secret": "{key}"}}')
    _run(
        *(folder, "ceph-authtool", "--create-keyring", keyring),
        *("--name", "osd.0", "--add-key", key),
    )
    _run(folder, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store_id)
    log = folder / "osd.log"
    process = start(["ceph-osd", "-f", "-i", "0"], log, _environment(folder))
    try:
        wait_for(lambda: "1 up" in _run(folder, "ceph", "osd", "stat"), "Ceph's store to be up")
    except BaseException:
        stop(process)
        raise
    return process


def _create_user(folder: Path, server: Ceph) -> None:
    _run(
        *(folder, "radosgw-admin", "-n", "client.admin", "user", "create"),
        *("--uid", "seismologist", "--display-name", "seismologist"),
        *("--access-key", server.access_key, "--secret", server.secret_key),
    )


def _run(folder: Path, *command: str | Path, given: str | None = None) -> str:
    """Run one of Ceph's tools to its end, and return what it printed."""
    done = subprocess.run(
        [str(word) for word in command],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        text=True,
        timeout=60,
        env=_environment(folder),
    )
    if done.returncode:
        raise RuntimeError(f"{done.args} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    # Debian's own Python runs the command `ceph`; a virtual environment's is not asked.
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": os.environ.get("HOME", "/root"),
        "LANG": "C.UTF-8",
        "CEPH_CONF": str(folder / "ceph.conf"),
    }
