"""Carry TCP connections to a server, each piece as late as a long and narrow line would.

Run as a file: ``relay.py HOST PORT ROUND_TRIP_MS MEGABIT_S LISTEN_PORT CUT_SHARE``, with 0 for "no
limit", "a free port" and "never". Imports nothing of the package, so that it starts at once.
"""

import asyncio
import contextlib
import random
import sys
import time

PIECE = 16 * 1024
# How many pieces may be under way in one direction of one connection: room for a fast, long line.
UNDER_WAY = 512


class Direction:
    """One direction of the link, shared by all connections."""

    def __init__(self, delay_s: float, bytes_per_s: float) -> None:
        self.delay_s = delay_s
        self.bytes_per_s = bytes_per_s
        self.free_at = 0.0

    def arrival(self, size: int) -> float:
        """Return when a piece that is sent now will have arrived."""
        leaves = max(time.monotonic(), self.free_at)
        if self.bytes_per_s:
            leaves += size / self.bytes_per_s
        self.free_at = leaves
        return leaves + self.delay_s


async def carry(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    direction: Direction,
    not_before: float,
    cut_share: float = 0.0,
) -> None:
    """Carry one direction of one connection until its end, or until it is cut."""
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDER_WAY)

    async def take_in() -> None:
        while data := await reader.read(PIECE):
            await pieces.put((max(not_before, direction.arrival(len(data))), data))
        await pieces.put((direction.arrival(0), b""))

    taking = asyncio.create_task(take_in())
    try:
        while True:
            due, data = await pieces.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not data:
                break
            if random.random() < cut_share:  # noqa: S311 (no secret)
                raise ConnectionResetError("cut, as asked for")
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    finally:
        taking.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await taking


async def relay(
    host: str, port: int, round_trip_s: float, bytes_per_s: float, listen: int, cut_share: float
) -> None:
    """Listen on loopback and carry every connection to the server."""
    there, back = (Direction(round_trip_s / 2, bytes_per_s) for _ in range(2))

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The handshake of a real connection takes one round trip before anything can be sent.
        open_at = time.monotonic() + round_trip_s
        # A peer that goes away ends its connection, and nothing else.
        with contextlib.suppress(ConnectionError), contextlib.closing(writer):
            server_reader, server_writer = await asyncio.open_connection(host, port)
            with contextlib.closing(server_writer):
                await asyncio.gather(
                    carry(reader, server_writer, there, open_at + round_trip_s / 2),
                    carry(server_reader, writer, back, open_at, cut_share),
                )

    server = await asyncio.start_server(connect, "127.0.0.1", listen)
    address = server.sockets[0].getsockname()
    print(f"relay at http://127.0.0.1:{address[1]}", file=sys.stderr, flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    _, host, port, round_trip_ms, megabit_s, listen, cut_share = sys.argv
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            relay(
                host,
                int(port),
                float(round_trip_ms) / 1000,
                float(megabit_s) * 1e6 / 8,
                int(listen),
                float(cut_share),
            )
        )
