"""A real JupyterHub on this machine, whose learners have the image of the course."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from confined import as_nobody
from image import Image

from tests.processes import free_port, start, stop, wait_for_port

LEARNER, PASSWORD = "learner", "not-a-secret"
REPOSITORY = "https://github.com/someone/course"
SETTINGS = """\
c = get_config()  # noqa: F821
c.JupyterHub.bind_url = {url!r}
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = {command!r}
c.Spawner.environment = {environment!r}
c.Spawner.env_keep = []
c.Spawner.default_url = "/lab"
"""


@dataclass(frozen=True)
class Hub:
    """A hub that runs.

    Attributes
    ----------
    url : str
        Its address, with a slash at the end.
    log : Path
        What it and its learners' servers say.
    home : Path
        The learner's home.
    """

    url: str
    log: Path
    home: Path


@contextmanager
def running(image: Image, upstream: str):
    """Start a hub with all it needs, and end it with all that its learners have started.

    Parameters
    ----------
    image : Image
        What learners get. It must have JupyterHub's part for learners, and nbgitpuller.
    upstream : str
        The address from which the course's repository is really fetched: the machine may have no
        network. Learners' links name the one that the site names.

    Yields
    ------
    Hub
        The hub.
    """
    folder = image.folder / "hub"
    home = folder / "homes" / LEARNER
    home.mkdir(parents=True)
    (home / ".gitconfig").write_text(f'[url "{upstream}"]\n\tinsteadOf = {REPOSITORY}\n')
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    (folder / "settings.py").write_text(
        SETTINGS.format(
            url=url,
            hub_port=free_port(),
            api_port=free_port(),
            password=PASSWORD,
            homes=str(folder / "homes"),
            command=[str(image.course / "binder/start"), str(image.bin / "jupyterhub-singleuser")],
            # As a hub's keeper is told to: the archive once for all learners.
            environment=image.environment(
                HOME=str(home), SEISPIPE_CACHE=str(image.home / ".cache" / "seispipe")
            ),
        )
    )
    image.give_away()
    log = folder / "log"
    hub = start(
        as_nobody([image.bin / "jupyterhub", "--config", folder / "settings.py"]),
        log,
        image.environment(HOME=str(folder)),
        folder,
    )
    try:
        wait_for_port("127.0.0.1", port, hub, log, timeout=60)
        yield Hub(url, log, home)
    finally:
        stop(hub)
