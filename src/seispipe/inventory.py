"""Stage 1, inventory: the one response that was in force when the samples were recorded."""

import copy

from obspy import Inventory, UTCDateTime
from obspy.core.inventory import Channel, Network, Station

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
    network, station, channel = channel_epoch(archive, request)
    # Put together by hand: at the instant at which one epoch ends and the next begins, ObsPy's
    # select(time=...) returns both, and its get_response the older one.
    network, station = copy.copy(network), copy.copy(station)
    network.stations, station.channels = [station], [channel]
    return Inventory(networks=[network], source="seispipe")


def channel_epoch(archive: Archive, request: Request) -> tuple[Network, Station, Channel]:
    """Return the epoch of a channel that covers a window, with its network and its station.

    They are the archive's own, and must not be changed.

    Raises
    ------
    UnknownStation, NoResponse
        As :func:`channel_inventory`.
    """
    codes = (request.network, request.station, request.location, request.channel)
    every_epoch = archive.get_stations(
        network=request.network,
        station=request.station,
        location=request.location,
        channel=request.channel,
        level="response",
    )
    epochs = [
        (network, station, channel)
        for network in every_epoch
        for station in network
        for channel in station
        # A service may answer with more than it was asked for, or with something else.
        if (network.code, station.code, channel.location_code or "", channel.code) == codes
    ]
    if not epochs:
        raise UnknownStation(
            f"the archive has no metadata for {request.seed_id}; check the four codes, "
            "and whether this archive holds the network"
        )

    covering = [epoch for epoch in epochs if _covers(epoch[-1], request)]
    if not covering:
        known = ", ".join(
            f"{channel.start_date} to {channel.end_date or 'today'}" for *_, channel in epochs
        )
        raise NoResponse(
            f"no response epoch of {request.seed_id} covers {request.start} to {request.end}; "
            f"known epochs: {known}. Ask for a window inside one of them"
        )
    if len(covering) > 1:
        raise NoResponse(
            f"{len(covering)} response epochs of {request.seed_id} claim {request.start}; "
            "the metadata must be mended before either is used"
        )
    ((*place, channel),) = covering
    if channel.response is None or not channel.response.response_stages:
        raise NoResponse(
            f"the epoch of {request.seed_id} at {request.start} is listed without a response; "
            'ask for the metadata at level="response"'
        )
    return *place, channel


def requests_of(
    inventory: Inventory, start: UTCDateTime, end: UTCDateTime, components: str = "Z"
) -> list[Request]:
    """Return one request for each channel that was in operation during a window.

    Parameters
    ----------
    inventory : Inventory
        Metadata of any number of stations.
    start, end : UTCDateTime
        The window, its end excluded.
    components : str
        Last letters of the channel codes that are wanted.

    Returns
    -------
    list of Request
        In the order of the inventory, each channel once.
    """
    found = {}
    for network in inventory:
        for station in network:
            for channel in station:
                request = Request(
                    network.code, station.code, channel.location_code, channel.code, start, end
                )
                if channel.code[-1] in components and _covers(channel, request):
                    found[request.seed_id] = request
    return list(found.values())


def _covers(channel: Channel, request: Request) -> bool:
    """Tell whether an epoch, its end excluded, lasts from the window's start to its end."""
    starts_before = channel.start_date is None or channel.start_date <= request.start
    ends_after = channel.end_date is None or channel.end_date >= request.end
    return starts_before and ends_after
