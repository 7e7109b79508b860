"""A folder filled with somebody's own files gives what was in them, and says what it cannot."""

import contextlib
import pickle
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, UTCDateTime, read, read_inventory

from seispipe.archive import FolderArchive, Request
from seispipe.archive.filling import fill
from seispipe.inventory import channel_inventory
from seispipe.pipeline import run
from seispipe.waveforms import read_window

MIDNIGHT = UTCDateTime("2009-08-25")


@pytest.fixture
def files(tmp_path):
    """ObsPy's three components, moved to lie around midnight, in files of two formats."""
    stream = read()
    for trace in stream:
        trace.stats.starttime = MIDNIGHT - 10
        trace.data = np.rint(100 * trace.data).astype(np.int32)
        trace.stats.pop("response", None)
    stream[0].write(tmp_path / "vertical.mseed", format="MSEED")
    stream[1:].write(tmp_path / "horizontal.gse2", format="GSE2")
    inventory = read_inventory()
    inventory.write(tmp_path / "stations.xml", format="STATIONXML")
    names = ("vertical.mseed", "horizontal.gse2")
    return stream, [tmp_path / name for name in names], [tmp_path / "stations.xml"]


def test_what_comes_out_is_what_was_in_the_files(tmp_path, files):
    stream, waveforms, stations = files
    spans = fill(tmp_path / "own", waveforms, stations)
    assert spans == {trace.id: (trace.stats.starttime, trace.stats.endtime) for trace in stream}
    archive = FolderArchive(tmp_path / "own")
    assert len(archive.keys("continuous_waveforms/")) == 6  # a day ended in the middle
    for trace in stream:
        for begin in (MIDNIGHT - 8, MIDNIGHT, MIDNIGHT + 3):
            request = Request.from_id(trace.id, begin, begin + 5)
            found = read_window(archive, request)
            expected = trace.slice(begin, begin + 5 - trace.stats.delta)
            np.testing.assert_array_equal(found.data, expected.data)
            assert channel_inventory(archive, request)[0][0].code == trace.stats.station


def test_a_location_of_two_dashes_is_none(tmp_path, files):
    stream, _, stations = files
    stream[0].stats.location = "--"
    stream[0].write(tmp_path / "dashes.mseed", format="MSEED")
    assert list(fill(tmp_path / "own", [tmp_path / "dashes.mseed"], stations)) == ["BW.RJOB..EHZ"]
    request = Request.from_id("BW.RJOB..EHZ", MIDNIGHT - 8, MIDNIGHT - 3)
    assert len(read_window(FolderArchive(tmp_path / "own"), request)) == 500


def test_every_station_of_the_metadata_has_a_file_once(tmp_path, files):
    _, waveforms, stations = files
    fill(tmp_path / "own", waveforms[:1], [*stations, *stations])
    codes = {f"{network.code}_{s.code}" for network in read_inventory() for s in network}
    written = {path.stem for path in (tmp_path / "own" / "FDSNstationXML").rglob("*.xml")}
    assert written == codes


def test_the_pipeline_runs_on_it_and_loses_nothing(tmp_path, teaching):
    """The teaching archive's own bytes, taken apart and filled in again, give the same rows."""
    archive = FolderArchive(teaching)
    requests = archive.requests("hour", "defects")
    whole = [key for key in archive.keys("continuous_waveforms/") if "D00" not in key]
    readable = [key for key in whole if _readable(teaching / key)]
    stations = sorted((teaching / "FDSNstationXML").rglob("*.xml"))
    fill(tmp_path / "own", [teaching / key for key in readable], stations)
    own, expected = run(requests, FolderArchive(tmp_path / "own")), run(requests, archive)
    assert len(own) == len(requests)
    for found, row in zip(own, expected, strict=True):
        if row.status == "ok":
            assert found == row
        else:
            assert found.status != "ok"


def _readable(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return bool(read(str(path)))
        except Exception:
            return False


def test_codes_that_no_name_can_hold_are_named_with_their_file(tmp_path, files):
    stream, _, stations = files
    stream[0].stats.station = "a/b"
    stream[0].write(tmp_path / "strange.mseed", format="MSEED")
    with pytest.raises(ValueError, match=r"strange\.mseed, channel BW\.a/b.*station code"):
        fill(tmp_path / "own", [tmp_path / "strange.mseed"], stations)
    assert sorted(path.name for path in tmp_path.glob("own*")) == []


def test_a_file_that_is_none_is_named_and_nothing_is_left(tmp_path, files):
    _, waveforms, stations = files
    (tmp_path / "notes.txt").write_text("no samples here", encoding="utf-8")
    with pytest.raises(ValueError, match=r"notes\.txt is not a file that obspy\.read can read"):
        fill(tmp_path / "own", [*waveforms, tmp_path / "notes.txt"], stations)
    with pytest.raises(ValueError, match=r"notes\.txt is not a file that obspy\.read_inventory"):
        fill(tmp_path / "own", waveforms, [tmp_path / "notes.txt"])
    assert list(tmp_path.glob("own*")) == []


class _Trap:
    """Once unpickled, it leaves a file behind."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("packed", [False, True], ids=["bare", "in a zip"])
def test_no_file_is_executed(tmp_path, files, packed):
    _, _, stations = files
    trap, executed = tmp_path / "trap.mseed", tmp_path / "executed"
    # By this word ObsPy knows its pickles.
    trap.write_bytes(pickle.dumps(("obspy.core.stream", _Trap(executed))))
    with contextlib.suppress(Exception):
        read(trap)  # the trap works ...
    assert executed.exists()
    executed.unlink()
    if packed:
        with zipfile.ZipFile(tmp_path / "trap.zip", "w") as archive:
            archive.write(trap, "trap.mseed")
        trap = tmp_path / "trap.zip"
    with pytest.raises(ValueError, match="is not a file that"):
        fill(tmp_path / "own", [trap], stations)
    assert not executed.exists()  # ... and is not sprung
    stream = read()
    stream.write(str(tmp_path / "own.pickle"), format="PICKLE")
    assert len(read(str(tmp_path / "own.pickle"))) == 3  # elsewhere ObsPy is as it was


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path, files):
    _, waveforms, stations = files
    (tmp_path / "own").mkdir()
    with pytest.raises(FileExistsError, match="name a folder that does not"):
        fill(tmp_path / "own", waveforms, stations)
    assert list((tmp_path / "own").iterdir()) == []


def test_gaps_stay_gaps(tmp_path, files):
    stream, _, stations = files
    first, last = stream[0].slice(None, MIDNIGHT - 5), stream[0].slice(MIDNIGHT - 3, None)
    Stream([first, last]).write(tmp_path / "gap.mseed", format="MSEED")
    fill(tmp_path / "own", [tmp_path / "gap.mseed"], stations)
    request = Request.from_id(first.id, MIDNIGHT - 8, MIDNIGHT + 2)
    (row,) = run([request], FolderArchive(tmp_path / "own"))
    assert row.status == "gap"
