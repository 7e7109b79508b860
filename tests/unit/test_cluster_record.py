"""What was recorded of real clusters is whole, and says where it comes from."""

import json
import re

import pytest

from seispipe.clusters import ENGINES
from seispipe.teaching import cluster_record
from seispipe.teaching.cluster_record import (
    engines_table,
    faults_table,
    origin,
    recorded,
    versions,
)

INVENTED = {
    "machine": "no machine",
    "date": "2020-02-02",
    "versions": {"Slurm": "1.2", "Dask": "3.4"},
    "engines": [
        {
            "engine": "slurm",
            "about": "Slurm, one node",
            "said": "slurm: 2 workers",
            "workers": 2,
            "rows_in": 24,
            "rows_out": 24,
            "rows_equal": 24,
            "connect_s": 3.14,
            "work_s": 4.0,
            "queue": "JOBID\n1\n",
        },
        {
            "engine": "slurm",
            "about": "Slurm, a job array",
            "workers": 3,
            "rows_in": 24,
            "rows_out": 23,
            "rows_equal": 22,
            "connect_s": None,
            "work_s": 5.0,
        },
    ],
    "faults": [
        {
            "fault": "a worker is killed",
            "engine": "local",
            "rows_in": 48,
            "rows_out": 48,
            "rows_equal": 48,
            "partitions": 12,
            "begun_again": 2,
            "undisturbed_s": 5.1,
            "disturbed_s": 7.0,
            "brought_back_by": "the nanny",
        }
    ],
}


@pytest.fixture
def invented(tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(INVENTED), encoding="utf-8")
    monkeypatch.setattr(cluster_record, "_FILE", path)
    cluster_record._record.cache_clear()
    yield
    cluster_record._record.cache_clear()


def test_where_it_comes_from_is_one_sentence(invented):
    assert origin() == "Recorded, not measured by this page: no machine, on 2020-02-02."
    assert versions() == "Slurm 1.2, Dask 3.4"


def test_an_engine_has_a_line_and_what_it_lacks_is_a_dash(invented):
    table = engines_table()
    assert table.columns.name == "engine"
    assert table.to_dict("index") == {
        "Slurm, one node": {
            "workers": "2",
            "connect, s": "3.1",
            "work, s": "4.0",
            "rows": "24 of 24, equal",
        },
        "Slurm, a job array": {
            "workers": "3",
            "connect, s": "–",
            "work, s": "5.0",
            "rows": "23 of 24, 22 equal",
        },
    }


def test_a_fault_has_a_line(invented):
    assert faults_table().to_dict("index") == {
        "a worker is killed (local)": {
            "rows": "48 of 48, equal",
            "parts begun again": "2 of 12",
            "s without": "5.1",
            "s with": "7.0",
            "brought back by": "the nanny",
        }
    }


def test_of_several_the_first_is_returned_and_of_none_the_names(invented):
    assert recorded("slurm")["about"] == "Slurm, one node"
    with pytest.raises(ValueError, match=r"of 'cray', but of: slurm$"):
        recorded("cray")


class TestTheRecordInThePackage:
    def test_it_says_where_it_comes_from(self):
        sentence = r"Recorded, not measured by this page: \d+ cores? .+, on \d{4}-\d\d-\d\d\."
        assert re.fullmatch(sentence, origin())
        assert "Slurm" in versions()

    @pytest.mark.parametrize("engine", ["local", "slurm", "gateway"])
    def test_each_engine_was_connected_to_and_said_so(self, engine):
        assert engine in ENGINES
        assert recorded(engine)["said"].startswith(f"{engine}: ")

    def test_slurm_was_seen_with_a_queue(self):
        assert len(recorded("slurm")["queue"].splitlines()) > 1

    @pytest.mark.parametrize("kind", ["engines", "faults"])
    def test_every_station_in_was_a_row_out_and_the_rows_were_those_of_a_loop(self, kind):
        entries = cluster_record._record()[kind]
        assert entries
        for entry in entries:
            assert entry["rows_in"] == entry["rows_out"] > 0, entry
            deadly = "kills each" in entry.get("fault", "")
            assert entry["rows_equal"] == entry["rows_out"] - deadly, entry

    def test_the_tables_have_a_line_each(self):
        record = cluster_record._record()
        assert len(engines_table()) == len(record["engines"])
        assert len(faults_table()) == len(record["faults"])

    def test_a_fault_was_mended_by_somebody_and_cost_no_more_than_there_was(self):
        for entry in cluster_record._record()["faults"]:
            # A table on a page cuts longer texts off.
            assert 0 < len(entry["brought_back_by"]) < 50
            assert entry["partitions"] > 1
            assert entry["begun_again"] >= 0

    def test_no_path_of_that_machine_is_in_it(self):
        assert not re.search(r"/(home|root|tmp|work|usr)/", cluster_record._FILE.read_text("utf-8"))
