"""The calculator on the page "Data gravity", as HTML.

The form, its limits, its words and the worked examples are written here, from
:mod:`seispipe.teaching.gravity`, while the book is built; ``book/_static/calculator.js`` does the
same arithmetic when a reader changes a number, and ``tests/site`` holds both equal.
"""

import json
import math
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from html import escape

from seispipe.teaching.gravity import LIMITS, Plan, in_words, weigh
from seispipe.teaching.prices import PRICES


@dataclass(frozen=True)
class Field:
    """What the form says about a number.

    Attributes
    ----------
    label, hint : str
        Its name, and what helps to fill it in.
    """

    label: str
    hint: str


FIELDS = {
    "The work": {
        "runs": Field("Number of runs", "Each change is another run."),
        "volume_gb": Field("Data read by one run", "Brought here, they are kept."),
        "result_gb": Field("Result of one run", "What travels if you go there."),
        "core_hours": Field("Computing of one run", "Hours that one core takes."),
    },
    "Here": {
        "megabit_s": Field("Line to the data", "1 MB a second is 8 Mbit/s."),
        "cores_here": Field("Cores here", "They are taken to be paid for."),
    },
    "Near the data": {
        "cores_there": Field("Cores near the data", "As many as you can get."),
        "price_core_hour": Field("Price of a core there", "What its provider takes."),
        "egress_per_gb": Field("Price of egress", "Zero for a sponsored archive."),
    },
}

_PRICES = {
    "egress_per_gb": PRICES["egress"].dollars,
    "price_core_hour": PRICES["core"].dollars,
}
# Round numbers that show what can happen. The form starts with START.
EXAMPLES = {
    "One event": Plan(2, 0.01, 100, 10, 2, 8, 4, **_PRICES),
    "A year of a network": Plan(1000, 10, 100, 5, 200, 8, 64, **_PRICES),
    "An archive": Plan(100_000, 100, 1000, 2, 50_000, 500, 500, **_PRICES | {"egress_per_gb": 0}),
}
START = "A year of a network"

# What is compared, with the names of its time and its money in an Outcome.
RESULTS = {
    "Bring the data here": ("bring_hours", "bring_dollars"),
    "Go to the data": ("go_hours", "go_dollars"),
    "Bringing is better": ("crossover_runs_time", "crossover_runs_money"),
}

WRONG = {
    "empty": "the field is empty.",
    "comma": "write it without a comma; decimals follow a point, as in 1.5.",
    "word": "this is not a number.",
    "limit": "is its unit right?",
}


def plainly(number: float) -> str:
    """Write a number in full, with commas between thousands."""
    return f"{number:,.10g}"


def three_digits(number: float) -> str:
    """Write a number in full after rounding it to three digits."""
    return plainly(float(f"{number:.3g}"))


def in_dollars(dollars: float) -> str:
    """Write money in cents below a thousand dollars, with three digits above."""
    if 0 < dollars < 0.01:
        return "less than 1 cent"
    cents = Decimal(dollars).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if cents < 1000:
        return f"${cents}"
    for unit, size in (("trillion", 1e12), ("billion", 1e9), ("million", 1e6)):
        if dollars >= size:
            return f"${three_digits(dollars / size)} {unit}"
    return f"${three_digits(dollars)}"


def in_runs(crossover: float) -> str:
    """Say from how many runs on it is better to bring the data here."""
    if crossover == math.inf:
        return "never"
    if crossover < 1:
        return "from the first run"
    most = LIMITS["runs"].most
    number = three_digits(min(crossover, most))
    return f"above {number} {'run' if number == '1' else 'runs'}"


def result(name: str, value: float) -> str:
    """Write one number of an :class:`~seispipe.teaching.gravity.Outcome` in words."""
    if name.startswith("crossover"):
        return in_runs(value)
    return in_words(value) if name.endswith("hours") else in_dollars(value)


def demand(name: str) -> str:
    """Say what a number may be, in the words of :mod:`seispipe.teaching.gravity`."""
    limit = LIMITS[name]
    return (
        f"{_fields()[name].label} must lie between {plainly(limit.least)} and "
        f"{plainly(limit.most)} {limit.unit}"
    )


def html() -> str:
    """Return the calculator: a form, its result, and worked examples that need no script."""
    words = {
        "fields": {
            name: {"least": LIMITS[name].least, "most": LIMITS[name].most, "demand": demand(name)}
            for name in _fields()
        },
        "wrong": WRONG,
    }
    return (
        f'<div class="calculator" data-words="{escape(json.dumps(words))}">\n'
        "<noscript><p>The form needs JavaScript; the worked examples do not.</p></noscript>\n"
        f"{_form()}\n{_worked_examples()}\n</div>"
    )


def _fields() -> dict[str, Field]:
    return {name: field for group in FIELDS.values() for name, field in group.items()}


def _form() -> str:
    groups = "\n".join(
        f"<fieldset><legend>{group}</legend>\n"
        + "\n".join(_input(name, field) for name, field in fields.items())
        + "\n</fieldset>"
        for group, fields in FIELDS.items()
    )
    rows = "\n".join(
        _row(title, "".join(f'<td data-result="{name}"></td>' for name in names))
        for title, names in RESULTS.items()
    )
    return f"""\
<form hidden autocomplete="off" aria-label="Bring the data here, or go to the data?">
<div class="calculator-fields">
{groups}
</div>
<div class="calculator-result" role="region" aria-label="Result" aria-live="polite"
 aria-atomic="true">
<p class="calculator-verdict"></p>
<table class="table">
<caption>The result for your numbers</caption>
<thead><tr><td></td><th scope="col">Time</th><th scope="col">Money</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<p class="calculator-share"><button type="reset">Reset</button>
<span>The address of this page keeps the numbers you change: copy it to share your plan.</span></p>
</form>"""


def _input(name: str, field: Field) -> str:
    value = f"{getattr(EXAMPLES[START], name):.10g}"
    # The keyboard that inputmode="decimal" brings up has a comma and no point in some countries.
    return f"""\
<div class="calculator-field">
<label for="calculator-{name}">{field.label}</label>
<span class="calculator-entry"><input type="text" id="calculator-{name}" name="{name}"
 value="{value}" autocapitalize="off" spellcheck="false"
 aria-describedby="calculator-{name}-unit calculator-{name}-error calculator-{name}-hint">
<span id="calculator-{name}-unit">{LIMITS[name].unit}</span></span>
<p class="calculator-error" id="calculator-{name}-error"></p>
<p class="calculator-hint" id="calculator-{name}-hint">{field.hint}</p>
</div>"""


def _worked_examples() -> str:
    plans = EXAMPLES.values()
    outcomes = [weigh(plan) for plan in plans]
    bodies = [
        _body(
            group,
            {
                _with_unit(name, field): [plainly(getattr(plan, name)) for plan in plans]
                for name, field in fields.items()
            },
        )
        for group, fields in FIELDS.items()
    ]
    bodies += [
        _body(
            title,
            {
                quantity: [result(name, getattr(outcome, name)) for outcome in outcomes]
                for quantity, name in zip(("Time", "Money"), names, strict=True)
            },
        )
        for title, names in RESULTS.items()
    ]
    heads = "".join(f'<th scope="col">{name}</th>' for name in EXAMPLES)
    buttons = "".join(
        f'<td><button type="button" data-plan="{escape(json.dumps(asdict(plan)))}"'
        f' aria-label="Try it: {name}">Try it</button></td>'
        for name, plan in EXAMPLES.items()
    )
    return f"""\
<table class="table calculator-examples">
<caption>Worked examples, with round numbers; prices as in Cloud and HPC</caption>
<thead><tr><td></td>{heads}</tr></thead>
{"".join(bodies)}<tfoot hidden>{_row("Put into the form", buttons)}</tfoot>
</table>"""


def _with_unit(name: str, field: Field) -> str:
    unit = LIMITS[name].unit
    return field.label if unit in field.label.lower() else f"{field.label}, {unit}"


def _body(group: str, lines: dict[str, list[str]]) -> str:
    rows = "\n".join(
        _row(title, "".join(f"<td>{text}</td>" for text in cells)) for title, cells in lines.items()
    )
    return (
        f'<tbody>\n<tr><th scope="rowgroup" colspan="{1 + len(EXAMPLES)}">{group}</th></tr>\n'
        f"{rows}\n</tbody>\n"
    )


def _row(title: str, cells: str) -> str:
    return f'<tr><th scope="row">{title}</th>{cells}</tr>'
