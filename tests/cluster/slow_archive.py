"""Archives that take their time, or a worker's life; sent to the workers by value."""

import os
import signal
import time
from pathlib import Path

from seispipe.archive import FolderArchive


class Slow(FolderArchive):
    """A folder that answers after a pause, so that there is time for something to go wrong."""

    def __init__(self, folder: Path, pause_s: float) -> None:
        super().__init__(folder)
        self.pause_s = pause_s

    def get_waveforms(self, *wanted):
        time.sleep(self.pause_s)
        return super().get_waveforms(*wanted)


class Deadly(Slow):
    """One station of it kills whoever reads it, as a crash in compiled code would."""

    station = "S005"

    def get_waveforms(self, *wanted):
        if wanted[1] == self.station:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().get_waveforms(*wanted)
