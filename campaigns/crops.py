"""The merged and decided items of one concept in an order: what stands out first, by page, or by how sure it is.

What is chosen by is read of all items of the concept, a handful of numbers each, since what stands out is known only
among its like; what is shown is read of one page of them.
"""

import base64
import binascii
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from annotation.models import AnnotationConcept
from campaigns.models import Campaign, ConsensusItem, Decision, Task
from campaigns.quality.outliers import Seen, Standing, standings
from problems import Invalid
from taxonomy.models import Concept
from taxonomy.queries import labels_in

STATES = ("merged", "decided")
ORDERS = ("outliers", "page", "confidence")
MOST = 200
# In the place of a concept: what people gave no label a majority.
UNLABELLED = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items, and in what order; `concept` is None for those without a label."""

    concept: UUID | None
    narrower: bool = True
    state: str = "merged"
    order: str = "outliers"


class Light(NamedTuple):
    """As much of an item as its place in the order is reckoned from."""

    pk: UUID
    task: UUID
    position: int
    box: tuple[float, float, float, float] | None
    aspect: float
    place: tuple[float, float]
    probability: float
    disagreement: float
    said: int
    seen: int
    model: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """An item with how it stands out among the others."""

    row: Light
    standing: Standing


@dataclass(frozen=True, slots=True)
class Page:
    total: int
    shown: list[Placed]
    cursor: str | None


def page_of(campaign: Campaign, asked: Asked, *, cursor: str = "", limit: int = 60) -> Page:
    """The items after the cursor in their order; one query. Raises `Invalid` for a cursor that is none."""
    rows = list(_merged(campaign, asked) if asked.state == "merged" else _decided(campaign, asked))
    seen = [Seen(row.box, row.aspect, row.probability, row.disagreement) for row in rows]
    placed = [Placed(row, standing) for row, standing in zip(rows, standings(seen), strict=True)]
    keyed = sorted(((_key(one, asked.order), one) for one in placed), key=lambda pair: pair[0])
    if cursor:
        after = _read(cursor)
        keyed = [pair for pair in keyed if pair[0] > after]
    shown = keyed[:limit]
    more = _write(shown[-1][0]) if len(keyed) > limit else None
    return Page(len(rows), [one for _key_of, one in shown], more)


Key = tuple[float, float, float, str]


def _key(one: Placed, order: str) -> Key:
    row = one.row
    if order == "page":
        return (float(row.position), row.place[1], row.place[0], str(row.pk))
    if order == "confidence":
        return (row.probability, -row.disagreement, 0.0, str(row.pk))
    return (-round(one.standing.score, 9), row.probability, 0.0, str(row.pk))


def _write(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read(cursor: str) -> Key:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        first, second, third, pk = found
        numbers = [float(one) for one in (first, second, third)]
    except (binascii.Error, ValueError, TypeError, RecursionError):
        numbers, pk = [math.nan], None
    if not isinstance(pk, str) or not all(map(math.isfinite, numbers)):
        raise Invalid(
            _("This is no cursor of an earlier answer. Begin without one."),
            pointer="/cursor",
            code="bad-cursor",
        )
    return (numbers[0], numbers[1], numbers[2], pk)


# --- which ----------------------------------------------------------------------------------------


def merged_items(campaign: Campaign) -> QuerySet[ConsensusItem]:
    """The merged items that wait for a decision; none of a task that is being merged anew."""
    return ConsensusItem.objects.filter(
        consensus__campaign=campaign, consensus__outdated_at=None, consensus__task__state=Task.State.RETIRED
    )


def decided_items(campaign: Campaign) -> QuerySet[Decision]:
    """The decisions that stand about something; `about`: the annotation that is true, else the one rejected."""
    rows = Decision.objects.filter(task__campaign=campaign, superseded_at=None)
    rows = rows.exclude(verdict=Decision.Verdict.NOTHING).annotate(about=Coalesce("result_id", "judged_id"))
    return rows.exclude(result=None, verdict=Decision.Verdict.MERGED)  # it became a part of another


def _of_concept(asked: Asked, annotation: str) -> Q:
    links = AnnotationConcept.objects.filter(annotation=OuterRef(annotation))
    if asked.concept is None:
        return ~Q(Exists(links))
    wanted = Q(concept=asked.concept)
    if asked.narrower:
        wanted |= Q(concept__ancestors__contains=[asked.concept])
    return Q(Exists(links.filter(wanted)))


def _merged(campaign: Campaign, asked: Asked) -> Iterable[Light]:
    rows = merged_items(campaign).filter(_of_concept(asked, "annotation"))
    values = rows.values_list(
        "pk", "consensus__task_id", "consensus__task__position",
        "annotation__x", "annotation__y", "annotation__w", "annotation__h",
        "annotation__canvas__width", "annotation__canvas__height",
        "votes", "posterior", "support", "seen", "disagreement",
    )  # fmt: skip
    for pk, task, position, *measures, votes, posterior, support, seen, disagreement in values:
        count = votes[0]["count"] if votes else support
        share = float(posterior[0][1]) if posterior else count / seen if seen else 1.0
        yield _light(pk, task, position, measures, share, disagreement, count, seen, model=bool(posterior))


def _decided(campaign: Campaign, asked: Asked) -> Iterable[Light]:
    rows = decided_items(campaign).filter(_of_concept(asked, "about"))
    rows = rows.annotate(
        of_x=Coalesce("result__x", "judged__x"), of_y=Coalesce("result__y", "judged__y"),
        of_w=Coalesce("result__w", "judged__w"), of_h=Coalesce("result__h", "judged__h"),
    )  # fmt: skip
    values = rows.values_list(
        "pk", "task_id", "task__position", "of_x", "of_y", "of_w", "of_h",
        "task__canvas__width", "task__canvas__height",
        "judged__consensus_item__support", "judged__consensus_item__seen",
    )  # fmt: skip
    for pk, task, position, *measures, support, seen in values:
        # Somebody has decided it: nothing about its label is left to doubt.
        yield _light(pk, task, position, measures, 1.0, 0.0, support or 0, seen or 0, model=False)


def _light(
    pk: UUID, task: UUID, position: int, measures: Sequence[float | None], probability: float,
    disagreement: float, count: int, seen: int, *, model: bool,
) -> Light:  # fmt: skip
    x, y, w, h, width, height = measures
    box, aspect = None, 1.0
    if x is not None and y is not None and w and h and width and height:
        box, aspect = (x / width, y / height, w / width, h / height), w / h
    return Light(
        pk, task, position, box, aspect, (x or 0.0, y or 0.0), probability, disagreement, count, seen, model
    )


# --- how many -------------------------------------------------------------------------------------


def counts_of(campaign: Campaign, language: str) -> list[dict[str, Any]]:
    """The concepts of which there is something, and those above them, in the order of the tree; four queries.

    `merged` and `decided` count what is called just so, `below` what is called so or narrower. Last, without an id,
    what has no label.
    """
    own: dict[UUID | None, dict[str, int]] = {}
    merged = merged_items(campaign).values_list("annotation__concept_links__concept").annotate(Count("pk"))
    counted: list[tuple[str, Iterable[tuple[UUID | None, int]]]] = [("merged", merged.order_by())]
    about = Case(
        When(result=None, then=F("judged__concept_links__concept")),
        default=F("result__concept_links__concept"),
    )
    decided = decided_items(campaign).annotate(called=about).values_list("called")
    counted.append(("decided", decided.annotate(Count("pk", distinct=True)).order_by()))
    for state, rows_of in counted:
        for concept, count in rows_of:
            own.setdefault(concept, dict.fromkeys(STATES, 0))[state] += count
    rows = {row.pk: row for row in Concept.objects.filter(pk__in=[pk for pk in own if pk])}
    above = {pk for row in rows.values() for pk in row.ancestors} - rows.keys()
    rows |= {row.pk: row for row in Concept.objects.filter(pk__in=above)}
    labels = labels_in(rows, language)
    below: dict[UUID, dict[str, int]] = {pk: dict.fromkeys(STATES, 0) for pk in rows}
    for pk, counts in own.items():
        if pk is None:
            continue
        for one in {pk, *rows[pk].ancestors}:
            for state in STATES:
                below[one][state] += counts[state]
    none = dict.fromkeys(STATES, 0)
    found: list[dict[str, Any]] = [
        {
            "id": row.pk,
            "label": labels.get(row.pk, "?"),
            "depth": len(row.ancestors),
            **own.get(row.pk, none),
            "below": below[row.pk],
        }
        for row in sorted(rows.values(), key=lambda row: (row.preorder, str(row.pk)))
    ]
    if None in own:
        found.append({"id": None, "label": "", "depth": 0, **own[None], "below": own[None]})
    return found
