"""The calculator in the reader's browser does what seispipe.teaching.gravity does."""

import itertools
import json
import math
import random
import re
from pathlib import Path

import pytest
from conftest import PHONE
from playwright.sync_api import expect

from seispipe.teaching.calculator import (
    EXAMPLES,
    FIELDS,
    RESULTS,
    START,
    WRONG,
    demand,
    in_dollars,
    in_runs,
    result,
)
from seispipe.teaching.gravity import LIMITS, Plan, in_words, weigh

LABELS = {name: field.label for group in FIELDS.values() for name, field in group.items()}
OUTCOMES = [name for names in RESULTS.values() for name in names]
NO_PLAN = re.compile(r"NaN|Infinity|undefined|null|\[object", re.IGNORECASE)
VERDICT = ".calculator-verdict"


def within(name, dice):
    """A number that the form takes, from all its decades."""
    limit = LIMITS[name]
    if limit.least == 0 and dice.random() < 0.2:
        return 0.0
    low, high = math.log10(max(limit.least, 1e-6)), math.log10(limit.most)
    return min(max(10 ** dice.uniform(low, high), limit.least), limit.most)


def random_plans(count, seed):
    dice = random.Random(seed)  # noqa: S311
    return [Plan(**{name: within(name, dice) for name in LIMITS}) for _ in range(count)]


def corners():
    """Every combination of the smallest, an everyday and the largest number of each field."""
    everyday = vars(EXAMPLES[START])
    choices = [(LIMITS[n].least, everyday[n], LIMITS[n].most) for n in LIMITS]
    return [Plan(**dict(zip(LIMITS, some, strict=True))) for some in itertools.product(*choices)]


def type_in(page, plan):
    for name in LIMITS:
        page.fill(f"[name={name}]", repr(getattr(plan, name)))


def shows(page, plan):
    """Wait until the page shows this plan's outcome in Python's words."""
    outcome = weigh(plan)
    words = {name: result(name, getattr(outcome, name)) for name in OUTCOMES}
    for name in OUTCOMES:
        expect(page.locator(f"[data-result={name}]")).to_have_text(words[name])

    def better(quantity):
        if words[f"bring_{quantity}"] == words[f"go_{quantity}"]:
            return "no difference"
        bring, go = (getattr(outcome, f"{way}_{quantity}") for way in ("bring", "go"))
        return "bring the data here" if bring < go else "go to the data"

    expect(page.locator(VERDICT)).to_have_text(
        f"Faster: {better('hours')}. Cheaper: {better('dollars')}."
    )
    assert not NO_PLAN.search(page.inner_text(".calculator"))


def read(page, texts, name):
    """What the page reads from texts in one field."""
    fields = json.loads(page.get_attribute(".calculator", "data-words"))["fields"]
    return page.evaluate(
        "([texts, limit]) => texts.map((text) => seispipeCalculator.readNumber(text, limit))",
        [texts, fields[name]],
    )


class TestArithmetic:
    def same(self, page, plans):
        numbers = [vars(plan) for plan in plans]
        there = page.evaluate("plans => plans.map(seispipeCalculator.weigh)", numbers)
        for plan, outcome in zip(plans, there, strict=True):
            here = vars(weigh(plan))
            assert outcome.keys() == here.keys()
            assert all(math.isclose(outcome[n], here[n], rel_tol=1e-12) for n in here), plan

    def test_in_every_corner(self, page):
        self.same(page, corners())

    def test_everywhere_else(self, page):
        self.same(page, random_plans(3000, seed=1))

    def test_words(self, page):
        dice = random.Random(2)  # noqa: S311
        numbers = [10 ** dice.uniform(-9, 18) for _ in range(3000)]
        # Half-way between two roundings, and where the unit or the way of writing changes.
        numbers += [n / 8 for n in range(2000)] + [n + 0.5 for n in range(90, 1010)]
        edges = (1, 60, 3600, 24, 8766, 1e-4, 0.01, 999.5, 999.995, 1000, 1e6, 1e9, 1e12)
        for edge in edges:
            for power in (-1, 0, 1):
                near = edge * 60.0**power
                numbers += [math.nextafter(near, 0), near, math.nextafter(near, math.inf)]
        functions = {
            "number => seispipeCalculator.inWords(number)": in_words,
            "number => seispipeCalculator.inDollars(number)": in_dollars,
            f"number => seispipeCalculator.inRuns(number, {LIMITS['runs'].most})": in_runs,
            "seispipeCalculator.threeDigits": lambda number: f"{number:.3g}",
        }
        for there, here in functions.items():
            words = page.evaluate(f"numbers => numbers.map({there})", numbers)
            assert words == list(map(here, numbers))
        assert (
            page.evaluate("seispipeCalculator.inRuns(Infinity, 1)") == in_runs(math.inf) == "never"
        )

    def test_both_refuse_the_same(self, page):
        for name, limit in LIMITS.items():
            values = [limit.least, limit.most, 0.0, -0.0, -1.0, 1.0, 1e300, math.inf, -math.inf]
            values += [math.nextafter(limit.least, -math.inf), math.nextafter(limit.most, math.inf)]
            texts = [repr(value).replace("inf", "1e999") for value in values]
            for value, found in zip(values, read(page, texts, name), strict=True):
                try:
                    Plan(**{**vars(EXAMPLES[START]), name: value})
                except ValueError:
                    assert found == {"wrong": "limit"}, (name, value)
                else:
                    assert found == {"value": value}, (name, value)


class TestForm:
    def test_it_starts_with_an_example(self, page):
        shows(page, EXAMPLES[START])

    @pytest.mark.parametrize("plan", random_plans(12, seed=3), ids=range(12))
    def test_it_shows_what_python_says(self, page, plan):
        type_in(page, plan)
        shows(page, plan)

    @pytest.mark.parametrize("example", EXAMPLES)
    def test_an_example_can_be_tried(self, page, example):
        page.get_by_role("button", name=f"Try it: {example}").click()
        shows(page, EXAMPLES[example])

    def test_by_keyboard_alone(self, page):
        page.focus(f"[name={next(iter(LABELS))}]")
        for name in LABELS:
            expect(page.get_by_label(LABELS[name], exact=True)).to_be_focused()
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(repr(getattr(EXAMPLES["One event"], name)))
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
        shows(page, EXAMPLES["One event"])
        expect(page.get_by_role("button", name="Reset")).to_be_focused()
        page.keyboard.press("Space")
        shows(page, EXAMPLES[START])
        assert "#" not in page.url

    def test_a_plan_travels_in_the_address(self, page, visit):
        type_in(page, EXAMPLES["An archive"])
        shows(page, EXAMPLES["An archive"])
        fragment = page.url[page.url.index("#") :]
        shows(visit(fragment), EXAMPLES["An archive"])
        # In a page that is open already, too.
        page.get_by_role("button", name="Reset").click()
        shows(page, EXAMPLES[START])
        page.evaluate("fragment => { location.hash = fragment }", fragment)
        shows(page, EXAMPLES["An archive"])

    def test_an_address_cannot_bring_anything_but_text(self, visit):
        page = visit("#plan&volume_gb=%3Cimg%20src=x%20onerror=alert(1)%3E&runs=1e999&other=1")
        expect(page.locator("[name=volume_gb]")).to_have_value("<img src=x onerror=alert(1)>")
        expect(page.locator("#calculator-volume_gb-error")).to_contain_text(WRONG["word"])
        assert page.locator(".calculator img").count() == 0

    def test_the_address_of_a_section_stays(self, visit):
        page = visit("#data-gravity")
        shows(page, EXAMPLES[START])
        assert page.url.endswith("#data-gravity")


BAD = {
    "empty": ["", "   "],
    "comma": ["1,5", "1,000", "1.000,5", ",5"],
    "word": ["many", "NaN", "Infinity", "-inf", "5 GB", "1 000", "0x10", "1e", ".", "1_000", "5;"],
    "limit": ["-1", "-1e-9", "1e999", "-1e999", "1" * 400, "1e15"],
}


class TestBadInput:
    @pytest.mark.parametrize("name", LIMITS)
    def test_the_message_names_the_field_and_what_it_may_be(self, page, name):
        error = page.locator(f"#calculator-{name}-error")
        field = page.get_by_label(LABELS[name], exact=True)
        for kind, texts in BAD.items():
            field.fill(texts[-1])
            message = f"{demand(name)}; {WRONG[kind]}"
            expect(error).to_have_text(message)
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(page.locator(VERDICT)).to_have_text(f"No result yet. {message}")
            assert not NO_PLAN.search(page.inner_text(".calculator"))
        field.fill(repr(getattr(EXAMPLES[START], name)))
        expect(error).to_be_empty()
        expect(field).to_have_attribute("aria-invalid", "false")
        shows(page, EXAMPLES[START])

    def test_whatever_is_typed_has_its_message(self, page):
        for name in LIMITS:
            for kind, texts in BAD.items():
                assert read(page, texts, name) == [{"wrong": kind}] * len(texts)

    def test_what_may_be_typed(self, page):
        texts = ["5", " 5 ", "+5", "5.", "5.0", "05", "0.5e1", "50E-1"]
        assert read(page, texts, "volume_gb") == [{"value": 5}] * len(texts)
        assert read(page, [".5", "-0"], "volume_gb") == [{"value": 0.5}, {"value": 0}]

    def test_the_sentence_as_a_whole(self, page):
        page.fill("[name=megabit_s]", "0")
        expect(page.locator("#calculator-megabit_s-error")).to_have_text(
            "Line to the data must lie between 0.001 and 10,000,000 Mbit/s; is its unit right?"
        )

    def test_all_that_is_wrong_is_named(self, page):
        for name in LIMITS:
            page.fill(f"[name={name}]", "")
        labels = "; ".join(LABELS.values())
        expect(page.locator(VERDICT)).to_have_text(f"No result yet. Numbers to mend: {labels}.")


class TestEveryReader:
    def test_without_javascript_the_examples_are_there(self, visit):
        page = visit(java_script_enabled=False)
        expect(page.locator(".calculator form")).to_be_hidden()
        expect(page.locator(".calculator-examples tfoot")).to_be_hidden()
        expect(page.locator(".calculator noscript")).to_be_visible()
        table = page.get_by_role("table", name=re.compile("Worked examples"))
        expect(table).to_be_visible()
        text = table.inner_text()
        for plan in EXAMPLES.values():
            for name in OUTCOMES:
                assert result(name, getattr(weigh(plan), name)) in text

    def test_with_javascript_they_stay(self, page):
        expect(page.get_by_role("table", name=re.compile("Worked examples"))).to_be_visible()

    def test_names_roles_and_descriptions(self, page):
        for name, label in LABELS.items():
            field = page.get_by_role("textbox", name=label, exact=True)
            expect(field).to_have_attribute("name", name)
            described = field.get_attribute("aria-describedby").split()
            texts = [page.locator(f"#{one}").text_content() for one in described]
            assert texts[0] == LIMITS[name].unit
            assert len(texts) == 3
        live = page.get_by_role("region", name="Result")
        expect(live).to_have_attribute("aria-live", "polite")
        expect(live.get_by_role("table", name="The result for your numbers")).to_be_visible()
        heads = live.get_by_role("columnheader").all_inner_texts()
        assert heads == ["Time", "Money"]
        assert live.get_by_role("rowheader").all_inner_texts() == list(RESULTS)

    @pytest.mark.parametrize("kind", ["as it starts", "all wrong", "the largest"])
    def test_on_a_phone_nothing_runs_off(self, visit, kind):
        page = visit(size=PHONE, is_mobile=True, has_touch=True)
        for name in LIMITS:
            if kind == "all wrong":
                page.fill(f"[name={name}]", "9" * 50)
            elif kind == "the largest":
                page.fill(f"[name={name}]", repr(LIMITS[name].most))
        if kind == "all wrong":
            expect(page.locator(VERDICT)).to_contain_text("No result yet")
        elif kind == "the largest":
            shows(page, Plan(**{name: limit.most for name, limit in LIMITS.items()}))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        beyond = page.evaluate(
            """[...document.querySelectorAll(".calculator, .calculator *")]
               .filter((e) => e.getBoundingClientRect().right > 360 || e.scrollWidth > e.clientWidth
                       && e.clientWidth && getComputedStyle(e).display !== "inline"
                       && e.tagName !== "INPUT").map((e) => e.outerHTML.slice(0, 80))"""
        )
        assert beyond == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_contrast(self, visit, scheme):
        page = visit(scheme=scheme)
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        page.fill("[name=runs]", "none")
        expect(page.locator("#calculator-runs-error")).not_to_be_empty()
        found = page.evaluate(Path(__file__).with_name("contrast.js").read_text("utf-8"))
        assert len(found["texts"]) > 50
        assert [pair for pair in found["texts"] if pair[1] < 4.5] == []
        assert found["border"] >= 3
