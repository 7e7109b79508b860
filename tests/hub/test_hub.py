"""A learner's first hour on a real JupyterHub, from the site's button on, in Chromium.

The tests go on where the one before has stopped, as the learner does.
"""

import json
import re
import subprocess
import time
from urllib.parse import urlsplit

import hub as hubs
import nbformat
import psutil
import pytest
from bs4 import BeautifulSoup
from confined import NOBODY, as_nobody
from playwright.sync_api import sync_playwright
from print_book import FLAGS, find_chromium

from tests.building import ROOT, build_book
from tests.processes import free_port, start, stop, wait_for, wait_for_port

LESSON = "notebooks/17-dask-delayed-and-futures"
EXERCISE = "dask-delayed-and-futures/wire"
SHOTS = ROOT / "_build" / "hub"
NEWS = "A word that the authors have added since."


@pytest.fixture(scope="module")
def upstream(image, tmp_path_factory):
    """The course as its authors keep it, behind git's own server."""
    authors = tmp_path_factory.mktemp("authors")
    course = authors / "course"
    subprocess.run(["cp", "-r", image.course, course], check=True)  # noqa: S607
    git(course, "init", "--quiet", "--initial-branch=main")
    commit(course, "The course")
    port, log = free_port(), authors / "log"
    options = ("--export-all", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}")
    server = start(["git", "daemon", *options, f"--base-path={authors}"], log)
    try:
        wait_for_port("127.0.0.1", port, server, log)
        yield course, f"git://127.0.0.1:{port}/course"
    finally:
        stop(server)


def git(folder, *words):
    author = ("-c", "user.name=Authors", "-c", "user.email=authors@example.org")
    subprocess.run(["git", *author, *words], cwd=folder, check=True)  # noqa: S607


def commit(folder, message):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture(scope="module")
def hub(image, upstream):
    # What a hub's keeper adds to the course's own environment.
    image.add("jupyterhub", "nbgitpuller")
    with hubs.running(image, upstream[1]) as hub:
        yield hub
    assert left_behind(image) == []


def left_behind(image):
    """Return what the learner has started and is still there."""
    found = []
    for process in psutil.process_iter(["uids", "cmdline"]):
        known = process.info
        if known["uids"].real == NOBODY and str(image.folder) in str(known["cmdline"]):
            found.append(known["cmdline"])
    return found


@pytest.fixture(scope="module")
def link(hub, tmp_path_factory):
    """Where the button leads that a site has whose build knows the repository and the hub."""
    site = build_book(
        tmp_path_factory.mktemp("site"),
        ["book/intro", LESSON],
        COURSE_REPOSITORY=hubs.REPOSITORY,
        COURSE_HUB=hub.url,
    )
    page = BeautifulSoup((site / f"{LESSON}.html").read_bytes(), "html.parser")
    (button,) = page.select(f"a[href^='{hub.url}']")
    return button["href"]


@pytest.fixture(scope="module")
def window(hub):
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_context(viewport={"width": 1600, "height": 950}).new_page()
        page.set_default_timeout(60_000)
        yield page
        page.screenshot(path=SHOTS / "at-the-end.png")
        browser.close()


def copy_of(hub, name):
    return hub.home / "course" / name


def saved(window, hub):
    """Save the notebook, and read it where it lies."""
    window.keyboard.press("Control+s")
    time.sleep(0.5)

    def whole():
        try:
            return nbformat.read(copy_of(hub, f"{LESSON}.ipynb"), as_version=4)
        except nbformat.reader.NotJSONError:
            return None  # it is being written

    return wait_for(whole, "the notebook that was saved")


def test_the_sites_button_opens_the_notebook_in_a_copy_of_the_learners_own(window, hub, link):
    window.goto(link)
    window.fill("input[name=username]", hubs.LEARNER)
    window.fill("input[name=password]", hubs.PASSWORD)
    window.click("#login_submit, input[type=submit]")
    window.wait_for_selector(".jp-Notebook >> text=Dask: promises and futures >> visible=true")
    assert urlsplit(window.url).path.endswith(f"/lab/tree/course/{LESSON}.ipynb")
    assert copy_of(hub, f"{LESSON}.ipynb").owner() == "nobody"


def test_boxes_are_drawn_and_solutions_are_folded(window):
    window.wait_for_selector("aside >> text=Predict")
    assert window.locator(".jp-MarkdownOutput", has_text=":::{").count() == 0
    # Of a folded cell the first line is shown: it must not be the answer.
    first = window.locator(".jp-CodeCell:has(.jp-InputPlaceholder)").first
    first.scroll_into_view_if_needed()
    first.locator(".jp-InputPlaceholder").wait_for()
    assert first.inner_text().strip() == "# Solution"


def test_the_notebook_runs_to_its_end_and_the_dashboard_is_alive(window, hub, record):
    window.click("text=Run >> nth=0")
    window.click("text=Run All Cells >> nth=0")
    dashboard = f"{hub.url}user/{hubs.LEARNER}/proxy/8787/"
    answered = lambda: window.request.get(f"{dashboard}status").status == 200  # noqa: E731
    wait_for(answered, "the dashboard behind the hub's proxy", timeout=60)

    window.click("[data-id='dask-dashboard-launcher']")
    window.locator("button[value='Task Stream']:enabled").wait_for()
    window.click(".lm-TabBar-tab >> text=17-dask")
    window.keyboard.press("Control+Shift+c")
    window.locator(".lm-CommandPalette-input").fill("Launch Dask Dashboard Layout")
    window.keyboard.press("Enter")
    chart = window.frame_locator("iframe[src*='/proxy/8787/individual-task-stream']")
    chart.locator("canvas").first.wait_for()
    time.sleep(2)  # for the picture: a stream of tasks, not an empty frame
    window.screenshot(path=SHOTS / "running.png")
    window.click(".lm-TabBar-tab >> text=17-dask")

    def done():
        cells = [cell for cell in saved(window, hub).cells if cell.cell_type == "code"]
        return all(cell.execution_count for cell in cells) and cells

    cells = wait_for(done, "the end of the notebook", timeout=120)
    wrong = [out for cell in cells for out in cell.outputs if out.output_type == "error"]
    assert wrong == []
    links = [out.text for cell in cells for out in cell.outputs if "/proxy/" in out.get("text", "")]
    assert any(f"/user/{hubs.LEARNER}/proxy/8787/status" in text for text in links)
    # What a learner's JupyterLab takes beside the notebooks.
    (server,) = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(word.endswith("jupyterhub-singleuser") for word in process.info["cmdline"] or [])
    ]
    record["server_bytes"] = server.memory_full_info().pss


def test_a_wrong_answer_is_told_what_is_wrong_and_a_right_one_is_right(window):
    cell = window.locator(".jp-CodeCell", has_text=f'check("{EXERCISE}", answer)').first
    for answer, verdict in (
        ("7.008", "the line counts bits, and you counted bytes"),
        (
            "56.06",
            "Right: 56.06 hours.",
        ),
    ):
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        window.keyboard.press("Control+a")
        window.keyboard.insert_text(f'answer = {answer}\n\ncheck("{EXERCISE}", answer)')
        window.keyboard.press("Control+Enter")
        cell.locator(".jp-OutputArea-output", has_text=verdict).wait_for()
    window.screenshot(path=SHOTS / "answered.png")


def test_what_was_passed_is_kept_in_the_learners_home_and_solutions_do_not_count(image, hub):
    said = subprocess.run(
        as_nobody([image.bin / "seispipe", "progress"]),
        env=image.environment(HOME=str(hub.home)),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    (line,) = [line for line in said.splitlines() if EXERCISE.partition("/")[0] in line]
    assert re.search(r"  1 of \d   still open: ", line)
    assert "\n1 of " in said
    assert f"Kept in {hub.home}/" in said


def test_a_second_pull_keeps_the_learners_answer_and_brings_what_is_new(
    window, hub, link, upstream
):
    course, _ = upstream
    assert "answer = 56.06" in json.dumps(saved(window, hub))
    path = course / f"{LESSON}.ipynb"
    lesson = json.loads(path.read_text(encoding="utf-8"))
    lesson["cells"][1]["source"].append(f"\n\n{NEWS}")
    path.write_text(json.dumps(lesson, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (course / "notebooks" / "news.md").write_text(f"{NEWS}\n", encoding="utf-8")
    commit(course, "News")

    window.goto(link)
    window.wait_for_selector(".jp-Notebook >> text=Dask: promises and futures >> visible=true")
    assert copy_of(hub, "notebooks/news.md").read_text(encoding="utf-8") == f"{NEWS}\n"
    merged = copy_of(hub, f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "answer = 56.06" in merged
    assert NEWS in merged
    nbformat.validate(nbformat.reads(merged, as_version=4))
