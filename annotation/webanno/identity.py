"""What becomes of the id with which an annotation arrives (W3C Web Annotation Protocol §5.1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from annotation.webanno.openannotation import from_oa, is_oa
from annotation.webanno.terms import as_list, listed, uri_of

_URN = "urn:uuid:"
# Set once, these may not be changed by a replacement (§5.3).
FIXED = ("canonical", "via")


def uuid_of(document: Mapping[str, Any]) -> UUID | None:
    """The UUID by which the client names its annotation: an `id` like `urn:uuid:…`; None without one."""
    uri = uri_of(dict(document))
    if uri is None or not uri.lower().startswith(_URN):
        return None
    try:
        return UUID(uri[len(_URN) :])
    except ValueError:
        return None


def arrived(document: Mapping[str, Any]) -> dict[str, Any]:
    """The W3C form of a document from elsewhere without its id, which is kept in `via`.

    A `urn:uuid:…` was made for us and is not copied. Whatever is no IRI stays, for the validation to refuse.
    """
    modern = from_oa(document) if is_oa(document) else dict(document)
    uri = modern.get("id")
    if not isinstance(uri, str) or ":" not in uri:
        return modern
    rest = {key: value for key, value in modern.items() if key != "id"}
    known = {uri_of(item) for item in as_list(rest.get("via"))}
    if uuid_of(modern) is None and uri not in known:
        rest["via"] = listed([*as_list(rest.get("via")), uri], like=rest.get("via"))
    return rest


def changed_links(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of `canonical` and `via` were set before and say something else after."""
    return tuple(
        key
        for key in FIXED
        if as_list(before.get(key)) and as_list(before.get(key)) != as_list(after.get(key))
    )
