"""The corners of an annotation's outline, for whoever goes on computing with them; much cheaper than `read`."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation.geometry import GeometryError, parse_svg
from annotation.webanno.terms import as_list, kinds

Point = tuple[float, float]


def corners_in(document: Mapping[str, Any]) -> tuple[Point, ...]:
    """The one outline that a target of the document has, in the space of its source; () without a readable one.

    Curves come as short lines. Of several outlines none is the one, and what counts from the corner of something else
    (`refinedBy`) is passed over.
    """
    for value in _outlines(document):
        try:
            polygons = parse_svg(value).polygons
        except GeometryError:
            continue
        if len(polygons) == 1:
            return polygons[0].points
    return ()


def _outlines(document: Mapping[str, Any]) -> Iterator[str]:
    for target in as_list(document.get("target")):
        selectors = target.get("selector") if isinstance(target, dict) else None
        for selector in as_list(selectors):
            if isinstance(selector, dict) and "SvgSelector" in kinds(selector):
                value = selector.get("value")
                if isinstance(value, str):
                    yield value
