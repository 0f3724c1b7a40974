"""What a campaign teaches, over REST: its tutorial, who has seen it, and questions with their answers."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions import join_campaign
from campaigns.actions.teaching import mark_tutorial_seen, write_questions, write_tutorial
from campaigns.api.serializers.values import POINTS, BoxField, IIIFLanguageMap, LanguageMap, PointsField
from campaigns.api.shown import reader_language
from campaigns.api.views import participant_of, user_of
from campaigns.api.visitors import new_secret, read_visitor, remember_visitor, visitor_of
from campaigns.instructions import render_languages
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for, refuse_archived
from campaigns.tutorial import Step, tutorial_of


class ExampleShapeSerializer(serializers.Serializer[object]):
    box = BoxField()
    points = PointsField(required=False, help_text=POINTS)
    concepts = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)


class ExampleSerializer(serializers.Serializer[object]):
    """An answer to show: boxes with concepts, or concepts of the whole image."""

    nothing_here = serializers.BooleanField(required=False, default=False)
    shapes = ExampleShapeSerializer(many=True, required=False, default=list)
    concepts = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)


class StepSerializer(serializers.Serializer[object]):
    """A step as it is written."""

    id = serializers.UUIDField(help_text="Made by the client; it stays when the step moves.")
    text = LanguageMap(help_text="Markdown by language.")
    canvas = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="One of the campaign's canvases."
    )
    region = BoxField(required=False, allow_null=True, default=None)
    example = ExampleSerializer(required=False, allow_null=True, default=None)


class TutorialRequest(serializers.Serializer[object]):
    steps = StepSerializer(many=True)


class MarkSerializer(serializers.Serializer[object]):
    box = BoxField()
    points = PointsField(help_text=POINTS)
    label = serializers.CharField()  # type: ignore[assignment]


class StepPictureSerializer(serializers.Serializer[object]):
    """What a step shows: the address of the picture, and which part of its canvas that is."""

    crop = serializers.CharField()
    box = BoxField()
    label = IIIFLanguageMap()  # type: ignore[assignment]


class ShownStepSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    text_html = LanguageMap(help_text="Safe HTML by language.")
    picture = StepPictureSerializer(allow_null=True)
    marks = MarkSerializer(many=True, help_text="Shapes of the example, in canvas units.")
    labels = serializers.ListField(child=serializers.CharField(), help_text="Of the whole image.")
    nothing_here = serializers.BooleanField()


class TutorialSerializer(serializers.Serializer[object]):
    """The steps as people see them, and whether the caller has."""

    steps = ShownStepSerializer(many=True)
    seen = serializers.BooleanField()


class WrittenTutorialSerializer(serializers.Serializer[object]):
    steps = StepSerializer(many=True)
    config_version = serializers.IntegerField()


class AnsweredQuestionRequest(serializers.Serializer[object]):
    id = serializers.UUIDField()
    question = LanguageMap()
    answer = LanguageMap(help_text="Markdown by language.")


class AnsweredQuestionSerializer(AnsweredQuestionRequest):
    answer_html = LanguageMap(help_text="Safe HTML by language.")


class QuestionsRequest(serializers.Serializer[object]):
    entries = AnsweredQuestionRequest(many=True)


class QuestionsSerializer(serializers.Serializer[object]):
    entries = AnsweredQuestionSerializer(many=True)


def shown_step(step: Step) -> dict[str, Any]:
    picture = step.picture
    return {
        "id": step.id,
        "text_html": step.text_html,
        "picture": picture and {"crop": picture.crop, "box": picture.box, "label": picture.canvas.label},
        "marks": [{"box": mark.box, "points": mark.points, "label": mark.label} for mark in step.marks],
        "labels": step.labels,
        "nothing_here": step.nothing_here,
    }


class TutorialView(APIView):
    @extend_schema(operation_id="tutorial_retrieve", responses=TutorialSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The tutorial in its order; a visitor is known by the cookie."""
        campaign = get_campaign_for(request.user, slug, "view")
        participant = participant_of(request, campaign)
        steps = [shown_step(step) for step in tutorial_of(campaign, reader_language())]
        return Response({"steps": steps, "seen": has_seen(participant)})

    @extend_schema(
        operation_id="tutorial_write", request=TutorialRequest, responses=WrittenTutorialSerializer
    )
    def put(self, request: Request, slug: str) -> Response:
        """Put these steps in the place of those there are: a new version of the configuration."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = TutorialRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        steps = [_plain(step) for step in data["steps"]]
        row = write_tutorial(campaign, steps, by=require_user(request.user))
        return Response({"steps": row.tutorial, "config_version": row.config_version})


def has_seen(participant: Any) -> bool:
    return participant is not None and participant.tutorial_seen_at is not None


class TutorialSeenView(APIView):
    @extend_schema(operation_id="tutorial_seen", request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Remember that the caller has gone through the tutorial, or passed over it."""
        campaign: Campaign = get_campaign_for(request.user, slug, "join")
        refuse_archived(campaign)
        user, visitor, secret = user_of(request), read_visitor(request), None
        if user is None and not visitor:
            secret = new_secret()
            visitor = visitor_of(secret)
        mark_tutorial_seen(join_campaign(campaign, user=user, visitor="" if user else visitor))
        response = Response(status=204)
        if secret is not None:
            remember_visitor(response, secret)
        return response


class QuestionsView(APIView):
    @extend_schema(operation_id="faq_retrieve", responses=QuestionsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Questions that people often ask, with their answers, in order."""
        return Response({"entries": _answered(get_campaign_for(request.user, slug, "view"))})

    @extend_schema(operation_id="faq_write", request=QuestionsRequest, responses=QuestionsSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Put these in the place of those there are; translators may as well."""
        campaign = get_campaign_for(request.user, slug, "translate")
        form = QuestionsRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        row = write_questions(campaign, data["entries"], by=require_user(request.user))
        return Response({"entries": _answered(row)})


def _answered(campaign: Campaign) -> list[dict[str, Any]]:
    return [{**entry, "answer_html": render_languages(entry["answer"])} for entry in campaign.faq]


def _plain(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step with its ids as texts and its mappings as such, as the normal form is read."""
    example = step["example"]
    if example is not None:
        example = {
            "nothing_here": example["nothing_here"],
            "shapes": [
                {**shape, "concepts": [str(pk) for pk in shape["concepts"]]} for shape in example["shapes"]
            ],
            "concepts": [str(pk) for pk in example["concepts"]],
        }
    return {**step, "example": example}
