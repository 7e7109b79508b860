"""The earthquake: a double couple with Brune's spectrum, seen from far away.

References
----------
Aki, K. and Richards, P. G. (2002). Quantitative Seismology, 2nd edition, section 4.5.
Brune, J. N. (1970). doi:10.1029/JB075i026p04997
Hanks, T. C. and Kanamori, H. (1979). doi:10.1029/JB084iB05p02348
"""

import math
from dataclasses import dataclass

import numpy as np
from obspy import UTCDateTime

DENSITY_KG_M3 = 2700.0
S_SPEED_M_S = 3500.0
# The P corner is taken this much higher than the S corner: a choice, not a law.
P_TO_S_CORNER = 1.4
# A free surface doubles what arrives from below, nearly so at steep incidence.
FREE_SURFACE = 2.0


@dataclass(frozen=True)
class Earthquake:
    """One earthquake.

    Attributes
    ----------
    time : UTCDateTime
        Origin time.
    latitude, longitude : float
        Epicentre in degrees.
    depth_km : float
        Depth.
    magnitude : float
        Moment magnitude.
    strike_deg, dip_deg, rake_deg : float
        Fault plane and slip, as in Aki and Richards.
    stress_drop_pa : float
        Brune's stress drop.
    """

    time: UTCDateTime
    latitude: float
    longitude: float
    depth_km: float
    magnitude: float
    strike_deg: float
    dip_deg: float
    rake_deg: float
    stress_drop_pa: float = 3e6

    @property
    def moment_nm(self) -> float:
        """Seismic moment in N·m: log10(M0) = 1.5 Mw + 9.1 (Hanks and Kanamori, 1979)."""
        return 10 ** (1.5 * self.magnitude + 9.1)

    def corner_hz(self, phase: str) -> float:
        """Return the corner frequency of ``"P"`` or ``"S"`` in Hz (Brune, 1970).

        The source radius is (7 M0 / 16 Δσ)^(1/3), and the S corner 2.34 β / (2π radius).
        """
        radius_m = (7 * self.moment_nm / (16 * self.stress_drop_pa)) ** (1 / 3)
        s_corner = 2.34 * S_SPEED_M_S / (2 * math.pi * radius_m)
        return s_corner * P_TO_S_CORNER if phase == "P" else s_corner


def radiation_pattern(
    earthquake: Earthquake, takeoff_deg: float, azimuth_deg: float
) -> tuple[float, float, float]:
    """Return the radiation of a double couple (Aki and Richards, 2002, equations 4.89 to 4.91).

    Parameters
    ----------
    earthquake : Earthquake
        Gives strike, dip and rake.
    takeoff_deg : float
        Angle at the source, from straight down.
    azimuth_deg : float
        Azimuth of the station, from north over east.

    Returns
    -------
    p, sv, sh : float
        Dimensionless, between -1 and 1.
    """
    dip, rake = math.radians(earthquake.dip_deg), math.radians(earthquake.rake_deg)
    i = math.radians(takeoff_deg)
    phi = math.radians(azimuth_deg - earthquake.strike_deg)
    sin, cos = math.sin, math.cos
    p = (
        cos(rake) * sin(dip) * sin(i) ** 2 * sin(2 * phi)
        - cos(rake) * cos(dip) * sin(2 * i) * cos(phi)
        + sin(rake) * sin(2 * dip) * (cos(i) ** 2 - sin(i) ** 2 * sin(phi) ** 2)
        + sin(rake) * cos(2 * dip) * sin(2 * i) * sin(phi)
    )
    sv = (
        sin(rake) * cos(2 * dip) * cos(2 * i) * sin(phi)
        - cos(rake) * cos(dip) * cos(2 * i) * cos(phi)
        + 0.5 * cos(rake) * sin(dip) * sin(2 * i) * sin(2 * phi)
        - 0.5 * sin(rake) * sin(2 * dip) * sin(2 * i) * (1 + sin(phi) ** 2)
    )
    sh = (
        cos(rake) * cos(dip) * cos(i) * sin(phi)
        + cos(rake) * sin(dip) * sin(i) * cos(2 * phi)
        + sin(rake) * cos(2 * dip) * cos(i) * cos(phi)
        - 0.5 * sin(rake) * sin(2 * dip) * sin(i) * sin(2 * phi)
    )
    return p, sv, sh


def far_field_plateau(
    earthquake: Earthquake, phase: str, radiation: float, distance_m: float
) -> float:
    """Return the low-frequency level of the displacement spectrum at the surface, in m·s.

    Ω0 = 2 F M0 / (4π ρ v³ R), with the radiation F, the speed v of the phase at the source and the
    hypocentral distance R (Aki and Richards, 2002, section 4.3, doubled by the free surface).
    """
    speed = S_SPEED_M_S * (1.73 if phase == "P" else 1.0)
    spreading = 4 * math.pi * DENSITY_KG_M3 * speed**3 * distance_m
    return FREE_SURFACE * radiation * earthquake.moment_nm / spreading


def velocity_pulse(
    frequency_hz: np.ndarray, plateau: float, corner_hz: float, t_star_s: float, onset_s: float
) -> np.ndarray:
    """Return the spectrum of a ground velocity pulse that begins at its onset.

    Displacement is Brune's causal pulse, Ω0 / (1 + i f / fc)². Attenuation is exp(-π f t*) with the
    dispersion that keeps it causal (Azimi's law), referred to the highest frequency, so that no
    energy comes before the onset.

    Parameters
    ----------
    frequency_hz : numpy.ndarray
        Frequencies from zero to Nyquist, evenly spaced.
    plateau : float
        Ω0 in m·s; its sign is the polarity.
    corner_hz : float
        Corner frequency.
    t_star_s : float
        Travel time over quality factor.
    onset_s : float
        When the pulse begins.

    Returns
    -------
    numpy.ndarray
        Complex spectrum of the continuous transform, in m; multiply by the sampling rate before
        ``irfft`` to have m/s.
    """
    omega = 2j * np.pi * frequency_hz
    # The logarithm is not asked at zero frequency, where the pulse has no velocity anyway.
    safe = np.maximum(frequency_hz, frequency_hz[1])
    # Attenuation, its dispersion and the delay are one exponential, which is what takes the time.
    loss = -np.pi * frequency_hz * t_star_s
    dispersion = -2 * frequency_hz * t_star_s * np.log(frequency_hz[-1] / safe)
    arrival = np.exp(loss + 1j * dispersion - omega * onset_s)
    return plateau / (1 + 1j * frequency_hz / corner_hz) ** 2 * omega * arrival
