"""The ``seispipe`` command, a module for each of its commands."""

import logging

import click

from seispipe import __version__
from seispipe.cli.archive import archive_commands
from seispipe.cli.doctor import doctor_command
from seispipe.cli.progress import progress_command
from seispipe.cli.run import run_command
from seispipe.cli.runs import runs_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="seispipe")
def main() -> None:
    """Pick P onsets and measure their spectra, one row for every station asked for."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")


for command in (
    run_command,
    runs_commands,
    archive_commands,
    doctor_command,
    progress_command,
):
    main.add_command(command)
