"""What several people who annotate a canvas together ask again and again: what is new, and who is here."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation.cursors import read_cursor
from annotation.models import AnnotationConcept
from annotation.news import Change, news_of
from annotation.permissions import get_canvas_for, get_layer_with_verbs, require_own_kind
from annotation.presence import be_present, leave
from annotation.webanno import corners_in
from problems import Malformed
from taxonomy.queries import labels_in


class NewsConceptSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    uri = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a declared field is no attribute at run time


class AnnotationNewsSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    revision = serializers.IntegerField(help_text="What `If-Match` names, in quotation marks, to change it.")
    stands = serializers.BooleanField(help_text="False: it was deleted, or moved to another canvas.")
    document = serializers.DictField(help_text="The W3C annotation; {} where it does not stand here.")
    box = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="The corners of an outline, or one point.",
    )
    concepts = NewsConceptSerializer(many=True)
    mine = serializers.BooleanField(help_text="You have made it.")
    by = serializers.CharField(
        allow_null=True, help_text="Who wrote this state; null to who has no role on the layer."
    )


class PresentSerializer(serializers.Serializer[object]):
    seat = serializers.IntegerField()
    client = serializers.UUIDField()
    name = serializers.CharField()
    me = serializers.BooleanField(help_text="Another window of your own.")
    holds = serializers.UUIDField(allow_null=True)


class LayerNewsSerializer(serializers.Serializer[object]):
    cursor = serializers.CharField()
    whole = serializers.BooleanField()
    changes = AnnotationNewsSerializer(many=True)
    present = PresentSerializer(many=True)
    may_write = serializers.BooleanField()
    may_manage = serializers.BooleanField(help_text="Change what others have made, too.")


PARAMETERS = [
    OpenApiParameter("since", str, description="The cursor of an earlier answer; without one: all that stands."),
    OpenApiParameter("client", UUID, description="The id of an open window: be seen by the others, and see them."),
    OpenApiParameter("holds", UUID, description="The annotation that is picked in that window."),
]  # fmt: skip


class LayerNewsView(APIView):
    @extend_schema(operation_id="layer_canvas_changes", parameters=PARAMETERS, responses=LayerNewsSerializer)
    def get(self, request: Request, layer_id: UUID, canvas_id: UUID) -> Response:
        """What has changed in a layer on a canvas, once each, and who is there.

        Three statements when nothing has, beside those of signing in. The canvas is looked up only with the first
        question: on another one nothing of the layer stands, and nothing is news.
        """
        since = request.query_params.get("since")
        cursor = read_cursor(since) if since else None
        client, holds = _uuid(request, "client"), _uuid(request, "holds")
        layer, held = get_layer_with_verbs(request.user, layer_id)
        require_own_kind(layer)
        if cursor is None:
            get_canvas_for(request.user, layer, canvas_id)
        news = news_of(layer.pk, canvas_id, cursor)
        user = request.user if isinstance(request.user, User) else None
        # Who works here is for those who have a role, also where everybody may read the layer.
        present = (
            be_present(layer.pk, canvas_id, person=user, client=client, holds=holds)
            if user and held and client
            else []
        )
        body = {
            "cursor": str(news.cursor),
            "whole": news.is_whole,
            "changes": _shown(news.changes, user, names=bool(held)),
            "present": [
                {
                    "seat": one.seat,
                    "client": one.client,
                    "name": one.name,
                    "me": one.user_id == (user and user.pk),
                    "holds": one.holds,
                }
                for one in present
            ],
            "may_write": "contribute" in held,
            "may_manage": "manage" in held,
        }
        return Response(body, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="layer_canvas_leave", parameters=[PARAMETERS[1]], request=None, responses={204: None}
    )
    def delete(self, request: Request, layer_id: UUID, canvas_id: UUID) -> Response:
        """Go, when a window is closed; one is not seen any more a few seconds later anyhow."""
        layer, _held = get_layer_with_verbs(request.user, layer_id)
        client = _uuid(request, "client")
        if isinstance(request.user, User) and client:
            leave(layer.pk, canvas_id, person=request.user, client=client)
        return Response(status=204)


def _uuid(request: Request, name: str) -> UUID | None:
    text = request.query_params.get(name)
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Malformed(f"`{name}` must be a UUID.", pointer=f"/{name}") from error


def _shown(changes: Any, user: User | None, *, names: bool) -> list[dict[str, Any]]:
    """The changes with the labels of their concepts; two queries, none where nothing stands."""
    links: dict[UUID, list[AnnotationConcept]] = {}
    standing = [change.id for change in changes if change.stands]
    if standing:
        rows = AnnotationConcept.objects.filter(annotation__in=standing).select_related("concept")
        for link in rows.order_by("annotation", "position"):
            links.setdefault(link.annotation_id, []).append(link)
    named = {link.concept_id for found in links.values() for link in found}
    labels = labels_in(named, _language()) if named else {}
    return [
        {
            "id": change.id,
            "revision": change.revision,
            "stands": change.stands,
            "document": change.document,
            "box": change.box,
            "points": _points(change),
            "concepts": [
                {
                    "id": link.concept_id,
                    "uri": link.concept.uri,
                    "label": labels.get(link.concept_id, link.concept.uri),
                }
                for link in links.get(change.id, ())
            ],
            "mine": user is not None and change.created_by_id == user.pk,
            "by": change.by if names else None,
        }
        for change in changes
    ]


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _points(change: Change) -> list[tuple[float, float]]:
    if change.point:
        return [change.point]
    return list(corners_in(change.document)) if change.box else []
