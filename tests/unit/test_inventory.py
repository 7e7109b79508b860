import pytest
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.errors import NoResponse, UnknownStation
from seispipe.inventory import channel_inventory, requests_of

EPOCH_ENDS = UTCDateTime("2006-12-12")


def window(start, seconds=60.0, seed_id="BW.RJOB..EHZ"):
    start = UTCDateTime(start)
    return Request.from_id(seed_id, start, start + seconds)


@pytest.mark.parametrize(
    ("start", "sensitivity"),
    [("2005-08-01", 4.0e8), ("2007-06-01", 6.7114e8), ("2009-08-24", 2.5168e9)],
)
def test_the_epoch_in_force_is_the_one_returned(archive_of, start, sensitivity):
    inventory = channel_inventory(archive_of(), window(start))
    (network,) = inventory
    (station,) = network
    (channel,) = station
    assert channel.response.instrument_sensitivity.value == pytest.approx(sensitivity)


@pytest.mark.parametrize(
    ("start", "sensitivity"), [("2007-12-17", 2.5168e9), ("2007-12-16T23:59:00", 6.7114e8)]
)
def test_a_window_that_touches_a_change_of_epoch_gets_its_own(archive_of, start, sensitivity):
    """At the instant of change ObsPy's own lookup returns the older epoch: a factor of 3.75."""
    request = window(start)
    inventory = channel_inventory(archive_of(), request)
    response = inventory.get_response(request.seed_id, request.start + 30)
    assert response.instrument_sensitivity.value == pytest.approx(sensitivity)
    (channel,) = [channel for network in inventory for station in network for channel in station]
    assert channel.response is response


def test_an_unknown_station_is_named(archive_of):
    with pytest.raises(UnknownStation, match=r"no metadata for XX\.NOPE\.\.HHZ"):
        channel_inventory(archive_of(), window("2005-08-01", seed_id="XX.NOPE..HHZ"))


def test_a_time_without_a_response_lists_the_epochs_there_are(archive_of):
    with pytest.raises(NoResponse, match=r"covers 1999-01-01.*known epochs: 2001-05-15"):
        channel_inventory(archive_of(), window("1999-01-01"))


def test_a_window_across_two_epochs_has_no_response(archive_of):
    with pytest.raises(NoResponse, match="Ask for a window inside one of them"):
        channel_inventory(archive_of(), window(EPOCH_ENDS - 30))


def test_two_epochs_that_claim_the_same_time_are_refused(archive_of, inventory_rjob):
    with pytest.raises(NoResponse, match="2 response epochs"):
        channel_inventory(
            archive_of(inventory=inventory_rjob + inventory_rjob), window("2005-08-01")
        )


def test_an_epoch_listed_without_its_response_is_refused(archive_of, inventory_rjob):
    bare = inventory_rjob.copy()
    for network in bare:
        for station in network:
            for channel in station:
                channel.response = None
    with pytest.raises(NoResponse, match="without a response"):
        channel_inventory(archive_of(inventory=bare), window("2005-08-01"))


def test_one_request_for_each_channel_in_operation(inventory_rjob):
    window = (UTCDateTime(2005, 8, 1), UTCDateTime(2005, 8, 2))
    requests = requests_of(inventory_rjob, *window, "ZNE")
    assert [request.channel for request in requests].count("EHZ") == 1
    assert {request.channel[-1] for request in requests} == set("ZNE")
    assert requests_of(inventory_rjob, *window) == [
        request for request in requests if request.channel[-1] == "Z"
    ]
    assert requests_of(inventory_rjob, UTCDateTime(1990, 1, 1), UTCDateTime(1990, 1, 2)) == []
    for request in requests:
        assert (request.start, request.end) == window
