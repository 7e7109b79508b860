"""Nothing from data is executed, nothing listens to the world, and no credential lies about."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from audit import pins

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("src", ".ci", "book/_extensions", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
TEXTS = sorted(
    path
    for folder in (
        "src",
        ".ci",
        "book",
        "notebooks",
        "binder",
        ".devcontainer",
        ".github",
        "benchmarks",
    )
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".md", ".ipynb", ".yml", ".yaml", ".json", ".sh", ".toml", ""}
    and path.is_file()
    and "__pycache__" not in path.parts
)
# What turns data into code. The one exception unpacks what whoever sends the work has packed.
EXECUTING = {
    *("eval", "exec", "compile", "os.system", "os.popen", "marshal.loads", "shelve.open"),
    *("pickle.load", "pickle.loads", "dill.loads", "joblib.load", "yaml.load", "yaml.unsafe_load"),
    *("cloudpickle.load", "cloudpickle.loads", "np.load", "numpy.load", "pd.read_pickle"),
}
ALLOWED = {("src/seispipe/ways.py", "cloudpickle.loads")}
CREDENTIALS = {
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{30,}",
    "a secret": r"(?i)\b(?:aws_secret_access_key|secret_key|api_key)\b\s*[=:]\s*['\"][^'\"]{12,}",
    "a password in an address": r"\b[a-z]+://[\w.-]+:[\w.%!-]+@",
}
EVERYWHERE = r"0\.0\.0\.0|['\"]::['\"]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_from_data_is_executed(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in EXECUTING:
                found.add((path.relative_to(ROOT).as_posix(), name))
            shell = [each for each in node.keywords if each.arg in ("shell", "allow_pickle")]
            assert not any(getattr(each.value, "value", True) for each in shell), name
    assert found <= ALLOWED


def test_no_credential_lies_in_the_repository():
    assert len(TEXTS) > 200
    for path in TEXTS:
        text = path.read_text(encoding="utf-8", errors="replace")
        for what, pattern in CREDENTIALS.items():
            found = re.search(pattern, text)
            assert found is None, f"{path.relative_to(ROOT)} holds {what}: {found[0][:60]}"


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        'aws_secret_access_key = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"',
        "https://somebody:something@example.org/x",
        f"ghp_{'a' * 36}",
    ],
)
def test_a_credential_would_be_found(text):
    assert any(re.search(pattern, text) for pattern in CREDENTIALS.values())


def test_nothing_of_the_course_listens_to_the_world():
    found = [
        path.relative_to(ROOT).as_posix()
        for path in TEXTS
        if path.suffix in {".py", ".ipynb", ".sh", ""}
        and re.search(EVERYWHERE, path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_every_package_is_asked_about():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    asked = pins(lock)
    assert len(asked) == lock.count("==") - lock.count(" == ") - lock.count("# ==")
    assert any(pin.startswith("numpy==") for pin in asked)
    assert not any("--hash" in pin or "\\" in pin for pin in asked)
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for needed in named["project"]["dependencies"]:
        name = re.match(r"[A-Za-z0-9-]+", needed)[0].lower()
        assert any(pin.startswith(f"{name}==") for pin in asked), name
