"""The addresses of a Simple Annotation Server for one layer, so that viewers' existing plug-ins write to us.

The plug-ins are Mirador 2's SimpleASEndpoint and the SimpleAnnotationServerV2Adapter of `mirador-annotations`;
neither sends a header of its own, so the address itself may hold a key (see docs/decisions/0007).
"""

import re
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4, uuid5

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.api.authentication import SessionAuthentication, TokenAuthentication, live_token
from accounts.models import ApiToken, User
from accounts.permissions import require_user
from annotation.actions.documents import (
    create_annotation,
    delete_annotation,
    placed_for,
    replace_annotation,
)
from annotation.api.negotiation import CORS, OpenView
from annotation.models import Annotation, Canvas, Layer
from annotation.permissions import get_annotation_for, get_layer_for, key_place
from annotation.queries import as_document
from annotation.webanno import for_plugins, from_plugins, kept, read
from problems import Invalid, Malformed, Missing
from problems.api import whole_number

MOST = 100_000


class KeyInAddress(authentication.BaseAuthentication):
    """A key to this layer as a part of the path; where one stands, nothing else is looked at."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = request.parser_context["kwargs"] if request.parser_context else {}
        if "key" not in given:
            return None
        found = live_token(given["key"], bound_to=key_place(given["layer_id"]))
        if found is None:
            raise exceptions.AuthenticationFailed(
                "The key in this address is unknown, expired or revoked, or is one of another layer."
            )
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PluginView(OpenView):
    """What the four addresses share: the key, any origin, nothing kept by caches or told to other sites."""

    authentication_classes = [KeyInAddress, TokenAuthentication, SessionAuthentication]
    media_type = "application/ld+json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # A browser asks first, and never as somebody; only so does its page see the refusal that follows.
        if request.method != "OPTIONS":
            super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        methods = ", ".join(self.allowed_methods)
        for name, value in {**CORS, "Access-Control-Allow-Methods": methods}.items():
            response[name] = value
        response["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type"
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        return response

    def told(self, content: Any, status: int = 200) -> HttpResponse:
        return HttpResponse(orjson.dumps(content), status=status, content_type=self.media_type)


class SearchView(PluginView):
    @extend_schema(exclude=True)
    def get(self, request: Request, layer_id: UUID, key: str = "") -> HttpResponse:
        """The layer's annotations on the canvas `uri`, oldest first, as an array of Open Annotation.

        Mirador 2 at times asks about no canvas, and expects no annotation.
        """
        layer = get_layer_for(request.user, layer_id, "view")
        rows = (
            layer.annotations.filter(deleted_at=None, canvas__uri__in=_canvas_uris(request))
            .select_related("canvas")
            .order_by("created_at", "id")
        )
        limit = whole_number(request.query_params, "limit", default=MOST, least=1, most=MOST)
        return self.told([_shown(row) for row in rows[:limit]])


class CreateView(PluginView):
    @extend_schema(exclude=True)
    def post(self, request: Request, layer_id: UUID, key: str = "") -> HttpResponse:
        """Put an annotation into the layer; the answer is the annotation with its id."""
        by, layer = _writer(request, layer_id)
        document, identifier, _revision = from_plugins(_sent(request))
        _require_canvas(document, by)
        pk, is_ours = _id_for(layer, identifier)
        if identifier and not is_ours:
            # Web Annotation Data Model §3.3.6: the address under which it was known before.
            document.setdefault("via", identifier)
        row, created = create_annotation(layer, document, by=by, id=pk)
        return self.told(_shown(row), status=201 if created else 200)


class UpdateView(PluginView):
    @extend_schema(exclude=True)
    def post(self, request: Request, layer_id: UUID, key: str = "", name: str = "") -> HttpResponse:
        """Put a document in the place of the annotation that its `@id` names.

        With the revision that we gave it must be the current one (412). A plug-in that loses the revision
        overwrites; what stood there, as ever, is kept in the history.
        """
        by, layer = _writer(request, layer_id)
        document, identifier, revision = from_plugins(_sent(request))
        row = _named(request, layer, identifier or name)
        if revision is None:
            document = kept(row.document, document, size=_size(row.canvas))
        elif not isinstance(revision, int) or isinstance(revision, bool):
            raise Invalid(
                "The revision must be the whole number that we gave.", pointer="/rubricator:revision"
            )
        _require_canvas(document, by)
        changed = replace_annotation(
            row, document, by=by, revision=row.revision if revision is None else revision
        )
        return self.told(_shown(changed))


class DestroyView(PluginView):
    @extend_schema(exclude=True)
    def delete(self, request: Request, layer_id: UUID, key: str = "") -> HttpResponse:
        """Take the annotation `uri` out of the layer; once more is no fault.

        Mirador 2 sends `uri=…` as the body too, and calls it JSON: it is not looked at.
        """
        by, layer = _writer(request, layer_id)
        identifier = request.query_params.get("uri", "")
        if not identifier:
            raise Malformed("Say in `uri` which annotation is to be deleted.", pointer="/uri")
        if not _is_gone(layer, identifier):
            row = _named(request, layer, identifier)
            delete_annotation(row, by=by, revision=row.revision)
        return HttpResponse(status=204)


def _writer(request: Request, layer_id: UUID) -> tuple[User, Layer]:
    layer = get_layer_for(request.user, layer_id, "contribute")
    return require_user(request.user), layer


def _sent(request: Request) -> dict[str, Any]:
    document = request.data
    if not isinstance(document, dict):
        raise Malformed("Send one annotation, as a JSON object.", code="not-an-object")
    return document


def _canvas_uris(request: Request) -> set[str]:
    """What `uri` can mean: `mirador-annotations` does not encode it, and a canvas may have a `?` or `&`."""
    parsed = request.query_params.get("uri", "")
    raw = unquote(request.META.get("QUERY_STRING", "").partition("uri=")[2])
    return {uri.partition("#xywh=")[0] for uri in (parsed, raw) if uri.strip() and "\x00" not in uri}


def _shown(row: Annotation) -> dict[str, Any]:
    return for_plugins(as_document(row), revision=row.revision, size=_size(row.canvas))


def _size(canvas: Canvas | None) -> tuple[float, float] | None:
    return (canvas.width, canvas.height) if canvas else None


def _require_canvas(document: dict[str, Any], by: User) -> None:
    """Plug-ins find annotations by their canvas; on an unknown one it would be kept and never seen again."""
    reading = read(document)
    if not reading.targets and document.get("type") == "Annotation":
        raise Invalid(
            "The annotation does not say on which canvas it stands.", pointer="/on/full", code="no-canvas"
        )
    if reading.targets and placed_for(document, reader=by).canvas is None:
        raise Invalid(
            "This canvas is not among the sources here. Import its manifest first.",
            pointer="/on",
            code="unknown-canvas",
        )


def _own_id(layer: Layer, identifier: str) -> UUID | None:
    """The row that an id names: our address of it in this layer, or a bare UUID."""
    found = re.fullmatch(
        rf"(?:urn:uuid:|https?://[^/]+/w3c/{layer.pk}/)?([0-9a-fA-F-]{{36}})(?:[?#].*)?", identifier.strip()
    )
    try:
        return UUID(found[1]) if found else None
    except ValueError:
        return None


def _id_for(layer: Layer, identifier: str | None) -> tuple[UUID, bool]:
    """The id of a new row, and whether the plug-in's was one of ours; the same foreign id makes the same one."""
    if not identifier:
        return uuid4(), True
    own = _own_id(layer, identifier)
    return (own, True) if own else (uuid5(layer.pk, identifier), False)


def _named(request: Request, layer: Layer, identifier: str) -> Annotation:
    pk = _own_id(layer, identifier)
    if pk is None:
        raise Missing("The layer has no such annotation.")
    return get_annotation_for(request.user, layer.pk, pk, "contribute")


def _is_gone(layer: Layer, identifier: str) -> bool:
    pk = _own_id(layer, identifier)
    rows = Annotation.objects.filter(layer=layer).exclude(deleted_at=None)
    return pk is not None and rows.filter(pk=pk).exists()
