import json
import math
import re

import pytest
from bs4 import BeautifulSoup

from seispipe.teaching import calculator
from seispipe.teaching.calculator import EXAMPLES, FIELDS, RESULTS, START, in_dollars, in_runs
from seispipe.teaching.gravity import LIMITS, in_words, weigh


@pytest.fixture(scope="module")
def soup():
    return BeautifulSoup(calculator.html(), "html.parser")


def test_the_form_asks_for_every_number_of_a_plan(soup):
    fields = [name for group in FIELDS.values() for name in group]
    assert sorted(fields) == sorted(LIMITS)
    assert [field["name"] for field in soup.find_all("input")] == fields
    for field in soup.find_all("input"):
        assert float(field["value"]) == getattr(EXAMPLES[START], field["name"])
        assert soup.find("label", attrs={"for": field["id"]}).get_text()
        assert all(soup.find(id=one) for one in field["aria-describedby"].split())


def test_the_script_is_given_the_limits_and_what_may_be_typed(soup):
    words = json.loads(soup.div["data-words"])
    assert words["fields"].keys() == LIMITS.keys()
    for name, field in words["fields"].items():
        assert (field["least"], field["most"]) == (LIMITS[name].least, LIMITS[name].most)
    assert words["fields"]["megabit_s"]["demand"] == (
        "Line to the data must lie between 0.001 and 10,000,000 Mbit/s"
    )


def test_worked_examples_are_worked(soup):
    rows = soup.select(".calculator-examples tbody tr")
    cells = [[cell.get_text() for cell in row.find_all("td")] for row in rows]
    outcomes = [weigh(plan) for plan in EXAMPLES.values()]
    assert [in_words(outcome.go_hours) for outcome in outcomes] in cells
    assert [in_dollars(outcome.bring_dollars) for outcome in outcomes] in cells
    assert len(rows) == len(FIELDS) + len(LIMITS) + 3 * len(RESULTS)


def test_the_examples_show_every_answer():
    outcomes = [weigh(plan) for plan in EXAMPLES.values()]
    times = [in_runs(outcome.crossover_runs_time).split()[0] for outcome in outcomes]
    assert sorted(times) == ["above", "from", "never"]


def test_nothing_is_fetched(soup):
    assert not re.search(r"https?:|src=|url\(|@import", str(soup))


@pytest.mark.parametrize(
    ("dollars", "words"),
    [
        (0, "$0.00"),
        (0.004, "less than 1 cent"),
        (0.125, "$0.13"),
        (12.3, "$12.30"),
        (999.996, "$1,000"),
        (123456, "$123,000"),
        (1.234e6, "$1.23 million"),
        (5e9, "$5 billion"),
        (2e18, "$2,000,000 trillion"),
    ],
)
def test_money(dollars, words):
    assert in_dollars(dollars) == words


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        (0, "from the first run"),
        (1, "above 1 run"),
        (9.0909, "above 9.09 runs"),
        (12345, "above 12,300 runs"),
        (1e12, "above 1,000,000 runs"),
        (math.inf, "never"),
    ],
)
def test_crossovers(runs, words):
    assert in_runs(runs) == words
