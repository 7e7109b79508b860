#!/bin/sh
# Run a command in a sandbox: a network, processes, mounts and a host name of its own. What it
# starts cannot be reached from outside, and is gone when the command ends, however it ends.
#
#   tests/cluster/alone.sh .venv/bin/python -m pytest tests/cluster
# shellcheck disable=SC2016  # what is in single quotes is for the shells inside
set -eu

give_up() {
    echo "The tests of real clusters cannot run: $1." >&2
    exit 2
}

[ $# -gt 0 ] || give_up "no command is given to $0"
[ "$(uname)" = Linux ] || give_up "they need the namespaces of Linux, and this is $(uname)"
[ "$(id -u)" -eq 0 ] || give_up "they need namespaces, which only root may make: run them as root"

# Daemons and `ip` are there, where a user's own PATH does not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
for tool in unshare nsenter setpriv mount ip ping slurmctld slurmd srun munged ceph-mon ceph-osd \
    radosgw; do
    command -v "$tool" >/dev/null || give_up "$tool is missing: run bash tests/install-system.sh"
done
unshare --mount --net --uts --pid true 2>/dev/null ||
    give_up "this machine or container does not let root make namespaces"

# hosts.py refuses to change the network anywhere else.
export PATH TESTS_ARE_ALONE=yes

# The first process inside. It stays, for the `exit` at its end, and reaps orphans, which else would
# look alive to those who wait for their end. The address, one of those that are nobody's, is for
# getaddrinfo, which tells Slurm nothing where there are loopback addresses only. The hosts file is
# kept by its mount alone.
inside='
    mount -t proc proc /proc
    ip link set lo up
    ip address add 192.0.2.1/32 dev lo
    echo campus >/proc/sys/kernel/hostname
    names=$(mktemp)
    { cat /etc/hosts; echo 127.0.0.1 campus; } >"$names"
    chmod 644 "$names"
    mount --bind "$names" /etc/hosts
    rm "$names"
    trap : INT
    "$@"
    exit 0'

# The shell around it leaves Ctrl-C to the command, and passes on how that ends; any other end of
# it, by `timeout` for one, ends all. (`unshare --fork` would hold SIGTERM back.)
exec unshare --mount --net --uts --pid sh -c '
    trap : INT
    setpriv --pdeathsig KILL sh -euc "$0" sh "$@"
    exit $?' "$inside" "$@"
