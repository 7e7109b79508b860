#!/usr/bin/env bash
# Install what the tests need beside the Python packages, from Debian's or Ubuntu's own packages:
# Chromium for `make site-test`; Slurm, Ceph's object gateway and tools for networks for
# `make cluster-test`. What is there already is left alone.
set -euo pipefail

# Daemons and `ip` are there, where a user's own PATH does not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

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

needs slurmctld slurmctld
needs slurmd slurmd
needs srun slurm-client
needs munged munge

needs ceph-mon ceph-mon
needs ceph-osd ceph-osd
needs radosgw radosgw
needs ceph ceph-common

needs ip iproute2
needs unshare util-linux
needs ping iputils-ping

if [ "${#missing[@]}" -eq 0 ]; then
    echo "All that the tests need is there."
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "No apt-get here: install yourself what Debian calls ${missing[*]}." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Packages have to be installed (${missing[*]}): run this script as root." >&2
        exit 1
    fi
    as_root=(sudo)
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
