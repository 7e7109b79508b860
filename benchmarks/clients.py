"""Ways of reading many objects, or parts of objects, from an S3 server: the same bytes by each."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import obstore
import s3fs
from aiobotocore.session import get_session
from botocore import UNSIGNED
from botocore.config import Config
from fsspec.asyn import sync
from obstore.store import S3Store

from benchmarks.baselines import BUCKET
from seispipe.archive.s3 import s3_client

IN_FLIGHT = 64
REGION = "us-west-2"
# An object, and of it a first byte and a length, or all of it.
Piece = tuple[str, tuple[int, int] | None]
Reader = Callable[[Sequence[Piece]], list[bytes]]


def _range(span: tuple[int, int] | None) -> dict[str, str]:
    return {} if span is None else {"Range": f"bytes={span[0]}-{sum(span) - 1}"}


@contextmanager
def boto3_loop(url: str) -> Iterator[Reader]:
    """Read one after the other: what is taught first."""
    client = s3_client(url, REGION)

    def one(piece: Piece) -> bytes:
        answer = client.get_object(Bucket=BUCKET, Key=piece[0], **_range(piece[1]))
        return answer["Body"].read()

    yield lambda pieces: [one(piece) for piece in pieces]
    client.close()


@contextmanager
def boto3_threads(url: str) -> Iterator[Reader]:
    """Make the same calls in threads that share a client: what is taught next."""
    with boto3_loop(url) as read, ThreadPoolExecutor(IN_FLIGHT) as pool:
        yield lambda pieces: list(pool.map(lambda piece: read([piece])[0], pieces))


@contextmanager
def aiobotocore_tasks(url: str) -> Iterator[Reader]:
    """Use the same client, asynchronously."""
    config = Config(
        signature_version=UNSIGNED,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"},
        max_pool_connections=IN_FLIGHT,
    )
    session = get_session()
    with asyncio.Runner() as runner:
        opening = session.create_client(
            "s3", endpoint_url=url, region_name=REGION, config=_for_aio(config)
        )
        client = runner.run(opening.__aenter__())

        async def one(piece: Piece) -> bytes:
            answer = await client.get_object(Bucket=BUCKET, Key=piece[0], **_range(piece[1]))
            async with answer["Body"] as body:
                return await body.read()

        async def all_of(pieces: Sequence[Piece]) -> list[bytes]:
            return await asyncio.gather(*(one(piece) for piece in pieces))

        yield lambda pieces: runner.run(all_of(pieces))
        runner.run(opening.__aexit__(None, None, None))


def _for_aio(config: Config) -> object:
    from aiobotocore.config import AioConfig

    return AioConfig().merge(config)


@contextmanager
def s3fs_calls(url: str) -> Iterator[Reader]:
    """Use the file system of pandas, Dask and xarray."""
    files = s3fs.S3FileSystem(
        anon=True,
        endpoint_url=url,
        skip_instance_cache=True,
        use_listings_cache=False,
        config_kwargs={
            "max_pool_connections": IN_FLIGHT,
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
            "s3": {"addressing_style": "path"},
        },
    )

    def read(pieces: Sequence[Piece]) -> list[bytes]:
        paths = [f"{BUCKET}/{key}" for key, _ in pieces]
        spans = [span for _, span in pieces]
        if spans[0] is None:
            found = files.cat(paths, batch_size=IN_FLIGHT)
            return [found[path] for path in paths]
        starts, ends = [first for first, _ in spans], [sum(span) for span in spans]
        return files.cat_ranges(paths, starts, ends, batch_size=IN_FLIGHT, max_gap=None)

    yield read
    # Else it is closed when it is collected, and on whichever loop runs then.
    sync(files.loop, files.s3.close)


@contextmanager
def obstore_tasks(url: str) -> Iterator[Reader]:
    """Use a client written in Rust."""
    store = S3Store(
        BUCKET,
        endpoint=url,
        region=REGION,
        skip_signature=True,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )

    async def one(piece: Piece) -> bytes:
        key, span = piece
        if span is None:
            return bytes(await (await obstore.get_async(store, key)).bytes_async())
        return bytes(await obstore.get_range_async(store, key, start=span[0], length=span[1]))

    async def all_of(pieces: Sequence[Piece]) -> list[bytes]:
        slots = asyncio.Semaphore(IN_FLIGHT)

        async def in_turn(piece: Piece) -> bytes:
            async with slots:
                return await one(piece)

        return await asyncio.gather(*(in_turn(piece) for piece in pieces))

    with asyncio.Runner() as runner:
        yield lambda pieces: runner.run(all_of(pieces))


CLIENTS = {
    "boto3, a loop": boto3_loop,
    f"boto3, {IN_FLIGHT} threads": boto3_threads,
    "aiobotocore": aiobotocore_tasks,
    "s3fs": s3fs_calls,
    "obstore": obstore_tasks,
}
