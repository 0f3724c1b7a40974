"""What decided pairs come to: the groups of regions that are one, and the decisions that cannot all be true."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Canvas
from annotation.queries import crop_url
from campaigns.models import Campaign, Decision
from campaigns.quality.groups import Groups, Verdict, grouped
from campaigns.strands import strands_of
from problems import Conflict
from taxonomy.heirs import heirs_of

A_PAGE = 30
MOST_MEMBERS = 60  # of a group that are shown; all are counted
MOST_CONTRADICTIONS = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A region of a group, as it is shown."""

    annotation: UUID
    canvas: Canvas
    region: tuple[float, float, float, float] | None

    @property
    def crop(self) -> str:
        return crop_url(self.canvas, Box(*self.region) if self.region else None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A group with the first of its members."""

    size: int
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two regions said to be different in one group; `chain` leads from one to the other over tasks, `joined_by`."""

    a: Member
    b: Member
    task: str
    chain: Sequence[Member]
    joined_by: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the groups, the largest first, and the contradictions, all that are shown on a page."""

    count: int
    pairs: int
    groups: Sequence[Shown]
    contradictions: int
    disputes: Sequence[Dispute]


def groups_in(campaign: Campaign, *, offset: int = 0) -> Found:
    """The groups from `offset` on, with their pictures; five queries, memory linear in the decided pairs.

    Raises `Conflict` where nothing is compared.
    """
    if not campaign.traits.pairs:
        raise Conflict(
            _("Groups come of pairs that were compared; this campaign compares nothing."),
            code="not-comparing",
        )
    verdicts = list(_verdicts(campaign))
    found: Groups = grouped(verdicts, most=MOST_CONTRADICTIONS)
    here = found.groups[offset : offset + A_PAGE]
    disputes = found.contradictions
    wanted = {pk for group in here for pk in group[:MOST_MEMBERS]}
    wanted |= {pk for one in disputes for pk in one.chain}
    members = _members(wanted)
    return Found(
        count=len(found.groups),
        pairs=len(verdicts),
        groups=[
            Shown(len(group), [members[pk] for pk in group[:MOST_MEMBERS] if pk in members]) for group in here
        ],
        contradictions=found.contradicted,
        disputes=[
            Dispute(
                members[one.a], members[one.b], one.pair, [members[pk] for pk in one.chain], one.joined_by
            )
            for one in disputes
        ],
    )


def _verdicts(campaign: Campaign) -> Iterable[Verdict]:
    """What was decided of each pair, as far as it joins or parts; two queries."""
    asking = strands_of(campaign)[0]  # of a sequence the first step compares
    answers = asking.question.get("answers", {})
    named = {
        answers[one.name]: one for one in asking.traits.answers_for(asking.question) if one.name in answers
    }
    concepts = AnnotationConcept.objects.filter(annotation=OuterRef("result")).values("concept_id")
    rows = (
        Decision.objects.filter(task__campaign=campaign, superseded_at=None, task__beside__isnull=False)
        .filter(result__isnull=False, result__deleted_at=None)
        .annotate(said=ArraySubquery(concepts))
        .order_by("task__position")
        .values_list("task_id", "task__about_id", "task__beside_id", "said")
    )
    found = list(rows)
    heirs = heirs_of({concept for *_rest, said in found for concept in said})
    for task, about, beside, said in found:
        for concept in said:
            answer = named.get(str(heirs.get(concept, concept)))
            if answer and (answer.joins or answer.parts):
                yield Verdict(str(about), str(beside), answer.joins, str(task))


def _members(ids: Iterable[str]) -> Mapping[str, Member]:
    rows: Any = Annotation.objects.filter(pk__in=list(ids)).select_related("canvas__manifest")
    rows = rows.defer("document", "canvas__manifest__document", "canvas__manifest__metadata")
    return {str(row.pk): Member(row.pk, row.canvas, row.box) for row in rows}
