import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.cluster_diagram import draw_cluster


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def arrows(figure):
    return [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_every_part_is_named_and_every_worker_holds_data(workers):
    shown = texts(draw_cluster(workers))
    for part in ("client", "scheduler", "archive"):
        assert sum(text.startswith(f"{part}:") for text in shown) == 1
    assert shown.count("worker") == workers
    assert shown.count("results\nstay here") == workers


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_data_pass_from_the_archive_and_between_workers_and_the_rest_are_messages(workers):
    thick = [a for a in arrows(draw_cluster(workers)) if a.arrow_patch.get_linewidth() > 2]
    # One from the archive to each worker, one between neighbours.
    assert len(thick) == workers + workers - 1
    # Client to scheduler and back, scheduler to each worker and back.
    assert len(arrows(draw_cluster(workers))) - len(thick) == 2 + 2 * workers


def test_nothing_is_written_outside_the_figure():
    figure = draw_cluster()
    figure.canvas.draw()
    inside = figure.bbox
    for text in figure.axes[0].texts:
        if text.get_text():
            extent = text.get_window_extent()
            assert inside.x0 <= extent.x0
            assert extent.x1 <= inside.x1


@pytest.mark.parametrize("workers", [1, 5])
def test_what_cannot_be_drawn_is_refused(workers):
    with pytest.raises(ValueError, match=f"2 to 4 workers can be drawn, not {workers}"):
        draw_cluster(workers)
