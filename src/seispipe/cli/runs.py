"""``seispipe runs``: runs that are kept, gone on with and verified."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from click.core import ParameterSource

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
from seispipe.errors import StationError
from seispipe.results import write_csv, write_quakeml
from seispipe.runs import Run, StoreError
from seispipe.sources import by_full_name, opened
from seispipe.ways import WorkersLost

_WHERE = click.argument("where", metavar="WHERE")


@click.group("runs")
def runs_commands() -> None:
    """Begin, work on and verify runs that outlive whoever does them.

    WHERE is a folder, or an address such as s3://bucket/prefix. Rows are written there in Parquet
    partitions as they are finished. Work that was interrupted is gone on with by the same command.
    """


@runs_commands.command()
@_WHERE
@naming_requests
@naming_a_source
@click.option(
    "--size", type=click.IntRange(min=1), default=50, show_default=True, help="Rows in a partition."
)
def begin(
    where, channels, groups, start, end, long_average, band, after, t_star, source, reading, size
) -> None:
    """Write down what is to be done, and print how many partitions it has.

    The number is the last line, for the shell that submits a job array.
    """
    with _plainly(), opened(source, reading) as archive:
        requests = requests_of(archive, channels, groups, start, end)
        settings = settings_of(long_average, band, after, t_star)
        run = Run.begin(where, requests, settings, size, by_full_name(source))
    click.echo(f"{run.store}: {len(requests)} stations; now: seispipe runs work {where}", err=True)
    click.echo(len(run.manifest.partitions))


@runs_commands.command()
@_WHERE
@naming_a_source
@naming_workers
@click.option(
    "--part",
    "parts",
    type=click.IntRange(min=0),
    multiple=True,
    help="Do only this partition, as a job of a job array does; may be given more than once.",
)
@click.pass_context
def work(context, where, source, reading, how, cluster, workers, parts) -> None:
    """Do what is not yet done, and say what the run, or the parts named, have come to.

    A run that was begun here reads from where it was begun with; --source is for one that was begun
    in Python.
    """
    if parts and context.get_parameter_source("cluster") is ParameterSource.ENVIRONMENT:
        cluster = None  # a job of a job array is a worker itself
    given = context.get_parameter_source("source") is ParameterSource.COMMANDLINE
    with _plainly():
        run = Run.open(where)
        source = _source_of(run, source, given)
        with opened(source, reading) as archive, workers_of(how, cluster, workers) as way:
            report = run.work(archive, way, workers, parts or None, progress=sys.stderr.isatty())
    click.echo(report)
    sys.exit(0 if report.complete else 1)


@runs_commands.command()
@_WHERE
@click.option("--csv", "csv_path", type=NewFile(), help="Write the rows here.")
@click.option("--quakeml", type=NewFile(), help="Write the picks here.")
def verify(where, csv_path, quakeml) -> None:
    """Hold what is written against what went in; exit with 1 if anything lacks."""
    with _plainly():
        run = Run.open(where)
        report = run.verify()
        for write, path in ((write_csv, csv_path), (write_quakeml, quakeml)):
            if path:
                write(run.rows(), path)
    click.echo(report)
    sys.exit(0 if report.complete else 1)


def _source_of(run: Run, source: str, given: bool) -> str:
    """Return where a run reads: rows from two archives must not come to lie side by side."""
    begun_with = run.manifest.archive
    if begun_with is None:
        return source
    if given and by_full_name(source) != begun_with:
        raise ValueError(
            f"{run.store} was begun with --source {begun_with}, not with {source}; leave --source "
            "out, or begin another run"
        )
    return begun_with


@contextmanager
def _plainly() -> Iterator[None]:
    """Say what went wrong in a sentence, without a traceback."""
    try:
        yield
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    except (StationError, HelperError, ClusterError, StoreError, WorkersLost) as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.filename}: {problem.strerror}") from problem
