"""An archive in a folder, laid out as a public bucket is."""

from datetime import date, timedelta
from pathlib import Path

from obspy import Inventory, Stream, UTCDateTime, read, read_inventory

from seispipe.archive.layouts import LAYOUTS
from seispipe.archive.request import Request


class FolderArchive:
    """Day-long miniSEED objects and StationXML below a folder.

    Parameters
    ----------
    folder : Path
        The folder that plays the bucket.
    layout : str
        A key of :data:`~seispipe.archive.layouts.LAYOUTS`: how the waveform files are named.
        Metadata are looked for as SCEDC keeps them, ``FDSNstationXML/NET/NET_STA.xml``.
    """

    def __init__(self, folder: Path, layout: str = "scedc") -> None:
        self.folder = Path(folder)
        self.layout = LAYOUTS[layout]
        if not self.folder.is_dir():
            raise ValueError(f"there is no folder {self.folder}")

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
        day = date(starttime.year, starttime.month, starttime.day)
        while day <= date(endtime.year, endtime.month, endtime.day):
            path = self.folder / self.layout.key(network, station, location, channel, day)
            if path.exists():
                found += read(str(path), format="MSEED", starttime=starttime, endtime=endtime)
            day += timedelta(days=1)
        return found.select(network, station, location, channel)

    def get_stations(
        self,
        *,
        network: str,
        station: str,
        location: str = "*",
        channel: str = "*",
        level: str = "response",
    ) -> Inventory:
        """Return the metadata of the channels that match, every epoch of each, in full detail."""
        path = self.folder / "FDSNstationXML" / network / f"{network}_{station}.xml"
        if not path.exists():
            return Inventory(networks=[], source=str(self.folder))
        inventory = read_inventory(str(path), format="STATIONXML")
        return inventory.select(location=location, channel=channel)

    def requests(self) -> list[Request]:
        """Propose no window: only who asks knows which times matter."""
        return []
