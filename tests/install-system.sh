#!/usr/bin/env bash
# Install what `make browser-test` needs beside the Python packages: the browser Chromium, from
# Debian's or Ubuntu's own packages. Where a browser of its family is there, nothing is done.
set -euo pipefail

for browser in chromium chromium-browser google-chrome; do
    if path=$(command -v "$browser"); then
        echo "The browser is there: $path"
        exit 0
    fi
done

if ! command -v apt-get >/dev/null; then
    echo "No Chromium here, and no apt-get to install it: install Chromium yourself." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Chromium has to be installed: run this script as root." >&2
        exit 1
    fi
    as_root=(sudo)
fi

"${as_root[@]}" apt-get update
package=chromium
if ! apt-cache show "$package" >/dev/null 2>&1; then
    package=chromium-browser # Ubuntu's name for it
fi
echo "Installing the package $package ..."
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$package"
