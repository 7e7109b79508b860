import pandas as pd
import pytest
from obspy import UTCDateTime, read_events

from seispipe.archive import Recordings
from seispipe.pipeline import run
from seispipe.results import Row, summary, table, to_catalog, write_csv, write_quakeml


@pytest.fixture(scope="module")
def rows():
    archive = Recordings()
    return run(archive.requests(), archive)


def test_the_table_has_a_line_a_row(rows):
    frame = table(rows)
    assert list(frame["station"]) == [row.station for row in rows]
    assert frame["p_time"].notna().sum() == sum(row.p_time is not None for row in rows)


def test_no_rows_make_an_empty_table_with_its_columns():
    frame = table([])
    assert len(frame) == 0
    assert "p_time" in frame.columns
    assert summary([]) == "0 rows"


def test_csv_comes_back_as_it_went_out(rows, tmp_path):
    path = tmp_path / "rows.csv"
    write_csv(rows, path)
    back = pd.read_csv(path, keep_default_na=False, dtype=str)
    assert list(back["status"]) == [row.status for row in rows]
    assert list(back["reason"]) == [row.reason for row in rows]
    for text, row in zip(back["p_time"], rows, strict=True):
        assert (UTCDateTime(text) if text else None) == row.p_time
    for text, row in zip(back["snr"], rows, strict=True):
        assert (float(text) if text else None) == row.snr


def test_quakeml_comes_back_as_it_went_out(rows, tmp_path):
    path = tmp_path / "picks.xml"
    write_quakeml(rows, path)
    picks = [event.picks[0] for event in read_events(str(path))]
    expected = [(row.seed_id, row.p_time) for row in rows if row.p_time]
    assert [(pick.waveform_id.get_seed_string(), pick.time) for pick in picks] == expected
    assert {pick.phase_hint for pick in picks} == {"P"}


def test_two_writings_name_a_pick_the_same(rows):
    names = [[str(event.resource_id) for event in to_catalog(rows)] for _ in range(2)]
    assert names[0] == names[1]
    assert len(set(names[0])) == len(names[0])


def test_a_pick_asked_for_twice_is_written_once(rows):
    assert len(to_catalog([*rows, *rows])) == len(to_catalog(rows))


def test_the_summary_counts_every_row(rows):
    assert summary(rows) == "8 rows: 2 ok, 5 no_response, 1 bad_metadata"
    assert summary(rows[:1]) == "1 row: 1 ok"


def test_a_row_reads_well_with_units_and_small_numbers(rows):
    text = str(rows[0])
    assert "peak_velocity  1.341e-05 m/s" in text
    assert "corner_hz      -" in str(rows[1])
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_a_status_nobody_knows_is_refused(rows):
    with pytest.raises(ValueError, match="'fine'; choose one of: ok"):
        Row("BW", "RJOB", "", "EHZ", rows[0].start, rows[0].end, "fine")
