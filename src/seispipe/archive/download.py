"""Many objects to disk: in threads, whole or not at all, and to be taken up again.

Each object is written under a temporary name, checked, and renamed, so that a file with its proper
name is complete. What fails is listed in a CSV file, which a second call takes as its work.
"""

import csv
import glob
import hashlib
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import psutil
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from tqdm import tqdm

_FINAL = {"NoSuchKey", "NoSuchBucket", "AccessDenied", "403", "404"}
_PLAIN_ETAG = re.compile(r"[0-9a-f]{32}")
# Names that Windows keeps for devices, whatever follows the dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"\\|?*]')


@dataclass(frozen=True)
class Outcome:
    """What became of one object.

    Attributes
    ----------
    key : str
        Its key.
    status : str
        ``downloaded``, ``present`` (it was there already) or ``failed``.
    size : int
        Its size in bytes; 0 where it failed.
    reason : str
        Why it failed; else empty.
    """

    key: str
    status: str
    size: int = 0
    reason: str = ""


def target_path(folder: Path, key: str) -> Path:
    """Return where an object goes, and refuse a key that would lead out of the folder.

    Raises
    ------
    ValueError
        If the key is empty, absolute, holds ``..`` or a name that some system could not store or
        would take for something else.
    """
    parts = key.split("/")
    for part in parts:
        strange = (
            part in ("", ".", "..")
            or _FORBIDDEN.search(part)
            or _DEVICE.fullmatch(part)
            or part.endswith((".", " "))
        )
        if strange:
            raise ValueError(f"the key {key!r} has a part {part!r} that is not safe as a file name")
    return Path(folder).joinpath(*parts)


def download(
    client: BaseClient,
    bucket: str,
    keys: Iterable[str],
    folder: Path,
    *,
    threads: int = 16,
    attempts: int = 4,
    progress: bool = True,
    pause: Callable[[float], object] = time.sleep,
) -> list[Outcome]:
    """Download objects in threads that share one client.

    Parameters
    ----------
    client : botocore.client.BaseClient
        An S3 client, as :func:`~seispipe.archive.s3.s3_client` makes it.
    bucket : str
        The bucket.
    keys : iterable of str
        What to download; the same key twice is one object.
    folder : Path
        Where to; the keys become paths below it.
    threads : int
        How many downloads run at once.
    attempts : int
        How often each is tried. Between tries it waits twice as long each time, give or take a
        random half, so that many clients do not come back at once.
    progress : bool
        Show a bar.
    pause : callable
        How to wait, in seconds.

    Returns
    -------
    list of Outcome
        One for each different key, in the order given. Nothing that concerns a single object is
        raised.
    """
    keys = list(dict.fromkeys(keys))

    def one(key: str) -> Outcome:
        return _one(client, bucket, key, Path(folder), attempts, pause)

    done: dict[str, Outcome] = {}
    with (
        tqdm(total=len(keys), unit="object", disable=not progress) as bar,
        ThreadPoolExecutor(max_workers=threads) as pool,
    ):
        futures = {pool.submit(one, key): key for key in keys}
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            bar.update()
    return [done[key] for key in keys]


def write_failures(outcomes: Sequence[Outcome], path: Path) -> int:
    """Write the objects that failed, one a line, and return how many there are.

    Where nothing failed the file is removed, so that it exists exactly while something is left to
    do.
    """
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    if not failed:
        Path(path).unlink(missing_ok=True)
        return 0
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("key", "reason"))
        writer.writerows((outcome.key, outcome.reason) for outcome in failed)
    return len(failed)


def read_failures(path: Path) -> list[str]:
    """Return the keys in a list of failures, to be tried again; none where there is no list.

    Raises
    ------
    ValueError
        If the file is no such list.
    """
    if not Path(path).exists():
        return []
    with Path(path).open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if "key" not in (rows.fieldnames or []):
            raise ValueError(f"{path} has no column 'key', so it is no list of failed downloads")
        return [row["key"] for row in rows if row["key"]]


def _one(
    client: BaseClient,
    bucket: str,
    key: str,
    folder: Path,
    attempts: int,
    pause: Callable[[float], object],
) -> Outcome:
    """Download one object, and try again what may pass."""
    try:
        path = target_path(folder, key)
    except ValueError as problem:
        return Outcome(key, "failed", reason=str(problem))
    reason = ""
    for attempt in range(attempts):
        if attempt:
            pause(0.2 * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 (no secret)
        try:
            return _fetch(client, bucket, key, path)
        except ClientError as problem:
            code = problem.response["Error"]["Code"]
            reason = f"the server said {code}"
            if code in _FINAL:
                break
        except (BotoCoreError, OSError) as problem:
            reason = f"{type(problem).__name__}: {problem}"
    return Outcome(key, "failed", reason=reason)


def _fetch(client: BaseClient, bucket: str, key: str, path: Path) -> Outcome:
    """Fetch one object once: whole, checked, and only then under its name."""
    options = {}
    if path.is_file():
        # The server is asked whether what is here is what is there; if so it sends nothing.
        options["IfNoneMatch"] = f'"{_md5(path)}"'
    try:
        answer = client.get_object(Bucket=bucket, Key=key, **options)
    except ClientError as problem:
        if problem.response["ResponseMetadata"].get("HTTPStatusCode") == 304:
            return Outcome(key, "present", path.stat().st_size)
        raise
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    body, digest, size = answer["Body"], hashlib.md5(usedforsecurity=False), 0
    try:
        with draft.open("wb") as file:
            for piece in body.iter_chunks(256 * 1024):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        if size != answer["ContentLength"]:
            raise OSError(f"{size} of {answer['ContentLength']} bytes arrived")
        etag = answer.get("ETag", "").strip('"')
        # The tag of an object uploaded in parts is no digest of the whole and proves nothing.
        if _PLAIN_ETAG.fullmatch(etag) and etag != digest.hexdigest():
            raise OSError("the bytes that arrived are not those the server has (their MD5 differs)")
        draft.replace(path)
    finally:
        body.close()
        draft.unlink(missing_ok=True)
    return Outcome(key, "downloaded", size)


def _sweep(path: Path) -> None:
    """Remove what a process that was killed had begun of this file."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        process = draft.name.rsplit(".", 2)[-2].split("-")[0]
        if not (process.isdigit() and psutil.pid_exists(int(process))):
            draft.unlink(missing_ok=True)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
