"""What can go wrong with one station, each with the status its row will carry."""


class StationError(Exception):
    """One station's window cannot be processed; the message says why and what would mend it.

    Attributes
    ----------
    status : str
        The word in the ``status`` column of the station's row.
    """

    status = "error"


class UnknownStation(StationError):
    """The archive does not know this channel."""

    status = "unknown_station"


class NoResponse(StationError):
    """The channel is known, but no response covers the time asked for."""

    status = "no_response"


class BadMetadata(StationError):
    """The metadata contradict themselves or the samples, or cannot be evaluated."""

    status = "bad_metadata"


class NoData(StationError):
    """The archive holds no sample of this channel in the window."""

    status = "no_data"


class GapInWindow(StationError):
    """Samples are missing from the window, at an edge or inside it."""

    status = "gap"


class BadSamples(StationError):
    """The samples cannot be trusted: not finite, not one rate, or two versions of the same time."""

    status = "bad_samples"


class ClippedSamples(StationError):
    """The largest swings are cut off: the instrument reached the end of its range."""

    status = "clipped"


class UnsuitableSettings(StationError):
    """The settings or the request ask for something this channel cannot give."""

    status = "unsuitable_settings"


class ArchiveUnreachable(StationError):
    """Nobody answers, the server fails, or the bytes did not all arrive."""

    status = "unreachable"


class AccessDenied(StationError):
    """The server answers and refuses."""

    status = "denied"


class NoSuchBucket(StationError):
    """The server answers and does not know the bucket."""

    status = "no_bucket"


class OutsideWindow(StationError):
    """The pick lies too near the edge of the data for the time wanted around it."""

    status = "outside_window"


class NoPick(StationError):
    """The samples are whole, and nothing in them triggers."""

    status = "no_pick"
