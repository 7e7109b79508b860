"""Taking the linear trend out of samples."""

import numpy as np

# Long windows are gone through in pieces that stay in the processor's cache.
_PIECE = 32_768


def without_trend(data: np.ndarray) -> np.ndarray:
    """Return samples less the straight line that fits them best.

    The same as :func:`scipy.signal.detrend`, by the two sums that the line follows from instead of
    a general solver.

    Parameters
    ----------
    data : numpy.ndarray
        Samples along the last axis, at least one: shape ``(n,)``, or ``(k, n)`` for many windows.

    Returns
    -------
    numpy.ndarray
        A new array, float64, same shape. A window gives the same digits alone and among others.
    """
    samples = data.shape[-1]
    pieces = [slice(first, first + _PIECE) for first in range(0, samples, _PIECE)]
    first_places = np.arange(min(_PIECE, samples)) - (samples - 1) / 2

    def places(piece: slice) -> np.ndarray:
        return piece.start + first_places[: samples - piece.start]

    level = sum(np.sum(data[..., each], axis=-1, keepdims=True) for each in pieces) / samples
    # The sum of the places is zero, and that of their squares n (n² - 1) / 12.
    # Not np.dot, which calls threads for sums as short as these.
    moment = sum(np.sum(data[..., each] * places(each), axis=-1, keepdims=True) for each in pieces)
    slope = moment / (samples * (samples**2 - 1) / 12 or 1.0)
    out = np.empty(data.shape)
    for each in pieces:
        np.subtract(data[..., each], slope * places(each) + level, out=out[..., each])
    return out
