"""The ways into the course that need the repository's address: Binder, a hub, Colab.

The directive ``door`` writes each as far as the build knows it. Where it does not know the address,
it says what to put in its place rather than giving a dead link.
"""

import os

from docutils import nodes
from repository import repository_url
from sphinx.util.docutils import SphinxDirective

UNKNOWN = "https://github.com/OWNER/COURSE"
WORKSPACE = "lab/workspaces/course"


class Door(SphinxDirective):
    """One way in: ``binder``, ``hub`` or ``colab``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the link, or the cell."""
        repository = repository_url()
        write = {"binder": self._binder, "hub": self._hub, "colab": self._colab}
        try:
            door = write[self.arguments[0]]
        except KeyError:
            raise self.error(f"no such door: {self.arguments[0]}") from None
        return door(repository)

    def _binder(self, repository: str | None) -> list[nodes.Node]:
        if repository is None or not repository.startswith("https://github.com/"):
            return self._pattern(
                "The address has this form; put in who has the course, and where:",
                f"https://mybinder.org/v2/gh/OWNER/COURSE/main?urlpath={WORKSPACE}",
            )
        name = repository.removeprefix("https://github.com/")
        address = f"https://mybinder.org/v2/gh/{name}/{_branch()}?urlpath={WORKSPACE}"
        return [_link("Open the whole course on Binder", address)]

    def _hub(self, repository: str | None) -> list[nodes.Node]:
        pulled = repository or UNKNOWN
        hub = os.environ.get("COURSE_HUB", "https://YOUR-HUB").rstrip("/")
        folder = pulled.rpartition("/")[2]
        address = (
            f"{hub}/hub/user-redirect/git-pull?repo={pulled}&branch={_branch()}"
            f"&urlpath=lab/tree/{folder}/notebooks/README.md"
        )
        if repository and "COURSE_HUB" in os.environ:
            return [_link("Open the course on your hub", address)]
        return self._pattern("The address has this form; put in your hub's:", address)

    def _colab(self, repository: str | None) -> list[nodes.Node]:
        lines = [
            f'%pip install --quiet "seispipe @ git+{repository or UNKNOWN}"',
            "import os",
            "",
            'os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"',
        ]
        return [_code("\n".join(lines), "python")]

    def _pattern(self, words: str, address: str) -> list[nodes.Node]:
        return [nodes.paragraph("", words), _code(address, "text")]


def _branch() -> str:
    return os.environ.get("COURSE_BRANCH", "main")


def _link(text: str, address: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.reference("", text, refuri=address))


def _code(text: str, language: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language)


def setup(app):
    """Register with Sphinx."""
    app.add_directive("door", Door)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
