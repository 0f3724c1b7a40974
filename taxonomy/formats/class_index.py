"""`class_index.json`: numbers to names, as classifiers keep them; ImageNet's form has a code beside the name."""

from collections.abc import Iterator

import orjson

from taxonomy.formats.class_names import Lines, class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.json_text import json_of, say_unexpected
from taxonomy.skos import VocabularyValue
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings


def read(data: bytes, base: str) -> VocabularyValue:
    """Read `{"0": "name", …}`, `{"0": ["code", "name"], …}`, `{"name": 0, …}` or `["name", …]`."""
    findings = Findings()
    document, text = json_of(data, findings)
    if not isinstance(document, dict | list):
        if document is not None:
            say_unexpected(findings, "numbers with the names of classes")
        return from_names([], base, findings)
    return from_names(list(_drafts(document, text, findings)), base, findings)


def _drafts(document: dict[str, object] | list[object], text: str, findings: Findings) -> Iterator[Draft]:
    pairs = enumerate(document) if isinstance(document, list) else document.items()
    numbered: list[tuple[int, str, str]] = []
    lines = Lines(text)
    for key, said in pairs:
        if isinstance(document, dict) and isinstance(said, int) and not isinstance(said, bool):
            numbered.append((said, "", str(key)))
        elif str(key).isdecimal() and isinstance(said, str):
            numbered.append((int(key), "", said))
        elif str(key).isdecimal() and isinstance(said, list) and list(map(type, said)) == [str, str]:
            numbered.append((int(key), str(said[0]), str(said[1])))
        else:
            findings.add(
                "warning", "no-number", f"“{str(key)[:80]}” is no number with a name; it was left out.",
                line=lines.of(str(key)),
            )  # fmt: skip
    for _number, code, label in sorted(numbered, key=lambda one: one[0]):
        yield named(lines.of(label), label, notation=code)


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield the names under their numbers, from 0."""
    names = {str(number): name for number, (_concept, name) in enumerate(class_names(value, language))}
    yield orjson.dumps(names, option=orjson.OPT_INDENT_2) + b"\n"


def _recognises(text: str) -> bool:
    start = text.lstrip()
    return start[:1] == "[" or (start[:1] == "{" and start[1:].lstrip()[:2] in {f'"{n}' for n in range(10)})


CLASS_INDEX = Format(
    "class-index", "class_index.json", "application/json", "json", read, write,
    endings=("class_index.json",), recognises=_recognises,
)  # fmt: skip
