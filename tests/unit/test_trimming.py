import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy import Trace, UTCDateTime

from seispipe.errors import OutsideWindow
from seispipe.trimming import TrimmingSettings, cut, signal_and_noise, without_edges

START = UTCDateTime("2020-01-01")


def counted(count=6000, rate=100.0):
    return Trace(np.arange(float(count)), header={"sampling_rate": rate, "starttime": START})


def test_a_cut_has_the_length_asked_for_and_not_one_sample_more():
    trace = counted()
    window = cut(trace, START + 10, 5.0)
    assert len(window) == 500
    assert window.data[0] == 1000
    # A header with the old number of samples would put the end in the wrong place.
    assert window.stats.npts == 500
    assert window.stats.endtime == START + 14.99
    assert len(trace.slice(START + 10, START + 15)) == 501  # what ObsPy's inclusive end gives


@given(
    rate=st.sampled_from([20.0, 31.25, 40.0, 62.5, 100.0, 200.0]),
    onset=st.floats(4.0, 10.0),
    before=st.floats(0.0, 1.0),
)
def test_signal_and_noise_touch_and_share_nothing(rate, onset, before):
    settings = TrimmingSettings(before_s=before, after_s=4.0, noise_s=3.0)
    signal, noise = signal_and_noise(counted(rate=rate), START + onset, settings)
    assert noise.data[-1] + 1 == signal.data[0]
    assert signal.stats.starttime - noise.stats.endtime == pytest.approx(1 / rate, abs=1e-6)
    assert abs(len(noise) - 3.0 * rate) < 1
    assert 0 <= signal.stats.starttime - (START + onset - before) + 2e-6 < 1 / rate + 4e-6


@pytest.mark.parametrize(("onset", "side"), [(2.0, "noise"), (58.0, "signal")])
def test_an_onset_too_near_an_edge_is_said_to_be(onset, side):
    with pytest.raises(OutsideWindow, match="ask for a longer window around the event"):
        signal_and_noise(counted(), START + onset)


def test_edges_are_left_out_on_both_sides():
    inner = without_edges(counted(), 1.5)
    np.testing.assert_array_equal(inner.data, np.arange(150, 5850))
    with pytest.raises(OutsideWindow):
        without_edges(counted(), 30.0)


def test_less_than_a_sample_is_refused():
    with pytest.raises(OutsideWindow, match="less than one sample"):
        cut(counted(), START + 1.002, 0.001)


def test_the_window_is_a_copy():
    trace = counted()
    cut(trace, START, 1.0).data[:] = -1
    assert trace.data[0] == 0


def test_settings_that_make_no_sense_are_refused_at_once():
    with pytest.raises(ValueError, match="after_s"):
        TrimmingSettings(after_s=0)
