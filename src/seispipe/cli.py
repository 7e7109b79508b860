"""The ``seispipe`` command."""

import logging
import sys
import threading
from dataclasses import replace
from pathlib import Path

import click
import pandas as pd
from obspy import UTCDateTime

from seispipe import __version__
from seispipe.archive import Request, open_archive
from seispipe.archive.endpoint import serve
from seispipe.archive.guarded import HelperError
from seispipe.doctor import examine
from seispipe.picking import PickingSettings
from seispipe.pipeline import Settings, run
from seispipe.results import Row, summary, table, write_csv, write_quakeml
from seispipe.synthesis.build import build


class _Time(click.ParamType):
    """A UTC time in any form that ObsPy reads."""

    name = "time"

    def convert(self, value, param, ctx):
        try:
            return UTCDateTime(value)
        except (TypeError, ValueError):
            self.fail(f"{value!r} is not a time; write it as 2005-08-01T14:57:20", param, ctx)


class _NewFile(click.Path):
    """A file to be written, in a folder that must be there before the work begins."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value, param, ctx):
        path = super().convert(value, param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}; make it first", param, ctx)
        return path


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="seispipe")
def main() -> None:
    """Pick P onsets and measure their spectra, one row for every station asked for."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")


@main.command("run")
@click.argument("channels", nargs=-1, metavar="[CHANNEL]...")
@click.option(
    "--source",
    default="recordings",
    show_default=True,
    help="Where the data are: 'recordings' (the real ones inside the ObsPy package), 'scedc' (the "
    "public bucket), the address of an S3 server, or a folder that `seispipe archive build` made.",
)
@click.option("--start", type=_Time(), help="Start of the window, UTC.")
@click.option("--end", type=_Time(), help="End of the window, UTC; not included.")
@click.option(
    "--long-average",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Length of the long average of the STA/LTA trigger.  "
    f"[default: {PickingSettings().long_s:g}]",
)
@click.option("--csv", "csv_path", type=_NewFile(), help="Write the rows here.")
@click.option("--quakeml", type=_NewFile(), help="Write the picks here.")
def run_command(channels, source, start, end, long_average, csv_path, quakeml) -> None:
    """Run the pipeline and print a table of rows.

    Each CHANNEL is a SEED id such as BW.RJOB..EHZ; without any, every window that the source itself
    proposes is processed. --start and --end set the window; without them the source's own windows
    of the channel are used.
    """
    if csv_path and csv_path == quakeml:
        raise click.UsageError(f"--csv and --quakeml both name {csv_path}; name two files")
    try:
        archive = open_archive(source)
        requests = _requests(archive, channels, start, end)
        settings = _settings(long_average)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    rows = run(requests, archive, settings)
    click.echo(_for_a_terminal(rows))
    for row in rows:
        if row.reason:
            click.echo(f"\n{row.seed_id} {row.status}: {row.reason}")
    click.echo(f"\n{summary(rows)}")
    for write, path in ((write_csv, csv_path), (write_quakeml, quakeml)):
        if path:
            try:
                write(rows, path)
            except OSError as problem:
                raise click.FileError(str(path), hint=problem.strerror) from problem


@main.group()
def archive() -> None:
    """Make and serve the teaching archive: synthetic stations with a known truth."""


@archive.command("build")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("teaching-archive"),
    show_default=True,
    help="The folder to write. It must not exist yet.",
)
def build_command(out) -> None:
    """Write the teaching archive: 24 stations for an hour and 2 for a day, 46 MB.

    The network XX is synthetic. What is true of it stands in truth.json.
    """
    click.echo("Building the teaching archive; this takes some seconds ...")
    try:
        build(out)
    except FileExistsError as problem:
        raise click.UsageError(str(problem)) from problem
    except OSError as problem:
        raise click.FileError(str(out), hint=problem.strerror) from problem
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    click.echo(f"{out}: {size / 1e6:.0f} MB. To run the pipeline on one of its earthquakes:")
    click.echo(
        f"  seispipe run XX.S001..HHZ --source {out} "
        "--start 2026-03-14T09:26:23 --end 2026-03-14T09:28:23"
    )


@archive.command("serve")
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


@main.command()
def doctor() -> None:
    """Look whether this machine has what the course needs, and say how to mend what it lacks."""
    findings = examine()
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        mark = "ok  " if finding.good else "MEND"
        click.echo(f"{mark}  {finding.what:<{width}}  {finding.found}")
        if not finding.good:
            click.echo(f"      {'':<{width}}  -> {finding.mend}")
    bad = sum(not finding.good for finding in findings)
    click.echo(f"\n{bad} of {len(findings)} to mend" if bad else "\nAll is well.")
    sys.exit(1 if bad else 0)


def _requests(archive, channels, start, end) -> list[Request]:
    """Turn the words of the command line into requests."""
    if (start is None) != (end is None):
        raise ValueError("--start and --end go together")
    if start is not None:
        if not channels:
            raise ValueError("name at least one CHANNEL for the window from --start to --end")
        return [Request.from_id(channel, start, end) for channel in channels]
    proposed = archive.requests()
    if not proposed:
        raise ValueError(
            "this source proposes no windows; name channels, and give --start and --end"
        )
    if not channels:
        return proposed
    known = {request.seed_id for request in proposed}
    for channel in channels:
        if channel not in known:
            raise ValueError(
                f"the source proposes no window for {channel}; give --start and --end, "
                f"or choose among: {', '.join(sorted(known))}"
            )
    return [request for request in proposed if request.seed_id in channels]


def _settings(long_average: float | None) -> Settings:
    settings = Settings()
    if long_average is None:
        return settings
    return replace(settings, picking=replace(settings.picking, long_s=long_average))


def _for_a_terminal(rows: list[Row]) -> str:
    """Return the rows as aligned columns that fit a terminal."""
    full = table(rows)
    narrow = pd.DataFrame(
        {
            "channel": [row.seed_id for row in rows],
            "window from": full["start"].str.slice(0, 19),
            "status": full["status"],
            "P onset": full["p_time"].str.slice(0, 23),
            "SNR": full["snr"].map("{:.0f}".format, na_action="ignore"),
            "peak um/s": (full["peak_velocity"] * 1e6).map("{:.2f}".format, na_action="ignore"),
            "dominant Hz": full["dominant_hz"].map("{:.1f}".format, na_action="ignore"),
            "corner Hz": full["corner_hz"].map("{:.1f}".format, na_action="ignore"),
        }
    )
    return narrow.fillna("-").to_string(index=False)


if __name__ == "__main__":
    main()
