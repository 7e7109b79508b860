import math

import numpy as np
import pytest
from obspy import UTCDateTime
from scipy.fft import irfft, rfftfreq

from seispipe.frequency import brune_spectrum
from seispipe.synthesis.source import (
    Earthquake,
    far_field_plateau,
    radiation_pattern,
    velocity_pulse,
)

QUAKE = Earthquake(UTCDateTime(2026, 3, 14), 35.8, -117.6, 8.0, 3.2, 322.0, 81.0, -173.0)


def test_the_moment_is_that_of_the_magnitude():
    assert math.log10(QUAKE.moment_nm) == pytest.approx(1.5 * 3.2 + 9.1)


def test_the_corner_falls_with_the_cube_root_of_the_moment():
    larger = Earthquake(QUAKE.time, 35.8, -117.6, 8.0, 5.2, 322.0, 81.0, -173.0)
    assert QUAKE.corner_hz("S") / larger.corner_hz("S") == pytest.approx(10.0)
    assert QUAKE.corner_hz("S") == pytest.approx(5.7, abs=0.1)
    assert QUAKE.corner_hz("P") > QUAKE.corner_hz("S")


@pytest.mark.parametrize("angles", [(322.0, 81.0, -173.0), (10.0, 45.0, 90.0), (200.0, 30.0, 15.0)])
def test_the_radiation_over_all_directions_has_its_known_mean(angles):
    """For any double couple: 4/15 for P squared, 2/5 for both S together (Boore and Boatwright)."""
    quake = Earthquake(QUAKE.time, 0.0, 0.0, 8.0, 3.0, *angles)
    cosines = np.linspace(-1, 1, 81)[:-1] + 1 / 80
    azimuths = np.arange(0.0, 360.0, 5.0)
    pattern = np.array(
        [
            radiation_pattern(quake, math.degrees(math.acos(c)), azimuth)
            for c in cosines
            for azimuth in azimuths
        ]
    )
    assert np.mean(pattern[:, 0] ** 2) == pytest.approx(4 / 15, rel=0.005)
    assert np.mean(pattern[:, 1] ** 2 + pattern[:, 2] ** 2) == pytest.approx(2 / 5, rel=0.005)
    assert np.abs(pattern).max() <= 1 + 1e-12


def test_a_vertical_strike_slip_fault_radiates_no_p_along_its_strike():
    quake = Earthquake(QUAKE.time, 0.0, 0.0, 8.0, 3.0, 0.0, 90.0, 0.0)
    along, between = (radiation_pattern(quake, 90.0, azimuth)[0] for azimuth in (0.0, 45.0))
    assert along == pytest.approx(0.0, abs=1e-12)
    assert between == pytest.approx(1.0)


def test_amplitude_falls_with_distance_and_grows_with_moment():
    near, far = (far_field_plateau(QUAKE, "P", 0.5, r) for r in (10_000.0, 20_000.0))
    assert near == pytest.approx(2 * far)
    assert far_field_plateau(QUAKE, "S", 0.5, 10_000.0) == pytest.approx(near * 1.73**3)


@pytest.mark.parametrize("t_star", [0.015, 0.03])
@pytest.mark.parametrize("rate", [100.0, 200.0])
def test_the_pulse_has_brunes_spectrum_begins_at_its_onset_and_knows_no_rate(t_star, rate):
    samples, onset = int(60 * rate), 20.0
    frequency = rfftfreq(samples, 1 / rate)
    spectrum = velocity_pulse(frequency, 1e-8, 8.0, t_star, onset)
    expected = 2 * np.pi * frequency * brune_spectrum(frequency, 1e-8, 8.0, t_star)
    np.testing.assert_allclose(np.abs(spectrum), expected, rtol=1e-9, atol=1e-20)
    velocity = rate * irfft(spectrum, samples)
    before = velocity[: int((onset - 0.05) * rate)]
    peak = np.abs(velocity).max()
    assert np.abs(before).max() < 0.05 * peak
    first_visible = np.argmax(np.abs(velocity) > 0.05 * peak) / rate
    assert onset - 0.02 <= first_visible <= onset + 0.06
    # Integrated twice, a velocity pulse is a step as high as the plateau: the scale is right.
    displacement = np.cumsum(velocity) / rate
    assert np.sum(displacement) / rate == pytest.approx(1e-8, rel=0.02)
