"""Walks through files of many annotations: pages, lists, arrays, Mirador 2 dumps by manifest and canvas."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One annotation of a file: as received, where it stood, and the manifest and canvas it stood under."""

    document: dict[str, Any]
    pointer: str
    manifest: str | None = None
    canvas: str | None = None


def annotations_in(content: Any) -> Iterator[Found]:
    """Every annotation in parsed JSON, in order; what is no annotation is passed over.

    Read: one annotation; AnnotationPage and AnnotationCollection (`items`, embedded `first`);
    sc:AnnotationList (`resources`); a list of those; a Mirador 2 dump `{manifest URI: {canvas URI:
    [annotation, …]}}`.
    """
    yield from _walk(content, "", (), 0)


def _walk(node: Any, pointer: str, filed: tuple[str, ...], depth: int) -> Iterator[Found]:
    if depth > MAX_DEPTH:
        return
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _walk(item, f"{pointer}/{index}", filed, depth + 1)
    elif isinstance(node, dict):
        if _is_annotation(node):
            manifest, canvas = (*filed, None, None)[:2]
            yield Found(node, pointer, manifest, canvas)
            return
        page_keys = [key for key in ("items", "resources", "first") if isinstance(node.get(key), list | dict)]
        for key in page_keys:
            yield from _walk(node[key], f"{pointer}/{key}", filed, depth + 1)
        if page_keys:
            return
        for key, value in node.items():
            if ":" in key and isinstance(value, list | dict):
                step = key.replace("~", "~0").replace("/", "~1")
                yield from _walk(value, f"{pointer}/{step}", (*filed, key), depth + 1)


def _is_annotation(node: dict[str, Any]) -> bool:
    kinds = node.get("type", node.get("@type"))
    named = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    return any(kind in ("Annotation", "oa:Annotation") for kind in named) or (
        "on" in node and "resource" in node
    )
