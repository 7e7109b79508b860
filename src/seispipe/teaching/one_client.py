"""One archive, and so one S3 client, for each process that works.

It stands here and not in the notebook, because a function that remembers travels as a name, and
workers know the names of modules but not those of a notebook's cells.
"""

import functools

from seispipe.archive import S3Archive


@functools.cache
def archive_at(url: str, reading: str = "objects") -> S3Archive:
    """Return this process's archive at an address: made at first use, then always the same.

    Parameters
    ----------
    url : str
        Address of an S3 server that has SCEDC's bucket.
    reading : {"objects", "records"}
        Whether whole objects are read, or only the records that a window needs.

    Returns
    -------
    S3Archive
        It makes its client when something is first read, and keeps it.
    """
    return S3Archive(endpoint_url=url, reading=reading)
