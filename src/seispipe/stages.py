"""The six stages as the pipeline calls them, with one set of settings for all."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from obspy import Inventory, Trace

from seispipe.archive import Archive, Request
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.errors import NoPick, StationError, UnsuitableSettings
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    dominant_frequency,
    fit_source,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import Pick, PickingSettings, explain_no_pick, pick_p
from seispipe.responses import demand_agreement
from seispipe.results import Row
from seispipe.trimming import TrimmingSettings, signal_and_noise, without_edges
from seispipe.waveforms import read_window

_log = logging.getLogger(__name__)

#: How far the pre-filter's flanks stay away from the picker's pass band, as a factor.
ROOM = 1.5


@dataclass(frozen=True)
class Settings:
    """The settings of every stage.

    Attributes
    ----------
    correction : CorrectionSettings
    picking : PickingSettings
    trimming : TrimmingSettings
    frequency : FrequencySettings
    """

    correction: CorrectionSettings = field(default_factory=CorrectionSettings)
    picking: PickingSettings = field(default_factory=PickingSettings)
    trimming: TrimmingSettings = field(default_factory=TrimmingSettings)
    frequency: FrequencySettings = field(default_factory=FrequencySettings)

    def demand_room(self, sampling_rate: float) -> None:
        """Demand that the correction's pre-filter leaves the picker's pass band alone.

        Raises
        ------
        UnsuitableSettings
            If one of its flanks comes near: picks would be early, by tenths of a second.
        """
        _, rises, falls, _ = self.correction.pre_filter(sampling_rate)
        low, high = self.picking.pass_band(sampling_rate)
        if low < ROOM * rises or falls < ROOM * high:
            raise UnsuitableSettings(
                f"at {sampling_rate:g} Hz the correction lets through {rises:g} to {falls:g} Hz, "
                f"and the picker looks at {low:g} to {high:g} Hz; so near to its edges, picks come "
                f"out early: leave a factor of {ROOM:g} at both ends (low_hz, high_nyquist of the "
                "correction; band_hz of picking)"
            )


def attempt(request: Request, step: Callable, *inputs: object) -> object:
    """Do one step for a request; what goes wrong becomes the request's row.

    Parameters
    ----------
    request : Request
        Whose step it is.
    step : callable
        Takes the inputs. It may raise.
    inputs : object
        What earlier steps gave. A row among them says that one of those went wrong.

    Returns
    -------
    object
        What the step gives, or a row: the one that came in, or one of what went wrong here.
    """
    for value in inputs:
        if isinstance(value, Row):
            return value
    try:
        return step(*inputs)
    except StationError as problem:
        return Row.of(request, problem.status, reason=str(problem))
    except Exception as problem:
        _log.exception("unforeseen while processing %s", request.seed_id)
        return Row.of(request, "error", reason=f"{type(problem).__name__}: {problem}")


def find_response(request: Request, archive: Archive) -> Inventory:
    """Stage 1: the metadata of the request's channel, with the response in force."""
    demand_vertical(request)
    return channel_inventory(archive, request)


def demand_vertical(request: Request) -> None:
    """Refuse a horizontal channel.

    Raises
    ------
    UnsuitableSettings
        If it is one by its code: what triggers on a horizontal channel is mostly S.
    """
    if request.channel.endswith(tuple("NERT")):
        raise UnsuitableSettings(
            f"{request.seed_id} is a horizontal channel, and P is picked on the vertical one; "
            f"ask for {request.channel[:-1]}Z"
        )


def read_counts(request: Request, archive: Archive) -> Trace:
    """Stage 2: the samples of the window, in counts."""
    return read_window(archive, request)


def correct(counts: Trace, inventory: Inventory, settings: Settings) -> Trace:
    """Stage 3: ground velocity, in m/s."""
    demand_agreement(inventory[0][0][0], counts.stats.sampling_rate)
    settings.demand_room(counts.stats.sampling_rate)
    return to_ground_motion(counts, inventory, "VEL", settings.correction)


def find_onset(velocity: Trace, settings: Settings) -> Pick:
    """Stage 4: the P onset.

    Raises
    ------
    NoPick
        If nothing in the window triggers.
    """
    pick = pick_p(velocity, settings.picking)
    if pick is None:
        raise NoPick(explain_no_pick(velocity, settings.picking))
    return pick


def trim(velocity: Trace, pick: Pick, settings: Settings) -> tuple[Trace, Trace]:
    """Stage 5: the windows of signal and of noise."""
    unfaded = without_edges(velocity, settings.correction.taper_s)
    return signal_and_noise(unfaded, pick.time, settings.trimming)


def measure(pick: Pick, windows: tuple[Trace, Trace], request: Request, settings: Settings) -> Row:
    """Stage 6: the spectrum, and with it the row."""
    signal, noise = windows
    taper = settings.frequency.taper_fraction
    spectrum = amplitude_spectrum(signal, taper)
    fit = fit_source(spectrum, amplitude_spectrum(noise, taper), settings.frequency)
    return Row.of(
        request,
        "ok",
        p_time=pick.time,
        snr=pick.snr,
        peak_velocity=float(np.abs(signal.data).max()),
        dominant_hz=dominant_frequency(spectrum),
        corner_hz=fit.corner_hz if fit else None,
        plateau=fit.plateau if fit else None,
    )


def stage_by_stage(request: Request, archive: Archive, settings: Settings) -> Row:
    """Take one window through the six stages, one after the other.

    Raises
    ------
    StationError
        If the station cannot be processed.
    """
    inventory = find_response(request, archive)
    velocity = correct(read_counts(request, archive), inventory, settings)
    pick = find_onset(velocity, settings)
    return measure(pick, trim(velocity, pick, settings), request, settings)
