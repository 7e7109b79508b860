"""Each notebook notices when the function that it is about is broken.

A lesson's checks are worth something only if they can fail. So each notebook is run once more with
one function of the package changed, in a way that leaves results looking plausible, and one of the
notebook's own assertions must object.
"""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SHIFTED_PICK = """
import dataclasses
import seispipe.picking as stage
original = stage.pick_p
def pick_p(*arguments, **options):
    pick = original(*arguments, **options)
    return pick and dataclasses.replace(pick, time=pick.time + 0.2)
stage.pick_p = pick_p
"""
WRONG_UNIT = """
import seispipe.correction as stage
original = stage.to_ground_motion
def to_ground_motion(*arguments, **options):
    motion = original(*arguments, **options)
    motion.data = motion.data * 1e9
    return motion
stage.to_ground_motion = to_ground_motion
"""
MUTATIONS = {
    "01-a-real-earthquake": SHIFTED_PICK,
    "02-inventory": """
import seispipe.inventory as stage
original = stage.requests_of
stage.requests_of = lambda *arguments, **options: original(*arguments, **options)[:-1]
""",
    "03-waveforms": """
import seispipe.waveforms as stage
original = stage.read_window
def read_window(*arguments):
    trace = original(*arguments)
    trace.data = trace.data[:-1]
    return trace
stage.read_window = read_window
""",
    "04-correction": WRONG_UNIT,
    "05-picking": SHIFTED_PICK,
    "06-trimming": """
import seispipe.trimming as stage
original = stage.cut
stage.cut = lambda trace, start, seconds: original(trace, start, seconds + trace.stats.delta)
""",
    "07-frequency": """
import dataclasses
import seispipe.frequency as stage
original = stage.amplitude_spectrum
def amplitude_spectrum(trace, *arguments, **options):
    spectrum = original(trace, *arguments, **options)
    return dataclasses.replace(spectrum, amplitude=spectrum.amplitude / trace.stats.delta)
stage.amplitude_spectrum = amplitude_spectrum
""",
    "08-the-serial-pipeline": """
import seispipe.pipeline as stage
original = stage.run
stage.run = lambda *arguments, **options: original(*arguments, **options)[1:]
""",
    "09-right-then-cheaper": """
import dataclasses
import seispipe.picking as stage
original = stage.first_onset
def first_onset(*arguments):
    onset = original(*arguments)
    return dataclasses.replace(onset, index=onset.index and onset.index + 1)
stage.first_onset = first_onset
""",
    "10-a-reality-check": SHIFTED_PICK,
    "11-data-gravity": """
import seispipe.teaching.gravity as stage
original = stage.reading_seconds
stage.reading_seconds = lambda *arguments: 2 * original(*arguments)
""",
    "12-concurrency-and-parallelism": """
import seispipe.teaching.timeline as stage
def running_at_once(spans):
    spans = list(spans)
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    return sum(s.end - s.start for s in spans) / (end - start)
stage.running_at_once = running_at_once
""",
    "13-multiprocessing": """
import seispipe.ways as stage
original = stage._batches
stage._batches = lambda *arguments: original(*arguments)[:-1]
""",
    "14-multithreading": """
import seispipe.archive.download as stage
original = stage.read_failures
stage.read_failures = lambda path: original(path)[1:]
""",
    "15-choosing": """
import seispipe.teaching.speed_up as stage
original = stage.serial_share
stage.serial_share = lambda gains: original({n: gain / n for n, gain in gains.items()})
""",
    "16-workflows-and-dags": """
import seispipe.dag as stage
original = stage.critical_path
stage.critical_path = lambda graph, seconds: original(graph, dict.fromkeys(seconds, 1.0))
""",
    "17-dask-delayed-and-futures": """
import seispipe.ways as stage
original = stage.WAYS["dask"]
def in_dask(requests, process, workers):
    for place, row in original(requests, process, workers):
        yield len(requests) - 1 - place, row
stage.WAYS["dask"] = in_dask
""",
    "18-dask-collections": """
import seispipe.waveforms as stage
original = stage.read_window
def read_window(*arguments):
    trace = original(*arguments)
    trace.data = trace.data * 1.1
    return trace
stage.read_window = read_window
""",
    "19-dask-when-things-fail": """
import os
import seispipe.teaching.kept as stage
original = stage.digest
stage.digest = lambda *ingredients: original(*ingredients, os.getpid())
""",
    "20-traditional-and-cloud": """
import seispipe.teaching.traditional as stage
original = stage.write_trace
def write_trace(trace, path):
    short = trace.copy()
    short.data = short.data.astype("float32").astype("float64")
    original(short, path)
stage.write_trace = write_trace
""",
    "21-on-a-cluster": """
import seispipe.runs.doing as doing
import seispipe.runs.run as stage
doing.finished = stage.finished = lambda rows, problem: False
""",
    "22-when-machines-fail": """
import seispipe.runs.run as stage
original = stage.read
def read(*arguments, **named):
    rows, problem = original(*arguments, **named)
    return rows[::-1], problem
stage.read = read
""",
    "23-a-million-station-days": """
import seispipe.teaching.scheduling as stage
original = stage.simulate
def simulate(task_s, workers, scheduler_s=0.0, *arguments, **options):
    return original(task_s, workers, scheduler_s / 2, *arguments, **options)
stage.simulate = simulate
""",
}


def test_every_notebook_has_a_mutation():
    assert sorted(MUTATIONS) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_notebook_objects_to_a_broken_function(name, tmp_path):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(MUTATIONS[name]))
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    with pytest.raises(CellExecutionError) as problem:
        client.execute()
    assert problem.value.ename == "AssertionError"
    failed = next(
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and any(output.output_type == "error" for output in cell.outputs)
    )
    tags = failed.metadata.get("tags", [])
    assert "check" in tags, failed.source
