"""Tell the build where the course lives: its repository, and the site's own address.

The repository comes from ``COURSE_REPOSITORY``, from the workflow's own environment, or from git's
remote ``origin``; the launch and source buttons need it. The site's address comes from
``COURSE_SITE``, or is that of GitHub's pages for that repository where a workflow builds them; the
sitemap and the cards that social networks show need it. A build that knows neither has no such
buttons, no sitemap and no cards, rather than dead ones. ``COURSE_HUB`` is the address of a
JupyterHub where readers have accounts; each notebook then has a button for it.
"""

import os
import re
import subprocess
from urllib.parse import urlsplit

NOT_HERE = """
<h1>There is no page at this address</h1>
<p>It may have been moved, or the address was cut on its way to you. These lead on:</p>
<ul>
<li><a href="{top}book/intro.html">the front page, with a map of all lessons</a>,</li>
<li><a href="{top}search.html">the search</a>,</li>
<li><a href="{top}book/reference/glossary.html">the glossary</a>.</li>
</ul>
"""


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


def site_url() -> str | None:
    """Return where the site will be, with a slash at its end, or None where nobody has said so."""
    if url := os.environ.get("COURSE_SITE"):
        return url.rstrip("/") + "/"
    if name := os.environ.get("GITHUB_REPOSITORY"):
        owner, _, course = name.partition("/")
        return f"https://{owner.lower()}.github.io/{course}/"
    return None


def configure(app, config) -> None:
    """Fill in the addresses, or take away what needs them."""
    options = config.html_theme_options
    url = repository_url()
    if url is None:
        options["launch_buttons"] = {}
    else:
        options.update(
            repository_url=url,
            repository_branch=os.environ.get("COURSE_BRANCH", "main"),
            path_to_docs="",
            use_repository_button=True,
            use_issues_button=True,
        )
        if hub := os.environ.get("COURSE_HUB"):
            options["launch_buttons"] = options["launch_buttons"] | {"jupyterhub_url": hub}
    site = site_url()
    # The page for wrong addresses is shown at any depth: its links begin at the site's top.
    top = config.notfound_urls_prefix = urlsplit(site).path if site else "/"
    config.notfound_context = {"title": "Not here", "body": NOT_HERE.format(top=top)}
    if site is not None:
        config.html_baseurl = config.ogp_site_url = site
        # The theme's default puts language and version into each address.
        config.sitemap_url_scheme = "{link}"
        config.sitemap_excludes = ["search.html", "genindex.html", "404.html"]
        config.ogp_site_name = config.html_title


def setup(app):
    """Register with Sphinx, and with it what needs the site's address."""
    if site_url() is not None:
        app.setup_extension("sphinx_sitemap")
        app.setup_extension("sphinxext.opengraph")
    app.connect("config-inited", configure, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
