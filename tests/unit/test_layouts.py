from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.archive.layouts import LAYOUTS

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def code(shortest, longest):
    return st.text(SIGNS, min_size=shortest, max_size=longest)


@given(
    network=code(1, 2),
    station=code(1, 5),
    location=st.one_of(st.just(""), code(2, 2)),
    channel=code(3, 3),
    day=st.dates(date(1970, 1, 1), date(2100, 12, 31)),
    name=st.sampled_from(sorted(LAYOUTS)),
)
def test_a_key_comes_back_as_it_went_in(network, station, location, channel, day, name):
    layout = LAYOUTS[name]
    parsed = layout.parse(layout.key(network, station, location, channel, day))
    assert (parsed.network, parsed.station, parsed.day) == (network, station, day)
    if layout.one_channel:
        assert (parsed.location, parsed.channel) == (location, channel)
    else:
        assert (parsed.location, parsed.channel) == (None, None)


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_form_that_is_shown_is_a_key(name):
    """The examples are those on the archives' own pages."""
    layout = LAYOUTS[name]
    parsed = layout.parse(layout.form)
    assert parsed.day == date(2022, 1, 2)


def test_scedc_pads_as_its_page_shows():
    scedc = LAYOUTS["scedc"]
    day = date(2022, 1, 2)
    folder = "continuous_waveforms/2022/2022_002/"
    assert scedc.key("CI", "GMR", "", "LHN", day) == folder + "CIGMR__LHN___2022002.ms"
    assert scedc.key("CE", "13884", "10", "HNZ", day) == folder + "CE13884HNZ10_2022002.ms"


def test_two_channels_of_a_station_share_earthscopes_object():
    earthscope, day = LAYOUTS["earthscope"], date(2022, 1, 2)
    keys = {earthscope.key("TA", "A36M", "", channel, day) for channel in ("BHZ", "BHN", "BHE")}
    assert len(keys) == 1


@given(name=st.sampled_from(sorted(LAYOUTS)), text=st.text(max_size=80))
def test_what_is_no_key_is_refused_by_name(name, text):
    with pytest.raises(ValueError, match="is not a key of"):
        LAYOUTS[name].parse(text)


@pytest.mark.parametrize(
    "key",
    [
        "continuous_waveforms/2021/2021_002/CIGMR__LHN___2022002.ms",
        "continuous_waveforms/2022/2022_366/CIGMR__LHN___2022366.ms",
        "continuous_waveforms/2022/2022_000/CIGMR__LHN___2022000.ms",
        "continuous_waveforms/2022/2022_002/CIG_R__LHN__2022002.ms",
    ],
)
def test_a_key_that_contradicts_itself_is_refused(key):
    with pytest.raises(ValueError, match=r"2022|CI"):
        LAYOUTS["scedc"].parse(key)


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize(
    "codes",
    [
        ("CI", "../..", "", "HHZ"),
        ("CI", "toolong", "", "HHZ"),
        ("C/", "GSC", "", "HHZ"),
        ("CI", "GSC", "1", "HHZ"),
        ("CI", "GSC", "", "HH"),
        ("CI", "gsc", "", "HHZ"),
        ("CI", "", "", "HHZ"),
    ],
)
def test_codes_that_could_leave_their_place_are_refused(name, codes):
    with pytest.raises(ValueError, match="is not a"):
        LAYOUTS[name].key(*codes, date(2022, 1, 2))
