"""The graph gives the pipeline's rows in every form, and schedules keep to the laws."""

from itertools import pairwise

import networkx as nx
import pytest
from distributed import Client, LocalCluster
from hypothesis import given
from hypothesis import strategies as st

from seispipe import dag
from seispipe.archive import FolderArchive
from seispipe.pipeline import run


@pytest.fixture(scope="module")
def archive(teaching):
    return FolderArchive(teaching)


@pytest.fixture(scope="module")
def requests(archive):
    return archive.requests("hour", "defects")


@pytest.fixture(scope="module")
def rows(archive, requests):
    return run(requests, archive)


def stages_of(graph):
    return {name: data["stage"] for name, data in graph.nodes(data=True)}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("in_step", [False, True])
@pytest.mark.parametrize("shared_inventory", [False, True])
def test_every_form_of_the_graph_gives_the_rows_of_the_pipeline(
    archive, requests, rows, shared_inventory, in_step, workers
):
    graph = dag.build(requests, archive, shared_inventory=shared_inventory, in_step=in_step)
    found, schedule = dag.run(graph, workers)
    assert found == rows
    assert {slot.task for slot in schedule} == set(graph)
    assert_lawful(graph, schedule, workers)


def test_it_gives_them_on_a_cluster_too(archive, requests, rows):
    graph = dag.build(requests[:6], archive)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        found, schedule = dag.run(graph, client=client)
    assert found == rows[:6]
    assert {slot.task for slot in schedule} == set(graph)


def test_stations_meet_nowhere_but_in_the_merge(archive, requests):
    graph = dag.build(requests[:3], archive)
    graph.remove_node("merge")
    assert nx.number_weakly_connected_components(graph) == 3


def test_in_step_each_stage_waits_for_all_stations(archive, requests):
    graph = dag.build(requests[:3], archive, in_step=True)
    for earlier, later in pairwise(dag.STAGES):
        for request in requests[:3]:
            after = nx.descendants(graph, f"{earlier} {request.seed_id}")
            assert {n for n, s in stages_of(graph).items() if s == later} <= after


def test_no_request_is_no_row(archive):
    assert dag.run(dag.build([], archive))[0] == []


def test_two_windows_of_one_channel_are_told_apart_and_the_same_one_twice_is_refused(
    archive, requests, rows
):
    from dataclasses import replace

    other = replace(requests[0], start=requests[0].start + 5, end=requests[0].end + 5)
    found, _ = dag.run(dag.build([requests[0], other], archive))
    assert found == [rows[0], run([other], archive)[0]]
    with pytest.raises(ValueError, match=r"there are two tasks 'inventory XX\.S001"):
        dag.build([requests[0], requests[0]], archive)


def test_a_circle_is_named_and_so_is_a_task_that_is_missing():
    graph = nx.DiGraph()
    dag.add_task(graph, "pick", "picking", len, ["correct"])
    with pytest.raises(ValueError, match="no task 'correct', for which these wait: pick"):
        dag.validate(graph)
    dag.add_task(graph, "correct", "correction", len, ["pick"])
    with pytest.raises(ValueError, match=r"in a circle: (pick -> correct -> pick|correct -> pick)"):
        dag.run(graph, result="pick")


def test_what_makes_no_sense_is_refused(archive, requests):
    graph = dag.build(requests[:1], archive)
    with pytest.raises(ValueError, match="no task 'nothing'"):
        dag.run(graph, result="nothing")
    with pytest.raises(ValueError, match="workers must be at least 1"):
        dag.run(graph, workers=0)
    with pytest.raises(ValueError, match="workers must be at least 1"):
        dag.simulate(graph, dict.fromkeys(graph, 1.0), 0)
    with pytest.raises(ValueError, match="has no time"):
        dag.critical_path(graph, {})


def test_the_critical_path_is_the_longest_chain():
    graph = nx.DiGraph()
    for name, inputs in {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}.items():
        dag.add_task(graph, name, "picking", len, inputs)
    assert dag.critical_path(graph, {"a": 1, "b": 5, "c": 2, "d": 1}) == ["a", "b", "d"]
    assert dag.critical_path(graph, {"a": 1, "b": 1, "c": 2, "d": 1}) == ["a", "c", "d"]
    # A task that takes no time is on the path all the same.
    graph.add_edge("a", "d")
    assert dag.critical_path(graph, {"a": 1, "b": 0, "c": 0, "d": 1}) == ["a", "b", "d"]


def assert_lawful(graph, schedule, workers, slack=1e-9):
    """Each task once, after what it waits for, and one at a time on each worker."""
    slots = {slot.task: slot for slot in schedule}
    assert len(slots) == len(schedule) == len(graph)
    for start, end in graph.edges:
        assert slots[end].start >= slots[start].end - slack
    for worker in {slot.worker for slot in schedule}:
        own = sorted((s.start, s.end) for s in schedule if s.worker == worker)
        for (_, end), (start, _) in pairwise(own):
            assert start >= end - slack
    assert len({slot.worker for slot in schedule}) <= workers


@st.composite
def graphs(draw):
    number = draw(st.integers(1, 14))
    graph, seconds = nx.DiGraph(), {}
    for later in range(number):
        earlier = draw(st.sets(st.integers(0, later - 1), max_size=4)) if later else set()
        dag.add_task(graph, f"t{later}", "picking", len, [f"t{each}" for each in sorted(earlier)])
        seconds[f"t{later}"] = draw(st.floats(0, 10))
    return graph, seconds


@given(graphs(), st.integers(1, 6))
def test_a_simulated_schedule_keeps_to_the_laws_and_to_both_bounds(given_graph, workers):
    graph, seconds = given_graph
    schedule = dag.simulate(graph, seconds, workers)
    assert_lawful(graph, schedule, workers)
    work = sum(seconds.values())
    span = sum(seconds[name] for name in dag.critical_path(graph, seconds))
    length = dag.makespan(schedule)
    assert max(work / workers, span) <= length + 1e-6
    # Graham: nobody idles while something is ready, so it is never worse than this.
    assert length <= work / workers + span * (1 - 1 / workers) + 1e-6
