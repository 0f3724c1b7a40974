"""What somebody said about images and brought in, as files to take along."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import CHUNK, Part, json_part, roles_on
from annotation.models import (
    Annotation,
    AnnotationRevision,
    Layer,
    Manifest,
    SourceCollection,
    SourceImport,
)
from annotation.queries import as_document
from annotation.webanno import CONTEXT

_LAYER = ("id", "kind", "label", "is_public", "created_at")
_SOURCE = ("id", "uri", "label", "is_public", "created_at")
_IMPORT = ("kind", "url", "title", "rights", "created_at")
_FOLLOWED = ("kind", "uri", "label", "wants", "every", "created_at")


def annotation_parts(user: User, *, also: QuerySet[Annotation]) -> Iterator[Part]:
    """The person's annotations, and those of `also` that say so in another way than by their creator's key."""
    mine = Annotation.objects.filter(created_by=user)
    others = also.exclude(created_by=user)
    yield Part(
        "annotations.jsonld",
        _("Your annotations, as W3C Web Annotations that any IIIF viewer reads."),
        _collection([mine, others]),
    )
    yield json_part(
        "annotation-history.json",
        _("What annotations said before you changed them."),
        (
            {"annotation": row.annotation_id, "revision": row.revision, "at": row.at, "before": row.document}
            for row in AnnotationRevision.objects.filter(by=user).order_by("at").iterator(chunk_size=CHUNK)
        ),
    )
    yield json_part(
        "sources.json", _("The sources and layers that you brought in or follow."), _sources(user)
    )


def _collection(parts: Iterable[QuerySet[Annotation]]) -> Iterator[bytes]:
    """A W3C AnnotationPage, written as it is read."""
    head = {"@context": CONTEXT, "id": "urn:rubricator:my-annotations", "type": "AnnotationPage"}
    yield orjson.dumps(head)[:-1] + b',"items":['
    before = b""
    for rows in parts:
        standing = rows.filter(deleted_at=None).defer("words").order_by("created_at", "pk")
        for row in standing.iterator(chunk_size=CHUNK):
            yield before + b"\n" + orjson.dumps(as_document(row))
            before = b","
    yield b"\n]}\n"


def _sources(user: User) -> dict[str, Any]:
    return {
        "layers": list(Layer.objects.filter(created_by=user).values(*_LAYER)),
        "roles_on_layers": [{"layer": pk, "role": role} for pk, role in roles_on(Layer, user)],
        "sources": list(Manifest.objects.filter(created_by=user).values(*_SOURCE)),
        "roles_on_sources": [{"source": pk, "role": role} for pk, role in roles_on(Manifest, user)],
        "imports": list(SourceImport.objects.filter(created_by=user).values(*_IMPORT)),
        "follows": list(SourceCollection.objects.filter(created_by=user).values(*_FOLLOWED)),
    }
