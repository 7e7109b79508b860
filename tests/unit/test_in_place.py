import dataclasses

import pandas as pd
import pytest
from obspy import read_events

from seispipe.archive import FolderArchive
from seispipe.errors import ArchiveUnreachable
from seispipe.pipeline import Settings, run
from seispipe.results import Row
from seispipe.runs.partitions import ROWS
from seispipe.teaching.in_place import (
    in_place,
    partitions,
    read_partition,
    write_partition,
)

OTHER = Settings(picking=dataclasses.replace(Settings().picking, band_hz=(2.0, 10.0)))


class PowerCut(BaseException):
    pass


class Faulty(FolderArchive):
    """Notes what it is asked for, and fails at one station."""

    def __init__(self, folder, fault=None, at=""):
        super().__init__(folder, reading="records")
        self.asked, self.fault, self.at = [], fault, at

    def get_waveforms(self, network, station, *rest):
        self.asked.append(station)
        if station == self.at:
            raise self.fault
        return super().get_waveforms(network, station, *rest)


@pytest.fixture
def requests(teaching):
    archive = FolderArchive(teaching)
    return archive.requests()[:10] + archive.requests("defects")


@pytest.fixture
def right(requests, teaching):
    return run(requests, FolderArchive(teaching))


@pytest.mark.parametrize("how", ["serial", "threads"])
@pytest.mark.parametrize("size", [1, 4, 100])
def test_the_rows_are_those_of_the_pipeline(requests, right, teaching, tmp_path, how, size):
    archive = Faulty(teaching)
    rows = in_place(requests, archive, tmp_path, how=how, workers=4, size=size)
    assert rows == right
    assert in_place(requests, Faulty(teaching), tmp_path, how=how, size=size) == right


def test_a_partition_that_is_there_is_not_made_again(requests, right, teaching, tmp_path):
    in_place(requests[:8], FolderArchive(teaching), tmp_path, size=4)
    archive = Faulty(teaching)
    assert in_place(requests, archive, tmp_path, size=4) == right
    assert not {each.station for each in requests[:8]} & set(archive.asked)


@pytest.mark.parametrize("fault", [PowerCut, KeyboardInterrupt])
def test_after_a_crash_the_written_partitions_count(requests, right, teaching, tmp_path, fault):
    archive = Faulty(teaching, fault, "S006")
    with pytest.raises(fault):
        in_place(requests, archive, tmp_path, how="serial", size=4)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]
    archive = Faulty(teaching)
    assert in_place(requests, archive, tmp_path, how="serial", size=4) == right
    assert not {"S001", "S002", "S003", "S004"} & set(archive.asked)
    assert {"S005", "S006"} <= set(archive.asked)


def test_an_archive_that_does_not_answer_is_asked_again(requests, right, teaching, tmp_path):
    archive = Faulty(teaching, ArchiveUnreachable("nobody answers"), "S002")
    rows = in_place(requests, archive, tmp_path, how="serial", size=4)
    assert [row.status for row in rows].count("unreachable") == 1
    assert in_place(requests, Faulty(teaching), tmp_path, how="serial", size=4) == right


def test_another_question_has_a_folder_of_its_own(requests, right, teaching, tmp_path):
    archive = FolderArchive(teaching)
    in_place(requests, archive, tmp_path)
    other = in_place(requests, archive, tmp_path, OTHER)
    assert other == run(requests, archive, OTHER) != right
    assert in_place(requests, archive, tmp_path) == right
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2


def test_the_partitions_are_one_table_and_the_picks_one_catalogue(
    requests, right, teaching, tmp_path
):
    # The defects alone: partitions in which nothing was measured have the columns of the others.
    in_place(requests, FolderArchive(teaching), tmp_path, size=2)
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    frame = pd.read_parquet(folder)
    assert list(frame.columns) == ROWS.names
    assert frame["snr"].dtype == float
    assert sorted(frame["station"]) == sorted(row.station for row in right)
    picked = [row for row in right if row.p_time is not None]
    catalogue = read_events(str(folder.with_name(f"{folder.name}.xml")))
    assert [event.picks[0].time for event in catalogue] == [row.p_time for row in picked]


def test_rows_come_back_to_the_last_digit(right, tmp_path):
    extreme = dataclasses.replace(right[0], snr=float("inf"), plateau=None, corner_hz=0.1 + 0.2)
    rows = [*right, extreme, Row(*list(dataclasses.astuple(right[0]))[:6], "stopped", "why, oh")]
    write_partition(rows, tmp_path / "rows.parquet")
    assert read_partition(tmp_path / "rows.parquet") == rows


def test_nothing_to_do_is_no_error(teaching, tmp_path):
    assert in_place([], FolderArchive(teaching), tmp_path) == []


def test_partitions_keep_the_order():
    assert [list(part) for part in partitions(range(5), 2)] == [[0, 1], [2, 3], [4]]
    with pytest.raises(ValueError, match="size is 0"):
        list(partitions([], 0))
