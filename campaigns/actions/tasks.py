"""Make tasks from canvases or from regions of them, each once a campaign, in the order of their manifests."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.models import Annotation, Canvas
from annotation.permissions import visible_layers, visible_manifests
from campaigns.actions.ordering import settle_added
from campaigns.models import Campaign, Task
from campaigns.permissions import refuse_archived
from problems import Conflict, Invalid

CHUNK = 5000
# After so many new tasks the planner is told at once: until it knows them, it sorts them all for each claim
# (2 s at 200,000) where walking along the index of open tasks takes 2 ms.
MANY = 1000

# Positions follow on each other, so that the queue walks along one index. NOT IN is hashed; NOT EXISTS was planned as
# a nested loop where the statistics knew other campaigns only.
_APPEND = """
INSERT INTO campaigns_task (id, campaign_id, canvas_id, position, state)
SELECT gen_random_uuid(), %(campaign)s, fresh.id,
       %(start)s + row_number() OVER (ORDER BY fresh.place) - 1, 'open'
  FROM unnest(%(canvases)s::uuid[]) WITH ORDINALITY AS fresh(id, place)
 WHERE fresh.id NOT IN (SELECT t.canvas_id FROM campaigns_task t
                         WHERE t.campaign_id = %(campaign)s AND t.region_x IS NULL)
"""

# A count in a subquery of its own is answered by the index over canvas and campaign, whatever the planner knows of a
# campaign that is just being filled. In the order of reading: manifest, canvas, from top to bottom. Of several
# annotations on one place the first is the one that is asked about.
_APPEND_REGIONS = """
INSERT INTO campaigns_task (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h,
                            about_id)
SELECT gen_random_uuid(), %(campaign)s, fresh.canvas_id,
       %(start)s + row_number() OVER (ORDER BY fresh.manifest_id, fresh.place, fresh.y, fresh.x) - 1, 'open',
       fresh.x, fresh.y, fresh.w, fresh.h, CASE WHEN %(about)s THEN fresh.first END
  FROM (SELECT said.canvas_id, canvas.manifest_id, canvas.position AS place, said.x, said.y, said.w, said.h,
               (array_agg(said.id ORDER BY said.created_at, said.id))[1] AS first
          FROM annotation_annotation said
          JOIN annotation_canvas canvas ON canvas.id = said.canvas_id
         WHERE said.layer_id = ANY(%(layers)s::uuid[]) AND said.deleted_at IS NULL AND said.w > 0 AND said.h > 0
           AND canvas.manifest_id = ANY(%(manifests)s::uuid[])
         GROUP BY said.canvas_id, canvas.manifest_id, canvas.position, said.x, said.y, said.w, said.h) fresh
 WHERE (SELECT count(*) FROM campaigns_task t
         WHERE t.campaign_id = %(campaign)s AND t.canvas_id = fresh.canvas_id AND t.region_x = fresh.x
           AND t.region_y = fresh.y AND t.region_w = fresh.w AND t.region_h = fresh.h) = 0
"""

_APPEND_PLACES = """
INSERT INTO campaigns_task (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h,
                            about_id)
SELECT gen_random_uuid(), %(campaign)s, fresh.canvas_id,
       %(start)s + row_number() OVER (ORDER BY fresh.manifest_id, fresh.place, fresh.y, fresh.x) - 1, 'open',
       fresh.x, fresh.y, fresh.w, fresh.h, CASE WHEN %(about)s THEN fresh.first END
  FROM (SELECT said.canvas_id, canvas.manifest_id, canvas.position AS place, said.x, said.y, said.w, said.h,
               (array_agg(said.id ORDER BY said.created_at, said.id))[1] AS first
          FROM annotation_annotation said
          JOIN annotation_canvas canvas ON canvas.id = said.canvas_id
         WHERE said.id = ANY(%(annotations)s::uuid[])
         GROUP BY said.canvas_id, canvas.manifest_id, canvas.position, said.x, said.y, said.w, said.h) fresh
 WHERE NOT EXISTS (SELECT FROM campaigns_task t
                    WHERE t.campaign_id = %(campaign)s AND t.canvas_id = fresh.canvas_id AND t.region_x = fresh.x
                      AND t.region_y = fresh.y AND t.region_w = fresh.w AND t.region_h = fresh.h)
"""


def choose_canvases(
    campaign: Campaign, *, by: User, manifests: Sequence[UUID] = (), canvases: Sequence[UUID] = ()
) -> int:
    """Append a task for each of these canvases and all canvases of these manifests; returns how many are new.

    Canvases that the campaign has already stay as they are. Raises `Invalid` naming what does not exist or
    may not be seen by the person; a statement for each 5,000 canvases.
    """
    refuse_whole(campaign)
    refuse_judging(campaign)
    visible = visible_manifests(by).order_by()
    if not manifests and not canvases:
        raise Invalid(_("Name the manifests or the canvases."), code="nothing-chosen")
    refuse_unseen("manifests", manifests, set(visible.filter(pk__in=manifests).values_list("pk", flat=True)))
    seen = Canvas.objects.filter(manifest__in=visible, pk__in=canvases) if canvases else Canvas.objects.none()
    refuse_unseen("canvases", canvases, set(seen.order_by().values_list("pk", flat=True)))
    chosen = dict.fromkeys([*_of_manifests(manifests), *canvases])
    with transaction.atomic():
        row = lock_unclosed(campaign)
        added = _append(row, list(chosen))
        settle_added(row, by=by)
        if row.cover_id is None and chosen:
            Campaign.objects.filter(pk=row.pk).update(cover=next(iter(chosen)))
    tell_planner(added)
    return added


def choose_regions(campaign: Campaign, *, by: User, layers: Sequence[UUID]) -> int:
    """Append a task for every box in these layers, as the region to look at; returns how many are new.

    Regions that the campaign has already stay as they are; boxes on canvases that the person may not see are
    left out. Raises `Invalid` naming a layer that does not exist or may not be seen.
    """
    check_regions(campaign, by=by, layers=layers)
    manifests = list(sources_of(layers, by=by))
    with transaction.atomic():
        row = lock_unclosed(campaign)
        added = append_regions(row, layers, manifests)
        settle_added(row, by=by)
        if added:
            cover_with_first(row)
    tell_planner(added)
    return added


def check_regions(campaign: Campaign, *, by: User, layers: Sequence[UUID]) -> None:
    """Raise `Conflict` where the campaign asks about no regions, `Invalid` naming a layer that may not be seen."""
    refuse_judging(campaign)
    refuse_unseen(
        "layers", layers, set(visible_layers(by).filter(pk__in=layers).values_list("pk", flat=True))
    )


def sources_of(layers: Sequence[UUID], *, by: User) -> dict[UUID, int]:
    """The manifests that these layers speak of, as far as the person may see them, and of each how often; one query."""
    said = Annotation.objects.filter(
        layer__in=layers, deleted_at=None, canvas__manifest__in=visible_manifests(by)
    )
    rows = said.order_by("canvas__manifest").values_list("canvas__manifest").annotate(often=Count("pk"))
    return dict(rows)


def append_regions(row: Campaign, layers: Sequence[UUID], manifests: Sequence[UUID]) -> int:
    """Tasks for the boxes of layers on these manifests, in a campaign that is locked; returns how many are new."""
    values: dict[str, Any] = {
        "campaign": row.pk,
        "start": next_position(row),
        "layers": list(layers),
        "manifests": list(manifests),
        "about": row.traits.about,
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_REGIONS, values)
        added: int = cursor.rowcount
    return added


def choose_annotated(campaign: Campaign, *, by: User, annotations: QuerySet[Annotation]) -> int:
    """Append a task for the place of each of these annotations: its box, or its canvas; returns how many are new.

    The caller has chosen annotations that the person may see, all on canvases; a place is asked about once.
    """
    refuse_judging(campaign)
    boxes = annotations.filter(w__gt=0, h__gt=0)
    whole = annotations.filter(x=None).order_by().values_list("canvas", flat=True).distinct()
    with transaction.atomic():
        row = lock_unclosed(campaign)
        ids = list(boxes.order_by().values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                _APPEND_PLACES,
                {
                    "campaign": row.pk,
                    "start": next_position(row),
                    "annotations": ids,
                    "about": row.traits.about,
                },
            )
            added: int = cursor.rowcount
        added += _append(row, list(whole))
        settle_added(row, by=by)
        if added:
            cover_with_first(row)
    tell_planner(added)
    return added


def refuse_whole(campaign: Campaign) -> None:
    """A whole image is nothing that was marked already."""
    if campaign.traits.about:
        raise Conflict(
            _("This campaign asks about regions that are there already. Choose a layer with boxes instead."),
            code="regions-only",
        )


def cover_with_first(campaign: Campaign) -> None:
    """The canvas of the first task stands for a campaign that has no cover."""
    if campaign.cover_id is None:
        first = Task.objects.filter(campaign=campaign).order_by("position").values("canvas")[:1]
        Campaign.objects.filter(pk=campaign.pk).update(cover=first)


def lock_unclosed(campaign: Campaign) -> Campaign:
    """The campaign's row, locked until the transaction ends; refused when nothing may be added to it."""
    row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    refuse_archived(row)
    if row.status == Campaign.Status.CLOSED:
        raise Conflict(
            _("The campaign is closed. Open it again before you add canvases."), code="campaign-closed"
        )
    return row


def tell_planner(added: int) -> None:
    """Let the planner know of many new tasks at once, outside the transaction that made them."""
    if added >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE campaigns_task")


def next_position(campaign: Campaign) -> int:
    """The position behind all tasks of a locked campaign."""
    last = Task.objects.filter(campaign=campaign).aggregate(last=Max("position"))["last"]
    return max(campaign.reserved_below, 0 if last is None else last + 1)


def _of_manifests(manifests: Sequence[UUID]) -> Iterable[UUID]:
    """The canvases of the manifests, in the order in which the manifests were named."""
    by_manifest: dict[UUID, list[UUID]] = {pk: [] for pk in manifests}
    rows = Canvas.objects.filter(manifest__in=manifests).order_by("manifest", "position")
    for pk, manifest in rows.values_list("pk", "manifest").iterator(chunk_size=CHUNK):
        by_manifest[manifest].append(pk)
    return (pk for found in by_manifest.values() for pk in found)


def refuse_judging(campaign: Campaign) -> None:
    """Bare images and places say nothing that could be judged, and one of them is no pair."""
    traits = campaign.traits
    if traits.pairs:
        raise Conflict(
            _("This campaign compares regions two by two. Say how pairs are made of those of a layer."),
            code="pairs-only",
        )
    if traits.judges:
        raise Conflict(
            _("This campaign asks whether annotations are right. Choose a layer instead."), code="judging"
        )


def refuse_unseen(name: str, wanted: Sequence[UUID], found: set[UUID]) -> None:
    """Raise `Invalid` at the first wanted id that was not found."""
    for index, pk in enumerate(wanted):
        if pk not in found:
            raise Invalid(
                _("This does not exist, or you may not see it."),
                pointer=f"/{name}/{index}",
                code="unknown-source",
            )


def _append(campaign: Campaign, canvases: list[UUID]) -> int:
    first = start = next_position(campaign)
    with connection.cursor() as cursor:
        for begin in range(0, len(canvases), CHUNK):
            chunk = canvases[begin : begin + CHUNK]
            cursor.execute(_APPEND, {"campaign": campaign.pk, "start": start, "canvases": chunk})
            start += cursor.rowcount
    return start - first
