"""Moves the regions of an annotation along when the space of its canvas is scaled."""

import re
from collections.abc import Mapping
from typing import Any

from annotation.geometry import GeometryError, clean_number, parse_svg
from annotation.webanno.terms import kinds, uri_of

MAX_DEPTH = 20
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_XYWH = re.compile(rf"xywh=(pixel:)?\s*({_NUMBER})" + rf"\s*,\s*({_NUMBER})" * 3)
_SHARES = re.compile(r"xywh=(percent|pct):")


class NotScalable(ValueError):
    """A region that cannot be computed; the message is a sentence."""


def scaled(document: Mapping[str, Any], *, source: str, sx: float, sy: float) -> dict[str, Any]:
    """The W3C document with every region on the canvas `source` multiplied by `sx` and `sy`.

    Media fragments in pixels, SVG selectors and points are scaled, also refined ones and those inside lists;
    regions in percent, other targets and everything else stay as they are. Raises NotScalable; the document
    given is never changed.
    """
    if "target" not in document:
        return dict(document)
    return {**document, "target": _target(document["target"], source, (sx, sy), 0)}


def _target(node: Any, source: str, by: tuple[float, float], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotScalable("The targets are nested too deep.")
    if isinstance(node, list):
        return [_target(item, source, by, depth + 1) for item in node]
    if isinstance(node, str):
        return _fragment(node, by) if node.partition("#")[0] == source else node
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("items"), list):
        return {**node, "items": [_target(item, source, by, depth + 1) for item in node["items"]]}
    whole = node.get("source", node)
    if (uri_of(whole) or "").partition("#")[0] != source:
        return node
    moved = dict(node)
    for name in ("source", "id"):
        if isinstance(moved.get(name), str):
            moved[name] = _fragment(moved[name], by)
    if isinstance(whole, dict) and whole is not node and isinstance(whole.get("id"), str):
        moved["source"] = {**whole, "id": _fragment(whole["id"], by)}
    if "selector" in moved:
        moved["selector"] = _selector(moved["selector"], by, depth)
    return moved


def _selector(node: Any, by: tuple[float, float], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotScalable("The selectors are nested too deep.")
    if isinstance(node, list):
        return [_selector(item, by, depth + 1) for item in node]
    if not isinstance(node, dict):
        return node
    moved, value = dict(node), node.get("value")
    if "SvgSelector" in kinds(node) and isinstance(value, str):
        moved["value"] = _outline(value, by)
    elif isinstance(value, str):
        moved["value"] = _fragment(value, by)
    elif "PointSelector" in kinds(node):
        moved.update({axis: _times(node[axis], s) for axis, s in zip("xy", by, strict=True) if axis in node})
    for name in ("refinedBy", "items", "default", "item"):
        if name in moved:
            moved[name] = _selector(moved[name], by, depth + 1)
    return moved


def _fragment(text: str, by: tuple[float, float]) -> str:
    """The text with the numbers of its `xywh=` scaled; what stands around them stays."""
    if "xywh=" not in text or _SHARES.search(text):
        return text
    found = _XYWH.search(text)
    if found is None:
        raise NotScalable(f"“{text[-80:]}” is not a rectangle that can be scaled.")
    numbers = [clean_number(round(float(n) * s, 9)) for n, s in zip(found.groups()[1:], by * 2, strict=True)]
    return text[: found.start()] + f"xywh={found[1] or ''}{','.join(numbers)}" + text[found.end() :]


def _outline(text: str, by: tuple[float, float]) -> str:
    try:
        return parse_svg(text).scaled(*by).markup
    except GeometryError as error:
        raise NotScalable(f"The SVG selector cannot be scaled: {error}") from error


def _times(value: Any, s: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotScalable("The point has a coordinate that is not a number.")
    return round(value * s, 9)
