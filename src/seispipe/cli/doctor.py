"""``seispipe doctor``: look at the machine."""

import sys

import click

from seispipe.doctor import examine


@click.command("doctor")
def doctor_command() -> None:
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
