"""Plain text, one name a line: an indented tree, or a flat list as labelImg, darknet and VOC tools keep it."""

import re
from collections.abc import Iterator

from taxonomy.formats.class_names import class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.skos import VocabularyValue
from taxonomy.skos.csv_rows import decoded
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings

_INDENT = re.compile(r"[ \t\u00a0]*")
_BULLET = re.compile(r"[-*•–]\s+")


def read(data: bytes, base: str) -> VocabularyValue:
    """Read names, one a line; what is indented more stands below what is indented less (a tab is four).

    A dash or bullet before a name is left out where lines are indented. Empty lines mean nothing.
    """
    findings = Findings()
    lines = decoded(data, findings).split("\n")
    is_tree = any(line[:1] in " \t\u00a0" and line.strip() for line in lines)
    return from_names(_drafts(lines, is_tree=is_tree), base, findings)


def _drafts(lines: list[str], *, is_tree: bool) -> Iterator[Draft]:
    path: list[tuple[int, Draft]] = []
    for number, line in enumerate(lines, start=1):
        label = line.strip()
        if not label:
            continue
        match = _INDENT.match(line)
        depth = len(match[0].replace("\t", "    ")) if match else 0
        while path and path[-1][0] >= depth:
            path.pop()
        draft = named(number, _BULLET.sub("", label, count=1) if is_tree else label)
        if path:
            draft.above = path[-1][1]
        path.append((depth, draft))
        yield draft


def write_tree(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield the names, each indented by two spaces a level; of several parents the first counts."""
    concepts = [one for one in value.concepts if not one.deprecated]
    below: dict[str | None, list[str]] = {}
    known = {one.uri: " ".join(one.display(language).split()) for one in concepts}
    for one in concepts:
        parent = one.broader[0] if one.broader and one.broader[0] in known else None
        below.setdefault(parent, []).append(one.uri)
    pending = [(uri, 0) for uri in reversed(below.get(None, []))]
    while pending:
        uri, depth = pending.pop()
        yield f"{'  ' * depth}{known[uri]}\n".encode()
        pending += [(child, depth + 1) for child in reversed(below.get(uri, []))]


def write_flat(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield the names, one a line."""
    yield from (f"{name}\n".encode() for _concept, name in class_names(value, language))


TEXT = Format("text", "TXT", "text/plain", "txt", read, write_tree, endings=(".txt",))
LABELIMG = Format(
    "labelimg", "labelImg", "text/plain", "txt", read, write_flat, endings=("predefined_classes.txt",)
)
NAMES = Format(
    "yolo-names", "YOLO names", "text/plain", "names", read, write_flat, endings=(".names", "classes.txt")
)
