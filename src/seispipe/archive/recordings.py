"""Real earthquake recordings that every installation of ObsPy brings along.

They lie among the test data inside the ObsPy wheel, so they are read without a network and nothing
is copied. What is known about each, and what is not, is written beside it in :data:`CATALOGUE`.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from obspy import Inventory, Stream, Trace, UTCDateTime, read, read_inventory

from seispipe.archive.request import Request
from seispipe.errors import NoResponse

_SIGNAL = "signal/tests/data"


@dataclass(frozen=True)
class Recording:
    """One recording: where its files are, and what has been published about it.

    Attributes
    ----------
    name : str
        A short handle, such as ``rjob-2005``.
    about : str
        One sentence: what this is, and what is missing.
    waveforms : tuple of str
        Files below the ``obspy`` package, one a channel. Empty for the example that
        ``obspy.read()`` returns by itself.
    main_channel : str
        SEED id of the vertical channel, on which P is picked.
    response : str or None
        Response file below the ``obspy`` package; None where ObsPy ships none.
    plain_text : dict or None
        For files that hold bare numbers: the header values they lack, and the channel codes in
        the order of the files. None where the file has a header of its own.
    published_p : float or None
        Published P onset, in seconds after the first sample.
    published_s : float or None
        Published S onset, in seconds after the first sample.
    source : str
        Where in ObsPy the published values stand.
    """

    name: str
    about: str
    waveforms: tuple[str, ...]
    main_channel: str
    response: str | None = None
    plain_text: dict | None = None
    published_p: float | None = None
    published_s: float | None = None
    source: str = ""


_RJOB_2005 = Recording(
    name="rjob-2005",
    about=(
        "A small local earthquake at Jochberg, Bavaria, 1 August 2005: three components, 200 Hz, "
        "one minute. The numbers come in steps of 0.596, one count of its digitiser in microvolts; "
        "the response of 2005 takes them so."
    ),
    waveforms=tuple(f"{_SIGNAL}/loc_RJOB20050801145719850.{axis}" for axis in "zne"),
    main_channel="BW.RJOB..EHZ",
    response="core/data/BW_GR_misc.xml",
    plain_text={
        "network": "BW",
        "station": "RJOB",
        "channels": ("EHZ", "EHN", "EHE"),
        "sampling_rate": 200.0,
        # The file name carries the time of the first sample.
        "starttime": UTCDateTime("2005-08-01T14:57:19.850"),
    },
    published_p=30.635,
    published_s=31.165,
    source="obspy.signal test_ar_pick",
)
_RJOB_2009 = Recording(
    name="rjob-2009",
    about=(
        "What obspy.read() returns: a local earthquake at Jochberg, 24 August 2009, three "
        "components, 100 Hz, 30 s, with less than 5 s of noise before P."
    ),
    waveforms=(),
    main_channel="BW.RJOB..EHZ",
    response="core/data/BW_GR_misc.xml",
)
_GROUP_2010 = tuple(
    Recording(
        name=f"{station.lower()}-2010",
        about=(
            f"Station {station} in Bavaria, 27 May 2010: small events in 230 s, three of them "
            "published, seen by a group of four stations. ObsPy ships neither response nor "
            "coordinates for it."
        ),
        waveforms=tuple(
            f"{_SIGNAL}/BW.{station}._.{channel}.D.2010.147.cut.slist.gz" for channel in channels
        ),
        main_channel=f"BW.{station}..{channels[0]}",
        source="obspy.signal test_coincidence_trigger",
    )
    for station, channels in {
        "UH1": ("SHZ",),
        "UH2": ("SHZ",),
        "UH3": ("SHZ", "SHN", "SHE"),
        "UH4": ("EHZ",),
    }.items()
)
_CRLZ_2009 = Recording(
    name="crlz-2009",
    about=(
        "An earthquake at station CRLZ, New Zealand, 4 September 2009: one vertical "
        "component, 100 Hz, 328 s, with a response of six stages."
    ),
    waveforms=(f"{_SIGNAL}/CRLZ.HHZ.10.NZ.SAC",),
    main_channel="NZ.CRLZ.10.HHZ",
    response=f"{_SIGNAL}/RESP.NZ.CRLZ.10.HHZ",
    source="obspy.signal test_evalresp_vs_obspy",
)
_MANZ = Recording(
    name="manz-waldk",
    about=(
        "An earthquake at station MANZ: one component of bare numbers, 200 Hz, 600 s. The file "
        "says neither date nor network nor response, so time is counted from 1970-01-01."
    ),
    waveforms=(f"{_SIGNAL}/manz_waldk.a01.gz",),
    main_channel=".MANZ..EHZ",
    plain_text={
        "network": "",
        "station": "MANZ",
        "channels": ("EHZ",),
        "sampling_rate": 200.0,
        "starttime": UTCDateTime(0),
    },
    published_p=87.725,
    source="obspy.signal test_pk_baer",
)

CATALOGUE: dict[str, Recording] = {
    recording.name: recording
    for recording in (_RJOB_2005, _RJOB_2009, *_GROUP_2010, _CRLZ_2009, _MANZ)
}


def _path(below_obspy: str) -> Path:
    path = Path(str(files("obspy"))) / below_obspy
    if not path.exists():
        raise FileNotFoundError(
            f"the installed ObsPy lacks its test data ({below_obspy}); install ObsPy from PyPI "
            "(pip install --force-reinstall obspy), whose wheels bring it"
        )
    return path


def load_waveforms(name: str) -> Stream:
    """Read a whole recording, every channel of it.

    Parameters
    ----------
    name : str
        A key of :data:`CATALOGUE`.

    Returns
    -------
    Stream
        One trace a channel, as recorded (float64 samples), vertical first.

    Raises
    ------
    ValueError
        If there is no recording of that name.
    """
    # A copy, because ObsPy's processing methods change a stream where it lies.
    return _load_waveforms(name).copy()


@lru_cache(maxsize=len(CATALOGUE))
def _load_waveforms(name: str) -> Stream:
    if name not in CATALOGUE:
        raise ValueError(f"no recording is called {name!r}; choose one of: {', '.join(CATALOGUE)}")
    recording = CATALOGUE[name]
    if recording.plain_text is None:
        stream = Stream() if recording.waveforms else read()
        for file in recording.waveforms:
            stream += read(str(_path(file)))
    else:
        header = dict(recording.plain_text)
        channels = header.pop("channels")
        stream = Stream(
            Trace(np.loadtxt(_path(file)), header={**header, "channel": channel})
            for file, channel in zip(recording.waveforms, channels, strict=True)
        )
    for trace in stream:
        trace.data = trace.data.astype(np.float64)
    return stream


def load_response(name: str) -> Inventory | None:
    """Read the metadata that ObsPy ships for a recording, or None where it ships none."""
    response = CATALOGUE[name].response
    return None if response is None else _load_response(response)


@lru_cache(maxsize=8)
def _load_response(below_obspy: str) -> Inventory:
    return read_inventory(str(_path(below_obspy)))


class Recordings:
    """The catalogue as an archive: ObsPy's client methods over the installed files."""

    def get_waveforms(
        self,
        network: str,
        station: str,
        location: str,
        channel: str,
        starttime: UTCDateTime,
        endtime: UTCDateTime,
    ) -> Stream:
        """Return the samples of a channel from ``starttime`` to ``endtime``, both included."""
        found = Stream()
        wanted = f"{network}.{station}.{location}.{channel}"
        for name, recording in CATALOGUE.items():
            if recording.main_channel.split(".")[:2] == [network, station]:
                found += load_waveforms(name).select(id=wanted)
        return found.trim(starttime, endtime, nearest_sample=False)

    def get_stations(
        self,
        *,
        network: str = "*",
        station: str = "*",
        location: str = "*",
        channel: str = "*",
        level: str = "response",
    ) -> Inventory:
        """Return the metadata of the channels that match, every epoch of each, in full detail.

        Raises
        ------
        NoResponse
            If the station's recording is here but ObsPy ships no response for it.
        """
        for name, recording in CATALOGUE.items():
            same_station = recording.main_channel.split(".")[:2] == [network, station]
            if same_station and recording.response is None:
                raise NoResponse(
                    f"ObsPy ships the recording {name} of station {network}.{station} without a "
                    "response; without one, counts cannot become ground motion"
                )
        files_with_response = {
            recording.response for recording in CATALOGUE.values() if recording.response
        }
        inventory = Inventory(networks=[], source="ObsPy's package data")
        for file in sorted(files_with_response):
            inventory += _load_response(file).select(
                network=network, station=station, location=location, channel=channel
            )
        return inventory

    def requests(self, *_groups: str) -> list[Request]:
        """Return one request a recording: its whole length, on its vertical channel."""
        requests = []
        for name, recording in CATALOGUE.items():
            trace = load_waveforms(name).select(id=recording.main_channel)[0]
            stats = trace.stats
            requests.append(
                Request.from_id(
                    recording.main_channel, stats.starttime, stats.endtime + stats.delta
                )
            )
        return requests
