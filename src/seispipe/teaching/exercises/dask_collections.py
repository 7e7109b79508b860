"""The exercises of "Dask collections, measured"."""

import numpy as np
import scipy.signal
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.inventory import channel_inventory
from seispipe.sources import open_archive
from seispipe.teaching.checks import Choice, Exercise, Mistake
from seispipe.waveforms import read_window

# As the exercises' texts give them.
LARGEST_BYTES, BINS, BYTES_EACH, LINES_A_SECOND = 100e6, 1025, 4, 2
BAND_HZ = (4.95, 14.95)
STATIONS, HOURS, FREQUENCY_GROUPS = 20, 7 * 24, 8
_WINDOW_S, _RATE_HZ = 10, 100


def longest_block_min(
    largest_bytes: float, bins: int, bytes_each: int, lines_a_second: float
) -> float:
    """Return how many minutes of a spectrogram go into a block.

    Parameters
    ----------
    largest_bytes : float
        How large the block may be.
    bins : int
        Frequencies in a line.
    bytes_each : int
        Bytes of a number.
    lines_a_second : float
        How many lines there are for each second.

    Returns
    -------
    float
    """
    return largest_bytes / (bins * bytes_each * lines_a_second) / 60


def noise_in_band(station: str, exponent: int = 2) -> float:
    """Return the median over an hour of the mean square in the exercise's band.

    Parameters
    ----------
    station : str
        A station of the day.
    exponent : int
        Which power of the response is divided by: 2 gives ground velocity, in (m/s)², 0 counts, and
        1 is a mistake.

    Returns
    -------
    float
    """
    archive = open_archive("teaching", reading="records")
    start = UTCDateTime("2026-03-14T03:00:00")
    # The last second's window reaches nine seconds beyond the hour.
    end = start + 3600 + _WINDOW_S - 1
    request = Request.from_id(f"XX.{station}..HHZ", start, end)
    samples = _WINDOW_S * _RATE_HZ
    frequency, _, density = scipy.signal.spectrogram(
        read_window(archive, request).data, _RATE_HZ, "hann", samples, samples - _RATE_HZ
    )
    inside = (frequency > BAND_HZ[0]) & (frequency < BAND_HZ[1])
    density = density[inside].T
    if exponent:
        response = channel_inventory(archive, request)[0][0][0].response
        gain = response.get_evalresp_response_for_frequencies(frequency[inside], output="VEL")
        density = density / np.abs(gain) ** exponent
    return float(np.median(density.sum(axis=1)) * _RATE_HZ / samples)


def _decibels(power: float) -> float:
    return 10 * np.log10(power)


EXERCISES: dict[str, Exercise] = {
    "dask-collections/block": Exercise(
        right=lambda: longest_block_min(LARGEST_BYTES, BINS, BYTES_EACH, LINES_A_SECOND),
        unit="minutes",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: longest_block_min(LARGEST_BYTES, BINS, 8, LINES_A_SECOND),
                "that is with 8 bytes for each number, and here there are fewer.",
            ),
            Mistake(
                lambda: longest_block_min(LARGEST_BYTES, BINS, BYTES_EACH, 1 / LINES_A_SECOND),
                "a line every half second makes more lines, not fewer.",
            ),
            Mistake(
                lambda: longest_block_min(LARGEST_BYTES, BINS, BYTES_EACH, 1),
                "that is with one line a second. How many are there?",
            ),
            Mistake(
                lambda: 60 * longest_block_min(LARGEST_BYTES, BINS, BYTES_EACH, LINES_A_SECOND),
                "that is the number of seconds.",
            ),
        ],
    ),
    "dask-collections/band": Exercise(
        right=lambda: _decibels(noise_in_band("D002")),
        unit="dB",
        tolerance=0.1,
        mistakes=[
            Mistake(
                lambda: 2 * _decibels(noise_in_band("D002")),
                "twenty times the logarithm is for amplitudes. This is a power.",
            ),
            Mistake(
                lambda: _decibels(noise_in_band("D002") * _WINDOW_S),
                "a sum of densities is no power yet: multiply it by the step between two "
                "frequencies.",
            ),
            Mistake(
                lambda: _decibels(noise_in_band("D001")),
                "that is the other station.",
            ),
            Mistake(
                lambda: _decibels(noise_in_band("D002", exponent=0)),
                "that is the power of the counts. Divide by the response first.",
            ),
            Mistake(
                lambda: _decibels(noise_in_band("D002", exponent=1)),
                "a power is divided by the square of the response.",
            ),
        ],
    ),
    "dask-collections/pieces": Exercise(
        right=lambda: STATIONS * HOURS * FREQUENCY_GROUPS,
        unit="pieces",
        tolerance=0.5,
        mistakes=[
            Mistake(
                lambda: HOURS * FREQUENCY_GROUPS,
                "that is for one station.",
            ),
            Mistake(
                lambda: STATIONS * (HOURS + FREQUENCY_GROUPS),
                "that is how many blocks there are, old and new. Each old one is cut into several "
                "pieces.",
            ),
            Mistake(
                lambda: STATIONS * HOURS * STATIONS * FREQUENCY_GROUPS,
                "the new blocks are of one station each: an old block has nothing for the others.",
            ),
            Mistake(
                lambda: STATIONS * HOURS,
                "that is how many old blocks there are. Into how many pieces is each cut?",
            ),
        ],
    ),
    "dask-collections/why": Choice(
        right="a",
        because="a task should take a tenth of a second or more.",
        wrong={
            "b": "blocks in memory are not compressed. Count the tasks.",
            "c": "it can. Count the tasks.",
        },
    ),
}
