"""Pictures of graphs of tasks, and of their schedules, that need no program but Matplotlib."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import networkx as nx
from dask.base import collections_to_expr, is_dask_collection
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Patch

from seispipe.dag import STAGES as ORDER
from seispipe.dag import Slot
from seispipe.teaching.figures import COLOURS, INK, QUIET, SMALL, STAGE_COLOURS

# A task that belongs to no stage, such as the merge.


def stage_colour(stage: str | None) -> str:
    """Return the colour of a stage, the same in every figure."""
    return STAGE_COLOURS.get(stage, INK)


def draw_graph(
    graph: nx.DiGraph,
    axes: Axes | None = None,
    *,
    seconds: Mapping[str, float] | None = None,
    path: Sequence[str] = (),
    implied: bool = False,
    title: str = "",
) -> Axes:
    """Draw a graph of tasks from left to right, one layer a stage.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph. A node's ``stage`` says its layer and colour; where nodes have none, a layer is
        what can run once the layer before it has.
    axes : Axes, optional
        Where to draw; by default in a new figure.
    seconds : mapping of str to float, optional
        How long each task takes: the discs are drawn with areas in proportion.
    path : sequence of str
        Tasks of a path to be marked, such as the critical one.
    implied : bool
        Whether to draw also the edges that follow from others: who waits for one that waits for a
        third waits for the third anyway.
    title : str
        What to write above.

    Returns
    -------
    Axes
    """
    layers, names = _layers(graph)
    tallest = max(len(layer) for layer in layers)
    if axes is None:
        _, axes = plt.subplots(figsize=(6.4, min(6.0, 1.1 + 0.34 * tallest)))
    # What networkx lays out as columns; its own nodes carry no layer.
    drawn = nx.DiGraph(graph.edges)
    drawn.add_nodes_from(graph)
    for number, layer in enumerate(layers):
        for name in layer:
            drawn.nodes[name]["layer"] = number
    places = nx.multipartite_layout(drawn, subset_key="layer", align="vertical")
    # Each layer keeps the order in which its tasks were added, from the top.
    for layer in layers:
        heights = sorted((places[name][1] for name in layer), reverse=True)
        for name, height in zip(layer, heights, strict=True):
            places[name] = (places[name][0], height)
    layer_of = {name: number for number, layer in enumerate(layers) for name in layer}
    marked = set(pairwise(path))
    for start, end in (graph if implied else nx.transitive_reduction(graph)).edges:
        far = layer_of[end] - layer_of[start] > 1
        on_path = (start, end) in marked
        axes.add_patch(
            FancyArrowPatch(
                places[start],
                places[end],
                arrowstyle="-|>",
                mutation_scale=7,
                shrinkA=5,
                shrinkB=6,
                # An edge that leaps over a layer bends, so as not to run through its tasks.
                connectionstyle=f"arc3,rad={-0.25 if far else 0}",
                color=COLOURS["P"] if on_path else QUIET,
                linewidth=1.8 if on_path else 0.6,
                zorder=2 if on_path else 1,
            )
        )
    areas = _areas(graph, seconds, tallest)
    for name, (x, y) in places.items():
        axes.scatter(
            x,
            y,
            s=areas[name],
            color=stage_colour(graph.nodes[name].get("stage")),
            edgecolor=COLOURS["P"] if name in path else "white",
            linewidth=1.6 if name in path else 0.6,
            zorder=3,
        )
    _name_layers(axes, layers, names, places)
    # Above the names of the stages.
    axes.set_title(title, pad=30 if any(names) else 6)
    axes.margins(0.06, 0.06)
    axes.axis("off")
    return axes


def draw_schedule(
    schedule: Sequence[Slot],
    stages: Mapping[str, str],
    axes: Axes | None = None,
    *,
    legend: bool = True,
    title: str = "",
) -> Axes:
    """Draw what each worker did when, one row a worker.

    Parameters
    ----------
    schedule : sequence of Slot
        What was run, or simulated.
    stages : mapping of str to str
        The stage of each task.
    axes : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool
        Whether to explain the colours, below the figure.
    title : str
        What to write above.

    Returns
    -------
    Axes
    """
    workers = max(slot.worker for slot in schedule) + 1
    if axes is None:
        _, axes = plt.subplots(figsize=(6.4, min(5.0, 1.4 + 0.3 * workers)))
    for slot in schedule:
        axes.barh(
            slot.worker,
            1000 * (slot.end - slot.start),
            left=1000 * slot.start,
            height=0.8,
            color=stage_colour(stages[slot.task]),
            edgecolor="white",
            linewidth=0.3,
        )
    if legend:
        shown = [stage for stage in ORDER if stage in set(stages.values())]
        axes.figure.legend(
            handles=[Patch(color=stage_colour(stage), label=stage) for stage in shown],
            loc="outside lower center",
            ncols=min(4, len(shown)),
            handlelength=1.0,
            columnspacing=1.0,
        )
    axes.set_ylim(workers - 0.4, -0.6)
    axes.set_yticks([] if workers > 8 else range(workers))
    axes.set_ylabel(f"{workers} workers" if workers > 8 else "worker")
    axes.margins(x=0)
    axes.set_xlabel("milliseconds")
    axes.set_title(title)
    return axes


def task_graph(*collections: object) -> nx.DiGraph:
    """Return the graph of tasks behind Dask collections, as it would be run.

    Parameters
    ----------
    *collections : dask collection
        Such as a delayed value, an array, a table or a bag.

    Returns
    -------
    networkx.DiGraph
        Nodes are named as Dask names its tasks, edges lead from a task to those that use it.

    Raises
    ------
    TypeError
        If something given is no Dask collection.
    """
    for each in collections:
        if not is_dask_collection(each):
            raise TypeError(f"{type(each).__name__} is no Dask collection; it has no graph")
    tasks = dict(collections_to_expr(collections).optimize().__dask_graph__())
    graph = nx.DiGraph()
    for key, task in tasks.items():
        graph.add_node(str(key))
        graph.add_edges_from((str(each), str(key)) for each in task.dependencies)
    return graph


def _layers(graph: nx.DiGraph) -> tuple[list[list[str]], list[str]]:
    """Return the tasks by layer, and what each layer is called."""
    stages = nx.get_node_attributes(graph, "stage")
    if len(stages) < len(graph):
        layers = [list(layer) for layer in nx.topological_generations(graph)]
        return layers, [""] * len(layers)
    layers, names = [], []
    for stage in ORDER:
        own = [name for name in graph if stages[name] == stage]
        # What closes a stage for all stations is drawn behind it.
        closing = [name for name in own if any(stages[e] == stage for e in graph.pred[name])]
        for layer, name in (([n for n in own if n not in closing], stage), (closing, "")):
            if layer:
                layers.append(layer)
                names.append(name)
    return layers, names


def _areas(
    graph: nx.DiGraph, seconds: Mapping[str, float] | None, tallest: int
) -> dict[str, float]:
    """Return the area of each disc, in points squared."""
    if seconds is None:
        return dict.fromkeys(graph, 90.0 if tallest < 12 else 45.0)
    largest = max(seconds.values())
    return {name: 8.0 + 240.0 * seconds[name] / largest for name in graph}


def _name_layers(
    axes: Axes, layers: Iterable[list[str]], names: Iterable[str], places: Mapping
) -> None:
    """Write the names of the stages above their layers, high and low in turn."""
    top = max(y for _, y in places.values())
    named = [(layer, name) for layer, name in zip(layers, names, strict=True) if name]
    for number, (layer, name) in enumerate(named):
        axes.annotate(
            name,
            (places[layer[0]][0], top),
            xytext=(0, 8 if number % 2 else 20),
            textcoords="offset points",
            color=INK,
            fontsize=SMALL,
            ha="center",
        )
