import json
import sys

import pandas as pd
import psutil
import pytest
from click.testing import CliRunner
from obspy import read_events, read_inventory

from seispipe import doctor
from seispipe.archive.recordings import load_waveforms
from seispipe.cli import main
from seispipe.synthesis.build import digest
from seispipe.synthesis.defects import DEFECTS
from seispipe.synthesis.network import hour_stations

YEAR = ["--start", "2005-01-01", "--end", "2006-01-01"]


@pytest.fixture(autouse=True)
def cache(teaching_cache, monkeypatch):
    monkeypatch.setenv("SEISPIPE_CACHE", str(teaching_cache))


def seispipe(*arguments):
    return CliRunner().invoke(main, arguments)


def run_recordings(*arguments):
    return seispipe("run", "--source", "recordings", *arguments)


def test_run_prints_a_row_for_each_of_24_stations_with_the_truth_beside_it():
    result = seispipe("run")
    assert result.exit_code == 0
    assert "24 rows: 24 ok" in result.output
    header, *lines = result.output.splitlines()
    assert "P error ms" in header
    errors = [int(line.split()[-2]) for line in lines[:24]]
    assert all(abs(error) <= 50 for error in errors)


def test_run_over_a_bucket_prints_the_same_and_leaves_no_server():
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    assert seispipe("run", "--source", "s3").output == seispipe("run").output
    assert {process.pid for process in psutil.Process().children(recursive=True)} == before


def test_only_the_records_needed_give_the_same_rows():
    assert seispipe("run", "--reading", "records").output == seispipe("run").output


def test_run_on_the_defects_names_each_of_them():
    result = seispipe("run", "--group", "defects")
    for defect in DEFECTS.values():
        assert f"{defect.status} " in result.output
        assert defect.about in result.output


def test_run_prints_a_row_a_recording_and_the_pick_of_rjob():
    result = run_recordings()
    assert result.exit_code == 0
    assert "14:57:50.495" in result.output
    assert "8 rows: 2 ok, 5 no_response, 1 bad_metadata" in result.output
    assert "BW.UH1..SHZ no_response: " in result.output


def test_run_writes_the_rows_and_the_picks(tmp_path):
    csv, quakeml = tmp_path / "rows.csv", tmp_path / "picks.xml"
    result = run_recordings("BW.RJOB..EHZ", "--csv", str(csv), "--quakeml", str(quakeml))
    assert result.exit_code == 0
    assert list(pd.read_csv(csv)["status"]) == ["ok", "bad_metadata"]
    assert len(read_events(str(quakeml))) == 1


def test_a_shorter_average_sees_an_earlier_earthquake():
    """P comes 5.5 s into the window, and the usual average takes 10."""
    window = ["--start", "2005-08-01T14:57:45", "--end", "2005-08-01T14:58:10"]
    assert "1 no_pick" in run_recordings("BW.RJOB..EHZ", *window).output
    assert "14:57:50.4" in run_recordings("BW.RJOB..EHZ", *window, "--long-average", "4").output


def test_any_window_can_be_asked_for_and_is_answered_by_a_row():
    window = ["--start", "2005-08-01T14:57:20", "--end", "2005-08-01T14:58:10"]
    result = run_recordings("BW.RJOB..EHZ", "XX.NOPE..HHZ", *window)
    assert result.exit_code == 0
    assert "2 rows: 1 ok, 1 unknown_station" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["XX.NOPE..HHZ"], "proposes no window for XX.NOPE..HHZ"),
        (["RJOB", *YEAR], "'RJOB' is not a SEED id"),
        (["BW.RJOB..EHZ", "--start", "2005-08-01"], "--start and --end go together"),
        (YEAR, "name at least one CHANNEL"),
        (["BW.RJOB..EHZ", "--start", "noon", "--end", "2006-01-01"], "'noon' is not a time"),
        (
            ["BW.RJOB..EHZ", "--start", "2006-01-01", "--end", "2005-01-01"],
            "must end after it starts",
        ),
        (["--long-average", "0.1"], "shorter than long_s"),
        (["--source", "attic"], "'attic' is neither an archive nor a folder"),
        (["--source", "."], "is not laid out as SCEDC's bucket"),
        (["--source", "teaching", "XX.S01..HHZ"], "choose among its 37 channels, such as XX.S0"),
        (["--source", "teaching", "XX.S001.HHZ"], "'XX.S001.HHZ' is not a SEED id"),
        (["--workers", "4"], "--workers goes with --how"),
        (["--band", "20", "1"], "band_hz must rise"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(arguments, message):
    result = run_recordings(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_the_stages_are_set_from_the_command_line():
    usual = run_recordings("BW.RJOB..EHZ").output
    assert "Corners are apparent ones" in usual
    for words in (("--band", "2", "15"), ("--after", "2"), ("--t-star", "0.02")):
        other = run_recordings("BW.RJOB..EHZ", *words).output
        assert "1 ok" in other
        assert other != usual
    assert "Corners are apparent ones" not in other


def test_an_archive_that_is_away_is_said_in_each_row():
    window = ["--start", "2022-01-02", "--end", "2022-01-02T00:02"]
    result = seispipe("run", "--source", "http://127.0.0.1:9", "CI.PASC.00.HHZ", *window)
    assert result.exit_code == 0
    assert "1 row: 1 unreachable" in result.output


def test_own_files_are_filled_in_begun_and_gone_on_with_as_the_messages_say(tmp_path, monkeypatch):
    """What `begin` prints is what one types next: it must read the same archive."""
    monkeypatch.chdir(tmp_path)
    read_inventory().write("stations.xml", format="STATIONXML")
    recording = load_waveforms("rjob-2005")[0]
    recording.write("rjob.mseed", format="MSEED")
    result = seispipe("archive", "fill", "own", "rjob.mseed", "--stations", "stations.xml")
    assert result.exit_code == 0, result.output
    assert recording.id in result.output
    result = seispipe("archive", "fill", "own", "rjob.mseed", "--stations", "stations.xml")
    assert "name a folder that does not" in " ".join(result.output.split())
    window = ["--start", "2005-08-01T14:57:20", "--end", "2005-08-01T14:58:15"]
    begun = seispipe("runs", "begin", "kept", recording.id, *window, "--source", "own")
    assert "now: seispipe runs work kept" in begun.output
    worked = seispipe("runs", "work", "kept")
    assert worked.exit_code == 0, worked.output
    assert "1 ok" in worked.output
    other = seispipe("runs", "work", "kept", "--source", "teaching")
    assert other.exit_code == 2
    assert "leave --source out" in " ".join(other.output.split())
    again = seispipe("runs", "work", "kept", "--source", "own")
    assert again.exit_code == 0
    assert seispipe("runs", "begin", "kept", recording.id, *window).exit_code == 2


def test_a_folder_that_is_not_there_is_named_before_any_work(tmp_path):
    result = run_recordings("BW.RJOB..EHZ", "--csv", str(tmp_path / "missing" / "rows.csv"))
    assert result.exit_code == 2
    assert "missing; make it first" in " ".join(result.output.split())
    assert "P onset" not in result.output


def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("seispipe.cli.run.write_csv", full)
    result = run_recordings("BW.RJOB..EHZ", "--csv", str(tmp_path / "rows.csv"))
    assert result.exit_code == 1
    assert "rows.csv': No space left on device" in result.output
    assert "1 ok" in result.output  # the table was printed all the same


def test_two_tables_do_not_go_into_one_file(tmp_path):
    path = str(tmp_path / "out")
    result = seispipe("run", "--csv", path, "--quakeml", path)
    assert result.exit_code == 2
    assert "name two files" in " ".join(result.output.split())


def test_doctor_notices_a_wrong_version_and_a_kernel_of_another_environment(monkeypatch, tmp_path):
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    other = tmp_path / "bin" / "python"
    other.parent.mkdir()
    other.symlink_to(sys.executable)
    spec = {"argv": [str(other), "-m", "ipykernel"], "display_name": "x", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setattr(doctor, "requires", lambda _: ["obspy>=99"])
    result = seispipe("doctor")
    assert "the course needs obspy>=99" in result.output
    assert f"python3 runs {other}" in result.output
    assert "2 of" in result.output


def test_the_teaching_archive_is_built_once_and_then_run(tmp_path, monkeypatch):
    scales = []

    def small(scale):
        scales.append(scale)
        return hour_stations(2)

    monkeypatch.setattr("seispipe.cli.archive.default_stations", small)
    out = str(tmp_path / "archive")
    built = seispipe("archive", "build", "--out", out, "--scale", "3")
    assert built.exit_code == 0
    assert scales == [3]
    assert digest(tmp_path / "archive") in built.output
    command = built.output.partition("To run the pipeline on it: ")[2].split()
    assert command[0] == "seispipe"
    result = seispipe(*command[1:])
    assert "2 rows: 2 ok" in result.output
    assert "P error ms" in result.output
    again = seispipe("archive", "build", "--out", out)
    assert again.exit_code == 2
    assert "exists already" in " ".join(again.output.split())


def test_doctor_finds_this_machine_well():
    result = seispipe("doctor")
    assert result.exit_code == 0, result.output
    for thing in ("Python", "obspy", "cores", "memory", "loopback", "recordings", "kernel"):
        assert thing in result.output
    assert "All is well." in result.output


def test_doctor_names_what_is_missing_and_how_to_mend_it(monkeypatch):
    monkeypatch.setattr(doctor, "requires", lambda _: ["obspy>=1", "not-a-package-at-all"])
    monkeypatch.setattr(doctor, "MINIMUM_MEMORY_GIB", 1e6)

    def refuse(*_arguments, **_options):
        raise OSError("refused by the firewall")

    monkeypatch.setattr(doctor.socket, "create_server", refuse)
    result = seispipe("doctor")
    assert result.exit_code == 1
    assert "MEND  not-a-package-at-all" in result.output
    assert "make test" in result.output
    assert "let your firewall allow connections to 127.0.0.1" in result.output
    assert "3 of" in result.output
