"""Reads a collection: the manifests and collections it lists, in every version's way of listing them."""

from collections.abc import Iterator
from typing import Any, Literal

from annotation.iiif.descriptions import describe
from annotation.iiif.findings import Findings
from annotation.iiif.ranges import viewing_direction
from annotation.iiif.shapes import first_address, identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import CollectionValue, MemberValue

# Where members stand, and what they are when they do not say it themselves.
_LISTS: tuple[tuple[str, Literal["manifest", "collection"]], ...] = (
    ("items", "manifest"),
    ("members", "manifest"),
    ("collections", "collection"),
    ("manifests", "manifest"),
)

_KINDS: dict[str, Literal["manifest", "collection"]] = {"Manifest": "manifest", "Collection": "collection"}


def read_collection(node: dict[str, Any], version: int, findings: Findings) -> CollectionValue:
    """The collection; a member without an address is reported and left out, a repeated one kept once."""
    members: dict[str, MemberValue] = {}
    for member in _members(node, findings):
        members.setdefault(member.uri, member)
    first, following = (_page(node, key, findings) for key in ("first", "next"))
    if not members and not first:
        findings.fail("", "The collection lists nothing.")
    return CollectionValue(
        uri=findings.identity(identifier(node) or findings.url, "/id") or "",
        version=version,
        label=language_map(node.get("label"), findings, "/label"),
        viewing_direction=viewing_direction(node, findings, ""),
        members=tuple(members.values()),
        first=first,
        next=following,
        total=_total(node, findings),
        **describe(node, findings),
    )


def _page(node: dict[str, Any], key: str, findings: Findings) -> str | None:
    """The address of another page of the collection (Presentation 2.1 §5.6)."""
    if node.get(key) is None:
        return None
    return findings.link(identifier(node[key]), f"/{key}")


def _total(node: dict[str, Any], findings: Findings) -> int | None:
    value = node.get("total")
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        findings.warn("/total", "The total is written as a text, not as a number.")
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    findings.warn("/total", "The total is not a whole number.")
    return None


def _members(node: dict[str, Any], findings: Findings) -> Iterator[MemberValue]:
    for key, kind in _LISTS:
        for item, pointer in placed_items(node.get(key), f"/{key}"):
            uri = findings.address(identifier(item), pointer)
            if uri is None:
                continue
            if not isinstance(item, dict):
                yield MemberValue(uri, kind, {})
                continue
            said = kind_of(item)
            if said not in ("Manifest", "Collection", ""):
                findings.warn(
                    pointer, f"“{said[:60]}” is neither a manifest nor a collection; it is left out."
                )
                continue
            yield MemberValue(
                uri,
                _KINDS.get(said, kind),
                language_map(item.get("label"), findings, f"{pointer}/label"),
                first_address(item.get("thumbnail")),
                item if _is_whole(item) else None,
                item["navDate"] if isinstance(item.get("navDate"), str) else None,
            )


def _is_whole(item: dict[str, Any]) -> bool:
    return any(key in item for key in ("items", "sequences", "manifests", "collections", "members"))
