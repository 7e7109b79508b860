"""Which stations the teaching archive has, and which earthquakes they see.

All of it follows from one seed and from each station's own number, so that a station is the same
whatever else is built beside it.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from obspy import UTCDateTime

from seispipe.synthesis.defects import DEFECTS
from seispipe.synthesis.source import Earthquake

SEED = 20260314
NETWORK = "XX"
CENTRE = (35.77, -117.60)
DAY = UTCDateTime(2026, 3, 14)
HOUR = 9  # the hour of the day that the short records hold
_KM_PER_DEGREE = 111.195
# Two irrational steps that have nothing to do with each other: the golden ratio and the root of 2,
# less one. (One step for both would lay all stations on a spiral and leave whole directions empty.)
_DISTANCE_STEP, _AZIMUTH_STEP = 0.6180339887498949, 0.41421356237309515


@dataclass(frozen=True)
class SyntheticStation:
    """One station.

    Attributes
    ----------
    code : str
        Station code.
    number : int
        What its chance numbers are drawn from.
    latitude, longitude : float
        Degrees.
    elevation_m : float
        Metres.
    noise_weight : float
        Place of its noise between Peterson's models, 0 to 1.
    kappa_s : float
        Attenuation right below it, in seconds, the same for P and S.
    channels : str
        Components, such as ``ZNE``.
    start, end : UTCDateTime
        The span it records, end excluded.
    defect : str
        Empty, or a key of :data:`~seispipe.synthesis.defects.DEFECTS`.
    """

    code: str
    number: int
    latitude: float
    longitude: float
    elevation_m: float
    noise_weight: float
    kappa_s: float
    channels: str
    start: UTCDateTime
    end: UTCDateTime
    defect: str = ""

    def generator(self, purpose: int) -> np.random.Generator:
        """Return a source of chance that depends on the seed, this station and the purpose only."""
        return np.random.Generator(np.random.Philox(key=[SEED, self.number * 1000 + purpose]))


def place(distance_km: float, azimuth_deg: float) -> tuple[float, float]:
    """Return latitude and longitude of a place seen from the network's centre."""
    north = distance_km * math.cos(math.radians(azimuth_deg)) / _KM_PER_DEGREE
    east = distance_km * math.sin(math.radians(azimuth_deg)) / _KM_PER_DEGREE
    latitude = CENTRE[0] + north
    return round(latitude, 5), round(CENTRE[1] + east / math.cos(math.radians(CENTRE[0])), 5)


def _station(
    code: str, number: int, distance_km: float, channels: str, start: UTCDateTime, hours: float
) -> SyntheticStation:
    generator = np.random.Generator(np.random.Philox(key=[SEED, number * 1000 + 999]))
    shift, elevation, weight, kappa = generator.uniform(size=4)
    latitude, longitude = place(distance_km, (360 * number * _AZIMUTH_STEP + 30 * shift) % 360)
    return SyntheticStation(
        code,
        number,
        latitude,
        longitude,
        round(200 + 1600 * elevation),
        round(float(0.35 + 0.3 * weight), 3),
        round(float(0.01 + 0.02 * kappa), 4),
        channels,
        start,
        start + 3600 * hours,
    )


def hour_stations(count: int = 24) -> list[SyntheticStation]:
    """Return stations S001, S002, ... that record three components for one hour.

    They lie all around the centre, from 8 km to 110 km. The first 24 are the same however many are
    asked for.
    """
    start = DAY + 3600 * HOUR
    return [
        _station(f"S{number:03d}", number, _distance_km(number), "ZNE", start, 1.0)
        for number in range(1, count + 1)
    ]


def day_stations(count: int = 2) -> list[SyntheticStation]:
    """Return stations D001, D002, ... that record the vertical component for a whole day."""
    return [
        _station(f"D{number:03d}", 20_000 + number, _distance_km(number + 1), "Z", DAY, 24.0)
        for number in range(1, count + 1)
    ]


def defective_stations() -> list[SyntheticStation]:
    """Return stations F001, F002, ..., one for each kind of defect.

    They lie near, and record the vertical component for ten minutes around the largest earthquake.
    """
    start = DAY + 3600 * HOUR + 24 * 60
    return [
        replace(
            _station(f"F{number:03d}", 30_000 + number, 12.0 + 2.0 * number, "Z", start, 1 / 6),
            defect=kind,
        )
        for number, kind in enumerate(DEFECTS, start=1)
    ]


def _distance_km(number: int) -> float:
    # A low-discrepancy sequence fills the range evenly, whatever the count; the power puts more of
    # it near the earthquakes.
    return 8.0 + 102.0 * ((number * _DISTANCE_STEP) % 1.0) ** 1.3


def earthquakes() -> list[Earthquake]:
    """Return the earthquakes of the hour, in order of time."""
    # Minute and second of the hour, distance and azimuth from the centre, depth, magnitude, plane.
    rows = [
        (6, 12.4, 2.0, 40.0, 8.0, 2.8, (322.0, 81.0, -173.0)),
        (17, 41.9, 5.0, 160.0, 6.5, 2.2, (140.0, 60.0, -90.0)),
        (26, 53.0, 1.0, 300.0, 9.0, 3.6, (325.0, 85.0, 178.0)),
        (41, 5.7, 6.0, 230.0, 7.2, 2.5, (30.0, 45.0, 80.0)),
        (52, 30.2, 3.0, 110.0, 10.4, 3.2, (318.0, 78.0, -165.0)),
    ]
    return [
        Earthquake(DAY + 3600 * HOUR + 60 * minute + second, *place(x, az), depth, mw, *plane)
        for minute, second, x, az, depth, mw, plane in rows
    ]
