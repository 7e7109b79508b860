"""Writing the teaching archive: a folder laid out as a public bucket, and the truth about it."""

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from obspy import Stream, Trace
from tqdm import tqdm

from seispipe.archive.layouts import LAYOUTS
from seispipe.synthesis.answers import describe
from seispipe.synthesis.defects import spoil_metadata, spoil_object, spoil_samples
from seispipe.synthesis.earth import LayeredEarth
from seispipe.synthesis.instrument import broadband_response, station_inventory
from seispipe.synthesis.motion import KnownArrival, ground_motion, in_counts, transform_length
from seispipe.synthesis.network import (
    DAY,
    NETWORK,
    SyntheticStation,
    day_stations,
    defective_stations,
    earthquakes,
    hour_stations,
)
from seispipe.synthesis.noise import noise_density, noise_in_counts
from seispipe.synthesis.source import Earthquake

SAMPLING_RATE = 100.0
RECORD_BYTES = 512


def default_stations(scale: int = 1) -> list[SyntheticStation]:
    """Return the stations of an archive.

    Parameters
    ----------
    scale : int
        One gives 24 stations for an hour and 2 for a day, together three station-days; more gives
        so many times as many of both. The stations with a defect, eleven for ten minutes, are
        there once.
    """
    return [*hour_stations(24 * scale), *day_stations(2 * scale), *defective_stations()]


@cache
def _gain() -> np.ndarray:
    """Evaluate the response once, because all stations have it."""
    gain, _ = broadband_response(SAMPLING_RATE).get_evalresp_response(
        1 / SAMPLING_RATE, transform_length(SAMPLING_RATE), output="VEL"
    )
    gain.flags.writeable = False
    return gain


def record(
    station: SyntheticStation, quakes: Sequence[Earthquake], earth: LayeredEarth
) -> tuple[dict[str, np.ndarray], list[KnownArrival]]:
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
    truths : list of KnownArrival
        One for each earthquake.
    """
    response = broadband_response(SAMPLING_RATE)
    samples = round((station.end - station.start) * SAMPLING_RATE)
    gain = _gain()
    density = noise_density(response, station.noise_weight, samples, SAMPLING_RATE)
    counts = {
        axis: noise_in_counts(station.generator(index), density, samples, SAMPLING_RATE)
        for index, axis in enumerate(station.channels)
    }
    truths = []
    for number, quake in enumerate(quakes):
        spectra, truth = ground_motion(quake, number, station, earth, SAMPLING_RATE)
        truths.append(truth)
        # Origin times lie on samples, so nothing has to be shifted by a part of one.
        first = round((quake.time - station.start) * SAMPLING_RATE)
        for axis in station.channels:
            motion = in_counts(spectra[axis], gain, SAMPLING_RATE)
            begin, stop = max(0, first), min(samples, first + len(motion))
            if begin < stop:
                counts[axis][begin:stop] += motion[begin - first : stop - first]
    return {axis: np.rint(data).astype(np.int32) for axis, data in counts.items()}, truths


def build(
    folder: Path,
    stations: Iterable[SyntheticStation] | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Path:
    """Write an archive.

    The folder appears complete or not at all: it is written under another name beside its place and
    then renamed.

    Parameters
    ----------
    folder : Path
        Where the archive shall be. It must not exist yet.
    stations : iterable of SyntheticStation, optional
        The stations; by default those of :func:`default_stations`.
    workers : int
        How many processes share the work. Each station is made by one of them.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    Path
        The folder. It holds ``continuous_waveforms/`` and ``FDSNstationXML/`` in the layout of
        SCEDC's bucket, and ``truth.json``. The same stations give the same bytes, however many
        processes make them.

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
    draft.chmod(0o755)  # mkdtemp lets only its owner in, but an archive may be shared
    try:
        chosen = list(default_stations() if stations is None else stations)
        write = partial(write_station, draft)
        with ExitStack() as stack:
            if workers > 1:
                # Started afresh and not forked: a notebook that calls this has threads.
                pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
                stack.callback(pool.shutdown, cancel_futures=True)
                made = pool.map(write, chosen)
            else:
                made = map(write, chosen)
            bar = tqdm(made, "stations", len(chosen), disable=not progress)
            arrivals = [truth for truths in bar for truth in truths]
        known = describe(earthquakes(), chosen, arrivals)
        text = json.dumps(known, indent=1, default=str)
        (draft / "truth.json").write_text(text + "\n", encoding="utf-8")
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder


def digest(folder: Path) -> str:
    """Return one SHA-256 over the names and the contents of all files of an archive."""
    whole = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            whole.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return whole.hexdigest()


def write_station(folder: Path, station: SyntheticStation) -> list[KnownArrival]:
    """Write the objects of one station, and return what is true of it."""
    counts, truths = record(station, earthquakes(), LayeredEarth())
    for axis, data in counts.items():
        _write_channel(folder, station, f"HH{axis}", data)
    metadata = spoil_metadata(
        station.defect,
        station_inventory(
            NETWORK,
            station.code,
            station.latitude,
            station.longitude,
            station.elevation_m,
            DAY - 365 * 86400,
            station.channels,
            SAMPLING_RATE,
        ),
    )
    if metadata is not None:
        path = folder / "FDSNstationXML" / NETWORK / f"{NETWORK}_{station.code}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        metadata.write(str(path), format="STATIONXML")
    return truths


def _write_channel(folder: Path, station: SyntheticStation, channel: str, data: np.ndarray) -> None:
    start = station.start
    day = date(start.year, start.month, start.day)
    path = folder / LAYOUTS["scedc"].key(NETWORK, station.code, "", channel, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {
        "network": NETWORK,
        "station": station.code,
        "channel": channel,
        "sampling_rate": SAMPLING_RATE,
    }
    stream = Stream(
        Trace(piece, header={**header, "starttime": start + seconds})
        for seconds, piece in spoil_samples(station.defect, data, SAMPLING_RATE)
    )
    made = io.BytesIO()
    stream.write(made, format="MSEED", encoding="STEIM2", reclen=RECORD_BYTES, byteorder=">")
    path.write_bytes(spoil_object(station.defect, made.getvalue(), RECORD_BYTES))
