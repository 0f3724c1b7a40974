"""What somebody's work comes to: by campaign, by month and by concept; read from the rows, never kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import User
from annotation.models import AnnotationConcept
from campaigns.disguise import DISGUISED
from campaigns.models import Campaign, Contribution, Task
from campaigns.own_work import OwnWork, own_work, with_tasks
from campaigns.permissions import own_contributions
from taxonomy.queries import labels_in

# Agreement is told over so many of the latest decided images: enough to be steady, few enough to wait for.
MOST_JUDGED = 200
MOST_CONCEPTS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """So many images, seconds spent and images decided; mean agreement (0 to 1) with `judged` of the decisions."""

    images: int
    seconds: float
    decided: int
    judged: int
    agreement: float | None


@dataclass(frozen=True, slots=True)
class ConceptFigures:
    """How often a concept was given, in how many places that were decided since, and in how many it stood."""

    label: str
    given: int
    decided: int
    stood: int


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody's work in figures; with `is_partial` agreement is that with the latest decisions only."""

    total: Figures
    campaigns: tuple[tuple[Campaign, Figures], ...]
    months: tuple[tuple[date, Figures], ...]
    concepts: tuple[ConceptFigures, ...]
    is_partial: bool


def record_of(user: User, language: str) -> Record:
    """The figures of somebody's work, newest campaigns and months first; about a dozen queries."""
    mine = own_contributions(user)
    decided = mine.filter(task__state=Task.State.DECIDED).exclude(DISGUISED)
    judged = own_work(list(with_tasks(decided)[:MOST_JUDGED]))
    campaigns = Campaign.objects.in_bulk(mine.order_by().values_list("task__campaign", flat=True).distinct())
    by_campaign = _grouped(mine, "task__campaign", judged, lambda row: row.task.campaign_id)
    months = mine.annotate(month=TruncMonth("submitted_at"))
    by_month = _grouped(months, "month", judged, lambda row: _plain(timezone.localtime(row.submitted_at)))
    whole = [figures for _key, figures in by_campaign]
    total = _figures(
        sum(one.images for one in whole),
        sum(one.seconds for one in whole),
        sum(one.decided for one in whole),
        [one.verdict.agreement for one in judged if one.verdict],
    )
    return Record(
        total=total,
        campaigns=tuple((campaigns[pk], figures) for pk, figures in by_campaign),
        months=tuple((month.date(), figures) for month, figures in by_month),
        concepts=_concepts(user, judged, language),
        is_partial=total.decided > MOST_JUDGED,
    )


def _grouped(
    mine: QuerySet[Contribution], by: str, judged: Sequence[OwnWork], key_of: Callable[[Contribution], object]
) -> list[tuple[Any, Figures]]:
    """The figures of each group, the latest first; one query."""
    agreements: dict[object, list[float]] = defaultdict(list)
    for one in judged:
        if one.verdict:
            agreements[key_of(one.contribution)].append(one.verdict.agreement)
    ended = Count("pk", filter=Q(task__state=Task.State.DECIDED) & ~DISGUISED)
    rows = (
        mine.order_by()
        .values_list(by)
        .annotate(images=Count("pk"), seconds=Sum("time_spent_s"), decided=ended, last=Max("submitted_at"))
        .order_by("-last")
    )
    return [
        (key, _figures(images, seconds or 0.0, decided, agreements[_plain(key)]))
        for key, images, seconds, decided, _last in rows
    ]


def _plain(key: Any) -> object:
    """A month as year and month, whatever the zone it was cut in."""
    return (key.year, key.month) if hasattr(key, "year") else key


def _figures(images: int, seconds: float, decided: int, agreements: Sequence[float]) -> Figures:
    mean = sum(agreements) / len(agreements) if agreements else None
    return Figures(images, seconds, decided, len(agreements), mean)


def _concepts(user: User, judged: Sequence[OwnWork], language: str) -> tuple[ConceptFigures, ...]:
    """The concepts given most often; two queries."""
    links = AnnotationConcept.objects.filter(
        annotation__contribution_shape__contribution__participant__user=user
    )
    given = dict(
        links.order_by()
        .values_list("concept")
        .annotate(given=Count("pk"))
        .order_by("-given", "concept")[:MOST_CONCEPTS]
    )
    decided, stood = Counter[UUID](), Counter[UUID]()
    for one in judged:
        for outcome in one.verdict.outcomes if one.verdict else ():
            for pk in outcome.mine.concepts if outcome.mine else ():
                decided[UUID(pk)] += 1
                stood[UUID(pk)] += outcome.kind in {"stood", "moved"}
    labels = labels_in(given, language)
    return tuple(
        ConceptFigures(labels.get(pk, "?"), count, decided[pk], stood[pk]) for pk, count in given.items()
    )
