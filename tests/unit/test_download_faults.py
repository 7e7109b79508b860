"""A server that fails, stalls, cuts and lies; and a download that is killed: nothing is lost."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from faulty_server import a_server_that

from seispipe.archive.download import download, read_failures, write_failures
from seispipe.archive.endpoint import serve
from seispipe.archive.s3 import s3_client

OBJECTS = {f"day/{n:03d}.ms": np.random.default_rng(n).bytes(30_000) for n in range(80)}
FAULTS = ("refuses", "stalls", "cuts", "lies")
PATIENCE_S = 0.5


def faulty(share, then_sound_after):
    """Answer a share of the requests with a fault; each object is served well in the end."""
    asked, happened = Counter(), Counter()

    def answer(handler, _number):
        key = handler.path.split("/", 2)[2].split("?")[0]
        asked[key] += 1
        body, digest = OBJECTS[key], hashlib.md5(OBJECTS[key], usedforsecurity=False).hexdigest()
        # Drawn anew for each request, and the same in whichever order they come.
        chance = np.random.default_rng([*key.encode(), asked[key]])
        fault = None
        if asked[key] <= then_sound_after and chance.random() < share:
            fault = str(chance.choice(FAULTS))
            happened[fault] += 1
        if fault == "stalls":
            time.sleep(2 * PATIENCE_S)
            handler.close_connection = True
            return
        if fault == "refuses":
            body = b"<Error><Code>InternalError</Code><Message>no</Message></Error>"
        handler.send_response(500 if fault == "refuses" else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("ETag", f'"{digest}"')
        handler.end_headers()
        if fault == "lies":
            body = bytes([body[0] ^ 1]) + body[1:]
        handler.wfile.write(body[:10_000] if fault == "cuts" else body)
        handler.close_connection = True

    return answer, happened


def files_below(folder):
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}


def test_every_object_is_whole_on_disk_or_in_the_list_and_a_second_call_completes(tmp_path):
    target, listing = tmp_path / "target", tmp_path / "failed.csv"
    answer, happened = faulty(share=0.3, then_sound_after=4)
    options = {"threads": 8, "progress": False, "pause": lambda _: None}
    with a_server_that(answer) as (url, _):
        client = s3_client(url, patience_s=PATIENCE_S)
        first = download(client, "scedc-pds", OBJECTS, target, attempts=1, **options)
        failed = write_failures(first, listing)
        listed = read_failures(listing)
        assert set(happened) == set(FAULTS)
        assert 0 < failed == len(listed) < len(OBJECTS)
        found = files_below(target)
        assert set(found) == set(OBJECTS) - set(listed)
        for key, path in found.items():
            assert path.read_bytes() == OBJECTS[key]
        second = download(client, "scedc-pds", listed, target, **options)
    assert {outcome.status for outcome in second} == {"downloaded"}
    assert write_failures(second, listing) == 0
    assert not listing.exists()
    assert {key: path.read_bytes() for key, path in files_below(target).items()} == OBJECTS


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_download_that_is_killed_leaves_no_part_under_a_final_name(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    for key, body in OBJECTS.items():
        path = source / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body * 20)
    keys = list(OBJECTS)
    # 48 MB in all at 10 MB a second: there is time to kill it while many are under way.
    with serve(source, megabit_s=80) as endpoint:
        program = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys\n"
                "from pathlib import Path\n"
                "from seispipe.archive.download import download\n"
                "from seispipe.archive.s3 import s3_client\n"
                "url, folder, *keys = sys.argv[1:]\n"
                "download(s3_client(url), 'scedc-pds', keys, Path(folder), progress=False)\n",
                endpoint.url,
                str(target),
                *keys,
            ]
        )
        deadline = time.monotonic() + 60
        # Some are there and some are under way: between two of them there may be neither.
        while {name in OBJECTS for name in files_below(target)} != {True, False}:
            assert program.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        program.send_signal(signal.SIGKILL)
        assert program.wait() == -signal.SIGKILL
        left = files_below(target)
        final = [name for name in left if name in OBJECTS]
        assert 0 < len(final) < len(keys)
        for name in final:
            assert left[name].read_bytes() == OBJECTS[name] * 20
        parts = set(left) - set(final)
        assert parts, "it was killed with nothing under way"
        assert all(name.endswith(".part") for name in parts)
        outcomes = download(s3_client(endpoint.url), "scedc-pds", keys, target, progress=False)
    assert {outcome.key for outcome in outcomes if outcome.status == "present"} == set(final)
    assert set(files_below(target)) == set(keys)
    for name, path in files_below(target).items():
        assert path.read_bytes() == OBJECTS[name] * 20
