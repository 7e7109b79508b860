"""One seismic pipeline, built step by step and then run in every way the course teaches.

The six stages are plain functions, each in a module of its own and none knowing another:
:mod:`~seispipe.inventory`, :mod:`~seispipe.waveforms`, :mod:`~seispipe.correction`,
:mod:`~seispipe.picking`, :mod:`~seispipe.trimming` and :mod:`~seispipe.frequency`.
:mod:`~seispipe.stages` joins them for one window, :mod:`~seispipe.batches` for many at once, and
:mod:`~seispipe.pipeline` runs them; :mod:`~seispipe.archive` is where the data come from.
"""

from importlib.metadata import version

__version__ = version("seispipe")
