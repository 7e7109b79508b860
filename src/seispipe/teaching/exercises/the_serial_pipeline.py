"""The exercises of "The serial pipeline"."""

from functools import cache

import numpy as np

from seispipe.pipeline import run
from seispipe.results import Row
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake

_FAR_KM = 40.0


@cache
def _rows() -> list[Row]:
    archive = open_archive("teaching")
    return run(archive.requests("hour", "day", "defects"), archive)


def _count(status: str) -> int:
    return sum(row.status == status for row in _rows())


@cache
def _travel_times() -> tuple[np.ndarray, np.ndarray]:
    """Return distances in km and P travel times in s, as picked, of the stations of the hour."""
    archive = open_archive("teaching")
    truth, requests = archive.truth(), archive.requests()
    onsets = {row.station: row.p_time for row in _rows()}
    distance = [truth.arrival(request)["hypocentral_km"] for request in requests]
    seconds = [onsets[request.station] - (request.start + 30) for request in requests]
    return np.array(distance), np.array(seconds)


def _slope(nearest_km: float) -> float:
    distance, seconds = _travel_times()
    far = distance > nearest_km
    return float(np.polyfit(distance[far], seconds[far], 1)[0])


EXERCISES: dict[str, Exercise] = {
    "the-serial-pipeline/ok-rows": Exercise(
        right=lambda: _count("ok"),
        unit="rows",
        tolerance=0.4,
        mistakes=[
            Mistake(
                lambda: len(_rows()), "that is how many rows there are. Not all of them are ok."
            ),
            Mistake(
                lambda: len(_rows()) - _count("ok"),
                "that is how many rows are not ok. Count the others.",
            ),
            Mistake(
                lambda: sum(r.status == "ok" and r.station[0] == "S" for r in _rows()),
                "those are the stations of the hour alone. Ask for all three groups.",
            ),
            Mistake(
                lambda: sum(r.status == "ok" and r.station[0] != "F" for r in _rows()),
                "one station with a defect has the status ok as well.",
            ),
        ],
    ),
    "the-serial-pipeline/speed": Exercise(
        right=lambda: 1 / _slope(_FAR_KM),
        unit="km/s",
        tolerance=0.02,
        mistakes=[
            Mistake(
                lambda: _slope(_FAR_KM),
                "that is the slope of the line, in seconds a kilometre. The speed is one over it.",
            ),
            Mistake(
                lambda: 1 / _slope(0.0),
                "that is the line through all stations. Take only those beyond 40 km.",
            ),
            Mistake(
                lambda: 1000 / _slope(_FAR_KM),
                "that looks like metres a second. The answer is wanted in km/s.",
            ),
        ],
    ),
    "the-serial-pipeline/why": Choice(
        right="c",
        because="nobody looks again at a row that says ok. So the pipeline has to.",
        wrong={
            "a": "that is a nuisance: you see it at once. Which one will nobody see?",
            "b": "that row is right: it says what happened. Which one will nobody see?",
        },
    ),
}
