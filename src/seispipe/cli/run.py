"""``seispipe run``: the pipeline, and its rows on the screen."""

import sys

import click
import pandas as pd

from seispipe.archive import Archive, Truth
from seispipe.archive.guarded import HelperError
from seispipe.cli.words import (
    NewFile,
    naming_a_source,
    naming_requests,
    naming_workers,
    requests_of,
    settings_of,
    workers_of,
)
from seispipe.clusters import ClusterError
from seispipe.errors import ArchiveUnreachable, StationError
from seispipe.pipeline import run
from seispipe.results import Row, beside_truth, summary, table, write_csv, write_quakeml
from seispipe.sources import opened


@click.command("run")
@naming_requests
@naming_a_source
@naming_workers
@click.option("--csv", "csv_path", type=NewFile(), help="Write the rows here.")
@click.option("--quakeml", type=NewFile(), help="Write the picks here.")
def run_command(
    channels,
    groups,
    start,
    end,
    long_average,
    band,
    after,
    t_star,
    source,
    reading,
    how,
    cluster,
    workers,
    csv_path,
    quakeml,
) -> None:
    """Run the pipeline and print a table of rows.

    Each CHANNEL is a SEED id such as XX.S001..HHZ; without any, every window that the source itself
    proposes is processed. --start and --end set the window; without them the source's own windows
    of the channel are used. Where the source knows the truth, it stands beside the rows.
    """
    if csv_path and csv_path == quakeml:
        raise click.UsageError(f"--csv and --quakeml both name {csv_path}; name two files")
    try:
        settings = settings_of(long_average, band, after, t_star)
        with opened(source, reading) as archive:
            requests = requests_of(archive, channels, groups, start, end)
            with workers_of(how, cluster, workers) as way:
                rows = run(requests, archive, settings, way, workers, sys.stderr.isatty())
            truth = _truth_of(archive)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    except (StationError, HelperError, ClusterError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(_for_a_terminal(rows, truth))
    if any(row.corner_hz for row in rows) and not settings.frequency.t_star_s:
        click.echo("\nCorners are apparent ones: attenuation is taken for source (--t-star 0).")
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


def _truth_of(archive: Archive) -> Truth | None:
    """Return the truth, where it is known. An archive that is away has said so in every row."""
    try:
        return archive.truth() if hasattr(archive, "truth") else None
    except ArchiveUnreachable:
        return None


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
    # As objects: a column that is empty throughout is one of numbers, and takes no dash.
    return pd.DataFrame(columns, dtype=object).fillna("-").to_string(index=False)
