import time

import psutil
import pytest

from seispipe.teaching.scripts import run_script


def test_a_script_prints_and_ends_well():
    outcome = run_script("import sys\nprint(sys.argv[1:], sys.stdin.read())", "a", stdin=b"b")
    assert outcome.output == "['a'] b\n"
    assert outcome.ended_well
    assert outcome.exception == ""


def test_what_went_wrong_is_told_and_names_no_folder():
    outcome = run_script("import pickle\nprint(__file__)\n1 / 0")
    assert outcome.output == "script.py\n"
    assert outcome.exception == "ZeroDivisionError: division by zero"
    assert not outcome.ended_well
    assert 'File "script.py", line 3' in outcome.error


def test_a_complaint_is_found_and_made_one_line():
    outcome = run_script(
        "import sys\nsys.stderr.write('before\\n   It went\\n   wrong.\\n\\n   Help:\\n')"
    )
    assert outcome.complaint("It went") == "It went wrong."
    assert outcome.complaint("no such words") == ""


def test_what_others_say_later_is_not_the_exception():
    text = "import sys\nsys.stderr.write('KeyError: 1\\n/a/tracker.py:2: UserWarning: x\\n  y\\n')"
    assert run_script(text).exception == "KeyError: 1"


def test_a_script_that_hangs_is_ended_with_what_it_started():
    before = set(psutil.pids())
    text = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)  # left alone'])\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(TimeoutError, match="did not end within 2 s"):
        run_script(text, timeout_s=2)
    deadline = time.monotonic() + 10
    while any(_is_ours(pid) for pid in set(psutil.pids()) - before):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_ours(pid):
    try:
        process = psutil.Process(pid)
        return "left alone" in " ".join(process.cmdline())
    except psutil.Error:
        return False
