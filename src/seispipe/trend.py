"""Taking the linear trend out of samples."""

import numpy as np


def without_trend(data: np.ndarray) -> np.ndarray:
    """Return samples less the straight line that fits them best.

    The same as :func:`scipy.signal.detrend`, by the two sums that the line follows from instead of
    a general solver.

    Parameters
    ----------
    data : numpy.ndarray
        Shape ``(n,)``, at least one sample.

    Returns
    -------
    numpy.ndarray
        A new array, float64, same shape.
    """
    samples = len(data)
    centred = data - np.mean(data)
    if samples < 2:
        return centred
    place = np.arange(samples) - (samples - 1) / 2
    # The sum of the squared places is n (n² - 1) / 12.
    # Not np.dot, which calls threads for sums as short as these.
    slope = np.sum(place * centred) / (samples * (samples**2 - 1) / 12)
    return centred - slope * place
