"""Whole or not at all, nowhere but in the folder, and taken up where it broke off."""

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
from faulty_server import a_server_that, break_off, refuse
from hypothesis import given
from hypothesis import strategies as st

from seispipe.archive.download import (
    Outcome,
    download,
    read_failures,
    target_path,
    write_failures,
)
from seispipe.archive.endpoint import serve
from seispipe.archive.s3 import s3_client


def no_pause(_seconds):
    pass


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for number in range(20):
        path = folder / "continuous_waveforms" / f"{number % 3}" / f"{number:02d}.ms"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * (1000 * number + 1))
    return folder


def keys_below(folder):
    return sorted(str(p.relative_to(folder).as_posix()) for p in folder.rglob("*") if p.is_file())


def fetch(url, keys, folder, **options):
    options = {"progress": False, "pause": no_pause, **options}
    return download(s3_client(url), "scedc-pds", keys, folder, **options)


@pytest.mark.parametrize("threads", [1, 8])
def test_what_arrives_is_what_was_there(source, tmp_path, threads):
    keys, target = keys_below(source), tmp_path / "target"
    with serve(source) as endpoint:
        outcomes = fetch(endpoint.url, [*keys, keys[0]], target, threads=threads)
    assert [outcome.key for outcome in outcomes] == keys
    assert {outcome.status for outcome in outcomes} == {"downloaded"}
    assert keys_below(target) == keys
    for outcome in outcomes:
        data = (target / outcome.key).read_bytes()
        assert data == (source / outcome.key).read_bytes()
        assert len(data) == outcome.size


def test_a_second_call_skips_what_is_there_and_mends_what_is_wrong(source, tmp_path):
    keys, target = keys_below(source), tmp_path / "target"
    with serve(source) as endpoint:
        fetch(endpoint.url, keys, target)
        (target / keys[3]).write_bytes(b"spoilt")
        (target / keys[4]).unlink()
        outcomes = fetch(endpoint.url, keys, target)
    changed = [outcome.key for outcome in outcomes if outcome.status == "downloaded"]
    assert changed == [keys[3], keys[4]]
    assert (target / keys[3]).read_bytes() == (source / keys[3]).read_bytes()


def test_failures_are_listed_and_taken_up_again(source, tmp_path):
    target, listing = tmp_path / "target", tmp_path / "failed.csv"
    keys = [*keys_below(source), "not/there.ms", 'with "quotes", and commas.ms']
    with serve(source) as endpoint:
        outcomes = fetch(endpoint.url, keys, target)
        assert write_failures(outcomes, listing) == 2
        assert read_failures(listing) == keys[-2:]
        (source / "not").mkdir()
        (source / "not" / "there.ms").write_bytes(b"now it is")
    # A new server, because rclone remembers for a while what a folder held.
    with serve(source) as endpoint:
        again = fetch(endpoint.url, read_failures(listing), target)
    assert [outcome.status for outcome in again] == ["downloaded", "failed"]
    assert write_failures(again[:1], listing) == 0
    assert not listing.exists()
    assert read_failures(listing) == []


def test_a_file_that_is_no_list_of_failures_is_refused(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no column 'key'"):
        read_failures(tmp_path / "other.csv")


@pytest.mark.parametrize("breaks", [0, 2])
def test_a_broken_transfer_is_tried_again(tmp_path, breaks):
    with a_server_that(break_off(breaks)) as (url, asked):
        (outcome,) = fetch(url, ["one.ms"], tmp_path)
    assert outcome.status == "downloaded"
    assert len(asked) == breaks + 1
    assert (tmp_path / "one.ms").read_bytes() == b"x" * 1000


def test_a_transfer_that_never_ends_well_leaves_no_file(tmp_path):
    waits = []
    with a_server_that(break_off(99)) as (url, asked):
        (outcome,) = fetch(url, ["one.ms"], tmp_path, pause=waits.append)
    assert outcome.status == "failed"
    assert len(asked) == 4
    assert list(tmp_path.iterdir()) == []
    assert len(waits) == 3
    assert all(later > 0.6 * earlier for earlier, later in pairwise(waits))


def test_wrong_bytes_of_the_right_length_are_noticed(tmp_path):
    def answer(handler, _number):
        body = b"y" * 1000
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        digest = hashlib.md5(b"x" * 1000, usedforsecurity=False).hexdigest()
        handler.send_header("ETag", f'"{digest}"')
        handler.end_headers()
        handler.wfile.write(body)

    with a_server_that(answer) as (url, _):
        (outcome,) = fetch(url, ["one.ms"], tmp_path)
    assert outcome.status == "failed"
    assert "their MD5 differs" in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_what_will_not_pass_is_not_tried_again(tmp_path):
    with a_server_that(refuse(403, "AccessDenied")) as (url, asked):
        (outcome,) = fetch(url, ["one.ms"], tmp_path)
    assert outcome == Outcome("one.ms", "failed", reason="the server said AccessDenied")
    assert len(asked) == 1


@given(st.text(max_size=40))
def test_no_key_leads_out_of_the_folder(key):
    folder = Path("downloads").resolve()
    try:
        path = target_path(folder, key)
    except ValueError:
        return
    assert path.resolve().is_relative_to(folder)
    assert path.resolve() != folder


@pytest.mark.parametrize(
    "key",
    [
        *("", "/etc/passwd", "../x", "a/../../x", "a//b", "./x"),
        *("C:\\x", "a\\..\\b", "x\x00", "con.ms", "a/nul", "dots.", "colon:stream"),
    ],
)
def test_keys_that_are_not_safe_are_refused(key, tmp_path):
    with pytest.raises(ValueError, match="not safe as a file name"):
        target_path(tmp_path, key)


def test_an_unsafe_key_is_a_failure_and_not_the_end(source, tmp_path):
    keys = ["../escaped.ms", keys_below(source)[0]]
    with serve(source) as endpoint:
        outcomes = fetch(endpoint.url, keys, tmp_path / "target")
    assert [outcome.status for outcome in outcomes] == ["failed", "downloaded"]
    assert not (tmp_path / "escaped.ms").exists()
