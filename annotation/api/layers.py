"""Layers over REST: make, read, change, delete, and share them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require_user
from accounts.roles import Role
from annotation.actions.layers import ROLES, change_layer, create_layer, delete_layer, give_role
from annotation.api.serializers import LayerSerializer
from annotation.models import Layer
from annotation.permissions import get_layer_for, visible_layers
from annotation.queries import count_of, people_of, role_on
from problems import Missing
from taxonomy.models import Vocabulary
from taxonomy.permissions import get_vocabulary_for


class LayerDetailSerializer(LayerSerializer):
    total = serializers.SerializerMethodField(help_text="How many annotations it has.")
    role = serializers.SerializerMethodField(help_text="The caller’s own role, null without one.")

    class Meta(LayerSerializer.Meta):
        fields = [*LayerSerializer.Meta.fields, "total", "role"]

    def get_total(self, layer: Layer) -> int:
        return count_of(layer)

    def get_role(self, layer: Layer) -> str | None:
        return role_on(self.context["person"], layer)


class LayerRequest(serializers.Serializer[object]):
    label = serializers.DictField(  # type: ignore[assignment]  # a field that has the name of an option
        child=serializers.CharField(allow_blank=True, max_length=300),
        help_text="Language → label, at least one.",
    )
    is_public = serializers.BooleanField(default=False)
    vocabulary = serializers.SlugField(
        default=None, allow_null=True, help_text="Where people choose their labels."
    )


class LayerChange(serializers.Serializer[object]):
    label = serializers.DictField(  # type: ignore[assignment]  # a field that has the name of an option
        child=serializers.CharField(allow_blank=True, max_length=300), required=False
    )
    is_public = serializers.BooleanField(required=False)
    vocabulary = serializers.SlugField(required=False, allow_null=True)


class PersonSerializer(serializers.Serializer[object]):
    username = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=[(role.value, role.label) for role in ROLES])


def _shown(layer: Layer, request: Request) -> dict[str, Any]:
    return dict(LayerDetailSerializer(layer, context={"person": request.user, "request": request}).data)


class LayerListView(ListAPIView[Layer]):
    serializer_class = LayerSerializer

    def get_queryset(self) -> Any:
        return visible_layers(self.request.user).select_related("vocabulary").order_by("-created_at", "pk")

    @extend_schema(operation_id="layer_create", request=LayerRequest, responses={201: LayerDetailSerializer})
    def post(self, request: Request) -> Response:
        """A personal layer of one's own."""
        by = require_user(request.user)
        form = LayerRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        layer = create_layer(
            by=by, label=data["label"], is_public=data["is_public"],
            vocabulary=_vocabulary(by, data["vocabulary"]),
        )  # fmt: skip
        shown = _shown(layer, request)
        return Response(shown, status=201, headers={"Location": shown["uri"]})


class LayerDetailView(APIView):
    @extend_schema(operation_id="layer_retrieve", responses=LayerDetailSerializer)
    def get(self, request: Request, layer_id: UUID) -> Response:
        """One layer; its annotations stand at `uri`."""
        return Response(_shown(get_layer_for(request.user, layer_id, "view"), request))

    @extend_schema(operation_id="layer_update", request=LayerChange, responses=LayerDetailSerializer)
    def patch(self, request: Request, layer_id: UUID) -> Response:
        """Another label, another public, or another vocabulary."""
        layer = get_layer_for(request.user, layer_id, "manage")
        form = LayerChange(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        by = require_user(request.user)
        changed = change_layer(
            layer, by=by, label=data.get("label"), is_public=data.get("is_public"),
            vocabulary=_vocabulary(by, data["vocabulary"]) if "vocabulary" in data else ...,
        )  # fmt: skip
        return Response(_shown(changed, request))

    @extend_schema(operation_id="layer_delete", responses={204: None})
    def delete(self, request: Request, layer_id: UUID) -> Response:
        """The layer with all its annotations and their history."""
        layer = get_layer_for(request.user, layer_id, "own")
        delete_layer(layer, by=require_user(request.user))
        return Response(status=204)


class LayerPeopleView(APIView):
    @extend_schema(operation_id="layer_people", responses=PersonSerializer(many=True))
    def get(self, request: Request, layer_id: UUID) -> Response:
        """Everybody with a role on the layer."""
        layer = get_layer_for(request.user, layer_id, "manage")
        return Response([{"username": name, "role": role} for name, role in people_of(layer)])


class LayerPersonView(APIView):
    @extend_schema(operation_id="layer_person", request=PersonSerializer, responses=PersonSerializer)
    def put(self, request: Request, layer_id: UUID, username: str) -> Response:
        """Give somebody a role, in place of any other."""
        layer = get_layer_for(request.user, layer_id, "own")
        form = PersonSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        user = _person(username)
        give_role(layer, user, Role(data["role"]), by=require_user(request.user))
        return Response({"username": user.username, "role": data["role"]})

    @extend_schema(operation_id="layer_person_remove", responses={204: None})
    def delete(self, request: Request, layer_id: UUID, username: str) -> Response:
        """Take somebody's role away."""
        layer = get_layer_for(request.user, layer_id, "own")
        give_role(layer, _person(username), None, by=require_user(request.user))
        return Response(status=204)


def _vocabulary(by: User, slug: str | None) -> Vocabulary | None:
    return get_vocabulary_for(by, slug, "view") if slug else None


def _person(username: str) -> User:
    user = User.objects.filter(username__iexact=username.replace("\x00", "")).first()
    if user is None:
        raise Missing("Nobody with this name has an account here.")
    return user
