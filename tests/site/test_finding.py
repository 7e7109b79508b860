"""A reader finds things: by map, search and keyboard, and also after a wrong turn."""

import re

import pytest
from conftest import PHONE, SITE, WIDE
from playwright.sync_api import expect

# What a reader may look for, and where it stands.
SOUGHT = {
    "KilledWorker": "book/reference/troubleshooting.html",
    "water level": "notebooks/04-correction.html",
    "job array": "book/scale/on-a-cluster.html",
    "to_ground_motion": "book/reference/api/stages.html",
    "egress": "book/start/data-gravity.html",
}
CAN_BE_USED = "a[href], button, summary, input, select, [tabindex='0']"
# What can be used and seen here, as numbers that the next script knows again.
NUMBER_THEM = """(what) => {
  const seen = (e) =>
    e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0;
  const all = [...document.querySelectorAll(what)].filter(seen);
  all.forEach((e, i) => { e.dataset.number = i; });
  return all.map((e) => (e.textContent || e.ariaLabel || e.id).trim().slice(0, 40));
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  const has = (s) => s.outlineStyle !== "none" || s.boxShadow !== "none";
  // The link of a card is spread over the card by what comes after it.
  const ring = has(getComputedStyle(e)) || has(getComputedStyle(e, "::after"));
  return [e.dataset.number, ring];
}"""


def goes_to(page, address):
    page.wait_for_url(lambda url: url.split("#")[0].endswith(address))


def test_the_address_of_the_site_leads_to_the_front_page(look_at):
    page = look_at("")
    goes_to(page, "/book/intro.html")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_front_page_says_in_one_screen_what_this_is_for_whom_and_how_to_begin(size, look_at):
    page = look_at("book/intro.html", size)
    screens = 1 if size is WIDE else 2
    for text in ("one seismic pipeline", "It is for people who"):
        below = page.get_by_text(text).first.bounding_box()
        assert below["y"] + below["height"] <= size["height"]
    for way in ("Read", "Run", "Teach"):
        card = page.locator(".ways-in .sd-card", has_text=way).first.bounding_box()
        assert card["y"] + card["height"] <= screens * size["height"]


@pytest.mark.parametrize("way", ["Read", "Run", "Teach"])
def test_each_way_in_leads_somewhere(way, look_at):
    page = look_at("book/intro.html")
    before = page.url
    page.locator(".ways-in .sd-card", has=page.get_by_text(way, exact=True)).click()
    page.wait_for_url(lambda url: url != before)


def test_each_lesson_on_the_map_can_be_opened_and_says_what_it_takes(look_at):
    page = look_at("book/intro.html")
    cards = page.locator(".course-map li")
    links = set()
    for place in range(cards.count()):
        card = cards.nth(place)
        assert re.search(r"\d+ min", card.inner_text())
        links |= {link.get_attribute("href") for link in card.locator("a").all()}
    for link in links:
        assert (SITE / "book" / link).is_file()
    assert len(links) >= 39


@pytest.mark.parametrize(("words", "found"), SOUGHT.items())
def test_search_finds(words, found, look_at):
    page = look_at("search.html")
    page.locator("main input[name=q]").fill(words)
    page.keyboard.press("Enter")
    results = page.locator("#search-results")
    expect(results.locator("li").first).to_be_visible()
    expect(results.locator(f"a[href*='{found}']").first).to_be_visible()
    expect(results.locator("p.search-summary")).to_contain_text("found")


def test_search_opens_by_keyboard_on_any_page(look_at):
    page = look_at("book/scale/dask.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("nanny")
    page.keyboard.press("Enter")
    goes_to(page, "/search.html?q=nanny")
    expect(page.locator("#search-results li").first).to_be_visible()


@pytest.mark.parametrize(
    "name",
    [
        "book/intro",
        "book/scale/choosing",
        "notebooks/01-a-real-earthquake",
        "book/start/data-gravity",
    ],
)
def test_everything_can_be_reached_by_keyboard_and_is_seen_to_be(name, look_at):
    page = look_at(f"{name}.html")
    controls = page.evaluate(NUMBER_THEM, CAN_BE_USED)
    reached, without_ring = set(), set()
    for _ in range(len(controls) + 20):
        page.keyboard.press("Tab")
        number, ring = page.evaluate(FOCUSED)
        if number is not None:
            reached.add(int(number))
            if not ring:
                without_ring.add(controls[int(number)])
    assert [controls[i] for i in set(range(len(controls))) - reached] == []
    assert without_ring == set()


def test_the_first_key_offers_to_skip_what_is_on_every_page(look_at):
    page = look_at("book/scale/dask.html")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main-content")


def test_an_answer_of_a_quiz_opens_by_keyboard_and_says_whether_and_why(look_at):
    page = look_at("book/scale/choosing.html")
    quiz = page.locator(".quiz").first
    for kind, verdict in (("right", "Right."), ("wrong", "Not so.")):
        answer = quiz.locator(f".quiz-{kind}").first
        expect(answer.locator("p")).to_be_hidden()
        answer.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(answer.locator("p")).to_be_visible()
        expect(answer.locator("p")).to_have_text(re.compile(rf"^{re.escape(verdict)} .{{20,}}"))


def test_a_solution_opens_by_keyboard(look_at):
    page = look_at("notebooks/01-a-real-earthquake.html")
    solution = page.locator(".tag_solution details").first
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(solution.locator("pre").first).to_be_visible()


def test_a_wrong_address_has_a_page_that_helps(site, chromium):
    page = chromium.new_page()
    answer = page.goto(f"{site}notebooks/99-not-there.html")
    assert answer.status == 404
    expect(page.locator("article h1")).to_be_visible()
    page.locator("main a").first.click()
    goes_to(page, "/book/intro.html")
    page.close()


def test_a_page_that_was_moved_is_found_at_its_old_address(look_at):
    page = look_at("book/reference/teaching-archive.html#the-teaching-archive")
    goes_to(page, "/book/build/teaching-archive.html")
    assert page.url.endswith("#the-teaching-archive")
