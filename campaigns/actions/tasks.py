"""Make tasks from canvases, each canvas once a campaign, in the order of their manifests."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.models import Canvas
from annotation.permissions import visible_manifests
from campaigns.models import Campaign, Task
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
 WHERE fresh.id NOT IN (SELECT t.canvas_id FROM campaigns_task t WHERE t.campaign_id = %(campaign)s)
"""


def choose_canvases(
    campaign: Campaign, *, by: User, manifests: Sequence[UUID] = (), canvases: Sequence[UUID] = ()
) -> int:
    """Append a task for each of these canvases and all canvases of these manifests; returns how many are new.

    Canvases that the campaign has already stay as they are. Raises `Invalid` naming what does not exist or
    may not be seen by the person; a statement for each 5,000 canvases.
    """
    visible = visible_manifests(by).order_by()
    if not manifests and not canvases:
        raise Invalid(_("Name the manifests or the canvases."), code="nothing-chosen")
    _refuse_unseen("manifests", manifests, set(visible.filter(pk__in=manifests).values_list("pk", flat=True)))
    seen = Canvas.objects.filter(manifest__in=visible, pk__in=canvases) if canvases else Canvas.objects.none()
    _refuse_unseen("canvases", canvases, set(seen.order_by().values_list("pk", flat=True)))
    chosen = dict.fromkeys([*_of_manifests(manifests), *canvases])
    with transaction.atomic():
        row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if row.status == Campaign.Status.CLOSED:
            raise Conflict(
                _("The campaign is closed. Open it again before you add canvases."), code="campaign-closed"
            )
        added = _append(row, list(chosen))
        if row.cover_id is None and chosen:
            Campaign.objects.filter(pk=row.pk).update(cover=next(iter(chosen)))
    if added >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE campaigns_task")
    return added


def _of_manifests(manifests: Sequence[UUID]) -> Iterable[UUID]:
    """The canvases of the manifests, in the order in which the manifests were named."""
    by_manifest: dict[UUID, list[UUID]] = {pk: [] for pk in manifests}
    rows = Canvas.objects.filter(manifest__in=manifests).order_by("manifest", "position")
    for pk, manifest in rows.values_list("pk", "manifest").iterator(chunk_size=CHUNK):
        by_manifest[manifest].append(pk)
    return (pk for found in by_manifest.values() for pk in found)


def _refuse_unseen(name: str, wanted: Sequence[UUID], found: set[UUID]) -> None:
    for index, pk in enumerate(wanted):
        if pk not in found:
            raise Invalid(
                _("This does not exist, or you may not see it."),
                pointer=f"/{name}/{index}",
                code="unknown-source",
            )


def _append(campaign: Campaign, canvases: list[UUID]) -> int:
    last = Task.objects.filter(campaign=campaign).aggregate(last=Max("position"))["last"]
    first = start = 0 if last is None else last + 1
    with connection.cursor() as cursor:
        for begin in range(0, len(canvases), CHUNK):
            chunk = canvases[begin : begin + CHUNK]
            cursor.execute(_APPEND, {"campaign": campaign.pk, "start": start, "canvases": chunk})
            start += cursor.rowcount
    return start - first
