"""Decoding miniSEED by ObsPy, one thread at a time.

ObsPy tells its C library for each call where complaints shall go, in one place for all threads. If
the library complains in one thread after another has put its own address there, and gone, the
process dies. So only one thread is let in.
"""

import io
import threading

from obspy import Stream, read

_ONE_READER_AT_A_TIME = threading.Lock()


def read_miniseed(data: bytes) -> Stream:
    """Return the samples of whole miniSEED records.

    Parameters
    ----------
    data : bytes
        The records.

    Returns
    -------
    Stream
        One trace for each stretch of a channel without a gap.

    Raises
    ------
    Exception
        Of many kinds, if they are not miniSEED: this is ObsPy's parser.
    """
    with _ONE_READER_AT_A_TIME:
        return read(io.BytesIO(data), format="MSEED")
