"""Why a task comes now: how far people differ about it, and what its label lacks, in figures and as a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.models import AnnotationConcept
from campaigns.models import Campaign, ConceptWeight, ConsensusItem, TaskConsensus
from campaigns.quality.impact import lacking
from taxonomy.queries import labels_in

# A concept counts as rare in words when it was said in at most one answer of a hundred.
RARE = 0.01


@dataclass(frozen=True, slots=True)
class Urgency:
    """Of `seen` people `differ` from what most say about the most disputed item; `label` weighs most.

    `said` and `total`: how often that concept, and any, was said when it was weighed last; `decided`: its examples
    in the ground truth now, of those `wanted`.
    """

    disagreement: float
    impact: float
    differ: int
    seen: int
    concept: UUID | None = None
    label: str = ""
    said: int = 0
    total: int = 0
    decided: int = 0
    wanted: int = 0

    @property
    def sentence(self) -> str:
        return " ".join(part for part in (self._differing(), self._lacking()) if part)

    def _differing(self) -> str:
        if self.differ:
            return _("%(differ)d of %(seen)d differ.") % {"differ": self.differ, "seen": self.seen}
        if self.disagreement:
            return _("All say the same, their boxes differ.")
        return _("Nobody differs.")

    def _lacking(self) -> str:
        if not self.label:
            return ""
        said = {"label": self.label, "count": self.decided, "said": self.said, "total": self.total}
        if lacking(self.decided, self.wanted):
            return self._examples() % said
        if self.total and self.said <= RARE * self.total:
            return (
                ngettext(
                    "“%(label)s” is rare: %(said)d of %(total)d label.",
                    "“%(label)s” is rare: %(said)d of %(total)d labels.",
                    self.total,
                )
                % said
            )
        return ""

    def _examples(self) -> str:
        if not self.decided:
            return _("“%(label)s” has no decided example yet.")
        return ngettext(
            "“%(label)s” has only %(count)d decided example.",
            "“%(label)s” has only %(count)d decided examples.",
            self.decided,
        )


def urgency_of(
    campaign: Campaign, consensus: TaskConsensus, items: Sequence[ConsensusItem], language: str
) -> Urgency:
    """Why this one comes now; its merged items are at hand. Two queries."""
    worst = max(items, key=lambda item: item.disagreement, default=None)
    differ = _differ(worst) if worst is not None else 0
    found: dict[str, Any] = {
        "disagreement": consensus.disagreement,
        "impact": consensus.impact,
        "differ": differ,
    }
    weights = ConceptWeight.objects.filter(campaign=campaign, concept__in=consensus.concepts)
    heaviest = weights.annotate(total=_total(campaign), now=_examples(campaign))
    row = heaviest.order_by("-impact", "said", "concept").first()
    if row is None:
        return Urgency(seen=consensus.seen, **found)
    return Urgency(
        seen=consensus.seen,
        concept=row.concept_id,
        label=labels_in([row.concept_id], language).get(row.concept_id, ""),
        said=row.said,
        total=row.total,
        decided=row.now,
        wanted=campaign.examples_wanted,
        **found,
    )


def _total(campaign: Campaign) -> Subquery:
    """How often any concept was said."""
    all_said = ConceptWeight.objects.filter(campaign=campaign).order_by().values("campaign")
    return Subquery(all_said.annotate(total=Sum("said")).values("total"))


def _examples(campaign: Campaign) -> Coalesce:
    """How many examples of a weight's concept are decided at this moment."""
    rows = AnnotationConcept.objects.filter(
        annotation__layer=campaign.ground_truth_layer_id,
        annotation__deleted_at=None,
        concept=OuterRef("concept"),
    )
    counted = rows.order_by().values("concept").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _differ(item: ConsensusItem) -> int:
    """How many of those who saw it do not say what most of them say: a label, or that nothing is there."""
    votes: Sequence[Mapping[str, Any]] = item.votes
    camps: list[int] = [vote["count"] for vote in votes] or [item.support]
    return item.seen - max(*camps, item.seen - item.support)
