"""The pipeline as one writes it from ObsPy's tutorials: the baseline that lessons start from.

Nothing here is wrong, and nothing is clever. Each call does what its documentation says, and the
whole is what a good seismologist has at the end of a day.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from obspy import Trace, UTCDateTime, read, read_inventory
from obspy.signal.trigger import aic_simple, recursive_sta_lta, trigger_onset
from scipy.signal.windows import tukey

from seispipe.archive import Request
from seispipe.archive.layouts import LAYOUTS
from seispipe.teaching.measure import Stopwatch


@dataclass(frozen=True)
class Outcome:
    """What the chain finds in one window.

    Attributes
    ----------
    p_time : UTCDateTime or None
        P onset.
    velocity : Trace
        Ground velocity of the whole window, in m/s.
    amplitude : numpy.ndarray or None
        Amplitude spectrum of five seconds around the onset, in m.
    """

    p_time: UTCDateTime | None
    velocity: Trace
    amplitude: np.ndarray | None


def tutorial_chain(folder: Path, request: Request, watch: Stopwatch | None = None) -> Outcome:
    """Take one window of one station from file to spectrum.

    Parameters
    ----------
    folder : Path
        A folder laid out as SCEDC's bucket.
    request : Request
        The channel and the window.
    watch : Stopwatch, optional
        Where the time of each stage is added up.

    Returns
    -------
    Outcome
        As the pipeline finds it, but for the one sample more that ObsPy's windows have at their
        end. No error is caught.
    """

    def stage(name: str):
        return watch.time(name) if watch else nullcontext()

    day = date(request.start.year, request.start.month, request.start.day)
    codes = (request.network, request.station, request.location, request.channel)
    with stage("waveforms"):
        stream = read(str(folder / LAYOUTS["scedc"].key(*codes, day)))
        stream.trim(request.start, request.end)
        trace = stream[0]
    with stage("inventory"):
        network, station = request.network, request.station
        inventory = read_inventory(
            str(folder / "FDSNstationXML" / network / f"{network}_{station}.xml")
        )
    with stage("correction"):
        trace.detrend("linear")
        trace.remove_response(
            inventory,
            output="VEL",
            pre_filt=(0.25, 0.5, 35.0, 40.0),
            water_level=60,
            taper_fraction=2 / (request.end - request.start),
        )
    with stage("picking"):
        rate = trace.stats.sampling_rate
        filtered = trace.copy()
        filtered.detrend("linear")
        filtered.filter("bandpass", freqmin=1.0, freqmax=20.0, corners=4)
        ratio = recursive_sta_lta(filtered.data, int(0.5 * rate), int(10 * rate))
        triggers = trigger_onset(ratio, 5.0, 1.5)
        if len(triggers) == 0:
            return Outcome(None, trace, None)
        first = triggers[0][0] - int(1.5 * rate)
        span = filtered.data[first : triggers[0][0] + int(0.4 * rate)]
        onset = first + 10 + int(np.argmin(aic_simple(span)[10:-10])) + 1
        p_time = trace.stats.starttime + onset / rate
    with stage("trimming"):
        window = trace.slice(p_time - 0.5, p_time + 4.5 - 1 / rate).copy()
    with stage("frequency"):
        window.data *= tukey(len(window), 0.1)
        amplitude = np.abs(np.fft.rfft(window.data)) / rate
    return Outcome(p_time, trace, amplitude)
