"""Cut in blocks or whole, alone or among others: the product of the spectra is the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import fftconvolve

from seispipe import blocks
from seispipe.blocks import Blocks, multiply

ROOM = 40


def kernel(seed: int) -> np.ndarray:
    """A filter that spreads each sample by less than the room, to both sides."""
    taps = np.random.default_rng(seed).standard_normal(2 * ROOM - 1)
    return taps * np.hanning(len(taps))


def factors_of(taps: np.ndarray, length: int) -> np.ndarray:
    around = np.zeros(length)
    around[:ROOM] = taps[ROOM - 1 :]
    around[-(ROOM - 1) :] = taps[: ROOM - 1]
    return np.fft.rfft(around)


@given(samples=st.integers(1, 3000), seed=st.integers(0, 2**32 - 1))
def test_it_is_the_convolution_with_the_filter(samples, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_BLOCK", 500)  # so that most of the windows take several blocks
        plan = Blocks(samples, ROOM)
        assert plan.length <= 512
        data = np.random.default_rng(seed).standard_normal((2, samples))
        taps = kernel(seed)
        found = multiply(data, [factors_of(taps, plan.length)] * 2, plan)
    expected = [fftconvolve(row, taps)[ROOM - 1 :][:samples] for row in data]
    np.testing.assert_allclose(found, expected, atol=1e-10 * np.abs(expected).max())


@pytest.mark.parametrize("samples", [13_000, 200_000])
def test_a_window_gives_the_same_digits_alone_and_among_others(samples):
    data = np.random.default_rng(0).standard_normal((5, samples))
    plan = Blocks(samples, ROOM)
    factors = [factors_of(kernel(seed), plan.length) for seed in range(5)]
    together = multiply(data, factors, plan)
    for row, factor, found in zip(data, factors, together, strict=True):
        np.testing.assert_array_equal(multiply(row[np.newaxis], [factor], plan)[0], found)


def test_what_is_kept_of_a_response_does_not_grow_with_the_window():
    assert Blocks(8_640_000, 3200).length == Blocks(360_000, 3200).length < 100_000


@given(samples=st.integers(1, 200_000), room=st.integers(0, 20_000))
def test_no_transform_has_an_odd_length(samples, room):
    """There the highest frequency is not Nyquist's, up to which ObsPy evaluates responses."""
    assert Blocks(samples, room).length % 2 == 0
