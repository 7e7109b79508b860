"""Ground motion of one earthquake at one station, and what is true of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from obspy.geodetics import gps2dist_azimuth
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

from seispipe.synthesis.earth import LayeredEarth, first_arrival
from seispipe.synthesis.network import SyntheticStation
from seispipe.synthesis.source import (
    Earthquake,
    far_field_plateau,
    radiation_pattern,
    velocity_pulse,
)

DURATION_S = 130.0  # of what is kept, from the origin time on
Q_P, Q_S = 600.0, 300.0
# Real P is never quite zero where the radiation pattern is: scattering fills it in.
LEAST_P_RADIATION = 0.15
# Strength and decay time of the scattered waves after P and after S.
CODA = {"P": (0.25, 6.0), "S": (0.45, 12.0)}


@dataclass(frozen=True)
class KnownArrival:
    """What is known of one earthquake at one station.

    Attributes
    ----------
    station : str
        Station code.
    event : int
        Number of the earthquake, counted from 0.
    p_time, s_time : str
        Onsets, ISO 8601, UTC: travel times of the layered earth.
    hypocentral_km, azimuth_deg : float
        Distance, and direction from the epicentre.
    p_radiation : float
        Radiation coefficient of P, with its sign.
    p_plateau : float
        Low-frequency level of the P displacement spectrum at the surface, along the ray, in m·s.
    incidence_deg : float
        Angle of P at the surface, from straight up: the vertical component has its cosine.
    p_corner_hz : float
        Corner frequency of P.
    p_t_star_s : float
        Attenuation of P.
    kind : str
        ``direct`` or ``head``.
    """

    station: str
    event: int
    p_time: str
    s_time: str
    hypocentral_km: float
    azimuth_deg: float
    p_radiation: float
    p_plateau: float
    incidence_deg: float
    p_corner_hz: float
    p_t_star_s: float
    kind: str


def transform_length(sampling_rate: float) -> int:
    """Return a Fourier length that leaves the coda room to die away."""
    return next_fast_len(int(2 * DURATION_S * sampling_rate), real=True)


def ground_motion(
    earthquake: Earthquake,
    number: int,
    station: SyntheticStation,
    earth: LayeredEarth,
    sampling_rate: float,
) -> tuple[dict[str, np.ndarray], KnownArrival]:
    """Return the spectra of ground velocity at a station, and the truth about them.

    Parameters
    ----------
    earthquake : Earthquake
        The source.
    number : int
        Its number, which names it in the truth and seeds its coda.
    station : SyntheticStation
        The receiver.
    earth : LayeredEarth
        What lies between.
    sampling_rate : float
        In Hz.

    Returns
    -------
    spectra : dict of str to numpy.ndarray
        For Z, N and E: the discrete spectrum (as of ``rfft``) of velocity in m/s, beginning at the
        origin time, for :func:`transform_length` samples.
    truth : KnownArrival
        The known answer.
    """
    metres, azimuth, _ = gps2dist_azimuth(
        earthquake.latitude, earthquake.longitude, station.latitude, station.longitude
    )
    kilometres = metres / 1000
    hypocentral_km = math.hypot(kilometres, earthquake.depth_km)
    p, s = (first_arrival(earth, kilometres, earthquake.depth_km, phase) for phase in "PS")
    f_p = radiation_pattern(earthquake, p.takeoff_deg, azimuth)[0]
    f_p = math.copysign(max(abs(f_p), LEAST_P_RADIATION), f_p)
    _, f_sv, f_sh = radiation_pattern(earthquake, s.takeoff_deg, azimuth)

    samples = transform_length(sampling_rate)
    frequency = rfftfreq(samples, 1 / sampling_rate)
    t_star = {"P": p.time_s / Q_P + station.kappa_s, "S": s.time_s / Q_S + station.kappa_s}

    def pulse(phase: str, radiations: Sequence[float], onset_s: float) -> list[np.ndarray]:
        corner = earthquake.corner_hz(phase)
        shape = velocity_pulse(frequency, sampling_rate, corner, t_star[phase], onset_s)
        metres = 1000 * hypocentral_km
        return [far_field_plateau(earthquake, phase, each, metres) * shape for each in radiations]

    generator = station.generator(100 + number)
    coda = {
        phase: [_reflections(generator, *CODA[phase], samples, sampling_rate) for _ in "ZRT"]
        for phase in "PS"
    }
    (wave_p,) = pulse("P", [f_p], p.time_s)
    wave_sv, wave_sh = pulse("S", [f_sv, f_sh], s.time_s)
    up_p, up_s = math.radians(p.incidence_deg), math.radians(s.incidence_deg)
    vertical = wave_p * math.cos(up_p) * coda["P"][0] + wave_sv * math.sin(up_s) * coda["S"][0]
    radial = wave_p * math.sin(up_p) * coda["P"][1] - wave_sv * math.cos(up_s) * coda["S"][1]
    transverse = wave_sh * coda["S"][2]
    a = math.radians(azimuth)
    spectra = {
        "Z": vertical,
        "N": radial * math.cos(a) - transverse * math.sin(a),
        "E": radial * math.sin(a) + transverse * math.cos(a),
    }
    truth = KnownArrival(
        station=station.code,
        event=number,
        p_time=str(earthquake.time + p.time_s),
        s_time=str(earthquake.time + s.time_s),
        hypocentral_km=round(hypocentral_km, 4),
        azimuth_deg=round(azimuth, 3),
        p_radiation=round(f_p, 6),
        p_plateau=abs(far_field_plateau(earthquake, "P", f_p, 1000 * hypocentral_km)),
        incidence_deg=round(p.incidence_deg, 4),
        p_corner_hz=round(earthquake.corner_hz("P"), 4),
        p_t_star_s=round(t_star["P"], 6),
        kind=p.kind,
    )
    return spectra, truth


def in_counts(spectrum: np.ndarray, gain: np.ndarray, sampling_rate: float) -> np.ndarray:
    """Return what the instrument makes of a velocity spectrum: counts from the origin time on."""
    samples = transform_length(sampling_rate)
    return irfft(spectrum * gain, samples)[: int(DURATION_S * sampling_rate)]


def _reflections(
    generator: np.random.Generator,
    strength: float,
    decay_s: float,
    samples: int,
    sampling_rate: float,
) -> np.ndarray:
    """Return the spectrum of an arrival followed by random, fading echoes of itself."""
    echoes = _fading(strength, decay_s, samples, sampling_rate)
    echoes = echoes * generator.standard_normal(samples)
    echoes[0] = 1.0
    return rfft(echoes)


@cache
def _fading(strength: float, decay_s: float, samples: int, sampling_rate: float) -> np.ndarray:
    """Return how strong echoes are; the same for every station and earthquake."""
    seconds = np.arange(samples) / sampling_rate
    envelope = np.exp(-seconds / decay_s) * (1 - np.exp(-seconds / 0.3))
    return strength * 2.5 / math.sqrt(sampling_rate) * envelope
