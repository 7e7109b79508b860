"""The exercises of "A reality check"."""

import numpy as np
from obspy import Stream
from obspy.signal.trigger import coincidence_trigger

from seispipe.archive import Recordings
from seispipe.archive.recordings import load_waveforms
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.picking import PickingSettings, filter_for_picking, sta_lta
from seispipe.teaching.checks import Choice, Exercise, Mistake

_AS_SAC_DID = CorrectionSettings(
    low_hz=(0.00588, 0.00625), high_nyquist=(30 / 50, 35 / 50), taper_s=0.05 * 327.68
)
_TUNED = PickingSettings(band_hz=(10.0, 20.0), on=3.5, off=1.0)


def _largest_at_crlz(units: str = "VEL", settings: CorrectionSettings | None = None) -> float:
    """Return the largest ground motion of CRLZ, in millionths of its unit."""
    inventory = Recordings().get_stations(network="NZ", station="CRLZ")
    motion = to_ground_motion(load_waveforms("crlz-2009")[0], inventory, units, settings)
    return float(1e6 * np.abs(motion.data).max())


def _stations_of_triggers(kind: str) -> list[int]:
    """Return at how many stations each trigger of the group of 2010 is seen."""
    stream = Stream(load_waveforms(f"uh{number}-2010")[0] for number in (1, 2, 3, 4))
    stream.filter("bandpass", freqmin=10, freqmax=20)
    events = coincidence_trigger(kind, 3.5, 1.0, stream, 1, sta=0.5, lta=10.0)
    return [len(event["stations"]) for event in events]


def _highest_at_uh2(settings: PickingSettings, start_s: float = 176.0, end_s: float = 184.0):
    trace = load_waveforms("uh2-2010")[0]
    rate = trace.stats.sampling_rate
    ratio = sta_lta(filter_for_picking(trace, settings), settings)
    return float(ratio[round(start_s * rate) : round(end_s * rate)].max())


EXERCISES: dict[str, Exercise] = {
    "a-reality-check/crlz": Exercise(
        right=_largest_at_crlz,
        unit="µm/s",
        tolerance=0.06,
        mistakes=[
            Mistake(
                lambda: _largest_at_crlz("VEL", _AS_SAC_DID),
                "that is the value with SAC's corner frequencies. Leave the settings out.",
            ),
            Mistake(
                lambda: _largest_at_crlz("DISP"),
                "that is the largest displacement, in µm. Ask for velocity.",
            ),
            Mistake(
                lambda: 1e-6 * _largest_at_crlz(),
                "that looks like m/s. The answer is wanted in µm/s.",
            ),
        ],
    ),
    "a-reality-check/lonely": Exercise(
        right=lambda: _stations_of_triggers("classicstalta").count(1),
        unit="triggers",
        tolerance=0.2,
        mistakes=[
            Mistake(
                lambda: len(_stations_of_triggers("classicstalta")),
                "that is all of them. Count those that one station alone has seen.",
            ),
            Mistake(
                lambda: sum(count < 3 for count in _stations_of_triggers("classicstalta")),
                "that is how many are seen by fewer than three. One of them is seen by two.",
            ),
            Mistake(
                lambda: _stations_of_triggers("recstalta").count(1),
                'that is what the recursive one gives. Ask for "classicstalta".',
            ),
        ],
    ),
    "a-reality-check/band": Exercise(
        right=lambda: _highest_at_uh2(PickingSettings()),
        unit="(a ratio)",
        tolerance=0.06,
        mistakes=[
            Mistake(
                lambda: _highest_at_uh2(_TUNED),
                "that is the ratio in the band from 10 to 20 Hz. The question is about the usual "
                "settings.",
            ),
            Mistake(
                lambda: _highest_at_uh2(PickingSettings(), 0.0, 230.0),
                "that is the highest of the whole recording, from the first event. Look between "
                "176 and 184 s only.",
            ),
            Mistake(
                lambda: _highest_at_uh2(PickingSettings(), 88.0, 92.0),
                "that lies between 88 and 92 s: UH2 has 50 samples a second, not 100.",
            ),
        ],
    ),
    "a-reality-check/why": Choice(
        right="b",
        because="without a truth there are differences. Give the uncertainty, and look at both.",
        wrong={
            "a": "analysts differ by as much on such onsets. Is there a truth here?",
            "c": "a criterion can be wrong with great precision. Is there a truth here?",
        },
    ),
}
