"""The categories of COCO files: `supercategory` is the broader concept (cocodataset.org, format-data)."""

from collections.abc import Iterator
from typing import Any

import orjson

from taxonomy.formats.class_names import Lines, class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.json_text import json_of, say_unexpected
from taxonomy.skos import VocabularyValue
from taxonomy.skos.assembly import looks_like_uri
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings

_NO_PARENT = {"", "none", "null"}


def read(data: bytes, base: str) -> VocabularyValue:
    """Read `categories`. The id becomes the notation; the address is `uri`, which we write, or made of the name.

    The empty first category that Roboflow puts above all others is left out and reported.
    """
    findings = Findings()
    document, text = json_of(data, findings)
    categories = document.get("categories") if isinstance(document, dict) else None
    if not isinstance(categories, list):
        if text is not None and document is not None:
            say_unexpected(findings, "list “categories”")
        return from_names([], base, findings)
    lines = Lines(text, after='"categories"')
    usable = [one for one in categories if isinstance(one, dict)]
    root = _empty_root(usable, document.get("annotations"))
    if root is not None:
        findings.add(
            "info",
            "empty-root",
            f"“{root['name']}” has no annotation and stands above all others; it was left out.",
            subject=str(root["name"]),
            line=lines.of(root["name"]),
        )
    return from_names(_drafts(categories, root, lines), base, findings)


def _drafts(categories: list[Any], root: dict[str, Any] | None, lines: Lines) -> Iterator[Draft]:
    for one in categories:
        if one is root and root is not None:
            continue
        said = one if isinstance(one, dict) else {}
        name = said.get("name") if isinstance(said.get("name"), str) else ""
        above = said.get("supercategory")
        above = above.strip() if isinstance(above, str) else ""
        is_top = above.lower() in _NO_PARENT or above == name or (root and above == root["name"])
        number = said.get("id")
        draft = named(lines.of(name), str(name), notation=str(number) if isinstance(number, int) else "")
        if isinstance(said.get("uri"), str) and looks_like_uri(said["uri"]):
            draft.uri = said["uri"]
        if not is_top:
            # A parent that is no category itself is added by the assembly, under an address of its name.
            draft.parents = [above]
        yield draft


def _empty_root(categories: list[dict[str, Any]], annotations: object) -> dict[str, Any] | None:
    """The one category without a parent, named as parent by all others, that no annotation has."""
    tops = [one for one in categories if str(one.get("supercategory", "")).lower() in _NO_PARENT]
    if len(tops) != 1 or len(categories) < 2 or not isinstance(annotations, list) or not annotations:
        return None
    (root,) = tops
    others = [one for one in categories if one is not root]
    used = {one.get("category_id") for one in annotations if isinstance(one, dict)}
    is_root = all(one.get("supercategory") == root.get("name") for one in others)
    return root if is_root and root.get("id") not in used else None


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield a COCO document with the categories alone.

    The id is the notation where every notation is a number, else the place, from 1.
    """
    names = class_names(value, language)
    name_of = {concept.uri: name for concept, name in names}
    numbers = [int(one.notation) if one.notation.isdecimal() else -1 for one, _name in names]
    if -1 in numbers or len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(names) + 1))
    categories = [
        {
            "id": number,
            "name": name,
            "supercategory": next((name_of[uri] for uri in concept.broader if uri in name_of), "none"),
            "uri": concept.uri,
        }
        for number, (concept, name) in zip(numbers, names, strict=True)
    ]
    document = {"info": {}, "licenses": [], "images": [], "annotations": [], "categories": categories}
    yield orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"


COCO = Format(
    "coco", "COCO", "application/json", "json", read, write,
    recognises=lambda text: text.lstrip()[:1] == "{" and '"categories"' in text,
)  # fmt: skip
