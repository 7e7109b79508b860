"""An archive behind FDSN web services: a data centre that ObsPy knows, or any other by its address.

What ObsPy's client says by exceptions of many kinds becomes an empty answer or a StationError.
"""

import io
import textwrap
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from queue import Empty, Queue
from threading import Thread

from obspy import Inventory, Stream, UTCDateTime, read_inventory
from obspy.clients.fdsn import Client
from obspy.clients.fdsn import header as fdsn
from obspy.io.mseed.util import get_record_information

from seispipe.archive.miniseed import read_miniseed
from seispipe.archive.request import Request
from seispipe.errors import (
    AccessDenied,
    ArchiveUnreachable,
    BadSamples,
    NoResponse,
    StationError,
    UnsuitableSettings,
)

_CONNECT_S = 4.0  # one address of the server
_ANYBODY_S = 8.0  # all of them, and finding out which they are
_ANSWER_S = 60.0  # a data centre may have to look for old data
_HEADER_BYTES = 48

_NOBODY = (ArchiveUnreachable, "is there a network, and an FDSN service at this address?")
# What a refusal is here, and what would mend it, by the status of the server's answer.
_REFUSALS: dict[int | None, tuple[type[StationError], str]] = {
    400: (UnsuitableSettings, "check the four codes and the times"),
    **dict.fromkeys((401, 403), (AccessDenied, "it is not public; ask for another, or ask there")),
    **dict.fromkeys((413, 414), (UnsuitableSettings, "ask for a shorter window")),
    429: (ArchiveUnreachable, "wait, and let fewer workers ask at once"),
    **dict.fromkeys((500, 501, 502, 503), (ArchiveUnreachable, "the server failed; try later")),
}
# For two refusals ObsPy has no exception of its own.
_UNNAMED = {TypeError: 400, NotImplementedError: 414}
_Question = Callable[[Client, io.BytesIO], object]


class FdsnArchive:
    """Waveforms and metadata from the web services of a data centre, without an account.

    The archive itself is small and can be sent to another process; the client is made where it is
    used.

    Parameters
    ----------
    service : str
        A name that ObsPy knows, such as ``EARTHSCOPE``, or an address, such as
        ``http://127.0.0.1:8080``, below which the services lie in ``/fdsnws``.

    Raises
    ------
    ValueError
        If it is neither; the message lists the names there are.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._client: Client | None = None
        try:
            address = _new_client(service).base_url
        except ValueError as problem:
            raise ValueError(
                f"{service!r} is neither a service that ObsPy knows nor the address of one; choose "
                f"one of: {', '.join(sorted(fdsn.URL_MAPPINGS))}, or an address such as "
                "http://127.0.0.1:8080"
            ) from problem
        self._server = address if "://" in service else f"{service} ({address})"

    def __getstate__(self) -> dict:
        """Leave the client behind when the archive is sent elsewhere."""
        return {**self.__dict__, "_client": None}

    def get_waveforms(
        self,
        network: str,
        station: str,
        location: str,
        channel: str,
        starttime: UTCDateTime,
        endtime: UTCDateTime,
    ) -> Stream:
        """Return the samples of a channel from ``starttime`` to ``endtime``, both included.

        Raises
        ------
        BadSamples
            If the answer is not miniSEED.
        StationError
            If nobody answers, the service refuses or fails, or the answer broke off.
        """
        codes = (network, station, location, channel)
        where = f"{'.'.join(codes)} from {starttime} to {endtime} at {self._server}"

        def ask(client: Client, body: io.BytesIO) -> None:
            client.get_waveforms(*codes, starttime, endtime, filename=body)

        data = self._fetch("dataselect", where, ask)
        # Services answer in whole records.
        stream = Stream() if data is None else _read_waveforms(data, where)
        return stream.trim(starttime, endtime, nearest_sample=False)

    def get_stations(
        self,
        *,
        network: str,
        station: str,
        location: str = "*",
        channel: str = "*",
        level: str = "response",
    ) -> Inventory:
        """Return the metadata of the channels that match, every epoch of each.

        Raises
        ------
        NoResponse
            If the answer is not StationXML.
        StationError
            As :meth:`get_waveforms`.
        """
        where = f"the metadata of {network}.{station}.{location}.{channel} at {self._server}"
        codes = {"network": network, "station": station, "location": location, "channel": channel}

        def ask(client: Client, body: io.BytesIO) -> None:
            client.get_stations(**codes, level=level, filename=body)

        data = self._fetch("station", where, ask)
        nothing = Inventory(networks=[], source=self._server)
        return nothing if data is None else _read_stations(data, where)

    def requests(self, *_groups: str) -> list[Request]:
        """Propose no window: only who asks knows which times matter."""
        return []

    def _fetch(self, service: str, where: str, ask: _Question) -> bytes | None:
        """Return the bytes of an answer, or None where the service has nothing."""
        # As bytes: where miniSEED was cut off, ObsPy's client would return the rest without a word.
        body = io.BytesIO()
        try:
            ask(self._reach(service), body)
        except fdsn.FDSNNoDataException:
            return None
        # The client lets through what urllib, http.client, gzip and ssl raise.
        except Exception as problem:
            raise _explain(problem, where) from problem
        if not body.getvalue():
            raise ArchiveUnreachable(f"{where}: the answer was empty; try again later")
        return body.getvalue()

    def _reach(self, service: str) -> Client:
        """Return the client of this process, once somebody has answered it."""
        if self._client is None:
            client = _new_client(self.service)
            # What is not a version number is an answer, too.
            with suppress(ValueError):
                _within(_ANYBODY_S, lambda: client.get_webservice_version(service))
            client.timeout = _ANSWER_S
            self._client = client
        return self._client


def _new_client(service: str) -> Client:
    """Return a client that has not asked anything yet.

    ObsPy would discover services by five requests, take one that failed for a service that does not
    exist, and remember it so until the process ends. What is asked here every service knows.
    """
    return Client(service, timeout=_CONNECT_S, _discover_services=False)


def _within(seconds: float, call: Callable[[], object]) -> None:
    """Make a call, and give it up after a time, however many time limits it has inside."""
    outcome: Queue[object] = Queue()

    def run() -> None:
        try:
            outcome.put(call())
        except Exception as problem:
            outcome.put(problem)

    Thread(target=run, daemon=True).start()
    try:
        answer = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
    if isinstance(answer, Exception):
        raise answer


def _explain(problem: Exception, where: str) -> StationError:
    """Return the error that a problem is here."""
    if isinstance(problem, HTTPException | ConnectionError | EOFError):
        return _cut_off(where)
    status = getattr(problem, "status_code", _UNNAMED.get(type(problem)))
    error, mend = _REFUSALS.get(status, _NOBODY)
    return error(f"{where} could not be had ({_in_short(problem)}); {mend}")


def _in_short(problem: Exception) -> str:
    # The words of a server may be a whole page.
    return textwrap.shorten(f"{type(problem).__name__}: {problem}", 300)


def _cut_off(where: str) -> ArchiveUnreachable:
    return ArchiveUnreachable(f"{where}: the answer broke off; try again")


def _read_waveforms(data: bytes, where: str) -> Stream:
    try:
        if _ends_with_a_record(data):
            return read_miniseed(data)
    # The readers raise whatever their parsers do, down to bare Exception.
    except Exception as problem:
        raise BadSamples(_unreadable("miniSEED", data, where, problem)) from problem
    raise _cut_off(where)


def _ends_with_a_record(data: bytes) -> bool:
    """Tell whether the last record is there to its end."""
    first = offset = get_record_information(io.BytesIO(data))["record_length"]
    # Nearly always all records have one length; else each must be asked for its own.
    while len(data) % first and offset + _HEADER_BYTES <= len(data):
        offset += get_record_information(io.BytesIO(data), offset)["record_length"]
    return len(data) % first == 0 or offset == len(data)


def _read_stations(data: bytes, where: str) -> Inventory:
    try:
        return read_inventory(io.BytesIO(data), format="STATIONXML")
    except Exception as problem:
        if b"FDSNStationXML" in data[:1000] and not data.rstrip().endswith(b"FDSNStationXML>"):
            raise _cut_off(where) from problem
        raise NoResponse(_unreadable("StationXML", data, where, problem)) from problem


def _unreadable(form: str, data: bytes, where: str, problem: Exception) -> str:
    return (
        f"{where}: the answer cannot be read as {form} ({_in_short(problem)}) and begins with "
        f"{data[:40]!r}; if this is the address of an FDSN service, report it there"
    )
