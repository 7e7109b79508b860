"""The words of the command line that several commands understand, and what they mean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click
from obspy import UTCDateTime

from seispipe.archive import Archive, Request
from seispipe.archive.objects import READINGS
from seispipe.archive.truth import GROUPS
from seispipe.clusters import CLUSTER_VARIABLE, ENGINES, connect
from seispipe.picking import USUAL_BAND_HZ
from seispipe.sources import READING_VARIABLE, SOURCE_VARIABLE, SOURCES
from seispipe.stages import Settings
from seispipe.ways import WAYS


class Time(click.ParamType):
    """A UTC time in any form that ObsPy reads."""

    name = "time"

    def convert(self, value, param, ctx):
        """Return the time."""
        try:
            return UTCDateTime(value)
        except (TypeError, ValueError):
            self.fail(f"{value!r} is not a time; write it as 2005-08-01T14:57:20", param, ctx)


class NewFile(click.Path):
    """A file to be written, in a folder that must be there before the work begins."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value, param, ctx):
        """Return the path."""
        path = super().convert(value, param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}; make it first", param, ctx)
        return path


_USUAL = Settings()


def _all(*options: Callable) -> Callable:
    """Make one decorator of several, that are listed in this order."""

    def decorate(command: Callable) -> Callable:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


naming_a_source = _all(
    click.option(
        "--source",
        default="teaching",
        show_default=True,
        envvar=SOURCE_VARIABLE,
        help="Where the data are: "
        + "; ".join(f"{name}: {what}" for name, what in SOURCES.items()),
    ),
    click.option(
        "--reading",
        type=click.Choice(READINGS),
        default="objects",
        show_default=True,
        envvar=READING_VARIABLE,
        help="Fetch whole objects, or only the records that a window needs.",
    ),
)
naming_workers = _all(
    click.option(
        "--how",
        type=click.Choice(list(WAYS)),
        help="How to run.  [default: serial, or dask where --cluster is given]",
    ),
    click.option(
        "--cluster",
        envvar=CLUSTER_VARIABLE,
        help="Where Dask's workers come from: "
        + "; ".join(f"{name}: {what}" for name, what in ENGINES.items()),
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="How many threads, processes or workers.  [default: the cores available]",
    ),
)
naming_requests = _all(
    click.argument("channels", nargs=-1, metavar="[CHANNEL]..."),
    click.option(
        "--group",
        "groups",
        type=click.Choice(GROUPS),
        multiple=True,
        help="Which stations of the teaching archive; may be given more than once."
        "  [default: hour]",
    ),
    click.option("--start", type=Time(), help="Start of the window, UTC."),
    click.option("--end", type=Time(), help="End of the window, UTC; not included."),
    click.option(
        "--long-average",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Length of the long average of the STA/LTA trigger.  "
        f"[default: {_USUAL.picking.long_s:g}]",
    ),
    click.option(
        "--band",
        type=(float, float),
        metavar="LOW HIGH",
        help="Pass band of the picker, in Hz.  [default: {:g} {:g}, and less at low sampling "
        "rates]".format(*USUAL_BAND_HZ),
    ),
    click.option(
        "--after",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="How long after P amplitudes and spectrum are measured: shorter than S takes.  "
        f"[default: {_USUAL.trimming.after_s:g}]",
    ),
    click.option(
        "--t-star",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="Attenuation along the path, taken out before the corner is fitted.  "
        f"[default: {_USUAL.frequency.t_star_s:g}]",
    ),
)


@contextmanager
def workers_of(how: str | None, cluster: str | None, workers: int | None) -> Iterator[str]:
    """Yield the way of running, and keep a cluster open for it if one is named.

    Raises
    ------
    ValueError
        If a cluster or a number of workers is named for a way that needs none.
    ClusterError
        If there is no such cluster.
    """
    if not cluster:
        if workers and how in (None, "serial"):
            raise ValueError("--workers goes with --how threads, processes or dask")
        yield how or "serial"
        return
    if how not in (None, "dask"):
        raise ValueError(f"--cluster goes with --how dask, not with --how {how}")
    # On the error stream: the rows are what this command prints.
    with connect(cluster, workers, quiet=True) as connection:
        click.echo(connection, err=True)
        yield "dask"


def requests_of(archive: Archive, channels, groups, start, end) -> list[Request]:
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
            Request.from_id(channel, proposed[0].start, proposed[0].end)  # says so if it is no id
            near = get_close_matches(channel, sorted(known), n=3, cutoff=0.5)
            raise ValueError(
                f"the source proposes no window for {channel}; give --start and --end, "
                f"or choose among its {len(known)} channels, such as "
                f"{', '.join(near or sorted(known)[:3])}"
            )
    return [request for request in proposed if request.seed_id in channels]


def settings_of(
    long_average: float | None,
    band: tuple[float, float] | None,
    after: float | None,
    t_star: float | None,
) -> Settings:
    """Turn the words of the command line into settings; what is None stays as it is."""
    settings = Settings()
    return replace(
        settings,
        picking=_with(settings.picking, long_s=long_average, band_hz=band),
        trimming=_with(settings.trimming, after_s=after),
        frequency=_with(settings.frequency, t_star_s=t_star),
    )


def _with(stage: object, **given: object) -> object:
    return replace(stage, **{name: value for name, value in given.items() if value is not None})
