"""A few prices, each with its source and when it was read, to be replaced by the reader's own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    """One price.

    Attributes
    ----------
    what : str
        What is paid for.
    dollars : float
        US dollars for one unit.
    unit : str
        The unit.
    source : str
        Key in the bibliography.
    remark : str
        How firm the number is.
    """

    what: str
    dollars: float
    unit: str
    source: str
    remark: str


READ = "2026"
PRICES: dict[str, Price] = {
    "storage": Price(
        "keeping data in object storage",
        0.023,
        "GB and month",
        "aws_s3_pricing",
        "provider's own text, without a date",
    ),
    "get": Price(
        "reading objects",
        0.0004,
        "1000 reads",
        "aws_s3_pricing",
        "provider's own text, without a date",
    ),
    "put": Price(
        "writing objects",
        0.005,
        "1000 writes",
        "aws_s3_pricing",
        "provider's own text, without a date",
    ),
    "egress": Price(
        "moving data out to the internet",
        0.09,
        "GB",
        "wring_transfer",
        "others' texts; the first 100 GB a month are free",
    ),
    "core": Price(
        "a rented core, two virtual ones",
        0.085,
        "core and hour",
        "aws_ec2_example",
        "from an example of the provider that is marked as not current",
    ),
    "spot": Price(
        "a virtual core that may be taken away",
        0.0213,
        "virtual core and hour",
        "quakescope_ops",
        "from the bill of one seismological campaign",
    ),
}


def as_markdown() -> str:
    """Return the prices as a table in MyST Markdown, with citations."""
    head = [f"| what ({READ}) | US dollars per unit | source | how firm |", "|---|---|---|---|"]
    lines = [
        f"| {price.what} | {price.dollars:g} / {price.unit} | {{cite:p}}`{price.source}` "
        f"| {price.remark} |"
        for price in PRICES.values()
    ]
    return "\n".join(head + lines)
