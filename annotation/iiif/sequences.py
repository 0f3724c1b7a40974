"""Reads the sequences of Presentation 1 and 2: the first is the order of the canvases, further ones are
other orders.
"""

from typing import Any

from annotation.iiif.descriptions import describe
from annotation.iiif.findings import Findings
from annotation.iiif.ranges import viewing_direction
from annotation.iiif.shapes import as_list, identifier, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import CanvasReference, RangeValue

# What a sequence may say of the whole, and version 3 says in the manifest.
_SHARED = ("rendering", "viewingHint")


def said_by_sequence(node: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """What the first sequence says of the whole where the manifest is silent, as `describe` gives it."""
    first, pointer = _first(node)
    shared = {key: first[key] for key in _SHARED if key in first and key not in node}
    return describe(shared, findings, pointer)


def direction_of(node: dict[str, Any], findings: Findings) -> str | None:
    """The manifest's viewing direction, or that of its first sequence."""
    first, pointer = _first(node)
    return viewing_direction(node, findings, "") or viewing_direction(first, findings, pointer)


def further_sequences(
    node: dict[str, Any], manifest: str, order: tuple[str, ...], findings: Findings
) -> tuple[RangeValue, ...]:
    """The second and later sequences, as version 3 has them: ranges with the behavior “sequence”.

    `order` are the URIs of the canvases as read. A sequence that is only referred to, or that repeats the
    order, is left out.
    """
    ranges = []
    known = frozenset(order)
    for index, sequence in enumerate(as_list(node.get("sequences"))[1:], start=1):
        pointer = f"/sequences/{index}"
        if not isinstance(sequence, dict) or not isinstance(sequence.get("canvases"), list):
            findings.warn(pointer, "A further order of the canvases is only referred to; it is left out.")
            continue
        inside = tuple(uri for item in sequence["canvases"] if (uri := identifier(item)) in known if uri)
        if missing := len(sequence["canvases"]) - len(inside):
            findings.warn(
                f"{pointer}/canvases", f"{missing} canvases are not in the first sequence; left out."
            )
        if not inside or inside == order:
            continue
        uri = identifier(sequence) or f"{manifest}#sequence-{index + 1}"
        label = language_map(sequence.get("label"), findings, f"{pointer}/label")
        ranges.append(RangeValue(uri, label, tuple(map(CanvasReference, inside)), behavior=("sequence",)))
    return tuple(ranges)


def _first(node: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The first sequence and its JSON pointer; an empty one when there is none."""
    for first, pointer in placed_items(node.get("sequences"), "/sequences"):
        return (first, pointer) if isinstance(first, dict) else ({}, "")
    return {}, ""
