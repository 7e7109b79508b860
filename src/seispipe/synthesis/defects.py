"""What is wrong with some stations, on purpose.

Real archives are never flawless, and a pipeline is judged by what it does with the flaws. Each kind
here is written into one station of its own, under a code that begins with F, and ``truth.json``
says which it is and what the pipeline's row should say.
"""

from dataclasses import dataclass

import numpy as np
from obspy import Inventory

GAP_S = (190.0, 194.0)  # in the wake of P, seconds after the station's first sample
OVERLAP_S = (200.0, 203.0)
CLOCK_ERROR_S = 0.35
CLIPPED_SHARE = 0.3
CUT_SHARE = 0.3
DEAD_COUNT = 17
_NOT_MINISEED = b"<html><body>503 Service Unavailable</body></html>\n" * 40


@dataclass(frozen=True)
class Defect:
    """One kind of flaw.

    Attributes
    ----------
    about : str
        What is wrong, in words.
    status : str
        The status that the pipeline's row should have.
    """

    about: str
    status: str


DEFECTS: dict[str, Defect] = {
    "gap": Defect("4 s of samples are missing after P", "gap"),
    "overlap": Defect("3 s are there twice and disagree", "bad_samples"),
    "clipped": Defect("the digitiser's range ends at 30 % of the largest sample", "clipped"),
    "dead": Defect("every sample is the same number", "bad_samples"),
    "no-metadata": Defect("there are samples and no StationXML", "unknown_station"),
    "no-response": Defect("the StationXML lists the channel without a response", "no_response"),
    "wrong-epoch": Defect("the only epoch ended a month before", "no_response"),
    "truncated": Defect("the object breaks off in the middle of a record", "gap"),
    "corrupt": Defect("one bit of the compressed samples is flipped", "bad_samples"),
    "not-miniseed": Defect("the object is an error page of a web server", "bad_samples"),
    "clock": Defect("the clock is 0.35 s fast, so all times are too late", "ok"),
}


def spoil_samples(
    kind: str, counts: np.ndarray, sampling_rate: float
) -> list[tuple[float, np.ndarray]]:
    """Return the pieces that are written: seconds after the station's start, and samples."""
    if kind == "gap":
        first, last = (round(second * sampling_rate) for second in GAP_S)
        return [(0.0, counts[:first]), (last / sampling_rate, counts[last:])]
    if kind == "overlap":
        first, last = (round(second * sampling_rate) for second in OVERLAP_S)
        return [(0.0, counts[:last]), (first / sampling_rate, counts[first:] + 1000)]
    if kind == "clipped":
        limit = int(CLIPPED_SHARE * np.abs(counts).max())
        return [(0.0, np.clip(counts, -limit, limit))]
    if kind == "dead":
        return [(0.0, np.full_like(counts, DEAD_COUNT))]
    if kind == "clock":
        return [(CLOCK_ERROR_S, counts)]
    return [(0.0, counts)]


def spoil_object(kind: str, data: bytes, record_bytes: int) -> bytes:
    """Return the bytes of an object, spoilt where the kind of defect is about bytes."""
    if kind == "truncated":
        return data[: int(CUT_SHARE * len(data)) // record_bytes * record_bytes + record_bytes // 3]
    if kind == "corrupt":
        # A difference near the end of a record that holds P, away from its control words: the
        # samples can still be decoded, and all that follow in the record are wrong.
        place = int(CUT_SHARE * len(data)) // record_bytes * record_bytes + 64 + 3 * 64 + 23
        return data[:place] + bytes([data[place] ^ 0x04]) + data[place + 1 :]
    if kind == "not-miniseed":
        return _NOT_MINISEED
    return data


def spoil_metadata(kind: str, inventory: Inventory) -> Inventory | None:
    """Change a station's metadata, or return None where it has none."""
    if kind == "no-metadata":
        return None
    for channel in inventory[0][0]:
        if kind == "no-response":
            channel.response = None
        if kind == "wrong-epoch":
            channel.end_date = channel.start_date + 335 * 86400
    return inventory
