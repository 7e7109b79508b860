"""The exercises of "When did P arrive? Picking"."""

from functools import cache

import numpy as np
from obspy import Trace, UTCDateTime

from seispipe.archive import Archive, Request
from seispipe.correction import to_ground_motion
from seispipe.inventory import channel_inventory
from seispipe.picking import Pick, PickingSettings, filter_for_picking, pick_p, sta_lta
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.waveforms import read_window

WEAKEST, LARGEST = 1, 2  # numbers of two earthquakes of the hour
NEAR_KM = 60.0


@cache
def _archive() -> Archive:
    return open_archive("teaching")


@cache
def _origins() -> list[UTCDateTime]:
    return [UTCDateTime(each["time"]) for each in _archive().truth().contents["earthquakes"]]


def _ground_velocity(request: Request) -> Trace:
    counts = read_window(_archive(), request)
    return to_ground_motion(counts, channel_inventory(_archive(), request))


# The new station.


@cache
def _new_pick(earthquake: int = WEAKEST) -> Pick:
    origin = _origins()[earthquake]
    request = Request.from_id("XX.D002..HHZ", origin - 30, origin + 90)
    return pick_p(_ground_velocity(request))


def _new_seconds(attribute: str = "time") -> float:
    return getattr(_new_pick(), attribute) - _origins()[WEAKEST]


def _new_truth() -> float:
    origin = _origins()[WEAKEST]
    window = Request.from_id("XX.D002..HHZ", origin - 30, origin + 90)
    return _archive().truth().arrival(window)["p_time"] - origin


# The short average.


@cache
def _quiet() -> list[Trace]:
    """Two minutes of each station of the hour before each earthquake."""
    return [
        _ground_velocity(Request.from_id(request.seed_id, origin - 240, origin - 120))
        for request in _archive().requests()
        for origin in _origins()
    ]


@cache
def _ratios(short_s: float) -> np.ndarray:
    """Return the highest ratio of each quiet window."""
    settings = PickingSettings(short_s=short_s)
    return np.array(
        [sta_lta(filter_for_picking(trace, settings), settings).max() for trace in _quiet()]
    )


# The clock.


@cache
def _travel(group: str) -> tuple[np.ndarray, np.ndarray]:
    """Return distances in km, and picks of the largest earthquake in seconds after its origin."""
    truth = _archive().truth()
    requests = _archive().requests(group)
    if group == "defects":
        kinds = {request: truth.defect(request.station)["kind"] for request in requests}
        requests = [request for request, kind in kinds.items() if kind == "clock"]
    distances = [truth.arrival(request)["hypocentral_km"] for request in requests]
    picks = [pick_p(_ground_velocity(request)).time - _origins()[LARGEST] for request in requests]
    return np.array(distances), np.array(picks)


@cache
def _clock_s(near_km: float = NEAR_KM) -> float:
    """Return how late the station with the wrong clock is for its distance."""
    distances, picks = _travel("hour")
    near = distances < near_km
    line = np.polyfit(distances[near], picks[near], 1)
    ((distance,), (pick,)) = _travel("defects")
    return float(pick - np.polyval(line, distance))


_NOT_TO_THE_SAMPLE = (
    "that is close, but not the onset. pick.time is; pick.trigger_time is when the ratio passed "
    "its threshold, and the criterion is lowest one sample before the onset. Two decimals are "
    "wanted, of ground velocity and not of counts."
)

EXERCISES: dict[str, Exercise] = {
    "picking/new-station": Exercise(
        right=_new_seconds,
        unit="s after the origin time",
        tolerance=0.004,
        mistakes=[
            Mistake(lambda: _new_seconds("trigger_time"), _NOT_TO_THE_SAMPLE),
            Mistake(lambda: _new_seconds() - 0.01, _NOT_TO_THE_SAMPLE),
            Mistake(
                _new_truth,
                "that is when P really arrived. What does the picker say? It names a sample.",
            ),
            Mistake(
                lambda: _new_seconds() + 30,
                "that counts from the start of the window. Count from the origin time.",
            ),
            Mistake(
                lambda: _new_pick(0).time - _origins()[0],
                "that is the first earthquake. Numbers count from 0: take origins[1].",
            ),
            Mistake(
                lambda: _new_pick().time.timestamp,
                "that is a date. Take the earthquake's origin time away from it.",
            ),
        ],
    ),
    "picking/short-average": Exercise(
        right=lambda: float(_ratios(0.2).max()),
        unit="(STA/LTA)",
        tolerance=0.07,
        mistakes=[
            Mistake(
                lambda: float(_ratios(0.5).max()),
                "that is the ratio with a short average of 0.5 s. Give the new settings to "
                "sta_lta as well.",
            ),
            Mistake(
                lambda: float(np.median(_ratios(0.2))),
                "that is what a typical quiet window reaches. A threshold must lie above them all.",
            ),
            Mistake(
                lambda: float(_ratios(0.2).min()),
                "that is the quietest of the windows. A threshold must lie above them all.",
            ),
            Mistake(
                lambda: 50.0,
                "that is the highest ratio possible, 10 s over 0.2 s. Ask what noise reaches.",
            ),
        ],
    ),
    "picking/clock": Exercise(
        right=_clock_s,
        unit="s",
        tolerance=0.05,
        mistakes=[
            Mistake(
                lambda: -_clock_s(),
                "the sign is the other way round: a clock that is fast makes the pick late.",
            ),
            Mistake(
                lambda: 1000 * _clock_s(),
                "that looks like milliseconds. The answer is wanted in seconds.",
            ),
            Mistake(
                lambda: float(_travel("defects")[1][0]),
                "that is the whole time from the origin to the pick. Take away what the line of "
                "the neighbours says for that distance.",
            ),
        ],
    ),
    "picking/why": Choice(
        right="c",
        because=(
            "the more still it is before P, the earlier the leaked part is taken for the onset."
        ),
        wrong={
            "a": "time is not the trouble. Look at what stands before P.",
            "b": "it raises it, if anything. Look at what stands before P.",
        },
    ),
}
