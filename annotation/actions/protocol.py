"""Annotations that programs bring: which id they get, and what a replacement may not change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from accounts.models import User
from annotation.actions.documents import create_annotation, replace_annotation
from annotation.addresses import annotation_uri
from annotation.models import Annotation, Layer
from annotation.webanno.identity import arrived, changed_links, uuid_of
from annotation.webanno.terms import as_list, uri_of
from problems import Conflict
from problems.problem import Fault


def post_annotation(layer: Layer, document: Mapping[str, Any], *, by: User, slug: str = "") -> Annotation:
    """Put a document that a program has made into a layer (W3C Web Annotation Protocol §5.1, §5.2).

    Its id is the UUID that it names itself by (`urn:uuid:…`), else that of the slug, else one made from layer
    and slug while that is free or stands for this very document; so the same request again changes nothing.
    Another id is kept in `via`. Raises what `create_annotation` raises.
    """
    named = uuid_of(document) or _as_uuid(slug)
    said = arrived(document)
    if named or not slug:
        return create_annotation(layer, said, by=by, id=named or uuid4(), embedded=False)[0]
    try:
        return create_annotation(layer, said, by=by, id=uuid5(layer.pk, slug), embedded=False)[0]
    except Conflict:
        # A slug is a wish: another annotation has it, or had it before it was deleted.
        return create_annotation(layer, said, by=by, id=uuid4(), embedded=False)[0]


def put_annotation(
    annotation: Annotation, document: Mapping[str, Any], *, by: User, revision: int | None
) -> Annotation:
    """Put a new document in the place of an annotation (§5.3), under the id that it has.

    Raises `Conflict` when the document names another id, or changes `canonical` or `via` that were set, and
    what `replace_annotation` raises.
    """
    uri = document.get("id", document.get("@id"))
    before = annotation.document
    ours = (None, annotation_uri(annotation), annotation.pk.urn)
    if uri in ours:
        said = {key: value for key, value in document.items() if key not in ("id", "@id")}
    elif uri in [uri_of(item) for item in as_list(before.get("via"))]:
        said = arrived(document)  # from whoever brought it, under the id that it has there
    else:
        raise Conflict("The document names another id than the address it was sent to.", pointer="/id")
    changed = changed_links(before, arrived(said))
    if changed:
        faults = tuple(
            Fault(
                f"/{key}",
                "It was set when the annotation was made and cannot be changed or left out.",
                "fixed",
            )
            for key in changed
        )
        raise Conflict("The document changes where the annotation comes from.", code="fixed", faults=faults)
    return replace_annotation(annotation, said, by=by, revision=revision, embedded=False)


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text.lower().removeprefix("urn:uuid:")) if len(text) >= 32 else None
    except ValueError:
        return None
