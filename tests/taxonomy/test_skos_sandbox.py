"""The limited child: same answers as in process, and nothing a file does reaches the caller."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from taxonomy.skos import Limits, parse_safely, read_turtle, sandbox
from taxonomy.skos.rdf import parse_rdfxml, parse_turtle
from taxonomy.skos.sandbox import FORMATS

OWL = b"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/owl> a skos:Concept ; skos:prefLabel "Owl"@en, "Chouette \xf0\x9f\xa6\x89"@fr .
"""


def codes(value: object) -> list[str]:
    return [problem.code for problem in value.problems if problem.severity == "error"]  # type: ignore[attr-defined]


def test_the_child_answers_as_the_parser_does() -> None:
    assert read_turtle(OWL) == parse_turtle(OWL)
    assert parse_safely(OWL, scheme="http://nowhere/") == parse_turtle(OWL, scheme="http://nowhere/")
    assert (
        read_turtle(b"<a> a <http://www.w3.org/2004/02/skos/core#Concept> .", base="http://b/")
        .concepts[0]
        .uri
        == "http://b/a"
    )
    assert read_turtle(b"not turtle") == parse_turtle(b"not turtle")
    xml = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
    assert parse_safely(xml, rdf_format="rdfxml") == parse_rdfxml(xml)


def test_only_known_formats() -> None:
    assert FORMATS == ("turtle", "rdfxml", "jsonld")
    with pytest.raises(ValueError, match="json-ld"):
        parse_safely(OWL, rdf_format="json-ld")


def test_too_large_is_refused_before_a_child_is_started() -> None:
    assert codes(parse_safely(OWL, limits=Limits(input_bytes=10))) == ["too-large"]


def test_an_answer_too_large_is_cut_off() -> None:
    assert codes(parse_safely(OWL, limits=Limits(output_bytes=10))) == ["too-large"]


def test_too_slow_by_the_wall_clock() -> None:
    assert codes(parse_safely(OWL, limits=Limits(wall_s=0.01))) == ["too-slow"]


def _long_turtle(concepts: int) -> bytes:
    head = b"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    rows = (
        f'<http://x/{n}> a skos:Concept ; skos:prefLabel "label {n}"@en .\n'.encode() for n in range(concepts)
    )
    return head + b"".join(rows)


def test_too_slow_by_the_processor() -> None:
    assert codes(parse_safely(_long_turtle(150_000), limits=Limits(cpu_s=1))) == ["too-slow"]


def test_too_much_memory() -> None:
    value = parse_safely(_long_turtle(60_000), limits=Limits(memory_bytes=110 * 2**20))
    # Python usually says so itself; a library that cannot allocate may end the child instead.
    assert codes(value) in (["too-much-memory"], ["reader-died"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("""'{"fault": ["refused", "No."]}'""", "refused"),
        ("""'{"uri": null, "concepts": 2, "title": {}, "licence": "", "source": ""}'""", "reader-died"),
        ("""'{"uri": nu'""", "reader-died"),
        ("""'[1]'""", "reader-died"),
        ("'5'", "reader-died"),
        ("'x' * 3000", "too-large"),
    ],
)
def test_a_child_that_says_less_or_something_else(
    monkeypatch: pytest.MonkeyPatch, said: str, code: str
) -> None:
    monkeypatch.setattr(sandbox, "_START", f"print({said}, end='')")
    assert codes(parse_safely(OWL, limits=Limits(output_bytes=2000))) == [code]


def test_deep_nesting_is_a_sentence() -> None:
    assert codes(read_turtle(b"<a:a> <a:b> " + b"(" * 200_000)) == ["too-deep"]


PROBE = """
import sys
sys.path.insert(0, {root!r})
from taxonomy.skos import child
sys.addaudithook(child._refuse)
{attempt}
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "open('/etc/passwd').read()",
        "import os; os.open('/etc/passwd', os.O_RDONLY)",
        "open(sys.prefix + '/planted', 'w')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import rdflib; rdflib.Graph().parse('http://127.0.0.1:9/x.ttl')",
    ],
)
def test_the_child_may_not_look_around(attempt: str) -> None:
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(root=root, attempt=attempt)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "is not allowed here" in done.stderr


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """Every process started during the test, with the options it was started with."""
    started: list[tuple[subprocess.Popen[bytes], dict[str, Any]]] = []
    real = subprocess.Popen

    def record(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append((real(*args, **options), options))
        return started[-1][0]

    monkeypatch.setattr(subprocess, "Popen", record)
    return started


def test_the_child_inherits_no_secret(children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUBRICATOR_TEST_SECRET", "x")
    assert read_turtle(OWL).is_importable
    ((_, options),) = children
    assert options["env"].keys() == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_ALL"}
    assert options["close_fds"] is True
    assert options["start_new_session"] is True


@pytest.mark.parametrize(
    "limits",
    [Limits(), Limits(wall_s=0.05), Limits(cpu_s=1), Limits(output_bytes=10), Limits(memory_bytes=2**26)],
)
def test_no_child_is_left_behind(children, limits: Limits) -> None:
    parse_safely(_long_turtle(20_000), limits=limits)
    ((process, _),) = children
    assert process.returncode is not None


def test_importing_the_package_loads_no_rdf_library() -> None:
    root = str(Path(__file__).resolve().parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); import taxonomy.skos; print('rdflib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
