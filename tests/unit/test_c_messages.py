"""What C code says is caught, and nothing else is changed."""

import ctypes
import os

import pytest

from seispipe.teaching.c_messages import said_by_c


def open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_what_is_written_to_the_descriptor_is_kept_and_not_shown(capfd):
    with said_by_c() as said:
        os.write(2, b"computed and reported sensitivities differ\n")
        assert said.text == ""
    assert said.text == "computed and reported sensitivities differ\n"
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(os.name != "posix", reason="the C library is found in another way there")
def test_so_is_what_the_c_library_writes():
    with said_by_c() as said:
        ctypes.CDLL(None).perror(b"from C")
    assert said.text.startswith("from C")


def test_afterwards_standard_error_is_as_before_even_after_an_error(capfd):
    heard = []

    def fail() -> None:
        with said_by_c() as said:
            heard.append(said)
            os.write(2, b"before it failed")
            raise RuntimeError("inside")

    with pytest.raises(RuntimeError, match="inside"):
        fail()
    assert heard[0].text == "before it failed"
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="Linux says which files are open")
def test_no_file_stays_open():
    before = open_files()
    for _ in range(3):
        with said_by_c():
            pass
    assert open_files() == before


def test_bytes_that_are_no_text_do_no_harm():
    with said_by_c() as said:
        os.write(2, b"\xff\n")
    assert said.text.endswith("\n")
