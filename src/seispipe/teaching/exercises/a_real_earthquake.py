"""The exercises of "A real earthquake"."""

from obspy import Trace

from seispipe.archive.recordings import CATALOGUE, load_waveforms
from seispipe.picking import PickingSettings, pick_p
from seispipe.teaching.checks import Choice, Exercise, Mistake

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


def _pick_2009(attribute: str = "time", **settings: float) -> float:
    """Return the onset (or the trigger) in seconds after the first sample."""
    trace = _jochberg_2009()
    pick = pick_p(trace, PickingSettings(**{"long_s": 4.0, **settings}))
    return getattr(pick, attribute) - trace.stats.starttime


_LOST_FACTOR = (
    "S did not start when P arrived: both left the source together. Divide by how much slower S "
    "is, less one, in brackets."
)
_TRIGGER = "that is when the trigger fired. The onset (pick.time) is a little earlier."

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
                lambda: -distance_km(_s_minus_p()),
                "a distance is not negative. Take P away from S, not S from P.",
            ),
            Mistake(lambda: _s_minus_p() * P_SPEED_KM_S, _LOST_FACTOR),
            Mistake(lambda: _s_minus_p() * P_SPEED_KM_S / P_TO_S_SPEED, _LOST_FACTOR),
            Mistake(lambda: _s_minus_p() * P_SPEED_KM_S / P_TO_S_SPEED - 1, _LOST_FACTOR),
        ],
    ),
    "a-real-earthquake/long-average": Exercise(
        right=lambda: _pick_2009(),
        unit="s after the first sample",
        tolerance=0.035,
        mistakes=[
            Mistake(lambda: _pick_2009("trigger_time"), _TRIGGER),
            Mistake(lambda: _pick_2009("trigger_time", long_s=4.9), _TRIGGER),
            Mistake(lambda: _pick_2009("trigger_time", long_s=5.0), _TRIGGER),
            Mistake(
                lambda: _pick_2009(long_s=10.0, on=0.6, off=0.5),
                "with so low a threshold anything triggers. The threshold was not the trouble: "
                "read in the reason what cannot be seen.",
            ),
            Mistake(
                lambda: _jochberg_2009().stats.starttime.timestamp + _pick_2009(),
                "that is a date. Take the time of the first sample away from it.",
            ),
        ],
    ),
    "a-real-earthquake/why": Choice(
        right="b",
        because=(
            "the ratio passes its threshold only after some of the signal has come in. That is "
            "why the pick is refined."
        ),
        wrong={
            "a": "both were measured on the same filtered trace. What does the trigger compare?",
            "c": "a faster digitiser would have the same delay. What does the trigger compare?",
        },
    ),
}
