"""Campaigns follow their vocabulary: what a change would touch, and what happens when concepts become one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_noop

from accounts.models import User
from annotation.models import AnnotationConcept
from campaigns.actions.campaigns import record_version
from campaigns.models import (
    Campaign,
    CampaignVersion,
    Contribution,
    ContributionShape,
    Decision,
    Gold,
    PredictionRun,
    Release,
    Task,
    TaskConsensus,
)
from taxonomy.models import Concept, Vocabulary, VocabularyChange
from taxonomy.signals import Touched
from work.actions import request_job_once

SENTENCES: dict[str, dict[str, str]] = {
    "campaigns": {
        "merge": gettext_noop(
            "These campaigns ask about a concept that is merged; they will ask about its heir."
        ),
        "split": gettext_noop(
            "These campaigns ask about the branch that is split. Choose another branch for them."
        ),
        "move": gettext_noop("These campaigns ask about the branch that is moved; they go on with it."),
        "deprecate": gettext_noop(
            "These campaigns ask about the branch that goes out of use. Choose another branch for them."
        ),
    },
    "tasks": {
        "merge": gettext_noop(
            "These open tasks offer the concept; answers that still name it count as its heir."
        ),
        "split": gettext_noop(
            "These open tasks offer the concept; answers that still name it can be asked again."
        ),
        "move": gettext_noop(
            "These open tasks offer the concept; answers that name it are taken wherever it stands."
        ),
        "deprecate": gettext_noop(
            "These open tasks offer the concept; answers that still name it are taken."
        ),
    },
    "consensus": {
        "merge": gettext_noop(
            "These merged answers will be computed again, those of decided tasks stay decided."
        ),
        "split": gettext_noop("These merged answers keep the concept until people have been asked again."),
        "move": gettext_noop("These merged answers keep the concept."),
        "deprecate": gettext_noop("These merged answers keep the concept."),
    },
    "ground-truth": {
        "merge": gettext_noop("This decided ground truth will count as the concept it is merged into."),
        "split": gettext_noop(
            "This decided ground truth keeps the concept until people have been asked again."
        ),
        "move": gettext_noop("This decided ground truth keeps the concept."),
        "deprecate": gettext_noop("This decided ground truth keeps the concept."),
    },
    "gold": {
        "merge": gettext_noop(
            "These known answers name the concept; they and what people answered will be read as its heir."
        ),
        "split": gettext_noop(
            "These known answers keep the concept until their tasks are decided again; look whether they still hold."
        ),
        "move": gettext_noop("These known answers keep the concept."),
        "deprecate": gettext_noop("These known answers keep the concept; look whether they still hold."),
    },
    "predictors": {
        "merge": gettext_noop(
            "These runs map a class of their model to the concept; it will be read as its heir."
        ),
        "split": gettext_noop(
            "These runs map a class of their model to the concept. Map it to a part in the next run."
        ),
        "move": gettext_noop(
            "These runs map a class of their model to the concept; nothing changes for them."
        ),
        "deprecate": gettext_noop(
            "These runs map a class of their model to the concept. Map it to another in the next run."
        ),
    },
}
RELEASES = gettext_noop("Releases hold the concept; they stay as they are.")


def foresee(vocabulary: Vocabulary, operation: str, concepts: Sequence[UUID]) -> list[Touched]:
    """What of campaigns a change of these concepts touches; seven queries, and nothing is changed."""
    counts = {
        "campaigns": Campaign.objects.filter(branch__in=concepts).count(),
        "tasks": _open_tasks(vocabulary, concepts),
        **_annotated(concepts),
        "gold": _known(concepts),
        "predictors": _mapped(vocabulary, concepts),
    }
    touched = [Touched(kind, count, SENTENCES[kind][operation]) for kind, count in counts.items() if count]
    releases = _releases(vocabulary, concepts)
    return [*touched, Touched("releases", releases, RELEASES)] if releases else touched


def _open_tasks(vocabulary: Vocabulary, concepts: Sequence[UUID]) -> int:
    """Open tasks of campaigns whose volunteers may choose one of the concepts."""
    tasks = Task.objects.filter(campaign__vocabulary=vocabulary, state=Task.State.OPEN)
    running = tasks.filter(
        campaign__status__in=[Campaign.Status.OPEN, Campaign.Status.PILOT, Campaign.Status.PAUSED]
    )
    below = Concept.objects.filter(pk__in=concepts).values_list("ancestors", flat=True)
    branches = {branch for ancestors in below for branch in ancestors}
    return running.filter(Q(campaign__branch=None) | Q(campaign__branch__in=branches)).count()


def _annotated(concepts: Sequence[UUID]) -> dict[str, int]:
    """Merged answers that wait for a decision, and ground truth, that name one of the concepts; one query."""
    links = AnnotationConcept.objects.filter(concept__in=concepts, annotation__deleted_at=None)
    counts = links.aggregate(
        merged=Count("annotation", filter=Q(annotation__consensus_item__isnull=False), distinct=True),
        decided=Count("annotation", filter=Q(annotation__decided_by__isnull=False), distinct=True),
    )
    return {"consensus": counts["merged"], "ground-truth": counts["decided"]}


def _known(concepts: Sequence[UUID]) -> int:
    """Known answers whose truth names one of the concepts."""
    standing = Decision.objects.filter(superseded_at=None, result__deleted_at=None)
    named = standing.filter(task=OuterRef("task"), result__concept_links__concept__in=concepts)
    return Gold.objects.filter(Exists(named), withdrawn_at=None).count()


def _mapped(vocabulary: Vocabulary, concepts: Sequence[UUID]) -> int:
    """Runs whose label map names one of the concepts."""
    wanted = {str(pk) for pk in concepts}
    maps = PredictionRun.objects.filter(predictor__campaign__vocabulary=vocabulary).exclude(label_map={})
    return sum(1 for one in maps.values_list("label_map", flat=True) if wanted & set(one.values()))


def _releases(vocabulary: Vocabulary, concepts: Sequence[UUID]) -> int:
    """Finished releases whose manifest counts annotations of one of the concepts."""
    holds = Q()
    for pk in concepts:
        holds |= Q(manifest__counts__concepts__contains=[{"id": str(pk)}])
    rows = Release.objects.filter(campaign__vocabulary=vocabulary, finished_at__isnull=False)
    return rows.filter(holds).count()


def follow_merge(vocabulary: Vocabulary, sources: Sequence[UUID], target: UUID, *, by: User) -> None:
    """Campaigns about a branch that was merged ask about its heir, and merged answers are computed again.

    In the transaction of the merge, which holds the vocabulary: no task is locked here, since whoever hands an
    answer in holds its task while waiting for the vocabulary. What needs their locks is a job afterwards.
    """
    rows = Campaign.objects.filter(branch__in=sources).select_related("vocabulary")
    for campaign in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        _set_branch(campaign, target, by=by, followed=campaign.branch_id)
    compute_again(vocabulary, by=by)


def follow_unmerge(vocabulary: Vocabulary, sources: Sequence[UUID], target: UUID, *, by: User) -> None:
    """Campaigns that followed the merge ask about their old branch, and merged answers are computed again."""
    last = CampaignVersion.objects.filter(campaign=OuterRef("pk"), version=OuterRef("config_version"))
    rows = (
        Campaign.objects.filter(branch=target)
        .annotate(followed=last.values("configuration__followed")[:1])
        .select_related("vocabulary")
    )
    for campaign in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        if campaign.followed in {str(source) for source in sources}:
            _set_branch(campaign, UUID(campaign.followed), by=by)
    compute_again(vocabulary, by=by)


def _set_branch(campaign: Campaign, branch: UUID, *, by: User, followed: UUID | None = None) -> None:
    """A new version of the configuration, which remembers what the branch was before it followed."""
    campaign.branch_id, campaign.config_version = branch, campaign.config_version + 1
    campaign.save(update_fields=["branch", "config_version", "modified_at"])
    record_version(campaign, by, **({"followed": str(followed)} if followed else {}))


def compute_again(vocabulary: Vocabulary, *, by: User) -> None:
    """A job for each campaign of the vocabulary that has merged answers; it finds out which are concerned."""
    merged = TaskConsensus.objects.filter(campaign=OuterRef("pk"))
    for campaign in Campaign.objects.filter(Exists(merged), vocabulary=vocabulary).order_by("pk"):
        request_job_once("campaigns.follow", campaign.pk, by=by, queue="compute")


# Clocks of several machines differ; to compute once too often changes nothing.
SKEW = timedelta(minutes=1)


def tasks_to_follow(campaign: Campaign) -> QuerySet[Task]:
    """Tasks whose answers were merged before the last merge of concepts, or its undoing, that they name.

    Decided tasks are left alone: their ground truth moves by its index, their votes are read as they count now.
    """
    changes = VocabularyChange.objects.filter(vocabulary=campaign.vocabulary_id)
    last = changes.filter(operation__in=["merge", "undo"]).aggregate(last=Max("at"))["last"]
    if last is None:
        return Task.objects.none()
    named = contributed_with(_merged_ever(changes))
    waiting = campaign.tasks.filter(state=Task.State.RETIRED, consensus__computed_at__lt=last + SKEW)
    return waiting.filter(Exists(named.filter(task=OuterRef("pk")))).order_by("position")


def _merged_ever(changes: QuerySet[VocabularyChange]) -> QuerySet[Concept, Any]:
    """Concepts that a merge in this log names, or a split, whose parts count as the whole again when it is undone."""
    rows = changes.filter(operation__in=["merge", "split"]).annotate(
        sources=KeyTransform("sources", "detail"), target=KeyTransform("target", "detail"),
        whole=KeyTransform("concept", "detail"), parts=KeyTransform("parts", "detail"),
    )  # fmt: skip
    named = list(rows.values_list("vocabulary_id", "sources", "target", "whole", "parts"))
    uris = {
        uri
        for _pk, sources, *ends, parts in named
        for uri in (*(sources or ()), *ends, *(parts or ()))
        if uri
    }
    return Concept.objects.filter(vocabulary__in={row[0] for row in named}, uri__in=uris).values("pk")


def contributed_with(concepts: Any) -> QuerySet[Contribution]:
    """The counted contributions with an annotation that counts as one of the concepts."""
    shapes = ContributionShape.objects.filter(
        contribution=OuterRef("pk"), annotation__concept_links__concept__in=concepts
    )
    return Contribution.objects.filter(Exists(shapes), counts=True)
