"""A slow link on a fast machine: the same server, but far away."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from seispipe.archive.guarded import guarded

_RELAY = str(Path(__file__).with_name("relay.py"))


@contextmanager
def slow_link(
    url: str,
    round_trip_ms: float,
    megabit_s: float | None = None,
    port: int = 0,
    cut_share: float = 0.0,
) -> Iterator[str]:
    """Put a link with a round-trip time and a rate before a server, and with faults if wanted.

    Parameters
    ----------
    url : str
        Address of the server.
    round_trip_ms : float
        Round-trip time, not negative. A new connection costs one more, as in TCP.
    megabit_s : float, optional
        What the link carries in each direction, all connections together, in 10⁶ bit/s; by
        default it has no limit of its own.
    port : int
        The port to listen on; 0 takes a free one.
    cut_share : float
        With which probability each piece of an answer, of 16 kB at most, is lost and its connection
        cut. At 0 the link is sound.

    Yields
    ------
    str
        The address at which the same server answers, slowly.

    Raises
    ------
    ValueError
        If the time is negative, the rate not positive or the share not between 0 and 1.
    HelperError
        If the relay cannot be started.
    """
    if not round_trip_ms >= 0:
        raise ValueError(f"the round-trip time must not be negative, but is {round_trip_ms} ms")
    if megabit_s is not None and not megabit_s > 0:
        raise ValueError(f"the rate must be positive, but is {megabit_s} Mbit/s")
    if not 0 <= cut_share <= 1:
        raise ValueError(f"the share that is cut must lie between 0 and 1, but is {cut_share}")
    server = urlsplit(url)
    numbers = (server.port, round_trip_ms, megabit_s or 0, port, cut_share)
    command = [sys.executable, _RELAY, server.hostname, *map(str, numbers)]
    with guarded("the slow link", command, r"relay at (http://127\.0\.0\.1:\d+)") as address:
        yield address
