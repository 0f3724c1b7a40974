"""A log is read in the reader's language: every sentence that a reader of vocabularies writes has its French."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import override

from fetch.errors import NameUnknown
from frontend.logged import logged
from taxonomy.skos import read_csv

# Calls whose texts end in a log or beside a job.
TELLING = {"add", "say", "_failed", "Unreadable", "_Refused", "Line"}
ROOMS = ("taxonomy/skos", "taxonomy/formats", "taxonomy/jobs.py", "taxonomy/matching.py", "campaigns/jobs.py")


def _written() -> Iterator[str]:
    """The sentences as they stand in the code, with something in every place."""
    for room in ROOMS:
        path = settings.ROOT / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield from _of(file)


def _of(file: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(file.read_text())):
        if isinstance(call, ast.Call) and _name(call.func) in TELLING:
            texts = [_text(part) for part in [*call.args, *(keyword.value for keyword in call.keywords)]]
            yield from (text for text in texts if text and " " in text and text[-1] in ".?x")


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(part: ast.expr) -> str | None:
    if isinstance(part, ast.Subscript):
        part = part.value
    if isinstance(part, ast.Constant):
        return part.value if isinstance(part.value, str) else None
    if isinstance(part, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in part.values)
    return None


@pytest.mark.parametrize("sentence", sorted(set(_written())))
def test_every_sentence_has_its_french(sentence: str) -> None:
    with override("fr"):
        text, language = logged(sentence)

    assert (language, text != sentence) == ("fr", True)


def test_what_a_sentence_names_stands_in_its_place() -> None:
    problems = read_csv("label,parent,colour\nClef,Signe,red\nClé,,\n".encode()).problems
    with override("fr"):
        told = [logged(problem.sentence)[0] for problem in problems]

    assert "La colonne «\u00a0colour\u00a0» ne nous est pas connue\u202f; elle n’a pas été lue." in told
    assert any("«\u00a0Signe\u00a0» est nommé comme parent" in one for one in told)


def test_errors_that_were_kept_are_told_again() -> None:
    with override("en"):
        kept = str(NameUnknown(host="iiif.example"))
    with override("fr"):
        text, language = logged(kept)

    assert language == "fr"
    assert "iiif.example" in text


def test_what_nobody_knows_is_shown_as_it_was_written() -> None:
    shown = Template("{% load working %}{% logged sentence %}")
    said = Context({"sentence": "<b>The model said 42.</b>"})
    with override("fr"):
        assert shown.render(said) == '<span lang="en">&lt;b&gt;The model said 42.&lt;/b&gt;</span>'
    with override("en"):
        assert shown.render(said) == "&lt;b&gt;The model said 42.&lt;/b&gt;"
