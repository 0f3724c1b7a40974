"""Reads a collection: the manifests and collections it lists, in every version's way of listing them."""

from collections.abc import Iterator
from typing import Any, Literal

from annotation.iiif.descriptions import describe
from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list, first_address, identifier, kind_of
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
    said = describe(node, findings)
    members: dict[str, MemberValue] = {}
    for member in _members(node, findings):
        members.setdefault(member.uri, member)
    first, following = identifier(node.get("first")), identifier(node.get("next"))
    if not members and not first:
        findings.fail("", "The collection lists nothing.")
    total = node.get("total")
    return CollectionValue(
        uri=findings.identity(identifier(node) or findings.url, "/id") or "",
        version=version,
        label=said.label,
        summary=said.summary,
        metadata=said.metadata,
        rights=said.rights,
        required_statement=said.required_statement,
        thumbnail=said.thumbnail,
        members=tuple(members.values()),
        first=first,
        next=following,
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )


def _members(node: dict[str, Any], findings: Findings) -> Iterator[MemberValue]:
    for key, kind in _LISTS:
        for index, item in enumerate(as_list(node.get(key))):
            pointer = f"/{key}/{index}"
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
            )


def _is_whole(item: dict[str, Any]) -> bool:
    return any(key in item for key in ("items", "sequences", "manifests", "collections", "members"))
