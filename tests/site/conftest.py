"""The built site behind a local server, and pages of it in the system's Chromium."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from print_book import FLAGS, find_chromium

SITE = Path(__file__).parents[2] / "_build" / "html"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send_error(self, code, message=None, explain=None):
        """Answer a wrong address with the site's own page for that, as web hosts do."""
        own = Path(self.directory, "404.html")
        if code != 404 or not own.exists():
            super().send_error(code, message, explain)
            return
        body = own.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve(folder):
    """Serve a folder, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site():
    """The address of the site."""
    if not (SITE / "index.html").exists():
        pytest.fail("no site in _build/html; run make book first", pytrace=False)
    with serve(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    try:
        path = find_chromium()
    except RuntimeError as problem:
        pytest.fail(str(problem), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Look:
    """A reader's window: what it shows, what it asked for, and what it complained of."""

    def __init__(self, site, page):
        self.site, self.page = site, page
        self.elsewhere, self.complaints = [], []
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def _asked(self, request):
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _answered(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def _said(self, message):
        if message.type == "error":
            self.complaints.append(message.text)


@pytest.fixture
def look_at(site, chromium):
    """Open a page in a window of its own; afterwards, nothing may have gone wrong there."""
    looks, contexts = [], []

    def open_page(name, size=WIDE, scheme="light", **options):
        context = chromium.new_context(viewport=size, color_scheme=scheme, **options)
        contexts.append(context)
        look = Look(site, context.new_page())
        looks.append(look)
        look.page.goto(f"{site}{name}")
        return look.page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for look in looks for url in look.elsewhere] == []
    assert [said for look in looks for said in look.complaints] == []


@pytest.fixture
def visit(look_at):
    """Open the page with the calculator."""
    return lambda fragment="", **how: look_at(f"book/start/data-gravity.html{fragment}", **how)


@pytest.fixture
def page(visit):
    return visit()
