"""The exercises of "What is there? Inventory"."""

from obspy import Inventory, UTCDateTime, read_inventory
from obspy.core.inventory import Channel

from seispipe.archive import Request
from seispipe.inventory import requests_of
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake

# The network-year of the second exercise, as its text gives it.
STATIONS, COMPONENTS, RATE_HZ, YEAR_S = 400, 3, 40.0, 365 * 86400
MIDNIGHT = UTCDateTime("2007-12-17")


def _everything(station: str = "*") -> Inventory:
    return open_archive("teaching").get_stations(network="XX", station=station)


def _channels(inventory: Inventory) -> list[Channel]:
    return [channel for network in inventory for station in network for channel in station]


def _requests(components: str = "ZNE", station: str = "*") -> list[Request]:
    """Return the requests for the two minutes around the largest earthquake."""
    window = open_archive("teaching").requests()[0]
    return requests_of(_everything(station), window.start, window.end, components)


def bytes_per_sample() -> float:
    """Return the bytes that a sample takes in the flawless objects of the teaching archive."""
    archive = open_archive("teaching")
    samples_of = {
        station["code"]: 100 * (UTCDateTime(station["end"]) - UTCDateTime(station["start"]))
        for station in archive.truth().contents["stations"]
        if not station["defect"]
    }
    size = samples = 0.0
    for key in archive.keys("continuous_waveforms/"):
        code = archive.layout.parse(key).station
        if code in samples_of:
            size += (archive.folder / key).stat().st_size
            samples += samples_of[code]
    return size / samples


def network_year_tb(
    channels: int = STATIONS * COMPONENTS,
    rate_hz: float = RATE_HZ,
    each: float | None = None,
) -> float:
    """Return the volume of a network-year in TB."""
    each = bytes_per_sample() if each is None else each
    return channels * rate_hz * YEAR_S * each / 1e12


def _sensitivities() -> list[float]:
    """Return the sensitivities of the three epochs of BW.RJOB..EHZ."""
    found = _channels(read_inventory().select(station="RJOB", channel="EHZ"))
    return [channel.response.instrument_sensitivity.value for channel in found]


def _factor() -> float:
    _, old, new = _sensitivities()
    return new / old


EXERCISES: dict[str, Exercise] = {
    "inventory/requests": Exercise(
        right=lambda: len(_requests()),
        unit="requests",
        tolerance=0.1,
        mistakes=[
            Mistake(
                lambda: len(_channels(_everything())),
                "you counted the channels that are listed. Is each of them still in operation "
                "when the window comes?",
            ),
            Mistake(
                lambda: len(_requests("Z")),
                'those are the vertical channels only. Ask for three: components="ZNE".',
            ),
            Mistake(
                lambda: len(_requests("ZNE", "S*")),
                "those are the stations whose code begins with S. The network has others.",
            ),
            Mistake(
                lambda: len(open_archive("teaching").keys("continuous_waveforms/")),
                "you counted the waveform objects. Not every one of them has metadata that cover "
                "the window.",
            ),
        ],
    ),
    "inventory/volume": Exercise(
        right=lambda: network_year_tb(),
        unit="TB",
        tolerance=0.06,
        mistakes=[
            Mistake(
                lambda: 8 * network_year_tb(),
                "that looks like terabits. A byte has 8 bits, and the answer is wanted in bytes.",
            ),
            Mistake(
                lambda: 1000 * network_year_tb(),
                "that looks like gigabytes. A TB is 1000 GB.",
            ),
            Mistake(
                lambda: network_year_tb(channels=STATIONS),
                "that is one component of each station. A station has three channels here.",
            ),
            Mistake(
                lambda: network_year_tb(each=4.0),
                "that is for samples of 4 bytes. The archive keeps them compressed.",
            ),
            Mistake(
                lambda: network_year_tb(rate_hz=100.0),
                "that is for 100 Hz. This network records at another rate.",
            ),
            Mistake(
                lambda: network_year_tb() / 365,
                "that is a day. A whole year is wanted.",
            ),
        ],
    ),
    "inventory/instant": Exercise(
        right=_factor,
        unit="times the right velocity",
        tolerance=0.02,
        mistakes=[
            Mistake(
                lambda: 1 / _factor(),
                "upside down. Counts are divided by the sensitivity: does too small a "
                "sensitivity give too small a velocity?",
            ),
            Mistake(
                lambda: 1.0,
                "the two sensitivities are not the same. At that instant two epochs are found: "
                "compare the one that get_response takes with the one that covers the window.",
            ),
            Mistake(
                lambda: _sensitivities()[2] / _sensitivities()[0],
                "that is the third epoch against the first. Which one ends at that instant?",
            ),
            Mistake(
                lambda: _sensitivities()[1] / _sensitivities()[0],
                "that is the second epoch against the first. The window begins with the third.",
            ),
        ],
    ),
    "inventory/why": Choice(
        right="c",
        because=(
            "a constant factor changes neither shape nor onset. Only the dates in the metadata "
            "protect you."
        ),
        wrong={
            "a": "a factor moves no onset. What does it change?",
            "b": (
                "not here: its warning comes only at the instant at which two epochs meet. An old "
                "response that is used later raises none. Look at the amplitudes."
            ),
        },
    ),
}
