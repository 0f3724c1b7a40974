"""Evaluations over REST: ask for one, read its figures, open the boxes behind them, compare two, take the tables."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from accounts.roles import Person
from annotation.api.negotiation import OneForm
from campaigns.actions.comparing import compare_runs
from campaigns.actions.evaluating_people import evaluate_participant
from campaigns.actions.evaluations import evaluate_run
from campaigns.answered import ALL, BASES
from campaigns.api.serializers.values import BoxField, PointsField
from campaigns.compared import compare
from campaigns.evaluated import BOUNDS, KINDS, finished, pairs_behind, shown_pair, with_canvases
from campaigns.evaluation_tables import table_as_csv
from campaigns.grouped import get_grouping
from campaigns.models import Evaluation, EvaluationPair, Participant, PredictionRun, Release
from campaigns.permissions import (
    get_evaluation_for,
    get_release_for,
    manageable_participants,
    manageable_runs,
    visible_evaluations,
)
from problems import Invalid, Malformed, Refused
from work.api.serializers import JobSerializer, JobStateSerializer


class EvaluationRequest(serializers.Serializer[object]):
    run = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A prediction run of a campaign that you run.",
    )
    participant = serializers.UUIDField(
        required=False, allow_null=True, default=None,
        help_text="Instead of a run somebody who took part in a campaign that you run.",
    )  # fmt: skip
    basis = serializers.ChoiceField(
        choices=BASES, required=False, default=ALL,
        help_text="Of a person: all images that they answered, or those that the others decide alone.",
    )  # fmt: skip
    iou = serializers.FloatField(
        required=False, allow_null=True, default=None,
        help_text="From which overlap on a box or an outline is right; null: 0.5. Not for points.",
    )  # fmt: skip
    reach = serializers.FloatField(
        required=False, allow_null=True, default=None,
        help_text="Within which share of the diagonal a point is right; null: 0.02. For points only.",
    )  # fmt: skip
    class_aware = serializers.BooleanField(
        required=False, default=True, help_text="False: only places count, not labels."
    )
    score = serializers.FloatField(
        required=False, allow_null=True, default=None,
        help_text="From which on predictions count in precision, recall and confusion; null: that of greatest F1.",
    )  # fmt: skip
    grouping = serializers.UUIDField(
        required=False, allow_null=True, default=None,
        help_text="A grouping of the vocabulary whose classes count; null: classes as released.",
    )  # fmt: skip


class EvaluationListed(serializers.ModelSerializer[Evaluation]):
    """An evaluation in a list: what was compared how, and how far it is."""

    job = JobStateSerializer(read_only=True, allow_null=True)
    model = serializers.CharField(source="run.predictor.name", read_only=True, allow_null=True)
    model_version = serializers.CharField(source="run.predictor.version", read_only=True, allow_null=True)
    pseudonym = serializers.CharField(
        source="participant.pseudonym", read_only=True, allow_null=True,
        help_text="Of a person who is measured, in their campaign.",
    )  # fmt: skip

    class Meta:
        model = Evaluation
        fields = [
            "id", "run", "participant", "release", "model", "model_version", "pseudonym", "parameters", "method",
            "software", "predictions_seen", "canvas_count", "truth_count", "prediction_count", "created_at",
            "finished_at", "job",
        ]  # fmt: skip


class EvaluationDetail(EvaluationListed):
    class Meta(EvaluationListed.Meta):
        fields = [*EvaluationListed.Meta.fields, "figures"]


class CellSerializer(serializers.Serializer[object]):
    """One judgement behind a figure."""

    canvas = serializers.UUIDField()
    canvas_uri = serializers.CharField()
    true = serializers.CharField(allow_null=True, help_text="The class that is true; null: nothing is there.")
    predicted = serializers.CharField(
        allow_null=True, help_text="The class that was predicted; null: missed."
    )
    true_annotation = serializers.UUIDField(allow_null=True)
    annotation = serializers.UUIDField(allow_null=True)
    true_box = BoxField(allow_null=True)
    box = BoxField(allow_null=True)
    true_points = PointsField(allow_null=True, help_text="The corners of the true outline, or its point.")
    points = PointsField(allow_null=True)
    iou = serializers.FloatField(allow_null=True, help_text="Of the outlines, where there are any.")
    distance = serializers.FloatField(allow_null=True, help_text="Of two points, as a share of the diagonal.")
    score = serializers.FloatField(allow_null=True)
    region = BoxField(allow_null=True, help_text="What the picture shows, in canvas space.")
    crop = serializers.CharField(help_text="Address of the picture.")


def run_to_evaluate(person: Person, run_id: UUID, *, pointer: str = "/run") -> PredictionRun:
    """The run if the person may have it evaluated. Raises `Invalid` for another."""
    run = manageable_runs(person).select_related("predictor__campaign", "job").filter(pk=run_id).first()
    if run is None:
        raise Invalid(
            _("There is no such run in a campaign that you run."), pointer=pointer, code="unknown-run"
        )
    return run


def person_to_evaluate(person: Person, participant_id: UUID) -> Participant:
    """The participant if the person may have them evaluated. Raises `Invalid` for another."""
    rows = manageable_participants(person).select_related("campaign")
    participant = rows.filter(pk=participant_id).first()
    if participant is None:
        raise Invalid(
            _("Nobody of this id takes part in a campaign that you run."),
            pointer="/participant",
            code="unknown-participant",
        )
    return participant


def may_evaluate(person: Person) -> None:
    """Raises `Refused` to who runs no campaign with predictions or people."""
    if not manageable_runs(person).exists() and not manageable_participants(person).exists():
        raise Refused(_("Only people who run a campaign may have its predictions, or its people, evaluated."))


def other_asked(text: str) -> UUID:
    """The evaluation to compare with."""
    try:
        return UUID(text)
    except ValueError:
        raise Malformed(_("Name the other evaluation by its id: ?with=…"), pointer="/with") from None


class ReleaseEvaluationsView(ListAPIView[Evaluation]):
    serializer_class = EvaluationListed

    def get_queryset(self) -> Any:
        release = get_release_for(self.request.user, self.kwargs["release_id"])
        return (
            visible_evaluations(self.request.user)
            .filter(release=release)
            .select_related("run__predictor", "participant", "job")
        )

    @extend_schema(operation_id="evaluation_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The evaluations against a release that one may see, newest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="evaluation_create", request=EvaluationRequest, responses={202: EvaluationListed}
    )
    def post(self, request: Request, release_id: UUID) -> Response:
        """Measure a run, or a person, against the release; the same question again gives the same evaluation."""
        release: Release = get_release_for(request.user, release_id)
        by = require_user(request.user)
        may_evaluate(by)
        form = EvaluationRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        grouping = data["grouping"] and get_grouping(release.campaign.vocabulary, data["grouping"])
        alike = {name: data[name] for name in ("iou", "reach", "class_aware")}
        if (data["run"] is None) == (data["participant"] is None):
            raise Invalid(
                _("Name either a run or a participant to measure."), pointer="/run", code="run-or-participant"
            )
        if data["participant"]:
            if data["score"] is not None:
                raise Invalid(
                    _("People say not how sure they are: there is no score from which their answers count."),
                    pointer="/score",
                    code="people-have-no-score",
                )
            person = person_to_evaluate(by, data["participant"])
            evaluation = evaluate_participant(
                person, release, by=by, grouping=grouping, basis=data["basis"], **alike
            )
        else:
            run = run_to_evaluate(by, data["run"])
            evaluation = evaluate_run(run, release, by=by, score=data["score"], grouping=grouping, **alike)
        return Response(EvaluationListed(evaluation).data, status=202)


class EvaluationView(APIView):
    @extend_schema(operation_id="evaluation_retrieve", responses=EvaluationDetail)
    def get(self, request: Request, evaluation_id: UUID) -> Response:
        """One evaluation with all its figures; they are empty until its job is done."""
        return Response(EvaluationDetail(get_evaluation_for(request.user, evaluation_id)).data)


class EvaluationCellsView(ListAPIView[EvaluationPair]):
    serializer_class = CellSerializer  # type: ignore[assignment]

    @extend_schema(
        operation_id="evaluation_cells",
        parameters=[
            OpenApiParameter(
                "kind",
                str,
                enum=list(KINDS),
                description="As precision and recall count; wanted: true or missed, said: true or false; "
                "counted: all three; whole: also too unsure; elsewhere, other_shape, unscored: set aside.",
            ),
            *(OpenApiParameter(name, float, description="A bound of side or score.") for name in BOUNDS),
            OpenApiParameter("row", str, description="The true class by its id, or `none`."),
            OpenApiParameter("column", str, description="The predicted class by its id, or `none`."),
        ],
    )
    def get(self, request: Request, evaluation_id: UUID) -> Response:
        """The judgements behind a figure or a cell of the confusion table, with their pictures, page by page."""
        evaluation = finished(get_evaluation_for(request.user, evaluation_id))
        asked = request.query_params
        pairs = with_canvases(
            pairs_behind(
                evaluation,
                row=asked.get("row", ""),
                column=asked.get("column", ""),
                kind=asked.get("kind", ""),
                **{name: asked.get(name, "") for name in BOUNDS},
            )
        )
        labels = evaluation.figures["labels"]
        page = self.paginate_queryset(pairs)
        return self.get_paginated_response(
            CellSerializer([shown_pair(pair, labels) for pair in page or ()], many=True).data
        )


class EvaluationCompareView(APIView):
    @extend_schema(
        operation_id="evaluation_compare",
        parameters=[
            OpenApiParameter("with", UUID, required=True, description="Another evaluation of the release.")
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, evaluation_id: UUID) -> Response:
        """Whether this run is better than another on the same release, or only luckier: paired by canvas."""
        first = get_evaluation_for(request.user, evaluation_id)
        other = other_asked(request.query_params.get("with", ""))
        return Response(compare(first, get_evaluation_for(request.user, other)))

    @extend_schema(
        operation_id="evaluation_compare_ap",
        parameters=[
            OpenApiParameter("with", UUID, required=True, description="Another evaluation of the release.")
        ],
        request=None,
        responses={202: JobSerializer},
    )
    def post(self, request: Request, evaluation_id: UUID) -> Response:
        """Compare average precision too, in the background; the figures stand in `average_precision` then."""
        first = get_evaluation_for(request.user, evaluation_id)
        by = require_user(request.user)
        second = get_evaluation_for(request.user, other_asked(request.query_params.get("with", "")))
        row = compare_runs(first, second, by=by)
        return Response(JobSerializer(row.job).data if row.job else None, status=202)


class EvaluationTableView(APIView):
    content_negotiation_class = OneForm  # a table is CSV, whatever a client accepts

    @extend_schema(operation_id="evaluation_table", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, evaluation_id: UUID, table: str) -> HttpResponse:
        """One table as CSV: overall, classes, confusion, sizes, calibration or ceiling."""
        return csv_response(get_evaluation_for(request.user, evaluation_id), table)


def csv_response(evaluation: Evaluation, name: str) -> HttpResponse:
    """A table of an evaluation as a file to keep."""
    content = table_as_csv(evaluation, name, (get_language() or "en").split("-")[0])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    file = f"evaluation-{str(evaluation.pk)[:8]}-{name}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or ""
    return response
