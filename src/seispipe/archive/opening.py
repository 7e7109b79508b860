"""From a word on the command line to an archive."""

from seispipe.archive.recordings import Recordings

ARCHIVES = {"recordings": Recordings}


def open_archive(name: str) -> Recordings:
    """Open an archive by its name.

    Parameters
    ----------
    name : str
        A key of :data:`ARCHIVES`.

    Raises
    ------
    ValueError
        If there is no archive of that name; the message lists those there are.
    """
    try:
        return ARCHIVES[name]()
    except KeyError:
        raise ValueError(
            f"no archive is called {name!r}; choose one of: {', '.join(sorted(ARCHIVES))}"
        ) from None
