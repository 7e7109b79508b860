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
    """

    def __init__(self, text: bytes) -> None:
        self.contents: dict[str, Any] = json.loads(text)
        self._arrivals: dict[str, list[dict[str, Any]]] = {}
        for arrival in self.contents["arrivals"]:
            self._arrivals.setdefault(arrival["station"], []).append(arrival)

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
        return [
            Request.from_id(
                window["channel"], UTCDateTime(window["start"]), UTCDateTime(window["end"])
            )
            for window in self.contents["windows"]
            if window["group"] in (groups or ("hour",))
        ]

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
