"""The people behind a release side by side: each measured against it, under the pseudonyms of the campaign."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from campaigns.answered import ALL
from campaigns.models import Evaluation, Participant, Release, Task

MOST_PEOPLE = 200  # those who answered most


def people_of(release: Release) -> list[Participant]:
    """Who handed in something in the campaign of the release, those with most answers first."""
    people = Participant.objects.filter(campaign=release.campaign, merged_into=None)
    decided = Count("contributions", filter=Q(contributions__task__state=Task.State.DECIDED))
    answered = people.annotate(answers=decided).filter(answers__gt=0)
    return list(answered.select_related("campaign").order_by("-answers", "pseudonym")[:MOST_PEOPLE])


def people_measured(release: Release, basis: str = ALL) -> QuerySet[Evaluation]:
    """The evaluations of the campaign's people that were asked for last on this basis, all alike; two queries.

    Without the long figures: `chief` and `person` are what a row of a table shows.
    """
    rows = Evaluation.objects.filter(
        release=release, participant__campaign=release.campaign_id, parameters__basis=basis
    )
    last = rows.order_by("-created_at").values_list("parameters_digest", flat=True).first()
    alike = rows.filter(parameters_digest=last).select_related("participant", "job").defer("figures")
    return alike.annotate(
        chief=KeyTransform("overall", "figures"), person=KeyTransform("person", "figures")
    ).order_by(F("figures__overall__f1__value").desc(nulls_last=True), "participant__pseudonym")


def row_of(evaluation: Evaluation) -> dict[str, Any]:
    """One person's figures, as the table and programs want them; nulls while they are being computed."""
    chief: dict[str, Any] = getattr(evaluation, "chief", None) or {}
    found: dict[str, Any] = getattr(evaluation, "person", None) or {}
    shown = ("precision", "recall", "f1", "macro_f1")
    return {
        "evaluation": evaluation.pk,
        "participant": evaluation.participant_id,
        "pseudonym": evaluation.name,
        "images": evaluation.canvas_count,
        "truths": evaluation.truth_count,
        "said": evaluation.prediction_count,
        "finished_at": evaluation.finished_at,
        "state": evaluation.job.state if evaluation.job else None,
        **{name: (chief.get(name) or {}).get("value") for name in shown},
        "interval": (chief.get("f1") or {}).get("interval"),
        "accuracy": chief.get("accuracy"),
        "answered": found.get("answered"),
        "voiced": found.get("voiced"),
    }
