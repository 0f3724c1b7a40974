"""Reads streams of changes as tolerantly as strangers' servers need it, and says everything that is wrong."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from annotation.discovery.values import Activity, Flaw, Page, Stream

KINDS = frozenset({"Create", "Update", "Delete", "Move", "Add", "Remove", "Refresh"})
MOST_PROBLEMS = 200


def is_stream(document: object) -> bool:
    """Whether a JSON object is an OrderedCollection (or one of its pages) and not a IIIF collection."""
    return isinstance(document, dict) and _kind(document) in ("OrderedCollection", "OrderedCollectionPage")


def read_collection(document: dict[str, Any], *, url: str = "") -> Stream:
    """The entry of a stream (Change Discovery 1.0 §2.3). A page is taken for a stream that ends with it."""
    problems: list[Flaw] = []
    uri = _address(document, url) or url
    if _kind(document) == "OrderedCollectionPage":
        problems.append(Flaw("/type", "This is one page of a stream; it is read backwards from here."))
        return Stream(uri, last=uri, problems=tuple(problems))
    last, first = (_address(document.get(name), url) for name in ("last", "first"))
    if not last and "orderedItems" in document:
        problems.append(Flaw("/last", "The stream has its changes in itself instead of on pages."))
        last = uri
    if not last:
        problems.append(Flaw("/last", "The stream does not say where its last page is.", "error"))
    total = document.get("totalItems")
    rights = document.get("rights")
    return Stream(
        uri=uri,
        last=last,
        first=first,
        total=total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None,
        rights=rights if isinstance(rights, str) else "",
        problems=tuple(problems),
    )


def read_page(document: dict[str, Any], *, url: str = "") -> Page:
    """A page (Change Discovery 1.0 §2.2); a change that cannot be used is reported and left out."""
    problems: list[Flaw] = []
    nodes = document.get("orderedItems", [])
    if not isinstance(nodes, list):
        problems.append(Flaw("/orderedItems", "A list of changes is expected here.", "error"))
        nodes = []
    found = [_activity(node, f"/orderedItems/{index}", url, problems) for index, node in enumerate(nodes)]
    return Page(
        uri=_address(document, url) or url,
        activities=tuple(activity for activity in found if activity is not None),
        prev=_address(document.get("prev"), url),
        next=_address(document.get("next"), url),
        part_of=_address(document.get("partOf"), url),
        problems=tuple(problems[:MOST_PROBLEMS]),
    )


def read_activity(document: dict[str, Any], *, url: str = "") -> tuple[Activity | None, tuple[Flaw, ...]]:
    """One change alone, and what is wrong with it."""
    problems: list[Flaw] = []
    return _activity(document, "", url, problems), tuple(problems)


def _activity(node: Any, pointer: str, url: str, problems: list[Flaw]) -> Activity | None:
    if not isinstance(node, dict):
        problems.append(Flaw(pointer, "The change is not an object; it is left out.", "error"))
        return None
    kind = _kind(node)
    if kind not in KINDS:
        said = f"“{kind[:60]}” is none of the changes that Change Discovery knows; it is left out."
        problems.append(Flaw(f"{pointer}/type", said))
        return None
    uri, target = _address(node.get("object"), url), _address(node.get("target"), url)
    if kind != "Refresh" and not uri:
        problems.append(
            Flaw(f"{pointer}/object", "The change does not say of what; it is left out.", "error")
        )
        return None
    if kind == "Move" and not target:
        said = "The move does not say where to; what moved is taken as deleted."
        problems.append(Flaw(f"{pointer}/target", said))
        kind = "Delete"
    named = node.get("object")
    return Activity(
        kind=kind,
        uri=uri,
        object_kind=_kind(named) if isinstance(named, dict) else "",
        target=target,
        at=_time(node, "endTime", pointer, problems),
        started_at=_time(node, "startTime", pointer, problems),
        id=str(node.get("id") or "")[:2000],
        pointer=pointer,
    )


def _kind(node: dict[str, Any]) -> str:
    """The type without a prefix; the first one when there are several."""
    value = node.get("type", node.get("@type"))
    value = value[0] if isinstance(value, list) and value else value
    return value.rsplit(":", 1)[-1] if isinstance(value, str) else ""


def _address(value: Any, url: str) -> str:
    """The HTTP(S) address in `value`: a string, or an object with an id; relative ones are completed."""
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        address = urljoin(url, value.strip())
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _time(node: dict[str, Any], name: str, pointer: str, problems: list[Flaw]) -> datetime | None:
    """An xsd:dateTime as an aware time; one without a zone is taken as UTC, which §2.1 asks for."""
    value = node.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        said = f"“{str(value)[:60]}” is no date with a time; the change is taken as undated."
        problems.append(Flaw(f"{pointer}/{name}", said))
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
