"""The six stages joined: a request in, a row out, for every request."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from seispipe.archive import Archive, Request
from seispipe.correction import CorrectionSettings, to_ground_motion
from seispipe.errors import StationError, UnsuitableSettings
from seispipe.frequency import (
    FrequencySettings,
    amplitude_spectrum,
    dominant_frequency,
    fit_source,
)
from seispipe.inventory import channel_inventory
from seispipe.picking import PickingSettings, explain_no_pick, pick_p
from seispipe.results import Row
from seispipe.trimming import TrimmingSettings, signal_and_noise, without_edges
from seispipe.waveforms import read_window

_log = logging.getLogger(__name__)


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


def process_station(request: Request, archive: Archive, settings: Settings | None = None) -> Row:
    """Take one window of one station through the six stages.

    Parameters
    ----------
    request : Request
        The station's vertical channel, and the window.
    archive : Archive
        Where its response and its samples are.
    settings : Settings, optional
        The settings of the stages.

    Returns
    -------
    Row
        Always one: ``ok`` with what was measured, or a status and a reason. No exception that comes
        from the station's data leaves this function, so that one bad station cannot lose the rest;
        what nobody foresaw becomes ``error`` and is logged with its traceback.
    """
    settings = settings or Settings()
    try:
        return _measure(request, archive, settings)
    except StationError as problem:
        return Row.of(request, problem.status, reason=str(problem))
    except Exception as problem:
        _log.exception("unforeseen while processing %s", request.seed_id)
        return Row.of(request, "error", reason=f"{type(problem).__name__}: {problem}")


def run(
    requests: Iterable[Request],
    archive: Archive,
    settings: Settings | None = None,
    how: str = "serial",
) -> list[Row]:
    """Process every request.

    Parameters
    ----------
    requests : iterable of Request
        What to process.
    archive : Archive
        Where the responses and samples are.
    settings : Settings, optional
        The settings of the stages.
    how : str
        A key of :data:`WAYS`.

    Returns
    -------
    list of Row
        One row a request, in the order of the requests, the same whichever way it is run.

    Raises
    ------
    ValueError
        If there is no such way.
    """
    if how not in WAYS:
        raise ValueError(f"how is {how!r}; choose one of: {', '.join(WAYS)}")
    return WAYS[how](list(requests), partial(process_station, archive=archive, settings=settings))


def _serially(requests: Sequence[Request], process: Callable[[Request], Row]) -> list[Row]:
    return [process(request) for request in requests]


# The ways in which the requests can be worked off.
WAYS: dict[str, Callable[[Sequence[Request], Callable[[Request], Row]], list[Row]]] = {
    "serial": _serially,
}


def _refuse_horizontal(request: Request) -> None:
    """Refuse a channel that is horizontal by its code: what triggers there is mostly S."""
    if request.channel[-1] in "NERT":
        raise UnsuitableSettings(
            f"{request.seed_id} is a horizontal channel, and P is picked on the vertical one; "
            f"ask for {request.channel[:-1]}Z"
        )


def _measure(request: Request, archive: Archive, settings: Settings) -> Row:
    """Run the stages; a station that cannot be processed raises."""
    _refuse_horizontal(request)
    inventory = channel_inventory(archive, request)
    counts = read_window(archive, request)
    velocity = to_ground_motion(counts, inventory, "VEL", settings.correction)
    pick = pick_p(velocity, settings.picking)
    if pick is None:
        return Row.of(request, "no_pick", reason=explain_no_pick(velocity, settings.picking))
    unfaded = without_edges(velocity, settings.correction.taper_s)
    signal, noise = signal_and_noise(unfaded, pick.time, settings.trimming)
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
