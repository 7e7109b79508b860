import pickle

from seispipe.teaching.one_client import archive_at


def test_an_address_has_one_archive_with_one_client():
    here = archive_at("http://127.0.0.1:1")
    assert archive_at("http://127.0.0.1:1") is here
    assert archive_at("http://127.0.0.1:1").client is here.client
    assert archive_at("http://127.0.0.1:2") is not here


def test_an_archive_that_is_sent_arrives_without_its_client():
    here = archive_at("http://127.0.0.1:1")
    assert here.client is here.client
    assert pickle.loads(pickle.dumps(here)).client is not here.client  # noqa: S301
