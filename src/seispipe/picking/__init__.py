"""Stage 4, picking: the P onset, or none.

A trigger finds roughly where something starts: the ratio of a short to a long running average of
the energy (STA/LTA, :func:`obspy.signal.trigger.recursive_sta_lta`; Withers et al., 1998). Akaike's
information criterion then finds the sample that best parts noise from signal (Maeda, 1985;
:func:`obspy.signal.trigger.aic_simple`). Where nothing triggers there is no pick, and that is an
answer.
"""

from seispipe.picking.samples import Onset, band_passed, first_onset, nothing_triggers
from seispipe.picking.settings import HIGH_NYQUIST, USUAL_BAND_HZ, PickingSettings
from seispipe.picking.traces import (
    Pick,
    explain_no_pick,
    filter_for_picking,
    find_events,
    pick_p,
    refine,
    sta_lta,
)

__all__ = [
    "HIGH_NYQUIST",
    "USUAL_BAND_HZ",
    "Onset",
    "Pick",
    "PickingSettings",
    "band_passed",
    "explain_no_pick",
    "filter_for_picking",
    "find_events",
    "first_onset",
    "nothing_triggers",
    "pick_p",
    "refine",
    "sta_lta",
]
