"""Graphs are drawn as they are: every task, in its layer, and nothing that is not there."""

import dask.array as da
import matplotlib.pyplot as plt
import networkx as nx
import pytest

from seispipe import dag
from seispipe.archive import FolderArchive
from seispipe.teaching.graph_figures import draw_graph, draw_schedule, task_graph


@pytest.fixture
def graph(teaching):
    archive = FolderArchive(teaching)
    return dag.build(archive.requests()[:3], archive, shared_inventory=True, in_step=True)


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    plt.close("all")


def test_every_task_is_drawn_and_every_stage_is_named(graph):
    axes = draw_graph(graph, title="In step")
    assert len(axes.collections) == len(graph)
    assert [text.get_text() for text in axes.texts] == list(dag.STAGES)
    assert len(axes.patches) == nx.transitive_reduction(graph).number_of_edges()
    assert len(draw_graph(graph, implied=True).patches) == graph.number_of_edges()


def test_stages_go_from_left_to_right_and_longer_tasks_are_larger(graph):
    seconds = {name: 1.0 + ("picking" in name) for name in graph}
    axes = draw_graph(graph, seconds=seconds, path=dag.critical_path(graph, seconds))
    x = [text.xy[0] for text in axes.texts]
    assert x == sorted(x)
    sizes = {float(each.get_sizes()[0]) for each in axes.collections}
    assert len(sizes) == 2


def test_a_schedule_has_a_bar_for_each_task_and_a_row_for_each_worker(graph):
    seconds = dict.fromkeys(graph, 0.01)
    stages = {name: data["stage"] for name, data in graph.nodes(data=True)}
    schedule = dag.simulate(graph, seconds, 2)
    axes = draw_schedule(schedule, stages, title="Two workers")
    assert len(axes.patches) == len(graph)
    assert {round(patch.get_y() + 0.4) for patch in axes.patches} == {0, 1}


def test_the_graph_of_a_dask_collection_has_its_tasks_and_their_order():
    numbers = da.arange(12, chunks=4)
    graph = task_graph((numbers + 1).sum())
    assert nx.is_directed_acyclic_graph(graph)
    assert sum(degree == 0 for _, degree in graph.out_degree()) == 1
    assert sum(degree == 0 for _, degree in graph.in_degree()) == 3
    assert len(draw_graph(graph).collections) == len(graph)
    with pytest.raises(TypeError, match="int is no Dask collection"):
        task_graph(3)
