"""Reading a part of an object gives what reading all of it would."""

import io
import warnings

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from obspy import Stream, Trace, UTCDateTime, read
from pymseed import DataEncoding, MiniSEEDError, MS3Record, nslc2sourceid

from seispipe.archive import FolderArchive
from seispipe.archive.miniseed import UnsoundRecord
from seispipe.archive.records import decode, stamp_of, without_far_records
from seispipe.archive.traffic import Traffic
from seispipe.errors import BadSamples

DAY = UTCDateTime(2026, 3, 14)
CODES = ("XX", "ABC", "", "HHZ")
KEY = "continuous_waveforms/2026/2026_073/XXABC__HHZ___2026073.ms"
SAMPLES = 400_000


def trace(first_second=0.0, samples=SAMPLES, seed=1, rate=100.0):
    # The first half is quiet and the second is not, so that records differ in length of time.
    generator = np.random.default_rng(seed)
    data = generator.integers(-20, 20, samples)
    data[samples // 2 :] *= 3000
    header = {"network": "XX", "station": "ABC", "channel": "HHZ", "sampling_rate": rate}
    return Trace(data.astype(np.int32), header={**header, "starttime": DAY + first_second})


def packed(*traces, encoding="STEIM2", byteorder=">", reclen=512):
    made = io.BytesIO()
    options = {"encoding": encoding, "byteorder": byteorder, "reclen": reclen}
    Stream(traces).write(made, format="MSEED", **options)
    return made.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bucket")
    path = folder / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(packed(trace()))
    return folder


def spread(stream):
    """The samples of a stream, whatever the order in which its pieces were found."""
    if isinstance(stream, list):
        stream = Stream([piece.trace() for piece in stream])
    stream = stream.copy().merge(method=-1)
    return sorted(
        (trace.id, trace.stats.starttime.ns, trace.data.tolist()) for trace in stream if len(trace)
    )


@given(
    start=st.integers(-500, 4_200_000).map(lambda millisecond: millisecond / 1000),
    length=st.sampled_from([0.0, 0.01, 3.0, 130.0, 1999.0]),
)
@example(start=0.0, length=130.0)
@example(start=3999.99, length=0.01)
@example(start=1999.995, length=3.0)
def test_the_records_of_a_window_hold_what_the_whole_object_does(folder, start, length):
    window = (DAY + start, DAY + start + length)
    part = FolderArchive(folder, reading="records")
    whole = FolderArchive(folder, reading="objects")
    found = spread(part.get_waveforms(*CODES, *window))
    assert found == spread(whole.get_waveforms(*CODES, *window))
    expected = read(str(folder / KEY)).trim(*window, nearest_sample=False)
    assert found == spread(expected)


def test_a_window_moves_few_bytes_in_few_reads(folder):
    archive = FolderArchive(folder, reading="records")
    archive.get_waveforms(*CODES, DAY + 1500, DAY + 1530)
    size = (folder / KEY).stat().st_size
    assert archive.traffic.reads <= 8
    assert archive.traffic.bytes < 0.05 * size
    archive.traffic.reset()
    assert (archive.traffic.reads, archive.traffic.bytes) == (0, 0)


@pytest.mark.parametrize("length", [5, 30, 120])
def test_no_window_needs_the_whole_object(folder, length):
    """Also where records become shorter: what is read first may then end before the window."""
    size = (folder / KEY).stat().st_size
    archive = FolderArchive(folder, reading="records")
    for end in np.arange(1985, 2160, 0.5):
        archive.traffic.reset()
        archive.get_waveforms(*CODES, DAY + end - length, DAY + end)
        assert archive.traffic.bytes < 0.5 * size, end


def mixed_up(data, length=512):
    rows = np.frombuffer(data, np.uint8).reshape(-1, length)
    return np.random.default_rng(7).permutation(rows).tobytes()


def appended_late():
    """What an archive does that receives ten minutes of data a day later."""
    return packed(trace(0, 100_000), trace(1060, 200_000)) + packed(trace(1000, 6_000))


@pytest.mark.parametrize(
    "data",
    [
        packed(trace(0, 100_000), trace(1060, 200_000)),
        packed(trace(), byteorder="<"),
        packed(trace(), reclen=4096),
        packed(trace(), encoding="INT32"),
        packed(trace(), encoding="STEIM1"),
        packed(trace(0, 300), reclen=512),
        packed(trace()) + b"cut off",
        packed(trace())[:-200],
        mixed_up(packed(trace())),
        appended_late(),
        packed(trace(), trace(5000, 100_000, rate=50.0)),
    ],
    ids=[
        "gap",
        "little-endian",
        "long records",
        "INT32",
        "STEIM1",
        "small",
        "tail",
        "cut",
        "not in order",
        "late data at the end",
        "two rates",
    ],
)
@pytest.mark.parametrize("start", [0.0, 980.0, 1010.0, 1990.0, 3990.0])
def test_what_is_unusual_is_read_as_well(tmp_path, data, start):
    path = tmp_path / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    window = (DAY + start, DAY + start + 30)
    found = {
        reading: FolderArchive(tmp_path, reading=reading).get_waveforms(*CODES, *window)
        for reading in ("objects", "records")
    }
    assert spread(found["records"]) == spread(found["objects"])
    usable = len(data) // 512 * 512
    whole = read(io.BytesIO(data[:usable])).trim(*window, nearest_sample=False)
    assert spread(found["objects"]) == spread(whole)


def in_version_3(*traces):
    record = MS3Record()
    record.formatversion, record.reclen, record.encoding = 3, 512, DataEncoding.STEIM2
    data = b""
    for each in traces:
        stats = each.stats
        record.sourceid = nslc2sourceid(*each.id.split("."))
        record.samprate, record.starttime = stats.sampling_rate, stats.starttime.ns
        data += b"".join(record.generate(each.data, "i"))
    return data


@pytest.mark.parametrize("reading", ["objects", "records"])
@pytest.mark.parametrize("samples", [1000, 400_000])
def test_miniseed_3_is_read_as_well(tmp_path, reading, samples):
    """Its records are not of one length, and headers have another form."""
    other = trace(seed=2, samples=samples)
    other.stats.channel = "HHN"
    path = tmp_path / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(in_version_3(trace(samples=samples), other))
    window = (DAY + 3, DAY + 9)
    found = FolderArchive(tmp_path, reading=reading).get_waveforms(*CODES, *window)
    assert spread(found) == spread(Stream([trace(samples=samples)]).trim(*window))


def test_a_flipped_bit_in_miniseed_3_is_an_error():
    spoilt = bytearray(in_version_3(trace(samples=50_000)))
    spoilt[10_100] ^= 4
    with pytest.raises(MiniSEEDError, match="Invalid CRC"):
        decode(bytes(spoilt), CODES, DAY.ns, (DAY + 100).ns)


def test_other_channels_in_the_object_are_left_alone():
    other = trace(seed=2)
    other.stats.channel = "HHN"
    data = packed(trace(), other)
    found = decode(data, CODES, DAY.ns, (DAY + 10).ns)
    assert spread(found) == spread(Stream([trace()]).trim(DAY, DAY + 10))
    assert decode(data, ("XX", "ABC", "00", "HHZ"), DAY.ns, (DAY + 10).ns) == []


@given(
    record=st.integers(0, 99),
    byte=st.integers(64 + 12, 511),
    bit=st.integers(0, 7),
)
def test_a_flipped_bit_is_never_passed_off_as_a_sample(record, byte, bit):
    """In a difference: what comes out is right, or it is an error.

    What says how many differences a word holds is left alone. With such a flip all that follows is
    shifted, and may by chance end with the right value; more than the end the format does not keep.
    """
    assume(byte % 64 >= 4 and not (byte % 4 == 0 and bit >= 6))
    sound = packed(trace(samples=100_000))
    spoilt = bytearray(sound)
    spoilt[512 * record + byte] ^= 1 << bit
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as readers often have it
        try:
            found = decode(bytes(spoilt), CODES, DAY.ns, (DAY + 1000).ns)
        except (UnsoundRecord, MiniSEEDError):
            return
    # The padding behind the last difference may be anything.
    assert spread(found) == spread(read(io.BytesIO(sound)).trim(DAY, DAY + 1000))


def test_an_unsound_record_names_its_object(tmp_path):
    spoilt = bytearray(packed(trace(samples=50_000)))
    spoilt[512 * 10 + 64 + 3 * 64 + 23] ^= 0x04
    path = tmp_path / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(spoilt)
    with pytest.raises(BadSamples, match=r"XXABC.*does not end"):
        FolderArchive(tmp_path).get_waveforms(*CODES, DAY, DAY + 100)
    with pytest.raises(UnsoundRecord, match="does not end"):
        decode(bytes(spoilt), CODES, DAY.ns, (DAY + 100).ns)


def test_traffic_is_counted_and_can_be_shared():
    traffic = Traffic()
    traffic.add(1_500_000)
    assert repr(traffic) == "1 read, 1.500 MB"


def test_there_are_two_ways_of_reading(tmp_path):
    with pytest.raises(ValueError, match="reading is 'pages'; choose one of: objects, records"):
        FolderArchive(tmp_path, reading="pages")


@given(
    seconds=st.integers(-10, 4100),
    length=st.sampled_from([0.0, 3.0, 700.0, 5000.0]),
    reclen=st.sampled_from([512, 4096]),
    byteorder=st.sampled_from("<>"),
    year_end=st.booleans(),
)
def test_records_left_out_hold_nothing_of_the_window(seconds, length, reclen, byteorder, year_end):
    first = trace(samples=SAMPLES)
    if year_end:
        first.stats.starttime = UTCDateTime(2026, 12, 31, 23, 30)
    data = packed(first, reclen=reclen, byteorder=byteorder)
    start = first.stats.starttime + seconds
    part = without_far_records(data, reclen, start.ns, (start + length).ns)
    whole = Stream(read(io.BytesIO(data))).trim(start, start + length, nearest_sample=False)
    found = Stream(read(io.BytesIO(part))).trim(start, start + length, nearest_sample=False)
    assert spread(found) == spread(whole)
    if byteorder == ">" and not year_end and 0 <= seconds < 3000 and length < 700:
        assert len(part) < 0.7 * len(data)


@given(st.integers(0, 4_000_000_000_000_000_000), st.integers(0, 4_000_000_000_000_000_000))
def test_stamps_are_in_the_order_of_the_times(one, two):
    if abs(one - two) >= 100_000:
        assert (stamp_of(one) < stamp_of(two)) == (one < two)
