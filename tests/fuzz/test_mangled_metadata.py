"""Whatever comes as StationXML: a row with sound numbers, or a reason."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inputs import inputs, one_input
from mangling import Cut, CutOff, Flipped, Overwritten, mangle, shares
from station import Given, judged, right_row, subject

from seispipe.pipeline import process_station

ABSURD = [
    *("", " ", "0", "-0", "-1", "1e-320", "1e308", "-1e308", "1e999", "nan", "inf", "-inf"),
    *("0x10", "1,5", "ten", "9" * 400, "\u0661", "M/S", "m/s", "M", "PA", "2026-03-14T09:26:40"),
    *("9999-12-31T00:00:00", "0001-01-01T00:00:00", "&amp;", "-90.0", "1000000000"),
]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE x [{}]>\n'


@cache
def pieces() -> list[str]:
    """The metadata in pieces; every second one is a text that stands between two marks."""
    return re.split(r"((?<=>)[^<>\s][^<>]*(?=<)|(?<==\")[^\"<>]*(?=\"))", subject()[2].decode())


@inputs(share=0.15)
@given(
    ways=st.lists(
        st.one_of(
            st.builds(Cut, shares, shares),
            st.builds(CutOff, shares),
            st.builds(Flipped, shares, st.integers(0, 7)),
            st.builds(Overwritten, shares, st.binary(min_size=1, max_size=200), st.booleans()),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_mangled_metadata_give_a_row_or_a_reason(ways):
    request, waveforms, metadata = subject()
    with one_input("StationXML") as became:
        became(judged(process_station(request, Given(waveforms, mangle(metadata, ways)))))


@inputs(share=0.15)
@given(lies=st.lists(st.tuples(shares, st.sampled_from(ABSURD)), min_size=1, max_size=3))
def test_absurd_values_give_a_row_or_a_reason(lies):
    request, waveforms, _ = subject()
    with one_input("StationXML") as became:
        told = list(pieces())
        for where, absurd in lies:
            told[2 * int(where * (len(told) // 2)) + 1] = absurd
        metadata = "".join(told).encode()
        became(judged(process_station(request, Given(waveforms, metadata))))


def laughs(levels: int) -> bytes:
    """Entities of entities, ten times as many at each level."""
    entities = '<!ENTITY e0 "ha">' + "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, levels)
    )
    body = subject()[2].decode().split("?>", 1)[1]
    body = body.replace("<Source>", f"<Source>&e{levels - 1};", 1)
    return (HEAD.format(entities) + body).encode()


@pytest.mark.parametrize("levels", [8, 9, 12])
def test_entities_that_multiply_are_refused(levels):
    request, waveforms, _ = subject()
    assert len(laughs(levels)) < 60_000
    row = process_station(request, Given(waveforms, laughs(levels)))
    assert row.status == "no_response"


def test_an_entity_cannot_bring_in_a_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    request, waveforms, metadata = subject()
    entity = f'<!ENTITY secret SYSTEM "{secret.as_uri()}">'
    body = metadata.decode().split("?>", 1)[1].replace("<Source>", "<Source>&secret;", 1)
    row = process_station(request, Given(waveforms, (HEAD.format(entity) + body).encode()))
    assert row.status == "no_response"
    assert "a secret" not in row.reason


def test_the_sound_metadata_give_the_right_row():
    request, waveforms, metadata = subject()
    assert "".join(pieces()).encode() == metadata
    assert process_station(request, Given(waveforms, metadata)) == right_row()
