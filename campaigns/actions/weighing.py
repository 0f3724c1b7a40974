"""The order of the review: how much a decision about each concept is worth just now, kept beside what waits."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import User
from annotation.models import AnnotationConcept
from campaigns.models import Campaign, ConceptWeight
from campaigns.quality import Consensus
from campaigns.quality.impact import Standing, impact
from work.actions import request_job_once
from work.models import Job

# An impact that has moved by less stays as it was weighed: a tenth of the wanted examples counts, a vote does not.
MOVED = 0.05
WEIGHING_LOCK = 0x5275_6277  # advisory lock, with the campaign: one weighing of a campaign at a time


def request_weighing(campaign: Campaign, *, by: User | None = None) -> Job:
    """Queue the weighing of a campaign's concepts; no waiting."""
    return request_job_once("campaigns.weigh", campaign.pk, by=by, queue="compute")


def follow_examples(campaign: Campaign, concepts: Collection[UUID], *, by: User) -> None:
    """After a decision: weigh anew where the decided examples of these concepts are not as many as wanted."""
    if not campaign.examples_wanted or not concepts:
        return
    lacking = ConceptWeight.objects.filter(
        campaign=campaign, concept__in=concepts, decided__lt=campaign.examples_wanted
    )
    if lacking.exists():
        request_weighing(campaign, by=by)


def weigh_concepts(campaign: Campaign) -> int:
    """Bring the impacts up to date, and the order of what waits; returns how many concepts moved.

    Reads every annotation's concepts once, in two statements; what waits is written where its impact moved. The
    decided examples of a concept move it at most as often as examples are wanted, and what people say moves it
    as the number of answers grows by some tenths: so all that waits is written anew a few dozen times, not with
    every decision.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WEIGHING_LOCK, campaign.pk])
        before = {row.concept_id: row for row in ConceptWeight.objects.filter(campaign=campaign)}
        moved = [
            row
            for row in _weights(campaign)
            if row.concept_id not in before or abs(before[row.concept_id].impact - row.impact) >= MOVED
        ]
        ConceptWeight.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["campaign", "concept"],
            update_fields=["said", "decided", "impact", "weighed_at"],
            batch_size=2000,
        )
        _put_in_order(campaign, [row.concept_id for row in moved])
    return len(moved)


def _weights(campaign: Campaign) -> list[ConceptWeight]:
    said, decided = _counts(campaign.contributions_layer_id), _counts(campaign.ground_truth_layer_id)
    total = said.total()
    now = timezone.now()
    return [
        ConceptWeight(
            campaign=campaign,
            concept_id=concept,
            said=said[concept],
            decided=decided[concept],
            impact=impact(
                Standing(said[concept], decided[concept]), total=total, wanted=campaign.examples_wanted
            ),
            weighed_at=now,
        )
        for concept in sorted(said.keys() | decided.keys())
    ]


def _counts(layer_id: UUID) -> Counter[UUID]:
    rows = AnnotationConcept.objects.filter(annotation__layer=layer_id, annotation__deleted_at=None)
    return Counter(dict(rows.order_by().values_list("concept_id").annotate(Count("pk"))))


# Then a new statement, which sees what was decided while their locks were waited for: of that nothing waits.
_HOLD = """
SELECT merged.id FROM campaigns_taskconsensus merged
 WHERE merged.campaign_id = %s AND merged.concepts && %s::uuid[] AND merged.priority IS NOT NULL
 ORDER BY merged.id FOR NO KEY UPDATE
"""
_PUT_IN_ORDER = """
UPDATE campaigns_taskconsensus merged
   SET impact = found.impact, priority = merged.disagreement * found.impact
  FROM (SELECT one.id, max(weight.impact) AS impact
          FROM campaigns_taskconsensus one
          JOIN campaigns_task task ON task.id = one.task_id AND task.state = 'retired'
          JOIN campaigns_conceptweight weight
            ON weight.campaign_id = one.campaign_id AND weight.concept_id = ANY (one.concepts)
         WHERE one.campaign_id = %s AND one.concepts && %s::uuid[]
         GROUP BY one.id) found
 WHERE merged.id = found.id AND merged.impact IS DISTINCT FROM found.impact AND merged.priority IS NOT NULL
"""


def _put_in_order(campaign: Campaign, concepts: list[UUID]) -> None:
    """What waits and is about one of these concepts gets the impact of the weightiest that it is about."""
    if concepts:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [campaign.pk, concepts])
            cursor.execute(_PUT_IN_ORDER, [campaign.pk, concepts])


def concepts_in_question(items: Iterable[Consensus]) -> list[UUID]:
    """What was said where people differ; where they do not, all that was said."""
    merged = list(items)
    disputed = [item for item in merged if item.disagreement > 0]
    return sorted({UUID(vote.concept) for item in disputed or merged for vote in item.votes})


def impact_of(campaign: Campaign, concepts: Collection[UUID]) -> float:
    """The greatest impact among these concepts as they were weighed last; 1 for what was not weighed yet."""
    if not concepts:
        return 1.0
    weights = ConceptWeight.objects.filter(campaign=campaign, concept__in=concepts)
    return weights.aggregate(most=Max("impact"))["most"] or 1.0
