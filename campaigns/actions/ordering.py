"""The order of the queue: tasks are moved to fresh positions in small steps, while people claim and hand in."""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, Min, OuterRef, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Greatest, RowNumber

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions.locking import hold_tasks
from campaigns.models import Campaign, Participant, Task
from work.actions import request_job_once
from work.models import Job
from work.runner import Runner

KIND = "campaigns.order"
CHUNK = 2000  # rows that a submission may have to wait for: some 50 ms

READING = (
    "canvas__manifest__created_at", "canvas__manifest", "canvas__position",
    F("region_y").asc(nulls_first=True), F("region_x").asc(nulls_first=True), "pk",
)  # fmt: skip


def request_ordering(campaign: Campaign, *, by: User | None) -> Job:
    """Ask that the open tasks be put in the campaign's order."""
    return request_job_once(KIND, campaign.pk, by=by)


def unfinished_ordering(campaign: Campaign) -> Job | None:
    """The ordering that is waiting or under way."""
    unfinished = [Job.State.QUEUED, Job.State.RUNNING]
    jobs = Job.objects.filter(kind=KIND, subject=str(campaign.pk), state__in=unfinished)
    return jobs.order_by("-created_at").first()


def settle_added(campaign: Campaign, *, by: User | None) -> None:
    """What new tasks, appended at the end, bring with them: a pilot's end, and an order that is not the plain one.

    The campaign's row is locked by the caller.
    """
    if campaign.status == Campaign.Status.PILOT and campaign.pilot_below is None:
        settle_pilot(campaign)
    if campaign.order != Campaign.Order.SEQUENTIAL:
        request_ordering(campaign, by=by)


def settle_pilot(campaign: Campaign) -> None:
    """Find the position below which the first `pilot_size` tasks stand; none while there are no more than these."""
    size = campaign.pilot_size or 0
    beyond = Task.objects.filter(campaign=campaign).order_by("position").values_list("position", flat=True)
    campaign.pilot_below = next(iter(beyond[size : size + 1]), None)
    campaign.save(update_fields=["pilot_below"])


def in_order(campaign: Campaign, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks in the order that the campaign asks for; the same seed gives the same order, on any site.

    `random`: by a hash of canvas and region. `stratified`: a page of each source in turn, so that at any moment two
    sources differ by one page unless one of them is used up. `uncertain`: by the lowest confidence of the run's
    predictions on the region, else on the canvas; without a prediction last. `priority`: the highest first; without
    one last.
    """
    # The pairs of one region would else come one after the other.
    beside = ("beside__canvas__uri", "beside__x", "beside__y") if campaign.traits.pairs else ()
    match campaign.order:
        case Campaign.Order.RANDOM:
            return tasks.order_by(_hash(campaign, "canvas__uri", "region_x", "region_y", *beside), "pk")
        case Campaign.Order.STRATIFIED:
            page = _hash(campaign, "canvas__uri", "region_x", "region_y", *beside)
            turn = Window(RowNumber(), partition_by=[F("canvas__manifest")], order_by=[page, F("pk")])
            return tasks.annotate(turn=turn).order_by("turn", _hash(campaign, "canvas__manifest__uri"), "pk")
        case Campaign.Order.UNCERTAIN if campaign.order_run is not None:
            sure = _least_confidence(campaign.order_run.layer_id)
            return tasks.annotate(sure=sure).order_by(F("sure").asc(nulls_last=True), *READING)
        case Campaign.Order.PRIORITY:
            return tasks.order_by(F("priority").desc(nulls_last=True), *READING)
    return tasks.order_by(*READING)


def _hash(campaign: Campaign, *names: str) -> MD5:
    said = [Coalesce(Cast(name, TextField()), _text("")) for name in names]
    parts = [part for one in said for part in (_text("|"), one)]
    return MD5(Concat(_text(str(campaign.order_seed)), *parts))


def _text(text: str) -> Value:
    return Value(text, output_field=TextField())


def _least_confidence(layer_id: UUID) -> Coalesce:
    here = Annotation.objects.filter(layer=layer_id, canvas=OuterRef("canvas"), deleted_at=None)
    box = {side: OuterRef(f"region_{side}") for side in ("x", "y", "w", "h")}
    least = Min(Coalesce("confidence", 1.0))
    same, anywhere = (
        rows.order_by().values("canvas").annotate(least=least).values("least")
        for rows in (here.filter(**box), here)
    )
    return Coalesce(Subquery(same), Subquery(anywhere))


# Each step is a transaction of its own: what changes a position locks the row against submissions.
_MOVE = """
UPDATE campaigns_task t SET position = %(start)s + fresh.place - 1
  FROM unnest(%(tasks)s::uuid[]) WITH ORDINALITY AS fresh(id, place)
 WHERE t.id = fresh.id AND t.position < %(base)s
"""


def order_tasks(campaign_id: str, runner: Runner) -> int:
    """Move every open task to a fresh position, in the campaign's order; returns how many.

    At any moment the queue is whole: what has been moved stands behind what has not. Leases are rows of their own
    and stay. A pilot's tasks keep their places. Stopped in the middle it is harmless, and begins anew when resumed.
    """
    campaign, base, count = _reserve(campaign_id)
    runner.expect(count)
    movable = Task.objects.filter(campaign=campaign, state=Task.State.OPEN, position__lt=base)
    if campaign.pilot_below is not None:
        movable = movable.filter(position__gte=campaign.pilot_below)
    ids: Iterable[UUID] = in_order(campaign, movable).values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    walk, done = iter(ids), 0
    while chunk := list(islice(walk, CHUNK)):
        with transaction.atomic(), connection.cursor() as cursor:
            Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
            hold_tasks(Task.objects.filter(pk__in=chunk))
            cursor.execute(_MOVE, {"start": base + done, "base": base, "tasks": chunk})
        done += len(chunk)
        runner.advance(len(chunk))
    _begin_at(campaign, base)
    return done


def _reserve(campaign_id: str) -> tuple[Campaign, int, int]:
    """The campaign, the first of the fresh positions and how many tasks there are; what is appended stands behind."""
    with transaction.atomic():
        # Then read anew: a statement that has waited for the row does not look again at the run beside it.
        Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign_id)
        campaign = Campaign.objects.select_related("order_run").get(pk=campaign_id)
        tasks = Task.objects.filter(campaign=campaign)
        last = tasks.aggregate(last=Max("position"))["last"]
        base = max(campaign.reserved_below, 0 if last is None else last + 1)
        if campaign.status == Campaign.Status.PILOT and campaign.pilot_below is None:
            return campaign, 0, 0  # all there is belongs to the pilot
        count = tasks.filter(state=Task.State.OPEN).count()
        Campaign.objects.filter(pk=campaign.pk).update(reserved_below=base + count)
    return campaign, base, count


def _begin_at(campaign: Campaign, base: int) -> None:
    """Let everybody begin at the front again, past the places that have become empty."""
    with transaction.atomic():
        if campaign.pilot_below is None:
            values: dict[str, Any] = {"queue_from": Greatest(F("queue_from"), Value(base))}
            Campaign.objects.filter(pk=campaign.pk).update(**values)
        people = Participant.objects.filter(campaign=campaign)
        # One after the other by their keys: who takes a visit over holds two of them.
        list(people.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        people.update(cursor=0)
    if base:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE campaigns_task")
