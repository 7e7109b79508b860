"""Print the built site as one PDF, with links, figures and an outline. Run by ``make pdf``.

All pages are joined into one document, in which links between pages become links within it, and
Chromium prints that.
"""

import argparse
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from join_pages import join
from playwright.sync_api import Page, sync_playwright
from zip_site import NAME, ROOT, SITE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WHOLE = "_whole-book.html"
FOOTER = (
    '<div style="width:100%; font-size:8px; text-align:center; color:#555">'
    '<span class="pageNumber"></span></div>'
)
READY = """async () => {
  await document.fonts.ready;
  for (const image of document.images) await image.decode();
}"""


class Quiet(SimpleHTTPRequestHandler):
    """The site's folder, and beside it the joined document, which is in no file."""

    whole = b""

    def do_GET(self):
        """Send a file, or the joined document."""
        if self.path.lstrip("/") != WHOLE:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.whole)))
        self.end_headers()
        self.wfile.write(self.whole)

    def log_message(self, *_):
        """Say nothing."""


def find_chromium() -> str:
    """Return where the system's Chromium is.

    Raises
    ------
    RuntimeError
        If there is none.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise RuntimeError("there is no Chromium here; run: bash tests/install-system.sh")
    return path


def print_document(document: str, site: Path, out: Path) -> None:
    """Print a document whose figures and styles lie in the site's folder.

    Raises
    ------
    RuntimeError
        If there is no Chromium, or the document asks for what is not in the site.
    """
    chromium = find_chromium()
    handler = partial(type("Handler", (Quiet,), {"whole": document.encode()}), directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            address = f"http://127.0.0.1:{server.server_port}/"
            _print(browser.new_page(color_scheme="light"), address, out)
        finally:
            browser.close()
            server.shutdown()


def _print(page: Page, address: str, out: Path) -> None:
    elsewhere = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:")) else elsewhere.append(request.url)
        ),
    )
    page.goto(address + WHOLE)
    page.evaluate(READY)
    out.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(
        path=out,
        format="A4",
        margin={"top": "16mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        outline=True,
        tagged=True,
    )
    if elsewhere:
        raise RuntimeError(f"the book asks for what is not in it: {elsewhere}")


def commit() -> str:
    """Return the commit that is printed, with a mark if files have been changed; or nothing."""
    git = ["git", "describe", "--always", "--dirty"]
    try:
        said = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.stdout.strip()


def main() -> None:
    """Print what ``make book`` has built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / f"{NAME}.pdf")
    arguments = parser.parse_args()
    if not (arguments.site / "index.html").exists():
        sys.exit(f"There is no site in {arguments.site}: run make book first")
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    try:
        print_document(join(arguments.site, toc, settings, commit()), arguments.site, arguments.out)
    except RuntimeError as problem:
        sys.exit(str(problem))
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
