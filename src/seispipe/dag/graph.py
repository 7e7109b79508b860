"""Building the pipeline's graph: one task a stage and station, and what has to wait for what."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import networkx as nx
from obspy import Inventory

from seispipe.archive import Archive, Request
from seispipe.results import Row
from seispipe.stages import (
    Settings,
    attempt,
    correct,
    find_onset,
    find_response,
    measure,
    read_counts,
    trim,
)

STAGES = ("inventory", "waveforms", "correction", "picking", "trimming", "frequency", "merge")
MERGE = "merge"


def build(
    requests: Iterable[Request],
    archive: Archive,
    settings: Settings | None = None,
    *,
    shared_inventory: bool = False,
    in_step: bool = False,
) -> nx.DiGraph:
    """Build the pipeline's graph.

    Parameters
    ----------
    requests : iterable of Request
        What to process; each different.
    archive : Archive
        Where the responses and samples are.
    settings : Settings, optional
        The settings of the stages.
    shared_inventory : bool
        Whether one task reads the metadata of all stations before any can go on. By default each
        station reads its own.
    in_step : bool
        Whether a stage begins only when the one before is done for all stations. By default each
        station goes its own way until the merge.

    Returns
    -------
    networkx.DiGraph
        Its task ``merge`` gives the rows, those that :func:`~seispipe.pipeline.run` gives, in the
        order of the requests.

    Raises
    ------
    ValueError
        If a request comes twice: two tasks would have one name.
    """
    requests, settings = list(requests), settings or Settings()
    labels = _labels(requests)
    graph = nx.DiGraph()
    barrier: tuple[str, ...] = ()
    if shared_inventory:
        add_task(graph, "inventory", "inventory", partial(_all_responses, requests, archive))
    for stage in STAGES[:-1]:
        for request, label in zip(requests, labels, strict=True):
            function, inputs = _task(stage, request, label, archive, settings, shared_inventory)
            if function is not None:
                add_task(graph, f"{stage} {label}", stage, function, inputs, barrier)
        own = [name for name, data in graph.nodes(data=True) if data["stage"] == stage]
        if in_step and len(own) > 1:
            barrier = (f"all {stage}",)
            add_task(graph, barrier[0], stage, _nothing, (), tuple(own))
    rows = tuple(f"frequency {label}" for label in labels)
    add_task(graph, MERGE, "merge", _listed, rows, barrier)
    return graph


def add_task(
    graph: nx.DiGraph,
    name: str,
    stage: str,
    function: Callable,
    inputs: Sequence[str] = (),
    after: Sequence[str] = (),
) -> None:
    """Add a task to a graph.

    Parameters
    ----------
    graph : networkx.DiGraph
        The graph, which is changed.
    name : str
        The task's name.
    stage : str
        The layer it is drawn in.
    function : callable
        Takes the results of the inputs.
    inputs : sequence of str
        Names of the tasks whose results it takes, in order.
    after : sequence of str
        Names of tasks that must be done before, and whose results it does not take.

    Raises
    ------
    ValueError
        If there is a task of that name.
    """
    if "function" in graph.nodes.get(name, {}):
        raise ValueError(f"there are two tasks {name!r}; each needs a name of its own")
    graph.add_node(name, stage=stage, function=function, inputs=tuple(inputs), after=tuple(after))
    graph.add_edges_from((each, name) for each in (*inputs, *after))


def validate(graph: nx.DiGraph) -> None:
    """Refuse a graph that cannot be worked off.

    Raises
    ------
    ValueError
        If a task waits for itself by way of others, and in which circle; or if one waits for a
        task that is not there.
    """
    for name, data in graph.nodes(data=True):
        if "function" not in data:
            waiting = ", ".join(sorted(graph.successors(name))) or "nobody"
            raise ValueError(f"there is no task {name!r}, for which these wait: {waiting}")
    if not nx.is_directed_acyclic_graph(graph):
        circle = [start for start, _ in nx.find_cycle(graph)]
        raise ValueError(
            f"these tasks wait for one another in a circle: {' -> '.join([*circle, circle[0]])}"
        )


def _labels(requests: Sequence[Request]) -> list[str]:
    """Name each request by its channel, and by its start too where a channel comes twice."""
    labels = [request.seed_id for request in requests]
    if len(set(labels)) < len(labels):
        labels = [f"{request.seed_id} {request.start}" for request in requests]
    return labels


def _task(
    stage: str,
    request: Request,
    label: str,
    archive: Archive,
    settings: Settings,
    shared_inventory: bool,
) -> tuple[Callable | None, tuple[str, ...]]:
    """Return what a stage does for one request, and the tasks whose results it takes."""

    def of(*stages: str) -> tuple[str, ...]:
        return tuple(f"{each} {label}" for each in stages)

    step: Callable
    match stage:
        case "inventory":
            if shared_inventory:
                return None, ()
            step, inputs = partial(find_response, request, archive), ()
        case "waveforms":
            step, inputs = partial(_counts_of, request, archive), of("inventory")
        case "correction":
            step, inputs = partial(correct, settings=settings), of("waveforms", "inventory")
        case "picking":
            step, inputs = partial(find_onset, settings=settings), of("correction")
        case "trimming":
            step, inputs = partial(trim, settings=settings), of("correction", "picking")
        case "frequency":
            step = partial(measure, request=request, settings=settings)
            inputs = of("picking", "trimming")
    if shared_inventory and stage in ("waveforms", "correction"):
        inputs = tuple("inventory" if each == of("inventory")[0] else each for each in inputs)
        place = inputs.index("inventory")
        return partial(_with_own_response, request, step, place), inputs
    return partial(attempt, request, step), inputs


def _all_responses(requests: Sequence[Request], archive: Archive) -> dict[Request, Inventory | Row]:
    """Read the metadata of every request's channel, one after the other."""
    return {each: attempt(each, partial(find_response, each, archive)) for each in requests}


def _with_own_response(request: Request, step: Callable, place: int, *inputs: object) -> object:
    """Do a step with this request's metadata in place of everybody's."""
    own = [*inputs]
    own[place] = own[place][request]
    return attempt(request, step, *own)


def _counts_of(request: Request, archive: Archive, _inventory: Inventory):
    """Read the samples; the metadata only have to be there, so that nobody reads in vain."""
    return read_counts(request, archive)


def _listed(*rows: Row) -> list[Row]:
    return list(rows)


def _nothing() -> None:
    """Do nothing: a task that is done when all that it waits for is."""
