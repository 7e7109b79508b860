from seispipe.teaching.two_ways_diagram import draw_two_ways


def test_both_ways_begin_at_the_archive_and_end_with_rows():
    figure = draw_two_ways()
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert sum("archive" in text for text in texts) == 1
    assert sum(text.startswith("rows") for text in texts) == 2
    assert {"all of each object", "the records needed"} <= set(texts)
