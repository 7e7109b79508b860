import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.engines_diagram import draw_engines


@pytest.fixture
def panels():
    figure = draw_engines()
    yield {axes.get_title(loc="left"): axes for axes in figure.axes}
    plt.close(figure)


def texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def thick(axes):
    arrows = [text.arrow_patch for text in axes.texts if getattr(text, "arrow_patch", None)]
    return [arrow for arrow in arrows if arrow.get_linewidth() > 2]


def test_each_engine_has_a_panel_and_each_of_its_workers_writes_its_rows(panels):
    assert len(panels) == 4
    for axes in panels.values():
        assert len(thick(axes)) == 3


def test_only_a_job_array_does_without_a_scheduler(panels):
    without = [name for name, axes in panels.items() if "scheduler" not in texts(axes)]
    assert without == ["a job array"]
    assert [f"job:\npart {number}" for number in range(3)] == [
        text for text in texts(panels["a job array"]) if "part" in text
    ]


def test_on_several_machines_rows_go_where_all_of_them_see_them(panels):
    stores = {name: texts(axes)[-1] for name, axes in panels.items()}
    assert stores == {
        "this machine": "your disk",
        "Slurm": "shared file system",
        "Dask Gateway": "object storage",
        "a job array": "shared file system",
    }
