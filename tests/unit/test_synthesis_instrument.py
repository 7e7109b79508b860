import io

import numpy as np
import pytest
from obspy import UTCDateTime, read_inventory
from scipy.signal import welch

from seispipe.synthesis.instrument import SENSITIVITY, broadband_response, station_inventory
from seispipe.synthesis.noise import noise_density, noise_in_counts, noise_model_db

START = UTCDateTime(2026, 1, 1)


def gain(response, frequency, output="VEL"):
    return response.get_evalresp_response_for_frequencies(np.asarray(frequency), output=output)


def test_the_response_is_flat_in_the_middle_and_falls_at_both_ends():
    response = broadband_response()
    middle = np.abs(gain(response, [0.1, 1.0, 5.0, 20.0])) / SENSITIVITY
    np.testing.assert_allclose(middle[:3], 1.0, rtol=0.01)
    assert 0.9 < middle[3] < 1.0  # the seismometer's upper corner begins to be felt
    corner, far_below = np.abs(gain(response, [1 / 120, 1 / 1200])) / SENSITIVITY
    assert corner == pytest.approx(1 / np.sqrt(2), rel=0.01)
    assert far_below == pytest.approx(0.01, rel=0.02)
    assert np.abs(gain(response, [49.9]))[0] < 0.2 * SENSITIVITY


def test_the_metadata_come_back_from_stationxml_as_they_went_in():
    inventory = station_inventory("XX", "S01", 35.0, -117.0, 900.0, START)
    buffer = io.BytesIO()
    inventory.write(buffer, format="STATIONXML", validate=True)
    buffer.seek(0)
    back = read_inventory(buffer, format="STATIONXML")
    assert [c.code for c in back[0][0]] == ["HHZ", "HHN", "HHE"]
    frequency = np.geomspace(0.01, 50, 50)
    first = gain(broadband_response(), frequency)
    again = gain(back.get_response("XX.S01..HHZ", START + 1), frequency)
    np.testing.assert_allclose(again, first, rtol=1e-9)


def test_the_metadata_say_that_they_are_synthetic_and_are_the_same_each_time():
    texts = []
    for _ in range(2):
        buffer = io.BytesIO()
        inventory = station_inventory("XX", "S01", 35.0, -117.0, 900.0, START)
        inventory.write(buffer, format="STATIONXML")
        texts.append(buffer.getvalue())
    assert texts[0] == texts[1]
    assert texts[0].count(b"Synthetic") >= 5


@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0])
def test_noise_has_the_level_it_was_drawn_from(weight):
    rate, samples = 100.0, 360_000
    response = broadband_response(rate)
    density = noise_density(response, weight, samples, rate)
    counts = noise_in_counts(np.random.default_rng(1), density, samples, rate)
    frequency, density = welch(counts, rate, nperseg=8192)
    band = (frequency > 0.1) & (frequency < 40)
    acceleration = density[band] / np.abs(gain(response, frequency[band], "ACC")) ** 2
    difference = 10 * np.log10(acceleration) - noise_model_db(frequency[band], weight)
    assert abs(np.median(difference)) < 0.3
    assert np.percentile(np.abs(difference), 95) < 3
    assert abs(counts.mean()) < 1e-6 * counts.std()


def test_the_same_seed_gives_the_same_noise():
    density = noise_density(broadband_response(), 0.5, 6000, 100)
    one, two = (
        noise_in_counts(np.random.Generator(np.random.Philox(key=[7, 1])), density, 6000, 100)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, two)


def test_a_weight_beyond_the_models_is_refused():
    with pytest.raises(ValueError, match="0 to 1"):
        noise_model_db(np.array([1.0]), 1.5)
