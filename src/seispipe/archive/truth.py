"""The answers that come with the teaching archive, in its object ``truth.json``."""

import json
from typing import Any

from obspy import UTCDateTime

from seispipe.archive.request import Request

TRUTH_KEY = "truth.json"
GROUPS = ("hour", "day", "defects")


class Truth:
    """What is known of an archive's stations and earthquakes, because it was put there.

    Parameters
    ----------
    text : bytes
        The contents of ``truth.json``.

    Attributes
    ----------
    contents : dict
        All of it: ``earthquakes``, ``stations``, ``windows``, ``defects`` and ``arrivals``.

    Raises
    ------
    ValueError
        If it is something else.
    """

    def __init__(self, text: bytes) -> None:
        self._arrivals: dict[str, list[dict[str, Any]]] = {}
        try:
            self.contents: dict[str, Any] = json.loads(text)
            for arrival in self.contents["arrivals"]:
                self._arrivals.setdefault(arrival["station"], []).append(arrival)
            self._windows = [(each["group"], _request(each)) for each in self.contents["windows"]]
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(
                f"{TRUTH_KEY} does not hold the answers of a teaching archive "
                f"({type(problem).__name__}: {problem}); make the archive anew"
            ) from problem

    def requests(self, *groups: str) -> list[Request]:
        """Return the windows that the archive proposes.

        Parameters
        ----------
        *groups : {"hour", "day", "defects"}
            Which stations; by default those of the hour.

        Raises
        ------
        ValueError
            If there is no such group.
        """
        for group in groups:
            if group not in GROUPS:
                raise ValueError(f"group is {group!r}; choose among: {', '.join(GROUPS)}")
        return [request for group, request in self._windows if group in (groups or ("hour",))]

    def arrival(self, request: Request) -> dict[str, Any] | None:
        """Return what is known of the first earthquake whose P arrives in a window.

        Returns
        -------
        dict or None
            The entry of ``arrivals``, with its onsets as :class:`~obspy.UTCDateTime`, and the
            earthquake's ``magnitude``. None where no P arrives.
        """
        for known in self._arrivals.get(request.station, []):
            p_time = UTCDateTime(known["p_time"])
            if request.start <= p_time < request.end:
                quake = self.contents["earthquakes"][known["event"]]
                return {
                    **known,
                    "p_time": p_time,
                    "s_time": UTCDateTime(known["s_time"]),
                    "magnitude": quake["magnitude"],
                }
        return None

    def defect(self, station: str) -> dict[str, str] | None:
        """Return what is wrong with a station on purpose, or None."""
        for defect in self.contents["defects"]:
            if defect["station"] == station:
                return defect
        return None


def _request(window: dict[str, str]) -> Request:
    return Request.from_id(
        window["channel"], UTCDateTime(window["start"]), UTCDateTime(window["end"])
    )
