import matplotlib.pyplot as plt

from seispipe.teaching.choice_diagram import ENDS, QUESTIONS, draw_choice


def drawn_texts():
    figure = draw_choice()
    figure.canvas.draw()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    plt.close(figure)
    return figure, texts, boxes


def test_every_question_and_every_end_is_drawn():
    _, texts, _ = drawn_texts()
    said = {text.get_text() for text in texts}
    assert {question for _, question, *_ in QUESTIONS} <= said
    assert set(ENDS) <= said


def test_each_question_leads_aside_to_an_end_that_exists():
    assert {end for *_, end, _ in QUESTIONS} < set(ENDS)


def test_no_word_lies_on_another_and_none_is_cut_off():
    figure, _, boxes = drawn_texts()
    for place, one in enumerate(boxes):
        assert figure.bbox.x0 <= one.x0
        assert one.x1 <= figure.bbox.x1
        assert not any(one.overlaps(other) for other in boxes[place + 1 :])
