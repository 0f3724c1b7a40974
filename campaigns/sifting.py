"""Which waiting tasks a reviewer means by what their merged items are like; for deciding many at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from annotation.models import AnnotationConcept
from campaigns.models import Campaign, ConsensusItem, ConsensusMember, Task
from campaigns.reviewing import review_queue

SAMPLE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What every item of a task must be like; what is None does not matter.

    `concept`: labelled with it or with one below it. `support`: given by at least this share of those who saw the
    task. `disagreement`: no more than this. `participant`: an answer of theirs went in.
    """

    concept: UUID | None = None
    support: float | None = None
    disagreement: float | None = None
    participant: UUID | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            name: str(value) if isinstance(value, UUID) else value for name, value in asdict(self).items()
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Sieve":
        """As `as_json` wrote it."""
        ids = {name: UUID(kept[name]) if kept[name] else None for name in ("concept", "participant")}
        return cls(support=kept["support"], disagreement=kept["disagreement"], **ids)

    def lets_through(self) -> Q:
        """A condition on merged items."""
        wanted = Q(pk__isnull=False)
        if self.concept is not None:
            links = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"))
            below = Q(concept=self.concept) | Q(concept__ancestors__contains=[self.concept])
            wanted &= Q(Exists(links.filter(below)))
        if self.support is not None:
            wanted &= Q(support__gte=self.support * F("seen"))
        if self.disagreement is not None:
            wanted &= Q(disagreement__lte=self.disagreement)
        if self.participant is not None:
            theirs = ConsensusMember.objects.filter(
                item=OuterRef("pk"),
                annotation__contribution_shape__contribution__participant=self.participant,
            )
            wanted &= Q(Exists(theirs))
        return wanted


def meant_tasks(campaign: Campaign, sieve: Sieve, *, by: User, labelled: bool) -> QuerySet[Task]:
    """The tasks waiting for this reviewer that have items, all of them such; `labelled`: none with its label open."""
    items, wanted = _items(), _wanted(sieve, labelled=labelled)
    return review_queue(campaign, by=by).filter(Exists(items.filter(wanted)), ~Exists(items.filter(~wanted)))


def mixed_tasks(campaign: Campaign, sieve: Sieve, *, by: User, labelled: bool) -> QuerySet[Task]:
    """Those that have such items beside others: they are left to be looked at one by one."""
    items, wanted = _items(), _wanted(sieve, labelled=labelled)
    return review_queue(campaign, by=by).filter(Exists(items.filter(wanted)), Exists(items.filter(~wanted)))


def sample_of(tasks: QuerySet[Task]) -> list[ConsensusItem]:
    """Some of the items of these tasks, by chance but always the same; with canvas and labels, three queries."""
    items = ConsensusItem.objects.filter(consensus__task__in=tasks.order_by().values("pk"))
    rows = items.select_related("annotation__canvas", "consensus__task").order_by("pk")
    return list(rows.prefetch_related("annotation__concept_links")[:SAMPLE])


def _items() -> QuerySet[ConsensusItem]:
    return ConsensusItem.objects.filter(consensus__task=OuterRef("pk"))


def _wanted(sieve: Sieve, *, labelled: bool) -> Q:
    wanted = sieve.lets_through()
    if labelled:
        links = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"))
        wanted &= Q(votes=[]) | Q(Exists(links))
    return wanted
