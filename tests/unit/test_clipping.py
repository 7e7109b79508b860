"""A recording whose tops are cut off is told from one that is merely coarse or slow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seispipe.archive.recordings import CATALOGUE, load_waveforms
from seispipe.errors import ClippedSamples
from seispipe.waveforms import count_clipped, read_window


@given(
    amplitude=st.floats(0.6, 1e7),
    period=st.floats(4.3, 5000.0),
    noise=st.sampled_from([0.0, 0.1, 2.0, 50.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_wave_in_whole_counts_is_not_taken_for_a_clipped_one(amplitude, period, noise, seed):
    wave = amplitude * np.sin(2 * np.pi * np.arange(3000) / period)
    wave += noise * np.random.default_rng(seed).standard_normal(3000)
    assert count_clipped(np.rint(wave)) == 0


@given(amplitude=st.floats(1e3, 1e7), period=st.floats(30.0, 300.0), share=st.floats(0.2, 0.85))
def test_a_wave_with_its_tops_cut_off_is(amplitude, period, share):
    wave = np.rint(amplitude * np.sin(2 * np.pi * np.arange(3000) / period))
    limit = np.floor(share * amplitude)
    clipped = np.clip(wave, -limit, limit)
    assert count_clipped(clipped) >= 4


@pytest.mark.parametrize("data", [np.zeros(100), np.arange(2.0), np.ones(1), np.arange(50) % 2])
def test_what_is_dead_or_tiny_is_not_called_clipped(data):
    assert count_clipped(data) == 0


def test_one_short_flat_stretch_may_be_chance_and_more_are_not():
    """Found on the teaching archive: noise of 400 counts had its largest value four times."""
    data = np.random.default_rng(3).integers(-400, 400, 12_000).astype(float)
    data[5000:5004] = 418
    assert count_clipped(data) == 0
    data[7000:7004] = -420
    assert count_clipped(data) == 8
    data[7000:7004] = 0
    data[5000:5008] = 418
    assert count_clipped(data) == 8


@pytest.mark.parametrize("name", CATALOGUE)
def test_none_of_the_real_recordings_is_clipped(name):
    for trace in load_waveforms(name):
        assert count_clipped(trace.data) == 0


def test_a_clipped_window_is_refused_with_a_reason(jochberg, request_2005, archive_of):
    trace = jochberg[0]
    limit = 0.3 * np.abs(trace.data).max()
    trace.data = np.clip(trace.data, -limit, limit)
    with pytest.raises(ClippedSamples, match=r"samples of BW\.RJOB\.\.EHZ lie flat .* range"):
        read_window(archive_of(trace), request_2005)
