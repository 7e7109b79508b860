"""``seispipe archive``: make, fill and serve folders that play a bucket."""

import threading
from pathlib import Path

import click
from dask.system import CPU_COUNT

from seispipe.archive.endpoint import serve
from seispipe.archive.filling import fill
from seispipe.archive.guarded import HelperError
from seispipe.synthesis.build import build, default_stations, digest


@click.group("archive")
def archive_commands() -> None:
    """Make the teaching archive, fill a folder with your own data, serve either as a bucket."""


@archive_commands.command("build")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("teaching-archive"),
    show_default=True,
    help="The folder to write. It must not exist yet.",
)
@click.option(
    "--scale",
    type=click.IntRange(1, 400),
    default=1,
    show_default=True,
    metavar="N",
    help="So many times as many stations: three station-days, 46 MB and some seconds each.",
)
def build_command(out, scale) -> None:
    """Write the teaching archive: 24 stations for an hour and 2 for a day, 46 MB.

    Eleven more have a defect. The network XX is synthetic. What is true of it stands in truth.json.
    """
    workers = 1 if scale == 1 else CPU_COUNT
    try:
        build(out, default_stations(scale), workers, progress=True)
    except FileExistsError as problem:
        raise click.UsageError(str(problem)) from problem
    except OSError as problem:
        raise click.FileError(str(out), hint=problem.strerror) from problem
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    click.echo(f"{out}: {size / 1e6:.0f} MB, SHA-256 {digest(out)}")
    click.echo(f"To run the pipeline on it: seispipe run --source {out}")


@archive_commands.command("fill")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument(
    "waveforms",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="WAVEFORMS...",
)
@click.option(
    "--stations",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Metadata with responses, such as StationXML; may be given more than once.",
)
def fill_command(folder, waveforms, stations) -> None:
    """Make a FOLDER that `seispipe run --source FOLDER` reads, from your own files.

    WAVEFORMS are files in any format that ObsPy reads, in counts. FOLDER must not exist yet.
    """
    try:
        spans = fill(folder, waveforms, stations)
    except (FileExistsError, ValueError) as problem:
        raise click.UsageError(str(problem)) from problem
    except OSError as problem:
        raise click.FileError(str(folder), hint=problem.strerror) from problem
    for seed_id, (begin, end) in sorted(spans.items()):
        click.echo(f"{seed_id:<16} {begin} to {end}")
    click.echo(
        f"To run the pipeline on it: seispipe run --source {folder} CHANNEL... --start T --end T"
    )


@archive_commands.command("serve")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("teaching-archive"),
    show_default=True,
    help="The folder that plays the bucket.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="By default a free one.")
@click.option(
    "--rtt-ms",
    type=click.FloatRange(min=0),
    default=0.0,
    help="Put the server this round-trip time away.",
)
@click.option(
    "--mbit",
    type=click.FloatRange(min=0, min_open=True),
    help="Let the line carry so many Mbit/s in each direction.",
)
def serve_command(folder, port, rtt_ms, mbit) -> None:
    """Serve a folder as the bucket scedc-pds, until Ctrl-C.

    A real S3 server on this machine's own address, read-only and without credentials. The first
    line printed is its address.
    """
    try:
        with serve(folder, port=port, round_trip_ms=rtt_ms, megabit_s=mbit) as endpoint:
            click.echo(endpoint.url)
            click.echo(f"bucket {endpoint.bucket}; stop with Ctrl-C")
            threading.Event().wait()
    except (ValueError, HelperError) as problem:
        raise click.ClickException(str(problem)) from problem
    except KeyboardInterrupt:
        click.echo("stopped")
