"""Turn what layers hold into tasks: little at once, much by a worker, some sources at a time, while people work."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.judging import Wanted, append_shown, check_shown
from campaigns.actions.ordering import settle_added
from campaigns.actions.tasks import (
    append_regions,
    check_regions,
    cover_with_first,
    lock_unclosed,
    sources_of,
    tell_planner,
)
from campaigns.models import Campaign, TaskChoice
from problems import Conflict
from work.actions import request_job
from work.runner import Runner

KIND = "campaigns.choose"  # the job of `campaigns.actions.choosing`
LAYERS = "layers"  # as what a choice of tasks asks for
AT_ONCE = 2000  # more is made by a worker
A_BATCH = 20_000


def choose_layers(
    campaign: Campaign, *, by: User, layers: Sequence[UUID], wanted: Wanted | None = None
) -> TaskChoice:
    """Append a task for each box of these layers or, where annotations are judged, for each that is wanted.

    What `choose_regions` and `choose_shown` do, and refuse; but where the layers say more than 2,000 things, a job
    does it, which can be stopped and taken up again, and nobody who works in the campaign waits for it.
    """
    wanted = wanted or Wanted()
    if _judges(campaign):
        check_shown(campaign, by=by, layers=layers, wanted=wanted)
    else:
        check_regions(campaign, by=by, layers=layers)
    query = {
        "of": LAYERS, "layers": list(layers), "concepts": list(wanted.concepts),
        "least": wanted.least, "most": wanted.most,
    }  # fmt: skip
    with transaction.atomic():
        lock_unclosed(campaign)
        kept = orjson.loads(orjson.dumps(query))
        choice = TaskChoice.objects.create(campaign=campaign, query=kept, created_by=by)
        if sum(sources_of(layers, by=by).values()) > AT_ONCE:
            choice.job = request_job(KIND, choice.pk, by=by)
            choice.save(update_fields=["job"])
            return choice
    make_of_layers(choice)
    choice.refresh_from_db()
    return choice


def make_of_layers(choice: TaskChoice, runner: Runner | None = None) -> int:
    """Make the tasks of a choice; returns how many are new. Run again from the beginning it makes none twice."""
    campaign, by = choice.campaign, choice.created_by
    if by is None:
        raise Conflict(_("Who asked for these tasks has no account any more."), code="nobody-asks")
    layers, wanted = _read(choice.query)
    sources, added = sources_of(layers, by=by), 0
    if runner is not None:
        runner.expect(sum(sources.values()))
    for batch in _batches(sources):
        with transaction.atomic():
            row = lock_unclosed(campaign)
            fresh = _append(row, layers, batch, wanted)
            TaskChoice.objects.filter(pk=choice.pk).update(added=F("added") + fresh)
            if fresh:
                cover_with_first(row)
        if runner is not None:
            if fresh and not added:
                tell_planner(fresh)
            runner.advance(sum(sources[one] for one in batch))
        added += fresh
    with transaction.atomic():
        settle_added(lock_unclosed(campaign), by=by)
        TaskChoice.objects.filter(pk=choice.pk).update(finished_at=Now())
    tell_planner(added)
    return added


def _append(row: Campaign, layers: Sequence[UUID], sources: Sequence[UUID], wanted: Wanted) -> int:
    if _judges(row):
        return append_shown(row, layers, sources, wanted)
    return append_regions(row, layers, sources)


def _judges(campaign: Campaign) -> bool:
    return campaign.traits.judges


def _read(query: Mapping[str, Any]) -> tuple[list[UUID], Wanted]:
    concepts = tuple(map(UUID, query["concepts"]))
    return list(map(UUID, query["layers"])), Wanted(concepts, query["least"], query["most"])


def _batches(sources: Mapping[UUID, int]) -> Iterator[list[UUID]]:
    """Whole sources, as many as together say about 20,000 things: each batch looks through all tasks there are."""
    batch, size = list[UUID](), 0
    for source, often in sources.items():
        batch.append(source)
        size += often
        if size >= A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
