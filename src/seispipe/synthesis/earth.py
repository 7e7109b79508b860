"""Travel times in flat layers: the first arrival, direct or as a head wave.

The formulas are those of any textbook on refraction seismology, for instance Lay and Wallace
(1995), Modern Global Seismology, chapter 3.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from scipy.optimize import brentq


@dataclass(frozen=True)
class LayeredEarth:
    """Flat layers over a half-space.

    Attributes
    ----------
    tops_km : tuple of float
        Depth of the top of each layer, the first zero.
    p_speeds_km_s : tuple of float
        P speed in each layer, growing with depth.
    p_to_s : float
        Ratio of P to S speed, the same everywhere.
    """

    tops_km: tuple[float, ...] = (0.0, 5.5, 16.0, 32.0)
    p_speeds_km_s: tuple[float, ...] = (5.5, 6.3, 6.7, 7.8)
    p_to_s: float = 1.73

    def __post_init__(self) -> None:
        if len(self.tops_km) != len(self.p_speeds_km_s) or self.tops_km[0] != 0:
            raise ValueError("give one P speed for each layer, and let the first layer begin at 0")
        for name in ("tops_km", "p_speeds_km_s"):
            values = getattr(self, name)
            if any(b <= a for a, b in pairwise(values)):
                raise ValueError(f"{name} must grow with depth, but is {values}")

    def speeds(self, phase: str) -> tuple[float, ...]:
        """Return the speeds of the layers, in km/s, for ``"P"`` or ``"S"``."""
        if phase not in ("P", "S"):
            raise ValueError(f"phase is {phase!r}; choose P or S")
        slower = 1.0 if phase == "P" else self.p_to_s
        return tuple(speed / slower for speed in self.p_speeds_km_s)

    def layer_at(self, depth_km: float) -> int:
        """Return the index of the layer at a depth."""
        return max(i for i, top in enumerate(self.tops_km) if top <= depth_km)


@dataclass(frozen=True)
class Arrival:
    """The first arrival of a phase at the surface.

    Attributes
    ----------
    time_s : float
        Travel time.
    takeoff_deg : float
        Angle at the source, from straight down.
    incidence_deg : float
        Angle at the surface, from straight up.
    kind : str
        ``direct``, or ``head`` for a wave along the top of a deeper layer.
    """

    time_s: float
    takeoff_deg: float
    incidence_deg: float
    kind: str


def first_arrival(
    earth: LayeredEarth, distance_km: float, depth_km: float, phase: str = "P"
) -> Arrival:
    """Find the first arrival of a phase.

    Parameters
    ----------
    earth : LayeredEarth
        The model.
    distance_km : float
        Epicentral distance, positive.
    depth_km : float
        Depth of the source, positive.
    phase : {"P", "S"}
        The phase.

    Returns
    -------
    Arrival
        The earliest of the direct wave and the head waves that exist at this distance.
    """
    if distance_km <= 0 or depth_km <= 0:
        raise ValueError(
            f"distance and depth must be positive, but are {distance_km} km and {depth_km} km"
        )
    speeds = earth.speeds(phase)
    arrivals = [_direct(earth, speeds, distance_km, depth_km)]
    for layer in range(earth.layer_at(depth_km) + 1, len(speeds)):
        head = _head(earth, speeds, distance_km, depth_km, layer)
        if head is not None:
            arrivals.append(head)
    return min(arrivals, key=lambda arrival: arrival.time_s)


def _thickness_above(earth: LayeredEarth, depth_km: float) -> list[float]:
    """Return how much of each layer lies above a depth, from the top down."""
    bottoms = (*earth.tops_km[1:], math.inf)
    return [
        min(bottom, depth_km) - top
        for top, bottom in zip(earth.tops_km, bottoms, strict=True)
        if top < depth_km
    ]


def _direct(
    earth: LayeredEarth, speeds: tuple[float, ...], distance_km: float, depth_km: float
) -> Arrival:
    """Shoot upward: find the ray that comes out at the distance.

    The unknown is the tangent of the angle in the fastest layer crossed. It grows evenly with the
    distance, where the ray parameter crowds against its limit and loses digits.
    """
    path = list(zip(_thickness_above(earth, depth_km), speeds, strict=False))
    fastest = max(speed for _, speed in path)
    slowdown = [speed / fastest for _, speed in path]

    def cosine(tangent: float, slower: float) -> float:
        return math.sqrt((1 + tangent**2 * (1 - slower**2)) / (1 + tangent**2))

    def sine(tangent: float, slower: float) -> float:
        return slower * tangent / math.sqrt(1 + tangent**2)

    def reach(tangent: float) -> float:
        return sum(
            thickness * sine(tangent, slower) / cosine(tangent, slower)
            for (thickness, _), slower in zip(path, slowdown, strict=True)
        )

    thickest_fast = max(thickness for thickness, speed in path if speed == fastest)
    found = brentq(lambda t: reach(t) - distance_km, 0.0, distance_km / thickest_fast + 1e-9)
    time = sum(
        thickness / speed / cosine(found, slower)
        for (thickness, speed), slower in zip(path, slowdown, strict=True)
    )
    at_source, at_surface = (math.degrees(math.asin(sine(found, slowdown[k]))) for k in (-1, 0))
    return Arrival(time, 180.0 - at_source, at_surface, "direct")


def _head(
    earth: LayeredEarth,
    speeds: tuple[float, ...],
    distance_km: float,
    depth_km: float,
    layer: int,
) -> Arrival | None:
    """Go down to a layer, along its top, and up; None where the distance is too short for it."""
    p = 1 / speeds[layer]
    down_and_up = _thickness_above(earth, earth.tops_km[layer])
    up_only = _thickness_above(earth, depth_km)
    time, shortest = distance_km * p, 0.0
    for i, (thickness, speed) in enumerate(zip(down_and_up, speeds, strict=False)):
        above_source = up_only[i] if i < len(up_only) else 0.0
        # Every layer is crossed once upward; what lies below the source, once downward too.
        crossed = thickness + (thickness - above_source)
        slowness = math.sqrt(1 / speed**2 - p**2)
        time += crossed * slowness
        shortest += crossed * p / slowness
    if distance_km < shortest:
        return None
    source_speed = speeds[earth.layer_at(depth_km)]
    return Arrival(
        time,
        math.degrees(math.asin(p * source_speed)),
        math.degrees(math.asin(p * speeds[0])),
        "head",
    )
