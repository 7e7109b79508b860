"""An archive that takes the process that reads from it down, to see what becomes of the others."""

import os
from pathlib import Path

from obspy import Stream

from seispipe.archive import FolderArchive


class DeadlyArchive(FolderArchive):
    """A folder in which one station's samples end the process that asks for them.

    So do a fault in compiled code, and the system when memory runs out: no exception is raised, and
    nothing can be caught. Never run the deadly station in your own process.

    Parameters
    ----------
    folder : Path
        The folder that plays the bucket.
    station : str
        The code of the station.
    """

    def __init__(self, folder: Path, station: str) -> None:
        super().__init__(folder)
        self.station = station

    def get_waveforms(self, network: str, station: str, *arguments: object) -> Stream:
        """Read samples as any archive does, and end this process if they are the station's."""
        if station == self.station:
            os._exit(1)
        return super().get_waveforms(network, station, *arguments)
