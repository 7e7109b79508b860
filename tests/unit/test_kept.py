import dataclasses
import subprocess
import sys

import pytest
from obspy import UTCDateTime

from seispipe.archive import Request
from seispipe.pipeline import Settings
from seispipe.teaching.kept import digest, whole


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "rows.csv"
    with whole(path) as draft:
        draft.write_text("half", encoding="utf-8")
        assert not path.exists()
        draft.write_text("all of it", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "all of it"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("problem", [OSError, KeyboardInterrupt])
def test_what_ends_half_way_leaves_the_old_file(tmp_path, problem):
    path = tmp_path / "rows.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(problem):
        _end_half_way(path, problem)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def _end_half_way(path, problem):
    with whole(path) as draft:
        draft.write_text("ne", encoding="utf-8")
        raise problem


def test_a_digest_changes_with_what_goes_in_and_only_with_that():
    start = UTCDateTime("2026-03-14T09:00:00")
    requests = [Request("XX", "S001", "", "HHZ", start, start + 60)]
    settings = Settings()
    same = digest(requests, settings)
    assert same == digest(list(requests), Settings())
    other = dataclasses.replace(
        settings, picking=dataclasses.replace(settings.picking, band_hz=(2.0, 10.0))
    )
    assert digest(requests, other) != same
    assert digest(requests[:0], settings) != same
    assert digest(settings, requests) != same


def test_a_digest_is_the_same_in_another_process():
    code = (
        "from seispipe.pipeline import Settings; from seispipe.teaching.kept import digest; "
        "print(digest(Settings()))"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == digest(Settings())
