"""From somebody's own files to a folder that the pipeline can read."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from tempfile import TemporaryDirectory

from obspy import Inventory, Trace, UTCDateTime, read, read_inventory
from obspy.core.inventory import Network, Station
from obspy.core.util.base import ENTRY_POINTS

from seispipe.archive.layouts import LAYOUTS

_LAYOUT = LAYOUTS["scedc"]
_DAY_S = 86_400


def fill(
    folder: Path, waveforms: Iterable[Path], stations: Iterable[Path]
) -> dict[str, tuple[UTCDateTime, UTCDateTime]]:
    """Write a new folder, laid out as SCEDC's bucket, from files that ObsPy reads.

    Samples are cut at midnight and otherwise left as they are: what is missing or contradicts
    itself stays so, for the pipeline to say.

    Parameters
    ----------
    folder : Path
        The folder to write. It must not exist yet.
    waveforms : iterable of Path
        In any format of :func:`obspy.read` but pickles, in counts.
    stations : iterable of Path
        In any format of :func:`obspy.read_inventory` that has responses.

    Returns
    -------
    dict
        For each channel's SEED id, when its first sample was, and when its last.

    Raises
    ------
    FileExistsError
        If the folder is there already.
    ValueError
        If a file cannot be read, or holds a code that cannot stand in a name; the message names it.
        Nothing is left of the folder then.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} exists already; name a folder that does not")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside it, so that it can be renamed once it is whole.
    with TemporaryDirectory(dir=folder.parent) as beside:
        unfinished = Path(beside) / folder.name
        unfinished.mkdir()
        spans: dict[str, tuple[UTCDateTime, UTCDateTime]] = {}
        for path in waveforms:
            for trace in map(_bare, _read(path, read)):
                _append(trace, unfinished, path)
                begin, end = spans.get(trace.id, (trace.stats.starttime, trace.stats.endtime))
                spans[trace.id] = min(begin, trace.stats.starttime), max(end, trace.stats.endtime)
        _write_stations(unfinished, stations)
        unfinished.rename(folder)
    return spans


def _read(path: Path, reader: Callable) -> Iterable:
    try:
        with _no_pickles():
            return reader(path)
    # ObsPy's plugins raise whatever they like.
    except Exception as problem:
        what = str(problem) or type(problem).__name__
        name = f"obspy.{reader.__name__}"
        raise ValueError(f"{path} is not a file that {name} can read: {what}") from None


@contextmanager
def _no_pickles() -> Iterator[None]:
    """Take the format PICKLE from ObsPy: its reader executes what a file says, also in a zip."""
    formats = ENTRY_POINTS["waveform"]
    pickles = formats.pop("PICKLE", None)
    try:
        yield
    finally:
        if pickles is not None:
            formats["PICKLE"] = pickles


def _append(trace: Trace, folder: Path, path: Path) -> None:
    """Add a trace to the objects of its days. Records of miniSEED may stand one behind another."""
    stats = trace.stats
    begin = UTCDateTime(stats.starttime.date)
    while begin <= stats.endtime:
        # Samples belong to the day in which they begin: midnight itself to the next one.
        piece = trace.slice(begin, begin + _DAY_S - 1e-6, nearest_sample=False)
        if len(piece):
            try:
                codes = stats.network, stats.station, stats.location, stats.channel
                key = _LAYOUT.key(*codes, begin.date)
            except ValueError as problem:
                raise ValueError(f"{path}, channel {trace.id}: {problem}") from None
            target = folder / key
            target.parent.mkdir(parents=True, exist_ok=True)
            packed = io.BytesIO()
            piece.write(packed, format="MSEED")
            with target.open("ab") as file:
                file.write(packed.getvalue())
        begin += _DAY_S


def _bare(trace: Trace) -> Trace:
    """Return a trace without what its file said of itself: the samples decide the encoding."""
    bare = Trace(trace.data)
    for name in ("network", "station", "location", "channel", "starttime", "sampling_rate"):
        bare.stats[name] = trace.stats[name]
    if bare.stats.location == "--":  # as some write that there is none
        bare.stats.location = ""
    return bare


def _write_stations(folder: Path, stations: Iterable[Path]) -> None:
    """Write one file of metadata for each station, with all that any of the files says of it."""
    of_station: dict[tuple[str, str], Inventory] = {}
    for path in stations:
        for network in _read(path, read_inventory):
            for station in network:
                codes = network.code, station.code
                try:
                    _LAYOUT.demand_codes(network=network.code, station=station.code)
                except ValueError as problem:
                    raise ValueError(f"{path}, station {'.'.join(codes)}: {problem}") from None
                held = of_station.setdefault(codes, Inventory(networks=[]))
                held.networks.append(_alone(network, station))
    for (network, station), inventory in of_station.items():
        target = folder / "FDSNstationXML" / network / f"{network}_{station}.xml"
        target.parent.mkdir(parents=True, exist_ok=True)
        inventory.write(target, format="STATIONXML")


def _alone(network: Network, station: Station) -> Network:
    """Return a network that has only this one of its stations."""
    alone = copy(network)
    alone.stations = [station]
    return alone
