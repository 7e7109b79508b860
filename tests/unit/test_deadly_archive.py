import pytest

from seispipe.archive import FolderArchive
from seispipe.teaching.deadly_archive import DeadlyArchive
from seispipe.teaching.scripts import run_script


def test_other_stations_are_read_as_ever(teaching):
    request = FolderArchive(teaching).requests()[0]
    arguments = (*request.seed_id.split("."), request.start, request.end)
    deadly = DeadlyArchive(teaching, "S003")
    assert deadly.get_waveforms(*arguments) == FolderArchive(teaching).get_waveforms(*arguments)


@pytest.mark.parametrize(("station", "output"), [("S003", ""), ("S004", "alive\n")])
def test_the_deadly_station_ends_the_process_that_reads_it(station, output, teaching):
    text = (
        "import sys\n"
        "from seispipe.teaching.deadly_archive import DeadlyArchive\n"
        "archive = DeadlyArchive(sys.argv[1], sys.argv[2])\n"
        "request = next(each for each in archive.requests() if each.station == 'S003')\n"
        "archive.get_waveforms(*request.seed_id.split('.'), request.start, request.end)\n"
        "print('alive', flush=True)\n"
    )
    outcome = run_script(text, str(teaching), station)
    assert outcome.output == output
    assert outcome.error == ""
