"""Metadata that contradict themselves, or the samples, are refused; those that agree are not."""

import copy

import pytest
from obspy import read_inventory

from seispipe.archive import Recordings
from seispipe.errors import BadMetadata
from seispipe.inventory import channel_epoch
from seispipe.responses import demand_agreement, demand_consistent
from seispipe.sources import open_archive


@pytest.fixture(scope="module")
def sound(teaching):
    archive = open_archive(str(teaching))
    *_, channel = channel_epoch(archive, archive.requests("hour")[0])
    return channel


@pytest.fixture
def channel(sound):
    return copy.deepcopy(sound)


def test_the_stations_of_the_course_agree_with_themselves(teaching):
    archive = open_archive(str(teaching))
    for request in archive.requests("hour", "day"):
        *_, channel = channel_epoch(archive, request)
        demand_agreement(channel, 100.0)
        demand_consistent(channel.response)


def test_so_do_those_of_the_real_world():
    """Also where a network does not describe what thinned its samples out (GR, 20 and 1 Hz)."""
    channels = [c for network in read_inventory() for station in network for c in station]
    channels += [c for n in Recordings().get_stations(network="NZ") for s in n for c in s]
    assert len(channels) >= 30
    for channel in channels:
        demand_agreement(channel, channel.sample_rate)
        demand_consistent(channel.response)


def set_unit(response, unit):
    response.instrument_sensitivity.input_units = unit
    response.response_stages[0].input_units = unit


@pytest.mark.parametrize(("unit", "parts"), [("NM/S", 1e9), ("CM/S", 1e2), ("MM/S", 1e3)])
def test_parts_of_a_metre_are_a_unit_as_good_as_another(channel, unit, parts):
    whole = channel.response.get_evalresp_response_for_frequencies([2.0])
    set_unit(channel.response, unit)
    channel.response.response_stages[0].stage_gain /= parts
    channel.response.instrument_sensitivity.value /= parts
    demand_consistent(channel.response)
    part = channel.response.get_evalresp_response_for_frequencies([2.0])
    assert part == pytest.approx(whole)


def stage(response, number):
    return response.response_stages[number - 1]


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (lambda r: setattr(stage(r, 1), "stage_gain", 15000.0), "sensitivity says 6.291e"),
        (lambda r: setattr(stage(r, 1), "stage_gain", 1600.0), "ask the network which is true"),
        (lambda r: setattr(stage(r, 1), "stage_gain", -1500.0), "differ in their sign"),
        (lambda r: setattr(stage(r, 1), "stage_gain", 0.0), "cannot be evaluated"),
        (lambda r: setattr(stage(r, 1), "stage_gain", float("nan")), "is .*nan.* at 1 Hz"),
        (lambda r: setattr(stage(r, 1), "normalization_factor", 1.0), "sensitivity says"),
        (lambda r: setattr(stage(r, 1), "input_units", "M"), "is of M/S, and the first stage"),
        (lambda r: set_unit(r, "PA"), "begins with PA, which is no ground motion"),
        (lambda r: set_unit(r, None), "begins with no unit"),
        (lambda r: setattr(stage(r, 1), "poles", [300 + 180j, 300 - 180j]), "would grow"),
        (lambda r: setattr(stage(r, 2), "decimation_input_sample_rate", 500.0), "takes 1000 Hz"),
        (lambda r: setattr(stage(r, 2), "decimation_factor", 2), "one before gives 500 Hz"),
        (lambda r: setattr(stage(r, 2), "decimation_factor", 10**400), "that no filter has"),
        (lambda r: setattr(stage(r, 2), "decimation_factor", -5), "that no filter has"),
        (lambda r: setattr(r.instrument_sensitivity, "value", 1.0), "sensitivity says 1"),
    ],
)
def test_a_response_that_contradicts_itself_is_refused(channel, lie, said):
    lie(channel.response)
    with pytest.raises(BadMetadata, match=said):
        demand_consistent(channel.response)


def test_without_an_overall_sensitivity_there_is_nothing_to_contradict(channel):
    channel.response.instrument_sensitivity = None
    demand_consistent(channel.response)


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("sample_rate", 50.0, "have 100 Hz, and its metadata say 50 Hz"),
        ("sample_rate", 100.2, "have 100 Hz, and its metadata say 100.2 Hz"),
        ("dip", 0.0, "dips by 0°"),
    ],
)
def test_a_channel_that_is_not_that_of_the_samples_is_refused(channel, what, value, said):
    setattr(channel, what, value)
    with pytest.raises(BadMetadata, match=said):
        demand_agreement(channel, 100.0)


def test_what_is_not_said_is_not_held_against_a_channel(channel):
    channel.sample_rate = channel.dip = None
    demand_agreement(channel, 100.0)
    channel.sample_rate, channel.dip = 100.0001, 85.0
    demand_agreement(channel, 100.0)
