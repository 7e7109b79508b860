"""Whether the workers have the same software as whoever sends them work."""

from distributed import Client
from packaging.version import Version

from seispipe.fingerprint import fingerprint

# Also what only carries the work must be the same on both sides, or it cannot be unpacked.
_PACKAGES = ("python", "seispipe", "obspy", "numpy", "dask", "distributed", "cloudpickle")


def disagreements(client: Client) -> list[str]:
    """Compare what the workers have with what this process has.

    Nothing of ours is sent for it unless the versions agree, so that a worker without the package
    is found by a question that Dask itself can answer.

    Parameters
    ----------
    client : distributed.Client
        Connected to a cluster with workers.

    Returns
    -------
    list of str
        A sentence for each package and version that differs; empty if all agree.
    """
    versions = client.get_versions(check=False, packages=["seispipe", "obspy"])
    here = versions["client"]["packages"]
    found = []
    for package in _PACKAGES:
        others: dict[str | None, list[str]] = {}
        for worker, theirs in versions["workers"].items():
            version = theirs["packages"].get(package)
            if not _alike(package, here[package], version):
                others.setdefault(version, []).append(worker)
        for version, workers in others.items():
            has = f"has {package} {version}" if version else f"has no {package}"
            found.append(f"{_named(workers)} {has}, and here it is {here[package]}")
    return found or _different_sources(client)


def _alike(package: str, here: str, there: str | None) -> bool:
    if there is None:
        return False
    if package == "python":
        # "3.11.7.final.0": what is packed by one patch release, another can unpack.
        return here.split(".")[:2] == there.split(".")[:2]
    return Version(here) == Version(there)


def _different_sources(client: Client) -> list[str]:
    """Compare the source itself, since two checkouts may have one version number."""
    try:
        theirs = client.run(fingerprint, on_error="return")
    except Exception as problem:
        # What a worker says that cannot unpack the question, differs between versions of Dask.
        return [f"a worker cannot import seispipe ({type(problem).__name__}: {problem})"]
    others = [worker for worker, print_ in theirs.items() if print_ != fingerprint()]
    if not others:
        return []
    return [f"{_named(others)} has another state of seispipe's source, under the same version"]


def _named(workers: list[str]) -> str:
    if len(workers) == 1:
        return f"the worker {workers[0]}"
    return f"each of {len(workers)} workers, such as {workers[0]},"
