"""What ``truth.json`` says: the answers to all that can be asked of the teaching archive."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from seispipe.synthesis.defects import DEFECTS
from seispipe.synthesis.motion import KnownArrival
from seispipe.synthesis.network import NETWORK, SyntheticStation
from seispipe.synthesis.noise import noise_velocity
from seispipe.synthesis.source import Earthquake

STATEMENT = "Synthetic data of the course Cloud Workflows for Seismology. No such network exists."
NOISE_BAND_HZ = (1.0, 20.0)
# A window around an earthquake: this long before its origin time, and after.
WINDOW_S = (30.0, 90.0)


def describe(
    quakes: Sequence[Earthquake],
    stations: Sequence[SyntheticStation],
    arrivals: Sequence[KnownArrival],
) -> dict[str, Any]:
    """Return the contents of ``truth.json``.

    Parameters
    ----------
    quakes : sequence of Earthquake
        In the order of their numbers.
    stations : sequence of SyntheticStation
        In the order in which their windows shall be proposed.
    arrivals : sequence of KnownArrival
        One for each station and earthquake.

    Returns
    -------
    dict
        ``statement``; ``earthquakes``; ``stations``, each with ``noise_velocity_m_s``, the root
        mean square of its noise in :data:`NOISE_BAND_HZ`; ``arrivals``; ``windows``, one for each
        station around the largest earthquake, on the vertical channel; ``defects``, what is wrong
        on purpose and the status that a row should have.
    """
    largest = max(quakes, key=lambda quake: quake.magnitude)
    return {
        "statement": STATEMENT,
        "noise_band_hz": NOISE_BAND_HZ,
        "earthquakes": [asdict(quake) for quake in quakes],
        "stations": [
            {
                **asdict(station),
                "noise_velocity_m_s": noise_velocity(station.noise_weight, *NOISE_BAND_HZ),
            }
            for station in stations
        ],
        "windows": [
            {
                "channel": f"{NETWORK}.{station.code}..HHZ",
                "start": largest.time - WINDOW_S[0],
                "end": largest.time + WINDOW_S[1],
                "group": {"S": "hour", "D": "day", "F": "defects"}[station.code[0]],
            }
            for station in stations
        ],
        "defects": [
            {
                "station": station.code,
                "kind": station.defect,
                **asdict(DEFECTS[station.defect]),
            }
            for station in stations
            if station.defect
        ],
        "arrivals": [asdict(arrival) for arrival in arrivals],
    }
