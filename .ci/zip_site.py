"""Pack the built site into one file, to be carried to where there is no network.

Run by ``make zip``. The same site gives the same bytes.
"""

import argparse
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parent.parent
NAME = "cloud-workflows-for-seismology"
SITE = ROOT / "_build" / "html"
# A zip file can hold no earlier date, and the date of a build would change the bytes.
DATE = (1980, 1, 1, 0, 0, 0)
READ_ME = """\
1. Unpack this file, and open a terminal in the folder that comes out.
2. Run:  python3 -m http.server --bind 127.0.0.1 8000
3. Open http://127.0.0.1:8000 in a browser. No network is needed.
A double click on a page works too, but not the search: a browser lets a file read no other file.
"""


def pack(site: Path, out: Path) -> None:
    """Write the site, below one folder, into a zip file."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    # What only a later build of the site would read.
    files = {name: path for name, path in files.items() if name != ".buildinfo"}
    content = {name: path.read_bytes() for name, path in files.items()}
    content["READ-ME-FIRST.txt"] = READ_ME.encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(out, "w") as archive:
        for name in sorted(content):
            entry = ZipInfo(f"{NAME}/{name}", DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content[name], ZIP_DEFLATED)


def main() -> None:
    """Pack what ``make book`` has built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / f"{NAME}-site.zip")
    arguments = parser.parse_args()
    if not (arguments.site / "index.html").exists():
        sys.exit(f"There is no site in {arguments.site}: run make book first")
    pack(arguments.site, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
