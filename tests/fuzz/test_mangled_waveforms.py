"""Whatever lies in an archive as miniSEED: the right row, or a reason, never a wrong one."""

from hypothesis import given
from hypothesis import strategies as st
from inputs import inputs, one_input
from mangling import mangle, ways_to_mangle
from station import Given, judged, same_as_right, small_object, subject

from seispipe.pipeline import process_station


@inputs(share=0.35)
@given(
    whole=st.booleans(),
    reading=st.sampled_from(["objects", "records"]),
    ways=st.lists(ways_to_mangle, min_size=1, max_size=3),
)
def test_a_mangled_object_gives_the_right_row_or_a_reason(whole, reading, ways):
    request, waveforms, metadata = subject()
    with one_input("miniSEED") as became:
        sound = waveforms if whole else small_object()
        row = process_station(request, Given(mangle(sound, ways), metadata, reading))
        outcome = judged(row)
        assert outcome != "ok" or same_as_right(row), row
        became(outcome)


@inputs(share=0.05)
@given(data=st.binary(max_size=3000), begins=st.sampled_from([b"", b"000001D ", b"MS\x03"]))
def test_any_bytes_give_a_reason(data, begins):
    request, _, metadata = subject()
    with one_input("miniSEED") as became:
        outcome = judged(process_station(request, Given(begins + data, metadata)))
        assert outcome != "ok"
        became(outcome)
