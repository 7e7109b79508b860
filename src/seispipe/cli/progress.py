"""``seispipe progress``: which exercises have been passed."""

import click


@click.command("progress")
@click.option("--forget", is_flag=True, help="Begin anew: forget what has been passed.")
def progress_command(forget: bool) -> None:
    """Show which self-checks of the course's exercises you have passed.

    They are written down on this machine when a notebook tells you that an answer is right, and
    sent nowhere. Solutions that you run do not count.
    """
    # Exercises work with the whole pipeline: other commands need not wait for that.
    from seispipe.teaching import progress
    from seispipe.teaching.exercises import EXERCISES, LESSONS

    if forget:
        progress.forget()
    done = progress.passed()
    width = max(map(len, LESSONS))
    click.echo(f"    {'lesson':<{width}}  passed")
    for number, lesson in enumerate(LESSONS, start=1):
        names = [name for name in EXERCISES if name.startswith(f"{lesson}/")]
        open_ones = [name.partition("/")[2] for name in names if name not in done]
        line = f"{number:2}  {lesson:<{width}}  {len(names) - len(open_ones)} of {len(names)}"
        if open_ones and len(open_ones) < len(names):
            line += f"   still open: {', '.join(open_ones)}"
        click.echo(line)
    count = sum(name in done for name in EXERCISES)
    click.echo(
        f"\n{count} of {len(EXERCISES)} exercises passed. Kept in {progress.progress_file()}"
    )
