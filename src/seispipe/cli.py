"""The ``seispipe`` command."""

import logging
import sys
import threading
from dataclasses import replace
from pathlib import Path

import click
import pandas as pd
from dask.system import CPU_COUNT
from obspy import UTCDateTime

from seispipe import __version__
from seispipe.archive import Archive, Request, Truth
from seispipe.archive.endpoint import serve
from seispipe.archive.guarded import HelperError
from seispipe.archive.objects import READINGS
from seispipe.archive.truth import GROUPS
from seispipe.doctor import examine
from seispipe.errors import StationError
from seispipe.picking import PickingSettings
from seispipe.pipeline import Settings, run
from seispipe.results import Row, beside_truth, summary, table, write_csv, write_quakeml
from seispipe.sources import READING_VARIABLE, SOURCE_VARIABLE, SOURCES, opened
from seispipe.synthesis.build import build, default_stations, digest
from seispipe.ways import WAYS


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
    default="teaching",
    show_default=True,
    envvar=SOURCE_VARIABLE,
    help="Where the data are: " + "; ".join(f"{name}: {what}" for name, what in SOURCES.items()),
)
@click.option(
    "--reading",
    type=click.Choice(READINGS),
    default="objects",
    show_default=True,
    envvar=READING_VARIABLE,
    help="Fetch whole objects, or only the records that a window needs.",
)
@click.option(
    "--how", type=click.Choice(list(WAYS)), default="serial", show_default=True, help="How to run."
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="How many threads or processes.  [default: the cores available]",
)
@click.option(
    "--group",
    "groups",
    type=click.Choice(GROUPS),
    multiple=True,
    help="Which stations of the teaching archive; may be given more than once.  [default: hour]",
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
def run_command(
    channels, source, reading, how, workers, groups, start, end, long_average, csv_path, quakeml
) -> None:
    """Run the pipeline and print a table of rows.

    Each CHANNEL is a SEED id such as XX.S001..HHZ; without any, every window that the source itself
    proposes is processed. --start and --end set the window; without them the source's own windows
    of the channel are used. Where the source knows the truth, it stands beside the rows.
    """
    if csv_path and csv_path == quakeml:
        raise click.UsageError(f"--csv and --quakeml both name {csv_path}; name two files")
    try:
        settings = _settings(long_average)
        with opened(source, reading) as archive:
            requests = _requests(archive, channels, groups, start, end)
            rows = run(requests, archive, settings, how, workers, sys.stderr.isatty())
            truth = archive.truth() if hasattr(archive, "truth") else None
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    except (StationError, HelperError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(_for_a_terminal(rows, truth))
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
    if any(row.status == "stopped" for row in rows):
        sys.exit(130)  # what a shell expects after Ctrl-C


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


def _requests(archive: Archive, channels, groups, start, end) -> list[Request]:
    """Turn the words of the command line into requests."""
    if (start is None) != (end is None):
        raise ValueError("--start and --end go together")
    if start is not None:
        if not channels:
            raise ValueError("name at least one CHANNEL for the window from --start to --end")
        return [Request.from_id(channel, start, end) for channel in channels]
    # Who names a channel means it, whichever group it is of.
    proposed = archive.requests(*(GROUPS if channels and not groups else groups))
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


def _for_a_terminal(rows: list[Row], truth: Truth | None) -> str:
    """Return the rows as aligned columns that fit a terminal, with the truth where it is known."""
    full = table(rows)
    columns = {
        "channel": [row.seed_id for row in rows],
        "window from": full["start"].str.slice(0, 19),
        "status": full["status"],
        "P onset": full["p_time"].str.slice(11, 23),
        "SNR": full["snr"].map("{:.0f}".format, na_action="ignore"),
        "peak um/s": (full["peak_velocity"] * 1e6).map("{:.2f}".format, na_action="ignore"),
        "dominant Hz": full["dominant_hz"].map("{:.1f}".format, na_action="ignore"),
        "corner Hz": full["corner_hz"].map("{:.1f}".format, na_action="ignore"),
    }
    if truth is not None:
        known = beside_truth(rows, truth)
        milliseconds = 1000 * known["p_error_s"]
        columns |= {
            "| P error ms": milliseconds.map("{:+.0f}".format, na_action="ignore"),
            "true corner Hz": known["true_corner_hz"].map("{:.1f}".format, na_action="ignore"),
            "defect": known["defect"],
        }
        if not known["defect"].any():
            del columns["defect"]
    return pd.DataFrame(columns).fillna("-").to_string(index=False)


if __name__ == "__main__":
    main()
