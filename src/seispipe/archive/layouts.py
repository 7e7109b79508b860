"""How public archives name their objects: from a channel and a day to a key, and back.

Each archive has its own way. A :class:`Layout` builds keys and parses them, so that nothing else in
the course needs to know which archive it is reading.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

CODES = {
    "network": r"[A-Z0-9]{1,2}",
    "station": r"[A-Z0-9]{1,5}",
    "location": r"(?:[A-Z0-9]{2})?",
    "channel": r"[A-Z0-9]{3}",
}


@dataclass(frozen=True)
class DayKey:
    """What an object key says: whose samples of which day it holds.

    Attributes
    ----------
    network, station : str
        The codes.
    location, channel : str or None
        The codes; None where one object holds every channel of the station.
    day : datetime.date
        The UTC day.
    """

    network: str
    station: str
    location: str | None
    channel: str | None
    day: date


@dataclass(frozen=True)
class Layout:
    """How one archive names its day-long waveform objects.

    Attributes
    ----------
    name : str
        Short name, a key of :data:`LAYOUTS`.
    bucket, region : str
        The public bucket, and the region it lies in.
    form : str
        The key's form, in words a person can check against the archive's own page.
    one_channel : bool
        False where one object holds every channel of a station-day.
    write : callable
        Writes a key from a :class:`DayKey`.
    pattern : re.Pattern
        Reads one.
    """

    name: str
    bucket: str
    region: str
    form: str
    one_channel: bool
    write: Callable[[DayKey], str]
    pattern: re.Pattern[str]

    def key(self, network: str, station: str, location: str, channel: str, day: date) -> str:
        """Build the key of the object that holds a channel's day.

        Raises
        ------
        ValueError
            If a code is not one that can stand in a key.
        """
        self.demand_codes(network=network, station=station, location=location, channel=channel)
        return self.write(DayKey(network, station, location, channel, day))

    def demand_codes(self, **codes: str) -> None:
        """Refuse codes that no key could hold, such as a path.

        Parameters
        ----------
        **codes
            Some of ``network``, ``station``, ``location`` and ``channel``.

        Raises
        ------
        ValueError
            If one is none; the message names it.
        """
        for name, code in codes.items():
            if not re.fullmatch(CODES[name], code):
                raise ValueError(
                    f"{code!r} is not a {name} code that a key of the layout {self.name} can hold: "
                    "capital letters and digits only, and no more than the standard allows"
                )

    def parse(self, key: str) -> DayKey:
        """Read a key back.

        Raises
        ------
        ValueError
            If the key is not of this layout; the message names the form expected.
        """
        match = self.pattern.fullmatch(key)
        if match is None:
            raise ValueError(f"{key!r} is not a key of {self.name}, which looks like {self.form}")
        found = match.groupdict()
        year, day_of_year = int(found["year"]), int(found["doy"])
        if not 1 <= day_of_year <= date(year, 12, 31).timetuple().tm_yday:
            raise ValueError(f"{key!r} names day {day_of_year} of {year}, which has no such day")
        day = date(year, 1, 1) + timedelta(days=day_of_year - 1)
        if self.one_channel:
            location, channel = found["location"].strip("_"), found["channel"]
        else:
            location = channel = None
        network = found["network"].rstrip("_")
        parsed = DayKey(network, found["station"].rstrip("_"), location, channel, day)
        # A key that would be written otherwise (other year in its folder, say) is not one of ours.
        if self.write(parsed) != key:
            raise ValueError(f"{key!r} contradicts itself; {self.name} has {self.form}")
        return parsed


def _doy(day: date) -> str:
    return f"{day.timetuple().tm_yday:03d}"


def _scedc(k: DayKey) -> str:
    folder = f"continuous_waveforms/{k.day.year:04d}/{k.day.year:04d}_{_doy(k.day)}"
    codes = f"{k.network:_<2}{k.station:_<5}{k.channel}{k.location:_<2}"
    return f"{folder}/{codes}_{k.day.year:04d}{_doy(k.day)}.ms"


def _ncedc(k: DayKey) -> str:
    dated = f"{k.day.year:04d}.{_doy(k.day)}"
    codes = f"{k.station}.{k.network}.{k.channel}.{k.location}"
    return f"continuous_waveforms/{k.network}/{k.day.year:04d}/{dated}/{codes}.D.{dated}"


def _earthscope(k: DayKey) -> str:
    folder = f"miniseed/{k.network}/{k.day.year:04d}/{_doy(k.day)}"
    return f"{folder}/{k.station}.{k.network}.{k.day.year:04d}.{_doy(k.day)}"


def _geonet(k: DayKey) -> str:
    dated = f"{k.day.year:04d}.{_doy(k.day)}"
    codes = f"{k.network}.{k.station}.{k.location}.{k.channel}"
    return f"waveforms/miniseed/{k.day.year:04d}/{dated}/{codes}.D.{dated}"


_DATE = r"(?P<year>(?!0000)\d{4})[._/]?(?P<doy>\d{3})"
_NET, _STA, _LOC, _CHA = (
    f"(?P<{name}>{CODES[name]})" for name in ("network", "station", "location", "channel")
)

#: Layouts of public archives, by name.
LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "scedc",
            "scedc-pds",
            "us-west-2",
            "continuous_waveforms/2022/2022_002/CIGMR__LHN___2022002.ms",
            True,
            _scedc,
            re.compile(
                r"continuous_waveforms/\d{4}/\d{4}_\d{3}/"
                r"(?P<network>[A-Z0-9_]{2})(?P<station>[A-Z0-9_]{5})(?P<channel>[A-Z0-9]{3})"
                r"(?P<location>[A-Z0-9]{2}|__)_" + _DATE + r"\.ms"
            ),
        ),
        Layout(
            "ncedc",
            "ncedc-pds",
            "us-east-2",
            "continuous_waveforms/BK/2022/2022.002/CMB.BK.HHZ.00.D.2022.002",
            True,
            _ncedc,
            re.compile(
                r"continuous_waveforms/[A-Z0-9]+/\d{4}/\d{4}\.\d{3}/"
                rf"{_STA}\.{_NET}\.{_CHA}\.{_LOC}\.D\.{_DATE}"
            ),
        ),
        Layout(
            "earthscope",
            "earthscope-geophysical-data",
            "us-east-2",
            "miniseed/TA/2022/002/A36M.TA.2022.002",
            False,
            _earthscope,
            re.compile(rf"miniseed/[A-Z0-9]+/\d{{4}}/\d{{3}}/{_STA}\.{_NET}\.{_DATE}"),
        ),
        Layout(
            "geonet",
            "geonet-open-data",
            "ap-southeast-2",
            "waveforms/miniseed/2022/2022.002/NZ.BFZ.10.HHZ.D.2022.002",
            True,
            _geonet,
            re.compile(
                r"waveforms/miniseed/\d{4}/\d{4}\.\d{3}/"
                rf"{_NET}\.{_STA}\.{_LOC}\.{_CHA}\.D\.{_DATE}"
            ),
        ),
    )
}
