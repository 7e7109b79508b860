"""The recordings are what the catalogue says, sample counts and all."""

import numpy as np
import pytest

from seispipe.archive import Recordings
from seispipe.archive.recordings import CATALOGUE, load_waveforms
from seispipe.errors import NoResponse

SHAPES = {
    # name: (channels, samples, sampling rate)
    "rjob-2005": (3, 12_000, 200.0),
    "rjob-2009": (3, 3_000, 100.0),
    "uh1-2010": (1, 11_517, 50.0),
    "uh2-2010": (1, 11_517, 50.0),
    "uh3-2010": (3, 11_517, 50.0),
    "uh4-2010": (1, 23_033, 100.0),
    "crlz-2009": (1, 32_768, 100.0),
    "manz-waldk": (1, 120_000, 200.0),
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_recording_is_there(name):
    stream = load_waveforms(name)
    assert (len(stream), len(stream[0]), stream[0].stats.sampling_rate) == SHAPES[name]
    assert stream[0].id == CATALOGUE[name].main_channel
    assert stream[0].data.dtype == np.float64


def test_a_learner_may_spoil_a_copy_but_not_the_recording():
    load_waveforms("rjob-2005")[0].data[:] = 0
    assert np.ptp(load_waveforms("rjob-2005")[0].data) > 0


def test_an_unknown_recording_is_named():
    with pytest.raises(ValueError, match=r"'etna'; choose one of: rjob-2005"):
        load_waveforms("etna")


def test_the_steps_of_rjob_2005_are_one_count_in_microvolts(jochberg, inventory_rjob):
    """The claim of the catalogue and of notebook 01: these numbers are microvolts."""
    later = inventory_rjob.get_response(
        "BW.RJOB..EHZ", CATALOGUE["rjob-2005"].plain_text["starttime"] + 3 * 365 * 86400
    )
    counts_per_volt = later.response_stages[1].stage_gain
    # The file keeps six digits, so only the small numbers still show their steps.
    small = jochberg[0].data[np.abs(jochberg[0].data) < 100]
    distances = np.abs(small - small[0])
    counts = np.round(distances * counts_per_volt / 1e6)
    assert len(np.unique(counts)) > 100
    step = np.sum(distances * counts) / np.sum(counts**2)
    np.testing.assert_allclose(distances, step * counts, rtol=0, atol=0.01 * step)
    assert step == pytest.approx(1e6 / counts_per_volt, rel=1e-3)
    then = inventory_rjob.get_response("BW.RJOB..EHZ", jochberg[0].stats.starttime)
    assert then.response_stages[1].stage_gain == 1e6  # one "count" of that epoch is one microvolt


def test_every_request_names_a_window_the_archive_fills():
    archive = Recordings()
    requests = archive.requests()
    assert len(requests) == len(CATALOGUE)
    for request in requests:
        stream = archive.get_waveforms(
            request.network,
            request.station,
            request.location,
            request.channel,
            request.start,
            request.end,
        )
        assert len(stream) == 1


def test_a_station_without_a_response_is_said_to_lack_it():
    with pytest.raises(NoResponse, match=r"uh1-2010 of station BW\.UH1 without a response"):
        Recordings().get_stations(network="BW", station="UH1")


def test_nothing_known_is_an_empty_answer():
    assert len(Recordings().get_stations(network="XX", station="NOPE")) == 0
