"""What networks record at: 20, 40 and 50 samples a second as well as 100, all with usual settings.

The correction's pre-filter runs both ways in time and falls below the Nyquist frequency. Where that
came among the picker's frequencies, picks at 50 Hz were early by 0.3 s in the median, and `ok`.
"""

import numpy as np
import pytest
from obspy import Trace, UTCDateTime
from scipy.signal import resample_poly

from seispipe.archive import FolderArchive, Request
from seispipe.frequency import amplitude_spectrum, fit_source
from seispipe.inventory import channel_inventory
from seispipe.pipeline import run
from seispipe.waveforms import read_window


@pytest.fixture(scope="module")
def earthquakes(teaching):
    """Windows with the three larger earthquakes at all stations: request, counts, metadata."""
    archive = FolderArchive(teaching)
    origins = [
        UTCDateTime(each["time"])
        for each in archive.truth().contents["earthquakes"]
        if each["magnitude"] > 2.6
    ]
    windows = []
    for origin in origins:
        for each in archive.requests():
            request = Request.from_id(each.seed_id, origin - 30, origin + 90)
            counts = read_window(archive, request)
            windows.append((request, counts, channel_inventory(archive, request).copy()))
    return archive.truth(), windows


@pytest.mark.parametrize("rate", [20, 40, 50, 100])
def test_picks_are_right_to_a_sample_at_the_rates_of_real_networks(earthquakes, archive_of, rate):
    truth, windows = earthquakes
    errors = []
    for request, counts, inventory in windows:
        thin = counts.copy()
        common = np.gcd(rate, 100)
        thin.data = np.rint(
            resample_poly(counts.data.astype(float), rate // common, 100 // common)
        ).astype(np.int32)
        thin.stats.sampling_rate = rate
        inventory[0][0][0].sample_rate = rate
        (row,) = run([request], archive_of(thin, inventory=inventory))
        assert row.status == "ok", row.reason
        errors.append(row.p_time - truth.arrival(request)["p_time"])
    assert abs(np.median(errors)) < 1 / rate
    # None is early by more than the noise or the resampling can make it.
    assert np.quantile(errors, 0.05) > -1.5 / rate


@pytest.mark.parametrize(("rate", "highest"), [(40, 14), (50, 17.5), (100, 30), (200, 30)])
def test_spectra_are_fitted_below_the_flank_of_the_pre_filter(rate, highest):
    random = np.random.default_rng(rate)
    header = {"sampling_rate": rate}
    signal = Trace(random.standard_normal(5 * rate), header)
    noise = Trace(1e-6 * random.standard_normal(5 * rate), header)
    fit = fit_source(amplitude_spectrum(signal, 0.1), amplitude_spectrum(noise, 0.1))
    assert fit.band_hz == pytest.approx((1.0, highest), abs=0.21)
