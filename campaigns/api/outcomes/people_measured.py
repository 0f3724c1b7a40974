"""The people of a campaign against one of its releases over REST: side by side, and everybody measured at once."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.evaluating_people import evaluate_people
from campaigns.answered import ALL, BASES
from campaigns.grouped import get_grouping
from campaigns.models import Release
from campaigns.people_measured import people_measured, row_of
from campaigns.permissions import get_campaign_for, get_release_for
from problems import Invalid


class PeopleRequest(serializers.Serializer[object]):
    basis = serializers.ChoiceField(
        choices=BASES, required=False, default=ALL,
        help_text="All images that somebody answered, or those that the others decide alone.",
    )  # fmt: skip
    class_aware = serializers.BooleanField(
        required=False, default=True, help_text="False: only places count, not labels."
    )
    grouping = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A grouping whose classes count."
    )


class PersonMeasured(serializers.Serializer[object]):
    """One person's chief figures; null while they are computed."""

    evaluation = serializers.UUIDField()
    participant = serializers.UUIDField()
    pseudonym = serializers.CharField()
    images = serializers.IntegerField()
    answered = serializers.IntegerField(
        allow_null=True, help_text="Images of the release that they answered."
    )
    voiced = serializers.IntegerField(
        allow_null=True, help_text="Those of them on which the answer counted towards what is true."
    )
    truths = serializers.IntegerField()
    said = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    f1 = serializers.FloatField(allow_null=True)
    interval = serializers.DictField(
        child=serializers.FloatField(), allow_null=True, help_text="Of F1, 95 %."
    )
    macro_f1 = serializers.FloatField(allow_null=True)
    accuracy = serializers.FloatField(
        allow_null=True, help_text="Images named wholly right; null for places."
    )
    state = serializers.CharField(allow_null=True, help_text="Of the job.")
    finished_at = serializers.DateTimeField(allow_null=True)


def release_with_people(request: Any, release_id: UUID) -> Release:
    """A release of a campaign that the person runs: only those see its people one by one."""
    release = get_release_for(request.user, release_id)
    get_campaign_for(request.user, release.campaign.slug, "manage")
    return release


def basis_asked(text: str) -> str:
    """Raises `Invalid` for an unknown one."""
    if text and text not in BASES:
        raise Invalid(
            _("The images are “all”, or “others” for those that the others decide alone."),
            pointer="/basis",
            code="unknown-basis",
        )
    return text or ALL


class ReleasePeopleView(APIView):
    @extend_schema(
        operation_id="release_people",
        parameters=[OpenApiParameter("basis", str, enum=list(BASES))],
        responses=PersonMeasured(many=True),
    )
    def get(self, request: Request, release_id: UUID) -> Response:
        """Everybody who was measured against the release, the greatest F1 first."""
        release = release_with_people(request, release_id)
        rows = people_measured(release, basis_asked(request.query_params.get("basis", "")))
        return Response(PersonMeasured([row_of(one) for one in rows], many=True).data)

    @extend_schema(
        operation_id="release_people_measure",
        request=PeopleRequest,
        responses={202: PersonMeasured(many=True)},
    )
    def post(self, request: Request, release_id: UUID) -> Response:
        """Measure everybody, in the background: the two hundred who answered most. Again, only what has changed."""
        release = release_with_people(request, release_id)
        form = PeopleRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        grouping = data["grouping"] and get_grouping(release.campaign.vocabulary, data["grouping"])
        evaluate_people(
            release,
            by=require_user(request.user),
            class_aware=data["class_aware"],
            grouping=grouping or None,
            basis=data["basis"],
        )
        rows = people_measured(release, data["basis"])
        return Response(PersonMeasured([row_of(one) for one in rows], many=True).data, status=202)
