"""Point the launch and source buttons at the repository that this build was made from.

The address comes from ``COURSE_REPOSITORY``, from the workflow's own environment, or from git's
remote ``origin``. A build that knows none of them has no such buttons, rather than dead ones.
"""

import os
import re
import subprocess


def repository_url() -> str | None:
    """Return the repository's web address, or None where there is none to be known."""
    if url := os.environ.get("COURSE_REPOSITORY"):
        return url.rstrip("/")
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    git = subprocess.run(
        ["git", "remote", "get-url", "origin"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return web_address(git.stdout.strip()) if git.returncode == 0 else None


def web_address(remote: str) -> str | None:
    """Turn a git remote into a web address; a folder or an unknown form has none.

    >>> web_address("git@github.com:someone/course.git")
    'https://github.com/someone/course'
    """
    match = re.fullmatch(
        r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)([\w.-]+\.[a-z]+)(?::\d+(?=/))?[:/](.+?)(?:\.git)?/?",
        remote,
    )
    return f"https://{match[1]}/{match[2]}" if match else None


def configure(app, config) -> None:
    """Fill in the address, or take the buttons away."""
    options = config.html_theme_options
    url = repository_url()
    if url is None:
        options["launch_buttons"] = {}
        return
    options.update(
        repository_url=url,
        repository_branch=os.environ.get("COURSE_BRANCH", "main"),
        path_to_docs="",
        use_repository_button=True,
        use_issues_button=True,
    )


def setup(app):
    """Register with Sphinx."""
    app.connect("config-inited", configure, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
