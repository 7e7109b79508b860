"""The exercises of the notebooks: right answers, and the mistakes one makes on the way."""

from dataclasses import replace

from obspy import Trace

from seispipe.archive.recordings import CATALOGUE, load_waveforms
from seispipe.picking import PickingSettings, pick_p
from seispipe.teaching.checks import Exercise, Mistake

# The crust of the first exercise, as its text gives it.
P_SPEED_KM_S = 5.8
P_TO_S_SPEED = 1.73


def distance_km(s_minus_p_s: float) -> float:
    """Return the distance, in km, of an earthquake whose S comes so many seconds after its P."""
    return s_minus_p_s * P_SPEED_KM_S / (P_TO_S_SPEED - 1)


def _s_minus_p() -> float:
    recording = CATALOGUE["rjob-2005"]
    return recording.published_s - recording.published_p


def _jochberg_2009() -> Trace:
    return load_waveforms("rjob-2009").select(component="Z")[0]


def _pick_2009(attribute: str) -> float:
    trace = _jochberg_2009()
    settings = replace(PickingSettings(), long_s=4.0)
    return getattr(pick_p(trace, settings), attribute) - trace.stats.starttime


EXERCISES: dict[str, Exercise] = {
    "a-real-earthquake/distance": Exercise(
        right=lambda: distance_km(_s_minus_p()),
        unit="km",
        tolerance=0.45,
        mistakes=[
            Mistake(
                lambda: distance_km(CATALOGUE["rjob-2005"].published_s),
                "that is the distance for the whole S time. Take P away from S first.",
            ),
            Mistake(
                lambda: 1000 * distance_km(_s_minus_p()),
                "that looks like metres. The answer is wanted in kilometres.",
            ),
            Mistake(
                lambda: _s_minus_p() * P_SPEED_KM_S,
                "S did not start when P arrived: both left the source together. Divide by how much "
                "slower S is.",
            ),
        ],
    ),
    "a-real-earthquake/long-average": Exercise(
        right=lambda: _pick_2009("time"),
        unit="s after the first sample",
        tolerance=0.035,
        mistakes=[
            Mistake(
                lambda: _pick_2009("trigger_time"),
                "that is when the trigger fired. The onset (pick.time) is a little earlier.",
            ),
            Mistake(
                lambda: _jochberg_2009().stats.starttime.timestamp + _pick_2009("time"),
                "that is a date. Take the time of the first sample away from it.",
            ),
        ],
    ),
}
