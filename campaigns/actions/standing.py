"""A decision that stands is said again with some of it changed: to correct one item, or to bring it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.actions.rulings import CLUSTERS, Judgement
from campaigns.documents import points_of
from campaigns.models import ConsensusItem, Decision
from problems import Conflict

Verdict = Decision.Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """What a reviewer says of one item: a verdict, the other label of a corrected one, and why."""

    verdict: str
    concept: UUID | None
    reason: str

    def of(self, item: UUID) -> Judgement:
        concepts = (self.concept,) if self.concept else ()
        return Judgement(self.verdict, item=item, concepts=concepts, reason=self.reason)


def said_again(
    decisions: Iterable[Decision], items: Mapping[UUID, ConsensusItem], changes: Mapping[UUID, Change]
) -> list[Judgement]:
    """The judgements of a task as these decisions recorded them, with `changes` by the id of a decision.

    The decisions come with their results and labels. Raises `Conflict` where boxes were merged or split, or where
    the answers have been merged otherwise since: that is for the review of the task itself.
    """
    by_annotation = {item.annotation_id: pk for pk, item in items.items()}
    judgements = []
    for row in decisions:
        if row.verdict == Verdict.NOTHING:
            continue
        if row.verdict in CLUSTERS:
            raise Conflict(
                _("Boxes of this image were merged or split. Open it in the review."), code="clusters"
            )
        before = _as_it_was(row, by_annotation)
        change = changes.get(row.pk)
        now = _changed(before, row, change) if change else before
        if now is not None:
            judgements.append(now)
    return judgements


def _as_it_was(row: Decision, by_annotation: Mapping[UUID, UUID]) -> Judgement:
    item = by_annotation.get(row.judged_id) if row.judged_id else None
    if row.judged_id and item is None:
        raise Conflict(
            _("The answers have been merged anew since this was decided. Open it in the review."),
            code="stale-item",
        )
    result = row.result
    if result is None or row.verdict in {Verdict.ACCEPTED, Verdict.REJECTED}:
        return Judgement(row.verdict, item=item, reason=row.reason)
    concepts = tuple(link.concept_id for link in result.concept_links.all())
    points = points_of(result)
    box = None if points else result.box
    return Judgement(row.verdict, item=item, box=box, points=points, concepts=concepts, reason=row.reason)


def _changed(before: Judgement, row: Decision, change: Change) -> Judgement | None:
    """The judgement with the change; None where something that a reviewer had added is taken away again."""
    concepts = (change.concept,) if change.concept else ()
    if change.verdict == Verdict.REJECTED:
        if before.item is None:
            return None
        return Judgement(Verdict.REJECTED, item=before.item, reason=change.reason)
    if change.verdict == Verdict.ACCEPTED:
        # What stands is right as it is; what was rejected is right as people said it.
        rejected = row.verdict == Verdict.REJECTED
        return Judgement(Verdict.ACCEPTED, item=before.item, reason=change.reason) if rejected else before
    verdict = before.verdict if before.item is None else Verdict.CORRECTED.value
    return replace(before, verdict=verdict, concepts=concepts, reason=change.reason)
