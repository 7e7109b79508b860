"""Names, addresses, tables and variables that nobody meant: an answer in words, and no way out."""

import json
import os
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inputs import inputs, one_input
from obspy import UTCDateTime
from station import subject

from seispipe.archive import FdsnArchive, FolderArchive, Request, Truth
from seispipe.archive.download import read_failures, target_path
from seispipe.archive.layouts import LAYOUTS
from seispipe.pipeline import process_station
from seispipe.results import STATUSES
from seispipe.runs import Run, RunError
from seispipe.runs.partitions import unpack_rows
from seispipe.runs.store import Store
from seispipe.sources import open_archive
from seispipe.teaching.progress import passed

codes = st.one_of(
    st.sampled_from(
        [
            *("XX", "S001", "HHZ", "", "--", "*", "?", "..", ".", "/", "\\", "../..", "~", "$HOME"),
            *("CON", "NUL", "aux", "COM1", "C:", "\0", "\n", "é", "٣", "a" * 300, "%2e%2e", " "),
        ]
    ),
    st.text(max_size=6),
)
texts = st.text(max_size=60) | st.from_regex(r"[A-Z]{1,2}\.[A-Z0-9.]{0,9}\.HH[ZNE]", fullmatch=True)


@contextmanager
def refused_in_words(*errors):
    """Let a refusal pass that says enough to act upon."""
    said: list[str] = []
    try:
        yield said
    except errors as problem:
        said.append(str(problem))
    assert all(len(each) > 15 for each in said), said


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """A folder that plays a bucket, beside a file that nobody may be led to."""
    folder = tmp_path_factory.mktemp("beside")
    metadata = subject()[2]
    for place in (
        "FDSNstationXML/XX/XX_S001.xml",
        "XX_S001.xml",
        "bucket/FDSNstationXML/XX/in.xml",
    ):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(metadata)
    return folder / "bucket"


@inputs(share=0.06)
@given(network=codes, station=codes, location=codes, channel=codes)
def test_no_code_leads_out_of_the_folder(bucket, network, station, location, channel):
    """Nothing lies inside, and what lies beside would be found."""
    start = subject()[0].start
    with one_input("codes") as became:
        request = Request(network, station, location, channel, start, start + 120)
        opened = []
        archive = FolderArchive(bucket)
        with patch.object(Path, "open", autospec=True, side_effect=_noting(opened)):
            row = process_station(request, archive)
        assert row.status in STATUSES
        assert row.status not in ("ok", "error"), row.reason
        for path in opened:
            assert Path(os.path.realpath(path)).is_relative_to(os.path.realpath(bucket))
        became(row.status)


def _noting(opened):
    really = Path.open

    def open_(self, *args, **options):
        opened.append(self)
        return really(self, *args, **options)

    return open_


@inputs(share=0.05)
@given(text=texts)
def test_an_id_is_one_or_is_refused(text):
    start = UTCDateTime(2026, 1, 1)
    with one_input("codes") as became:
        with refused_in_words(ValueError) as refusals:
            request = Request.from_id(text, start, start + 1)
            assert request.seed_id == text.replace(".--.", "..")
        became("refused" if refusals else "an id")


@inputs(share=0.05)
@given(
    name=st.sampled_from(sorted(LAYOUTS)),
    text=st.text(max_size=80) | st.binary(max_size=40).map(repr),
)
def test_a_key_is_one_or_is_refused(name, text):
    with one_input("keys") as became:
        with refused_in_words(ValueError) as refusals:
            assert LAYOUTS[name].write(LAYOUTS[name].parse(text)) == text
        with refused_in_words(ValueError):
            path = target_path(Path("below"), text)
            assert Path(os.path.normpath(path)).is_relative_to("below")
        became("refused" if refusals else "a key")


addresses = st.one_of(
    st.text(max_size=40),
    st.text(max_size=30).map("fdsn:{}".format),
    st.text(max_size=30).map("http://{}".format),
    st.sampled_from(["http://[::1", "https://", "http://a:b@c", "http://127.0.0.1:99999", "fdsn:"]),
)


@inputs(share=0.03)
@given(source=addresses, reading=st.text(max_size=10) | st.sampled_from(["objects", "records"]))
def test_a_source_is_one_or_is_refused(source, reading):
    """In a variable of the environment, where it can be one; nobody is asked anything yet."""
    assume(source not in ("", "teaching"))  # which would be made
    with one_input("addresses") as became:
        with refused_in_words(ValueError) as refusals:
            settings = {"SEISPIPE_SOURCE": source, "SEISPIPE_READING": reading}
            can_be = all(word.isprintable() and word.isascii() for word in settings.values())
            if can_be:
                with patch.dict(os.environ, settings):
                    open_archive()
            else:
                open_archive(source, reading)
        with refused_in_words(ValueError):
            FdsnArchive(source)
        became("refused" if refusals else "an archive")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@inputs(share=0.03)
@given(data=st.binary(max_size=200) | values.map(lambda v: json.dumps(v).encode()))
def test_a_table_is_one_or_is_refused(data, tmp_path_factory):
    """Lists of failures, progress, partitions of rows, and answers."""
    folder = tmp_path_factory.getbasetemp()
    path = folder / "some-table"
    path.write_bytes(data)
    with one_input("tables") as became:
        with refused_in_words(ValueError):
            read_failures(path)
        with patch.dict(os.environ, {"SEISPIPE_PROGRESS": str(path)}):
            passed()
        with refused_in_words(ValueError):
            unpack_rows(data)
        with refused_in_words(ValueError) as refusals:
            Truth(data)
        became("refused" if refusals else "a table")


@inputs(share=0.03)
@given(
    where=st.sampled_from(
        [*("format", "settings", "size", "requests_sha256", "created", "seispipe", "source"), None]
    ),
    value=values,
    cut=st.floats(0, 1),
)
def test_a_manifest_is_one_or_is_refused(where, value, cut, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "kept-run"
    with one_input("tables") as became:
        if not folder.exists():
            Run.begin(folder, [subject()[0]])
            (folder / "manifest.json").rename(folder / "sound.json")
        content = json.loads((folder / "sound.json").read_bytes())
        if where is not None:
            content[where] = value
        text = json.dumps(content).encode()
        (folder / "manifest.json").write_bytes(text if where else text[: int(cut * len(text))])
        with refused_in_words(RunError) as refusals:
            run = Run.open(folder)
            assert len(run.verify().missing) <= 1
        assert Store(folder).names("rows") == []
        became("refused" if refusals else "a table")
