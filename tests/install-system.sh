#!/usr/bin/env bash
# Install what the tests need beside the Python packages, from Debian's or Ubuntu's own packages:
# Chromium for `make site-test` and `make hub-test`; JupyterHub's proxy, from npm, for `make hub-test`;
# Slurm, Ceph's object gateway and tools for networks for `make cluster-test`; another clock for
# `make soak`. What is there already is left alone.
set -euo pipefail

# Daemons and `ip` are there, where a user's own PATH does not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# The version that the tests of the hub ran with.
PROXY=5.3.0

missing=()

needs() { # needs COMMAND PACKAGE: the package that has the command, unless the command is there
    command -v "$1" >/dev/null || missing+=("$2")
}

has_a_browser() {
    local browser
    for browser in chromium chromium-browser google-chrome; do
        if command -v "$browser" >/dev/null; then return 0; fi
    done
    return 1
}

has_a_browser || missing+=(chromium)

needs node nodejs
needs npm npm
needs git git
needs setpriv util-linux

needs slurmctld slurmctld
needs slurmd slurmd
needs srun slurm-client
needs munged munge

needs ceph-mon ceph-mon
needs ceph-osd ceph-osd
needs radosgw radosgw
needs ceph ceph-common

needs faketime faketime

needs ip iproute2
needs unshare util-linux
needs ping iputils-ping

if [ "${#missing[@]}" -eq 0 ] && command -v configurable-http-proxy >/dev/null; then
    echo "All that the tests need is there."
    exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Programs have to be installed: run this script as root." >&2
        exit 1
    fi
    as_root=(sudo)
fi

if [ "${#missing[@]}" -ne 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here: install yourself what Debian calls ${missing[*]}." >&2
        exit 1
    fi
    "${as_root[@]}" apt-get update
    packages=()
    for package in "${missing[@]}"; do
        if [ "$package" = chromium ] && ! apt-cache show chromium >/dev/null 2>&1; then
            package=chromium-browser # Ubuntu's name for it
        fi
        packages+=("$package")
    done
    echo "Installing ${packages[*]} ..."
    # The tests start the daemons themselves, each with a configuration of its own; SYSTEMD_OFFLINE
    # keeps systemd from starting the machine-wide ones (munge, ceph-crash) now. They stay enabled, so
    # a machine that is started again runs them, unless they are disabled with `systemctl disable`.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1 \
        apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${packages[@]}"
fi

if ! command -v configurable-http-proxy >/dev/null; then
    echo "Installing JupyterHub's proxy ..."
    "${as_root[@]}" npm install --global --no-fund --no-audit "configurable-http-proxy@$PROXY"
fi
