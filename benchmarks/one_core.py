"""One core: a window of two minutes, and a whole day, from bytes to a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from obspy import UTCDateTime
from obspy.signal.trigger import recursive_sta_lta
from pymseed import MS3TraceList
from scipy.fft import irfft, rfft
from scipy.signal import iirfilter, sosfilt

from benchmarks.baselines import Found, from_file, keys_of
from benchmarks.result import Result
from benchmarks.timing import in_turn, ratio, shared, together
from seispipe.archive import FolderArchive, Request
from seispipe.archive.records import record_form, without_far_records
from seispipe.blocks import TOGETHER, Blocks
from seispipe.correction import ROOM_PERIODS, CorrectionSettings
from seispipe.frequency import amplitude_spectrum
from seispipe.pipeline import run
from seispipe.results import Row
from seispipe.stages import Settings, correct, find_onset, find_response, read_counts, trim

TOLERANCE = 1e-6
# The pipeline's room for what a response spreads, in samples at 100 Hz.
_ROOM = round(100 * ROOM_PERIODS / CorrectionSettings().low_hz[0])


def windows(archive: FolderArchive) -> list[Request]:
    """Return 130 s around the largest earthquake at each station of the hour."""
    proposed = archive.requests("hour")
    origin = proposed[0].start + 30
    return [Request.from_id(each.seed_id, origin - 30, origin + 100) for each in proposed]


def day(archive: FolderArchive) -> Request:
    """Return the whole day of a station that records one."""
    request = archive.requests("day")[0]
    start = UTCDateTime(request.start.date)
    return Request.from_id(request.seed_id, start, start + 86400)


def assert_same(
    requests: Sequence[Request], archive: FolderArchive, found: Sequence[Found]
) -> bool:
    """Hold the pipeline's rows against what a baseline found.

    Returns
    -------
    bool
        True: picks on the same sample, spectra and magnitudes within a millionth.

    Raises
    ------
    AssertionError
        If one is not, with the channel and by how much.
    """
    for request, row, other in zip(requests, run(requests, archive), found, strict=True):
        _assert_same_row(request, row, _spectrum(request, archive), other)
    return True


def _assert_same_row(request: Request, row: Row, amplitude: np.ndarray, other: Found) -> None:
    assert row.status == "ok", f"{request.seed_id}: {row.status}, {row.reason}"
    assert row.p_time == other.p_time, f"{request.seed_id}: {row.p_time}, not {other.p_time}"
    apart = np.abs(amplitude - other.amplitude).max() / other.amplitude.max()
    assert apart <= TOLERANCE, f"{request.seed_id}: spectra {apart:.1e} apart"
    if row.plateau is None:
        # The pipeline does not claim a plateau that lies below the frequencies used.
        assert other.corner_hz < 1.0 + 1e-3, f"{request.seed_id}: corner {other.corner_hz}"
        return
    magnitudes = 2 / 3 * abs(np.log10(row.plateau / other.plateau))
    assert magnitudes <= TOLERANCE, f"{request.seed_id}: magnitudes {magnitudes:.1e} apart"


def _spectrum(request: Request, archive: FolderArchive) -> np.ndarray:
    """Return the spectrum that the row was made from."""
    settings = Settings()
    velocity = correct(read_counts(request, archive), find_response(request, archive), settings)
    signal, _ = trim(velocity, find_onset(velocity, settings), settings)
    return amplitude_spectrum(signal, settings.frequency.taper_fraction).amplitude


@dataclass(frozen=True)
class Bound:
    """What cannot be left out: decoding, a pair of Fourier transforms, a filter, two averages.

    Each is done as the pipeline does it, which is the cheapest way that we know.
    """

    records: Sequence[bytes]
    samples: np.ndarray
    blocks: Blocks

    @classmethod
    def of(cls, requests: Sequence[Request], archive: FolderArchive) -> "Bound":
        """Take the records of some windows of one length, and no others."""
        records = []
        for request in requests:
            data = archive.fetch(keys_of(request)[0])
            span = request.start.ns, request.end.ns - 1
            records.append(without_far_records(data, record_form(data).length, *span))
        count = round((requests[0].end - requests[0].start) * 100)
        samples = np.random.default_rng(0).standard_normal((len(requests), count))
        return cls(records, samples, Blocks(count, _ROOM))

    def decode(self) -> None:
        """Decode the records."""
        for data in self.records:
            MS3TraceList.from_buffer(data, unpack_data=True)

    def transform(self) -> None:
        """Transform to frequencies and back."""
        length = self.blocks.length
        if self.blocks.useful == self.blocks.samples:
            for first in range(0, len(self.samples), TOGETHER):
                irfft(rfft(self.samples[first : first + TOGETHER], length), length)
            return
        for window in self.samples:
            for start in range(0, len(window), self.blocks.useful):
                irfft(rfft(window[start : start + length], length), length)

    def filter(self) -> None:
        """Filter once."""
        band = iirfilter(4, (1.0, 20.0), btype="bandpass", output="sos", fs=100.0)
        for first in range(0, len(self.samples), TOGETHER):
            sosfilt(band, self.samples[first : first + TOGETHER])

    def average(self) -> None:
        """Take the two averages."""
        for window in self.samples:
            recursive_sta_lta(window, 50, 1000)

    def parts(self) -> dict[str, Callable[[], None]]:
        """Return the parts, by name."""
        return {name: getattr(self, name) for name in ("decode", "transform", "filter", "average")}


def compare(
    name: str,
    what: str,
    requests: Sequence[Request],
    archive: FolderArchive,
    repeats: int,
    times_ours: int,
    least_ratio: float,
    most_over_bound: float,
) -> Result:
    """Compare the pipeline with the tutorial chain and with its bound, on some windows."""
    same = assert_same(requests, archive, [from_file(archive.folder, r) for r in requests])
    # So often that both sides take long enough to be timed, and to be warm.
    many = [*requests] * times_ours
    bound = Bound.of(many, archive)
    times = in_turn(
        {
            "baseline": lambda: [from_file(archive.folder, request) for request in requests],
            "ours": lambda: run(many, archive),
            **bound.parts(),
        },
        repeats,
    )
    windows_of = {way: len(many) for way in times} | {"baseline": len(requests)}
    each = {way: shared(clocked.processor, windows_of[way]) for way, clocked in times.items()}
    wall = {way: shared(clocked.wall, windows_of[way]) for way, clocked in times.items()}
    least = together([each[part] for part in bound.parts()])
    gained, over = ratio(each["baseline"], each["ours"]), ratio(each["ours"], least)
    return Result(
        name,
        what,
        ours=wall["ours"].median,
        baseline=wall["baseline"].median,
        ratio=gained,
        bound=least.median,
        ours_over_bound=over,
        same_results=same,
        target=f">= {least_ratio:g}x, <= {most_over_bound:g}x the bound",
        met=gained >= least_ratio and over <= most_over_bound,
        spread=wall["ours"].spread,
        baseline_spread=wall["baseline"].spread,
        processor=each["ours"].median,
        baseline_processor=each["baseline"].median,
        repeats=repeats,
        note="Ratios are of processor time.",
    )


def results(archive: FolderArchive, repeats: int) -> list[Result]:
    """Run the benchmarks of one core."""
    return [
        compare(
            "window-one-core",
            "130 s of one channel, from bytes to a row, against the tutorial chain",
            windows(archive),
            archive,
            repeats,
            times_ours=5,
            least_ratio=40,
            most_over_bound=1.3,
        ),
        compare(
            "day-one-core",
            "a day of one channel at 100 Hz, from bytes to a row, against the tutorial chain",
            [day(archive)],
            archive,
            repeats,
            times_ours=1,
            least_ratio=18,
            most_over_bound=1.5,
        ),
    ]
