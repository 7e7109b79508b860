import matplotlib.pyplot as plt
import pytest

from seispipe.teaching.race_diagram import Step, draw_race


def test_the_figure_holds_every_step_in_order_from_top_to_bottom():
    steps = [
        Step(0, "reads 0", "0", "read"),
        Step(1, "waits", "0"),
        Step(1, "writes 5", "5", "write"),
    ]
    figure = draw_race(steps, "total", "all is lost")
    (axes,) = figure.axes
    level = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert {"thread A", "thread B", "total", "all is lost", "5"} <= set(level)
    order = ["total", "reads 0", "waits", "writes 5", "all is lost"]
    assert [level[each] for each in order] == sorted((level[e] for e in order), reverse=True)
    plt.close(figure)


@pytest.mark.parametrize(("access", "arrows"), [("read", 1), ("write", 1), ("", 0)])
def test_an_arrow_is_drawn_where_the_shared_place_is_touched(access, arrows):
    figure = draw_race([Step(0, "does", "0", access)], "total", "")
    (axes,) = figure.axes
    drawn = [text for text in axes.texts if getattr(text, "arrow_patch", None)]
    assert len(drawn) == arrows
    plt.close(figure)
