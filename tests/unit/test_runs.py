"""Kept runs: whatever happens, every station in is a row out, and equal to the serial one."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow.dataset
import pytest

from seispipe.archive import FolderArchive
from seispipe.errors import ArchiveUnreachable
from seispipe.picking import PickingSettings
from seispipe.pipeline import Settings, run
from seispipe.runs import Run, RunError, Store, StoreError


@pytest.fixture(scope="module")
def archive(teaching):
    return FolderArchive(teaching)


@pytest.fixture(scope="module")
def requests(archive):
    """Good ones and every kind of bad one."""
    return archive.requests("hour")[:12] + archive.requests("defects")


@pytest.fixture(scope="module")
def serial(archive, requests):
    return run(requests, archive)


class Sometimes(FolderArchive):
    """An archive that cannot be reached while a file says so."""

    def get_waveforms(self, *args):
        if (self.folder / "down").exists():
            raise ArchiveUnreachable("nobody answers")
        return super().get_waveforms(*args)


@pytest.mark.parametrize("how", ["serial", "threads", "processes", "dask"])
def test_a_run_gives_the_serial_rows_whichever_way_it_is_done(
    how, tmp_path, archive, requests, serial
):
    kept = Run.begin(tmp_path, requests, size=5)
    report = kept.work(archive, how=how, workers=2)
    assert report.complete
    assert (report.stations_in, report.rows_out) == (len(requests), len(requests))
    assert report.statuses == Counter(row.status for row in serial)
    assert (report.attempts, report.begun_again) == (report.partitions, 0)
    assert Run.open(tmp_path).rows() == serial


def test_what_is_done_is_not_done_again(tmp_path, archive, requests):
    Run.begin(tmp_path, requests, size=5).work(archive)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert Run.begin(tmp_path, requests, size=5).work(archive).complete
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert before == after


def test_a_run_goes_on_where_it_was(tmp_path, archive, requests, serial):
    kept = Run.begin(tmp_path, requests, size=5)
    own = kept.work(archive, only=[0, 2])
    assert own.complete
    assert (own.stations_in, own.rows_out, own.partitions, own.attempts) == (10, 10, 2, 2)
    half = kept.verify()
    assert not half.complete
    assert half.rows_out == 10
    assert 1 in half.missing
    rows = kept.rows()
    assert len(rows) == len(requests)
    assert {row.status for row in rows[5:10]} == {"stopped"}
    assert rows[:5] == serial[:5]
    assert "not written: 1, 3" in str(half)
    assert kept.work(archive).complete
    assert kept.rows() == serial


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-40]), "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes((path.parent / "part-000002.parquet").read_bytes()), "due"),
    ],
    ids=["truncated", "empty", "another's"],
)
def test_a_damaged_partition_is_found_and_done_again(
    harm, said, tmp_path, archive, requests, serial
):
    kept = Run.begin(tmp_path, requests, size=5)
    kept.work(archive)
    harm(tmp_path / "rows" / "part-000001.parquet")
    report = kept.verify()
    assert not report.complete
    assert said in report.damaged[1]
    assert report.rows_out == len(requests) - 5
    assert kept.work(archive).complete
    assert kept.rows() == serial


def test_stations_that_were_unreachable_are_read_again_and_no_others(
    tmp_path, archive, requests, serial
):
    down = archive.folder / "down"
    sometimes = Sometimes(archive.folder)
    kept = Run.begin(tmp_path, requests, size=5)
    try:
        down.touch()
        report = kept.work(sometimes, passes=1)
    finally:
        down.unlink()
    assert report.rows_out == report.stations_in
    assert report.passing == report.statuses["unreachable"] > 0
    assert not report.complete
    assert kept.work(sometimes).complete
    assert kept.rows() == serial


def test_two_at_once_do_no_harm(tmp_path, archive, requests, serial):
    kept = Run.begin(tmp_path, requests, size=3)
    both = [threading.Thread(target=kept.work, args=(archive,)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    report = kept.verify()
    assert report.complete
    assert kept.rows() == serial
    assert report.attempts >= report.partitions
    assert not list(tmp_path.rglob("*.part"))


def test_a_process_that_is_killed_loses_nothing_that_was_written(
    tmp_path, archive, requests, serial
):
    kept = Run.begin(tmp_path, requests, size=1)
    command = [sys.executable, "-m", "seispipe.cli", "runs", "work", str(tmp_path)]
    worker = subprocess.Popen(
        [*command, "--source", str(archive.folder)], env=os.environ, stderr=subprocess.DEVNULL
    )
    rows = tmp_path / "rows"
    until = time.monotonic() + 60
    while not (rows.exists() and len(list(rows.glob("*.parquet"))) >= 3):
        assert time.monotonic() < until
        time.sleep(0.005)
    worker.kill()
    worker.wait()
    written = len(list(rows.glob("*.parquet")))
    report = kept.work(archive)
    assert report.complete
    assert kept.rows() == serial
    # At most what was under way is done again.
    assert report.begun_again <= 1
    assert written >= 3


def test_other_work_does_not_go_into_a_run(tmp_path, archive, requests):
    Run.begin(tmp_path, requests, size=5)
    other = Settings(picking=PickingSettings(long_s=9))
    for arguments in ((requests[:-1], None, 5), (requests, other, 5), (requests, None, 6)):
        with pytest.raises(RunError, match="holds another run"):
            Run.begin(tmp_path, *arguments)


def test_settings_come_back_as_they_went_in(tmp_path, requests):
    given_ = Settings(picking=PickingSettings(long_s=9))
    Run.begin(tmp_path, requests, given_)
    assert Run.open(tmp_path).manifest.settings == given_


def test_a_run_is_not_gone_on_with_by_other_code(tmp_path, archive, requests, monkeypatch):
    kept = Run.begin(tmp_path, requests)
    monkeypatch.setattr("seispipe.runs.run.fingerprint", lambda: "other")
    with pytest.raises(RunError, match="begun with another state of seispipe"):
        kept.work(archive)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("manifest.json", b"{", "cannot be understood"),
        ("manifest.json", b'{"format": 9}', "a run of format 9, not 1"),
        ("manifest.json", b'{"format": 1}', "cannot be understood: 'settings'"),
        ("requests.parquet", b"x", "is not what the manifest names"),
    ],
)
def test_a_run_that_cannot_be_trusted_is_refused(name, content, said, tmp_path, requests):
    Run.begin(tmp_path, requests)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RunError, match=said):
        Run.open(tmp_path)


def test_what_cannot_be_begun_or_opened_is_said(tmp_path, archive, requests):
    with pytest.raises(RunError, match="at least one request"):
        Run.begin(tmp_path, [])
    with pytest.raises(RunError, match="at least 1, but is 0"):
        Run.begin(tmp_path, requests, size=0)
    with pytest.raises(RunError, match="there is no run in"):
        Run.open(tmp_path)
    with pytest.raises(RunError, match=r"no partition 1: they are numbered from 0 to 0"):
        Run.begin(tmp_path, requests).work(archive, only=[1])


def test_a_disk_that_takes_nothing_stops_the_run_with_a_reason(tmp_path, archive, requests):
    kept = Run.begin(tmp_path, requests, size=5)
    (tmp_path / "attempts").write_text("a file, where a folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="the first of them 0: cannot write"):
        kept.work(archive)


def test_any_tool_reads_the_rows_as_one_table(tmp_path, archive, requests, serial):
    Run.begin(tmp_path, requests, size=1).work(archive)
    table = pyarrow.dataset.dataset(tmp_path / "rows").to_table().to_pandas()
    assert len(table) == len(serial)
    assert sorted(table.place) == list(range(len(serial)))
    assert str(table.start.dtype) == "datetime64[ns, UTC]"


def test_the_manifest_says_what_the_run_is_about(tmp_path, requests):
    Run.begin(tmp_path, requests)
    content = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert content["requests"] == len(requests)
    assert content["settings"]["picking"]["long_s"] == PickingSettings().long_s


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.write("a/name", b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(StoreError, match=r"cannot write a/name to .*disk full"):
        store.write("a/name", b"new")
    assert store.read("a/name") == b"old"
    assert store.names("a") == ["name"]
    assert list((tmp_path / "a").iterdir()) == [tmp_path / "a" / "name"]
    assert store.read("b") is None
    assert store.names("b") == []


def test_a_folder_is_the_same_whatever_the_working_folder_is_later(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Store("here")
    monkeypatch.chdir("/")
    store.write("name", b"content")
    assert (tmp_path / "here" / "name").read_bytes() == b"content"
    assert Path(store.where) == tmp_path / "here"


def test_credentials_are_neither_said_nor_written(requests, archive, tmp_path, monkeypatch, caplog):
    """Not where a bucket cannot be reached, and not in the files of a run that can."""
    monkeypatch.setattr("seispipe.runs.store._PAUSES_S", ())
    secret = {"key": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI", "token": "FwoGZXIvYXdz"}
    away = Store("s3://bucket/run", endpoint_url="http://127.0.0.1:9", **secret)
    caplog.set_level("DEBUG", logger="seispipe")
    with pytest.raises(StoreError) as problem:
        away.read("manifest.json")
    said = [str(problem.value), str(away), caplog.text]
    run = Run.begin(tmp_path, requests[:2])
    run.store.options |= secret
    run.work(archive)
    said += [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(said) > 5
    assert [word for word in secret.values() if any(word in text for text in said)] == []
