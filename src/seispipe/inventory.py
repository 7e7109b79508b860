"""Stage 1, inventory: the one response that was in force when the samples were recorded."""

from obspy import Inventory

from seispipe.archive import Archive, Request
from seispipe.errors import NoResponse, UnknownStation


def channel_inventory(archive: Archive, request: Request) -> Inventory:
    """Return the metadata of one channel for one window: exactly one epoch, with its response.

    Parameters
    ----------
    archive : Archive
        Where to ask.
    request : Request
        The channel and the window.

    Returns
    -------
    Inventory
        One network, one station, one channel epoch, complete with its response.

    Raises
    ------
    UnknownStation
        If the archive has no metadata for the channel at all.
    NoResponse
        If no epoch covers the whole window, more than one does, or the epoch has no response.
    """
    every_epoch = archive.get_stations(
        network=request.network,
        station=request.station,
        location=request.location,
        channel=request.channel,
        level="response",
    )
    epochs = [channel for network in every_epoch for station in network for channel in station]
    if not epochs:
        raise UnknownStation(
            f"the archive has no metadata for {request.seed_id}; check the four codes, "
            "and whether this archive holds the network"
        )

    covering = [epoch for epoch in epochs if _covers(epoch, request)]
    if not covering:
        known = ", ".join(f"{epoch.start_date} to {epoch.end_date or 'today'}" for epoch in epochs)
        raise NoResponse(
            f"no response epoch of {request.seed_id} covers {request.start} to {request.end}; "
            f"known epochs: {known}. Ask for a window inside one of them"
        )
    if len(covering) > 1:
        raise NoResponse(
            f"{len(covering)} response epochs of {request.seed_id} claim {request.start}; "
            "the metadata must be mended before either is used"
        )
    if covering[0].response is None or not covering[0].response.response_stages:
        raise NoResponse(
            f"the epoch of {request.seed_id} at {request.start} is listed without a response; "
            'ask for the metadata at level="response"'
        )
    return every_epoch.select(time=request.start)


def _covers(epoch, request: Request) -> bool:
    """Tell whether a channel epoch lasts from the window's start to its end."""
    starts_before = epoch.start_date is None or epoch.start_date <= request.start
    ends_after = epoch.end_date is None or epoch.end_date >= request.end
    return starts_before and ends_after
