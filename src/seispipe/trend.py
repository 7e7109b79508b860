"""Taking the linear trend out of samples."""

import numpy as np


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
    level = np.mean(data, axis=-1, keepdims=True)
    if samples < 2:
        return data - level
    # The sum of the places is zero, and that of their squares n (n² - 1) / 12.
    place = np.arange(samples) - (samples - 1) / 2
    # Not np.dot, which calls threads for sums as short as these.
    line = data * place
    slope = np.sum(line, axis=-1, keepdims=True) / (samples * (samples**2 - 1) / 12)
    np.multiply(slope, place, out=line)
    line += level
    return np.subtract(data, line, out=line)
