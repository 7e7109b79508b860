"""What comes out: one row for every request, whatever happened to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd
from obspy import UTCDateTime
from obspy.core.event import (
    Catalog,
    Comment,
    CreationInfo,
    Event,
    ResourceIdentifier,
    WaveformStreamID,
)
from obspy.core.event import Pick as QuakeMLPick

from seispipe.archive import Request, Truth

#: Units of a row's measurements.
UNITS = {"peak_velocity": "m/s", "dominant_hz": "Hz", "corner_hz": "Hz", "plateau": "m·s"}

#: Every status a row can have, and what it tells the reader.
STATUSES = {
    "ok": "picked, trimmed and measured",
    "no_pick": "the data are whole, and nothing in them triggers",
    "unknown_station": "the archive has no metadata for the channel",
    "no_response": "no response covers the window",
    "bad_metadata": "the metadata contradict themselves or the samples",
    "no_data": "the archive holds no sample in the window",
    "gap": "samples are missing from the window",
    "bad_samples": "the samples cannot be trusted",
    "clipped": "the largest swings are cut off",
    "unsuitable_settings": "the settings or the request ask for what this channel cannot give",
    "outside_window": "the pick lies too near the edge of the data",
    "unreachable": "the archive does not answer, fails, or breaks off",
    "denied": "the archive answers and refuses",
    "no_bucket": "the server does not know the archive's bucket",
    "stopped": "the run was stopped before its turn",
    "error": "something unforeseen; the log has the whole story",
}


@dataclass(frozen=True)
class Row:
    """What is known of one request after the pipeline has seen it.

    Attributes
    ----------
    network, station, location, channel : str
        The channel's codes.
    start, end : UTCDateTime
        The window asked for, end excluded.
    status : str
        A key of :data:`STATUSES`.
    reason : str
        Empty when all went well; else one sentence: what is wrong and what would mend it.
    p_time : UTCDateTime or None
        P onset.
    snr : float or None
        Signal-to-noise ratio of the pick.
    peak_velocity : float or None
        Largest ground velocity in the trimmed window, in m/s.
    dominant_hz : float or None
        Frequency at which the velocity spectrum is largest.
    corner_hz : float or None
        Corner frequency, where the spectrum shows one.
    plateau : float or None
        Low-frequency level of the displacement spectrum, in m·s.
    """

    network: str
    station: str
    location: str
    channel: str
    start: UTCDateTime
    end: UTCDateTime
    status: str
    reason: str = ""
    p_time: UTCDateTime | None = None
    snr: float | None = None
    peak_velocity: float | None = None
    dominant_hz: float | None = None
    corner_hz: float | None = None
    plateau: float | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status is {self.status!r}; choose one of: {', '.join(STATUSES)}")

    @classmethod
    def of(cls, request: Request, status: str, **measured) -> "Row":
        """Make the row of a request."""
        # Not by asdict(), which copies the times: 0.1 ms, a tenth of what all stages take.
        codes = request.network, request.station, request.location, request.channel
        return cls(*codes, request.start, request.end, status, **measured)

    def __str__(self) -> str:
        """One line a field, numbers to four digits and with their unit."""
        lines = []
        for name, value in asdict(self).items():
            text = (
                f"{value:.4g}" if isinstance(value, float) else str("-" if value is None else value)
            )
            lines.append(f"{name:<15}{text} {UNITS.get(name, '')}".rstrip())
        return "\n".join(lines)

    @property
    def seed_id(self) -> str:
        """The channel's SEED id."""
        return f"{self.network}.{self.station}.{self.location}.{self.channel}"


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a table, one line a row and in their order, times as ISO 8601 text."""
    frame = pd.DataFrame(
        [asdict(row) for row in rows], columns=[field.name for field in fields(Row)]
    )
    for column in ("start", "end", "p_time"):
        frame[column] = [None if time is None else str(time) for time in frame[column]]
    return frame


def beside_truth(rows: Sequence[Row], truth: Truth) -> pd.DataFrame:
    """Return rows of the teaching archive with the known answers beside them.

    Parameters
    ----------
    rows : sequence of Row
        What the pipeline found.
    truth : Truth
        The archive's answers.

    Returns
    -------
    pandas.DataFrame
        One line a row: ``channel``, ``status``, ``snr``; ``p_error_s``, the pick less the true P
        onset; ``corner_hz`` and ``true_corner_hz``; ``magnitude``, the true one; ``distance_km``;
        ``defect``, what is wrong on purpose. Empty where there is nothing to say.
    """
    lines = []
    for row in rows:
        request = Request(*(getattr(row, field.name) for field in fields(Request)))
        known = truth.arrival(request) or {}
        picked = known and row.p_time is not None
        defect = truth.defect(row.station)
        lines.append(
            {
                "channel": row.seed_id,
                "status": row.status,
                "snr": row.snr,
                "p_error_s": row.p_time - known["p_time"] if picked else None,
                "corner_hz": row.corner_hz,
                "true_corner_hz": known.get("p_corner_hz"),
                "magnitude": known.get("magnitude"),
                "distance_km": known.get("hypocentral_km"),
                "defect": defect["about"] if defect else "",
            }
        )
    numbers = ["snr", "p_error_s", "corner_hz", "true_corner_hz", "magnitude", "distance_km"]
    table = pd.DataFrame(lines, columns=["channel", "status", *numbers, "defect"])
    return table.astype(dict.fromkeys(numbers, float))


def summary(rows: Sequence[Row]) -> str:
    """Say in one line how many rows there are, and how many of each status."""
    counts = Counter(row.status for row in rows)
    parts = [f"{counts[status]} {status}" for status in STATUSES if counts[status]]
    noun = "row" if len(rows) == 1 else "rows"
    return f"{len(rows)} {noun}: {', '.join(parts)}" if rows else "0 rows"


def write_csv(rows: Sequence[Row], path: str | Path) -> None:
    """Write rows as comma-separated values with a header line, replacing the file."""
    table(rows).to_csv(path, index=False)


def to_catalog(rows: Sequence[Row]) -> Catalog:
    """Return the picks as an ObsPy catalogue, one event a pick.

    The pipeline does not associate picks, so picks of one earthquake at several stations are
    several events here, and each says so.
    """
    catalog = Catalog(resource_id=ResourceIdentifier("smi:local/seispipe/picks"))
    named = set()
    for row in rows:
        if row.p_time is None:
            continue
        # The same pick may have been asked for twice; it has one name and is written once.
        name = f"{row.seed_id}/{row.p_time.strftime('%Y%m%dT%H%M%S%f')}"
        if name in named:
            continue
        named.add(name)
        pick = QuakeMLPick(
            resource_id=ResourceIdentifier(f"smi:local/seispipe/pick/{name}"),
            time=row.p_time,
            waveform_id=WaveformStreamID(seed_string=row.seed_id),
            method_id=ResourceIdentifier("smi:local/seispipe/sta-lta-aic"),
            phase_hint="P",
            evaluation_mode="automatic",
            evaluation_status="preliminary",
            creation_info=CreationInfo(author="seispipe"),
        )
        event = Event(
            resource_id=ResourceIdentifier(f"smi:local/seispipe/event/{name}"),
            picks=[pick],
            comments=[
                Comment(
                    text="One pick, not associated with those of other stations.",
                    resource_id=ResourceIdentifier(f"smi:local/seispipe/comment/{name}"),
                )
            ],
        )
        catalog.append(event)
    return catalog


def write_quakeml(rows: Sequence[Row], path: str | Path) -> None:
    """Write the picks as QuakeML 1.2, replacing the file."""
    to_catalog(rows).write(str(path), format="QUAKEML")
