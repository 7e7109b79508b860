"""Writing the teaching archive: a folder laid out as a public bucket, and the truth about it."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
from obspy import Trace

from seispipe.archive.layouts import LAYOUTS
from seispipe.synthesis.earth import LayeredEarth
from seispipe.synthesis.instrument import broadband_response, station_inventory
from seispipe.synthesis.motion import Truth, ground_motion, in_counts, transform_length
from seispipe.synthesis.network import (
    DAY,
    NETWORK,
    SyntheticStation,
    day_stations,
    earthquakes,
    hour_stations,
)
from seispipe.synthesis.noise import noise_in_counts
from seispipe.synthesis.source import Earthquake

SAMPLING_RATE = 100.0
RECORD_BYTES = 512
STATEMENT = "Synthetic data of the course Cloud Workflows for Seismology. No such network exists."


def default_stations() -> list[SyntheticStation]:
    """Return the stations of the default archive: 24 for an hour, 2 for a day."""
    return [*hour_stations(24), *day_stations(2)]


def record(
    station: SyntheticStation, quakes: Sequence[Earthquake], earth: LayeredEarth
) -> tuple[dict[str, np.ndarray], list[Truth]]:
    """Return what a station records, and the truth about it.

    Parameters
    ----------
    station : SyntheticStation
        The station.
    quakes : sequence of Earthquake
        The earthquakes, in the order of their numbers.
    earth : LayeredEarth
        What lies between.

    Returns
    -------
    counts : dict of str to numpy.ndarray
        For each component the samples, int32.
    truths : list of Truth
        One for each earthquake.
    """
    response = broadband_response(SAMPLING_RATE)
    samples = round((station.end - station.start) * SAMPLING_RATE)
    gain, _ = response.get_evalresp_response(
        1 / SAMPLING_RATE, transform_length(SAMPLING_RATE), output="VEL"
    )
    counts = {
        axis: noise_in_counts(
            station.generator(index), response, station.noise_weight, samples, SAMPLING_RATE
        )
        for index, axis in enumerate(station.channels)
    }
    truths = []
    for number, quake in enumerate(quakes):
        spectra, truth = ground_motion(quake, number, station, earth, SAMPLING_RATE)
        truths.append(truth)
        # Origin times lie on samples, so nothing has to be shifted by a part of one.
        first = round((quake.time - station.start) * SAMPLING_RATE)
        for axis in station.channels:
            motion = in_counts(spectra[axis], gain, SAMPLING_RATE)[: max(0, samples - first)]
            counts[axis][first : first + len(motion)] += motion
    return {axis: np.rint(data).astype(np.int32) for axis, data in counts.items()}, truths


def build(folder: Path, stations: Iterable[SyntheticStation] | None = None) -> Path:
    """Write an archive.

    The folder appears complete or not at all: it is written under another name beside its place and
    then renamed.

    Parameters
    ----------
    folder : Path
        Where the archive shall be. It must not exist yet.
    stations : iterable of SyntheticStation, optional
        The stations; by default those of :func:`default_stations`.

    Returns
    -------
    Path
        The folder. It holds ``continuous_waveforms/`` and ``FDSNstationXML/`` in the layout of
        SCEDC's bucket, and ``truth.json``.

    Raises
    ------
    FileExistsError
        If the folder exists.
    """
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(f"{folder} exists already; remove it first, or name another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(draft, list(default_stations() if stations is None else stations))
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder


def _write(folder: Path, stations: list[SyntheticStation]) -> None:
    quakes, earth = earthquakes(), LayeredEarth()
    truths = []
    for station in stations:
        counts, known = record(station, quakes, earth)
        truths += known
        for axis, data in counts.items():
            _write_channel(folder, station, f"HH{axis}", data)
        metadata = folder / "FDSNstationXML" / NETWORK / f"{NETWORK}_{station.code}.xml"
        metadata.parent.mkdir(parents=True, exist_ok=True)
        station_inventory(
            NETWORK,
            station.code,
            station.latitude,
            station.longitude,
            station.elevation_m,
            DAY - 365 * 86400,
            station.channels,
            SAMPLING_RATE,
        ).write(str(metadata), format="STATIONXML")
    known = {
        "statement": STATEMENT,
        "earthquakes": [asdict(quake) for quake in quakes],
        "stations": [asdict(station) for station in stations],
        "arrivals": [asdict(truth) for truth in truths],
    }
    text = json.dumps(known, indent=1, default=str)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")


def _write_channel(folder: Path, station: SyntheticStation, channel: str, data: np.ndarray) -> None:
    start = station.start
    day = date(start.year, start.month, start.day)
    path = folder / LAYOUTS["scedc"].key(NETWORK, station.code, "", channel, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {
        "network": NETWORK,
        "station": station.code,
        "channel": channel,
        "starttime": start,
        "sampling_rate": SAMPLING_RATE,
    }
    trace = Trace(data, header=header)
    trace.write(str(path), format="MSEED", encoding="STEIM2", reclen=RECORD_BYTES, byteorder=">")
