"""Turn what a question to the database finds into tasks: few at once, many in the background while people work."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.permissions import visible_collections, visible_layers, visible_manifests
from campaigns.actions.choosing_layers import LAYERS, make_of_layers
from campaigns.actions.ordering import settle_added
from campaigns.actions.pairing import make_pairs
from campaigns.actions.tasks import lock_unclosed, next_position, refuse_judging, refuse_whole, tell_planner
from campaigns.choosing import CHUNK, Place, Wanted, count_wanted, places_wanted
from campaigns.models import Campaign, PredictionRun, TaskChoice
from campaigns.pairing import PAIRS
from problems import Conflict, Invalid
from taxonomy.models import Concept
from work.actions import request_job
from work.runner import Runner

KIND = "campaigns.choose"
AT_ONCE = 2000  # more is made by a worker; so many take a tenth of a second

# A count in a subquery of its own, which the planner answers for each place by the index over canvas and campaign,
# whatever it knows of a campaign that is just being filled. The positions follow on each other.
_APPEND = """
INSERT INTO campaigns_task
       (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h, priority)
SELECT gen_random_uuid(), %(campaign)s, fresh.canvas,
       %(start)s + row_number() OVER (ORDER BY fresh.place) - 1, 'open',
       fresh.x, fresh.y, fresh.w, fresh.h, fresh.priority
  FROM unnest(%(canvas)s::uuid[], %(x)s::float8[], %(y)s::float8[], %(w)s::float8[], %(h)s::float8[],
              %(priority)s::float8[]) WITH ORDINALITY AS fresh(canvas, x, y, w, h, priority, place)
 WHERE (SELECT count(*) FROM campaigns_task t
         WHERE t.canvas_id = fresh.canvas AND t.campaign_id = %(campaign)s
           AND t.region_x IS NOT DISTINCT FROM fresh.x AND t.region_y IS NOT DISTINCT FROM fresh.y
           AND t.region_w IS NOT DISTINCT FROM fresh.w AND t.region_h IS NOT DISTINCT FROM fresh.h) = 0
RETURNING canvas_id
"""


def choose_tasks(campaign: Campaign, query: Mapping[str, Any], *, by: User) -> TaskChoice:
    """Append a task for each place that the query finds and the campaign does not have yet.

    Up to 2,000 places are tasks when this returns; more are made by a job, which can be stopped and taken up again,
    and nobody who works in the campaign waits for it. Raises `Invalid` naming what does not exist or may not be
    seen, `Conflict` where the campaign takes no more.
    """
    refuse_whole(campaign)
    refuse_judging(campaign)
    wanted = Wanted.read(query)
    refuse_unknown(wanted, campaign, by)
    with transaction.atomic():
        lock_unclosed(campaign)
        choice = TaskChoice.objects.create(
            campaign=campaign, query=orjson.loads(orjson.dumps(query)), created_by=by
        )
        if count_wanted(wanted, campaign, by) > AT_ONCE:
            choice.job = request_job(KIND, choice.pk, by=by)
            choice.save(update_fields=["job"])
            return choice
    make_chosen(str(choice.pk))
    choice.refresh_from_db()
    return choice


def is_large(campaign: Campaign, query: Mapping[str, Any], *, by: User) -> bool:
    """Whether a worker makes the tasks; the query may name what does not exist, of which there is none."""
    return count_wanted(Wanted.read(query), campaign, by) > AT_ONCE


def refuse_unknown(wanted: Wanted, campaign: Campaign, by: User) -> None:
    """Raise `Invalid` for the first thing named that does not exist or may not be seen; a query for each kind."""
    if wanted.of == "predictions" and wanted.run is None:
        raise Invalid(_("Name the run of the model."), pointer="/run", code="nothing-chosen")
    if wanted.of == "regions" and not wanted.layers:
        raise Invalid(_("Name the layers whose boxes you want."), pointer="/layers", code="nothing-chosen")
    said = [("has", wanted.has), ("lacks", wanted.lacks)]
    named: list[tuple[str, Sequence[UUID], QuerySet[Any]]] = [
        ("/manifests/{}", wanted.manifests, visible_manifests(by)),
        ("/collections/{}", wanted.collections, visible_collections(by)),
        ("/layers/{}", wanted.layers, visible_layers(by)),
        ("/concepts/{}", wanted.concepts, Concept.objects.all()),
        ("/run", [wanted.run] if wanted.run else [], PredictionRun.objects.of(campaign)),
        *((f"/{name}/layer", [one.layer], visible_layers(by)) for name, one in said if one),
        *((f"/{name}/concept", [one.concept], Concept.objects.all()) for name, one in said if one and one.concept),
    ]  # fmt: skip
    for pointer, keys, rows in named:
        found = set(rows.filter(pk__in=keys).order_by().values_list("pk", flat=True)) if keys else set()
        for number, key in enumerate(keys):
            if key not in found:
                raise Invalid(
                    _("This does not exist, or you may not see it."),
                    pointer=pointer.format(number),
                    code="unknown-source",
                )


def make_chosen(choice_id: str, runner: Runner | None = None) -> int:
    """Make the tasks of a choice; returns how many are new.

    Each 5,000 places are a transaction of their own, which holds the campaign's row against other changes of it and
    nothing that a claim or a submission needs. Run again from the beginning it makes none twice.
    """
    choice = TaskChoice.objects.select_related("campaign", "created_by").get(pk=choice_id)
    if choice.finished_at is not None:
        return 0
    if choice.query.get("of") == PAIRS:
        return make_pairs(choice, runner)
    if choice.query.get("of") == LAYERS:
        return make_of_layers(choice, runner)
    campaign, by, wanted = choice.campaign, choice.created_by, Wanted.read(choice.query)
    if by is None:
        raise Conflict(_("Who asked for these tasks has no account any more."), code="nobody-asks")
    if runner is not None:
        runner.expect(count_wanted(wanted, campaign, by))
    walk, added = iter(places_wanted(wanted, campaign, by)), 0
    while chunk := list(islice(walk, CHUNK)):
        fresh = _append(choice, list(dict.fromkeys(chunk)))
        if runner is not None:
            if fresh and not added:
                tell_planner(fresh)
            runner.advance(len(chunk))
        added += fresh
    with transaction.atomic():
        settle_added(lock_unclosed(campaign), by=by)
        TaskChoice.objects.filter(pk=choice.pk).update(finished_at=Now())
    tell_planner(added)
    return added


def _append(choice: TaskChoice, places: Iterable[Place]) -> int:
    columns = dict(zip(Place._fields, map(list, zip(*places, strict=True)), strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        row = lock_unclosed(choice.campaign)
        cursor.execute(_APPEND, {**columns, "campaign": row.pk, "start": next_position(row)})
        made = cursor.fetchall()
        TaskChoice.objects.filter(pk=choice.pk).update(added=F("added") + len(made))
        if row.cover_id is None and made:
            Campaign.objects.filter(pk=row.pk).update(cover=columns["canvas"][0])
    return len(made)
