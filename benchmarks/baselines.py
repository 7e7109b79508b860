"""The baselines: what a good seismologist writes today.

Nothing in them is wrong, nothing is slow on purpose, and each gives the same picks, spectra and
plateaus as the pipeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import boto3
import numpy as np
from botocore import UNSIGNED
from botocore.config import Config
from obspy import UTCDateTime
from scipy.optimize import least_squares
from scipy.signal.windows import tukey

from seispipe.archive import Request
from seispipe.archive.layouts import LAYOUTS
from seispipe.teaching.tutorial_chain import tutorial_chain

BUCKET = LAYOUTS["scedc"].bucket
DELTA_S = 0.01  # of the teaching archive


@dataclass(frozen=True)
class Found:
    """What is found in one window.

    Attributes
    ----------
    p_time : UTCDateTime
        P onset.
    amplitude : numpy.ndarray
        Amplitude spectrum of five seconds around it, in m.
    plateau, corner_hz : float
        Of the source fitted to it.
    """

    p_time: UTCDateTime
    amplitude: np.ndarray
    plateau: float
    corner_hz: float


def from_file(folder: Path, request: Request) -> Found:
    """ObsPy's tutorial chain, and a fit of the source: everything read anew for each window."""
    # ObsPy's windows include their end, and another sample would be another trend.
    outcome = tutorial_chain(folder, replace(request, end=request.end - DELTA_S))
    rate = outcome.velocity.stats.sampling_rate
    start = outcome.p_time - 0.5
    noise = outcome.velocity.slice(start - 3.0, start - 1 / rate).copy()
    noise_amplitude = np.abs(np.fft.rfft(noise.data * tukey(len(noise), 0.1))) / rate
    samples = round(5.0 * rate)
    plateau, corner_hz = fit_spectrum(
        np.fft.rfftfreq(samples, 1 / rate),
        outcome.amplitude,
        np.fft.rfftfreq(len(noise), 1 / rate),
        noise_amplitude * np.sqrt(samples / len(noise)),
    )
    return Found(outcome.p_time, outcome.amplitude, plateau, corner_hz)


def fit_spectrum(
    frequency: np.ndarray, velocity: np.ndarray, noise_frequency: np.ndarray, noise: np.ndarray
) -> tuple[float, float]:
    """Fit Brune's spectrum from 1 to 30 Hz, where the signal is three times the noise."""
    level = np.interp(frequency, noise_frequency, noise)
    usable = (frequency >= 1.0) & (frequency <= 30.0) & (velocity >= 3.0 * level)
    f = frequency[usable]
    displacement = velocity[usable] / (2 * np.pi * f)

    def misfit(logs: np.ndarray) -> np.ndarray:
        model = logs[0] - np.log(1 + (f / np.exp(logs[1])) ** 2)
        return (model - np.log(displacement)) / np.sqrt(f)

    guess = np.log([displacement[:5].max(), np.sqrt(f[0] * f[-1])])
    fit = least_squares(misfit, guess, loss="soft_l1", xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return tuple(np.exp(fit.x))


def from_bucket(url: str, folder: Path, request: Request) -> Found:
    """Open a client, download what the window needs, and read the inventory: for each station."""
    (found,) = download_first(url, folder, [request])
    return found


def download_first(url: str, folder: Path, requests: Sequence[Request]) -> list[Found]:
    """Download all that is needed, one after the other with one client, and then loop over it."""
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-west-2",
        config=Config(
            signature_version=UNSIGNED,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path"},
        ),
    )
    for key in dict.fromkeys(key for request in requests for key in keys_of(request)):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        client.download_file(BUCKET, key, str(path))
    client.close()
    return [from_file(folder, request) for request in requests]


def keys_of(request: Request) -> tuple[str, str]:
    """Return the keys of a channel's day and of its station's metadata."""
    codes = (request.network, request.station, request.location, request.channel)
    day = LAYOUTS["scedc"].key(*codes, request.start.date)
    return day, f"FDSNstationXML/{request.network}/{request.network}_{request.station}.xml"
