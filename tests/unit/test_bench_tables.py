"""What was measured is shown as it was measured, and what is only recorded says so."""

import json

import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.bench import against_baselines, clients, draw_ratios, load, missed

BASE = {
    "unit": "s",
    "bound": None,
    "ours_over_bound": None,
    "same_results": True,
    "target": "",
    "met": None,
    "machine": "2 cores",
    "date": "2026-11-25",
}
ENTRIES = [
    {**BASE, "name": "window-one-core", "what": "a window", "ours": 0.001, "baseline": 0.05}
    | {"ratio": 50.0, "ours_over_bound": 2.5, "target": ">= 40x", "met": True},
    {**BASE, "name": "download-20ms", "what": "objects", "ours": 0.2, "baseline": 5.0, "ratio": 25},
    {**BASE, "name": "download-20ms-obstore", "what": "o", "ours": 0.2, "baseline": 5, "ratio": 25},
    {**BASE, "name": "download-first-20ms", "what": "d", "ours": 1.0, "baseline": 3.0, "ratio": 3},
    {**BASE, "name": "download-100ms", "what": "far", "ours": 0.5, "baseline": 20.0, "ratio": 40},
    {**BASE, "name": "archive", "what": "made", "ours": 5.0, "baseline": None, "ratio": None}
    | {"target": "<= 4 s", "met": False},
]


@pytest.mark.parametrize(
    ("file", "word"), [("_build/bench.json", "Measured"), ("benchmarks/recorded.json", "Recorded")]
)
def test_the_origin_is_said(tmp_path, file, word):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(ENTRIES))
    entries, origin = load(tmp_path)
    assert entries == ENTRIES
    assert origin.startswith(word)
    assert "2 cores, on 2026-11-25" in origin


def test_the_table_has_a_line_for_each_target():
    table = against_baselines(ENTRIES)
    assert list(table.index) == ["window-one-core", "archive"]
    assert table.loc["window-one-core"].to_dict() == {
        "baseline": "50 ms",
        "ours": "1 ms",
        "ratio": "50",
        "ours / bound": "2.5",
        "target": ">= 40x",
        "met": "yes",
    }
    assert [entry["name"] for entry in missed(ENTRIES)] == ["archive"]


def test_clients_are_in_the_order_of_the_round_trip_and_a_refusal_is_a_dash():
    table = clients(ENTRIES, "download")
    assert list(table.index) == ["20 ms", "100 ms"]
    assert table.loc["20 ms", "obstore"] == "200 ms"
    assert table.loc["100 ms", "obstore"] == "–"
    assert table.loc["20 ms", "a loop"] == "5 s"


def test_the_figure_has_a_bar_for_each_comparison_that_gave_the_same():
    figure = draw_ratios(ENTRIES)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["download-100ms", "download-first-20ms", "download-20ms", "window-one-core"]
    plt.close(figure)
