"""A bucket with as many stations as anybody asks for, that fails now and then.

Run as a program, so that it has a process of its own: ``python -m tests.soak.bucket FOLDER SHARE``.
Each station is one of the two in the teaching archive that have a whole day, under another name. A
share of the answers breaks off, comes late, is a refusal, or does not come.
"""

import json
import random
import re
import socket
import sys
import time
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

_NAME = re.compile(r"N\d{4}")
_RECORD, _STATION = 512, slice(8, 13)
_LATE_S = 1.0
TROUBLES = ("503", "breaks off", "reset", "late")


def station(number: int) -> str:
    """Return the code of a station that the bucket has."""
    return f"N{number:04d}"


class Bucket:
    """What is answered, and how often it was not."""

    def __init__(self, folder: Path, share: float) -> None:
        self.folder, self.share = folder, share
        self.chance = random.Random(13)  # noqa: S311 (no secret)
        self.counts = dict.fromkeys(("answers", *TROUBLES), 0)

    @lru_cache(maxsize=4)  # noqa: B019 (lives as long as the program)
    def _original(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def object(self, key: str) -> bytes | None:
        """Return an object under the name that it was asked for."""
        found = _NAME.search(key)
        if not found:
            return None
        code = found[0]
        like = ("D001", "D002")[int(code[1:]) % 2]
        if key.endswith(".xml"):
            original = self._original(key.replace(code, like))
            return original.replace(f'code="{like}"'.encode(), f'code="{code}"'.encode())
        name = key.replace(code, f"{like}_")
        if not (self.folder / name).exists():
            return None
        data = np.frombuffer(self._original(name), np.uint8).reshape(-1, _RECORD).copy()
        data[:, _STATION] = np.frombuffer(code.encode(), np.uint8)
        return data.tobytes()


class Handler(BaseHTTPRequestHandler):
    """Answers as S3 does to an anonymous reader, most of the time."""

    bucket: Bucket

    def do_GET(self):
        if self.path == "/counts":
            self._send(200, json.dumps(self.bucket.counts).encode())
            return
        trouble = None
        if self.bucket.chance.random() < self.bucket.share:
            trouble = self.bucket.chance.choice(TROUBLES)
        self.bucket.counts[trouble or "answers"] += 1
        if trouble == "503":
            self._send(503, b"<Error><Code>SlowDown</Code></Error>")
            return
        if trouble == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if trouble == "late":
            time.sleep(_LATE_S)
        data = self.bucket.object(self.path.partition("/scedc-pds/")[2])
        if data is None:
            self._send(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._send(200, data, data[: len(data) // 2] if trouble == "breaks off" else data)

    def _send(self, status, promised, sent=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(promised)))
        self.end_headers()
        self.wfile.write(promised if sent is None else sent)
        self.close_connection = True

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Handler.bucket = Bucket(Path(sys.argv[1]), float(sys.argv[2]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
