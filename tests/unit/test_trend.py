import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import detrend

from seispipe.trend import without_trend


@given(
    samples=st.integers(2, 500),
    level=st.floats(-1e6, 1e6),
    slope=st.floats(-1e3, 1e3),
    seed=st.integers(0, 2**32 - 1),
)
def test_it_is_the_line_that_scipy_takes_away(samples, level, slope, seed):
    data = np.random.default_rng(seed).standard_normal(samples)
    data += level + slope * np.arange(samples)
    scale = np.abs(data).max()
    expected = detrend(data, type="linear")
    np.testing.assert_allclose(without_trend(data), expected, rtol=0, atol=1e-11 * scale)


def test_one_sample_has_no_slope_and_whole_numbers_are_left_alone():
    assert without_trend(np.array([5])) == 0
    counts = np.array([1, 2, 4], dtype=np.int32)
    without_trend(counts)
    assert list(counts) == [1, 2, 4]
