"""Make tasks from pairs of regions: each pair once a campaign, whichever of the two was named first."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.ordering import settle_added
from campaigns.actions.tasks import (
    CHUNK,
    cover_with_first,
    lock_unclosed,
    next_position,
    refuse_unseen,
    tell_planner,
)
from campaigns.choosing import layers_to_ask_of
from campaigns.models import Campaign, TaskChoice
from campaigns.pairing import (
    MOST_ALIKE,
    MOST_PAIRS,
    MOST_REGIONS,
    PAIRS,
    Fault,
    Listed,
    PairsWanted,
    Region,
    WantedPair,
    chunks,
    pairable,
    pairs_wanted,
    regions_of,
)
from campaigns.permissions import refuse_archived
from problems import Conflict, Invalid
from work.actions import request_job
from work.runner import Runner

KIND = "campaigns.choose"  # the job of `campaigns.actions.choosing`
AT_ONCE = 2000  # more pairs, or any that must be looked at, are made by a worker
MOST_ROWS = 20_000

# The index over the smaller and the larger of the two settles races; a pair that is there already takes no position.
_APPEND = """
INSERT INTO campaigns_task
       (id, campaign_id, canvas_id, position, state, region_x, region_y, region_w, region_h, about_id, beside_id,
        priority)
SELECT gen_random_uuid(), %(campaign)s, a.canvas_id,
       %(start)s + row_number() OVER (ORDER BY fresh.place) - 1, 'open', a.x, a.y, a.w, a.h, a.id, b.id,
       fresh.priority
  FROM unnest(%(about)s::uuid[], %(beside)s::uuid[], %(priority)s::float8[])
       WITH ORDINALITY AS fresh(about, beside, priority, place)
  JOIN annotation_annotation a ON a.id = fresh.about AND a.deleted_at IS NULL AND a.canvas_id IS NOT NULL
  JOIN annotation_annotation b ON b.id = fresh.beside AND b.deleted_at IS NULL AND b.canvas_id IS NOT NULL
 WHERE a.id <> b.id
   AND NOT EXISTS (SELECT FROM campaigns_task t
                    WHERE t.campaign_id = %(campaign)s AND t.beside_id IS NOT NULL
                      AND least(t.about_id, t.beside_id) = least(a.id, b.id)
                      AND greatest(t.about_id, t.beside_id) = greatest(a.id, b.id))
    ON CONFLICT (campaign_id, least(about_id, beside_id), greatest(about_id, beside_id))
       WHERE beside_id IS NOT NULL DO NOTHING
RETURNING about_id, beside_id
"""


@dataclass(frozen=True, slots=True)
class ListedPairs:
    """What became of a table of pairs: how many are new, and every row that made none, with the reason."""

    added: int
    faults: tuple[Fault, ...]


def choose_pairs(campaign: Campaign, query: Mapping[str, Any], *, by: User) -> TaskChoice:
    """Append a task for each pair that the query (`campaigns.pairing.PairsWanted`) makes and that is none yet.

    Up to 2,000 pairs are tasks when this returns; more, and whatever must be looked at first, are made by the job
    that makes other choices. Raises `Invalid` naming a layer that does not exist or may not be seen, `Conflict` where
    the campaign compares nothing or takes no more, or where the layers have more regions than can be looked through.
    """
    refuse_archived(campaign)
    refuse_unpaired(campaign)
    wanted = PairsWanted.read(query)
    if not wanted.layers:
        raise Invalid(
            _("Choose the layers whose regions are compared."), pointer="/layers", code="nothing-chosen"
        )
    found = layers_to_ask_of(by).filter(pk__in=wanted.layers).values_list("pk", flat=True)
    refuse_unseen("layers", wanted.layers, set(found))
    if not 1 <= wanted.most <= MOST_PAIRS:
        raise Invalid(
            _("Between 1 and %(most)d pairs are made at once.") % {"most": MOST_PAIRS},
            pointer="/pairs/most",
            code="out-of-range",
        )
    regions = _regions(wanted, by)
    is_large = wanted.by == "alike" or len(made := pairs_wanted(wanted, regions)) > AT_ONCE
    with transaction.atomic():
        lock_unclosed(campaign)
        kept = orjson.loads(orjson.dumps({**query, "of": PAIRS}))
        choice = TaskChoice.objects.create(campaign=campaign, query=kept, created_by=by)
        if is_large:
            choice.job = request_job(KIND, choice.pk, by=by)
            choice.save(update_fields=["job"])
            return choice
    _finish(choice, made, by=by)
    choice.refresh_from_db()
    return choice


def make_pairs(choice: TaskChoice, runner: Runner | None = None) -> int:
    """Make the pairs of a choice; returns how many are new. Run again from the beginning it makes none twice."""
    by, wanted = choice.created_by, PairsWanted.read(choice.query)
    if by is None:
        raise Conflict(_("Who asked for these tasks has no account any more."), code="nobody-asks")
    regions = _regions(wanted, by)
    if runner is None:
        return _finish(choice, pairs_wanted(wanted, regions), by=by)
    if wanted.by == "alike":
        runner.expect(len(regions))
        left = lambda canvas, why: runner.say(why, severity="warning", place=canvas.uri)  # noqa: E731
        found = pairs_wanted(wanted, regions, looked=runner.advance, left_out=left)
    else:
        found = pairs_wanted(wanted, regions)
        runner.expect(len(found))
    return _finish(choice, found, by=by, runner=None if wanted.by == "alike" else runner)


def choose_listed(campaign: Campaign, table: str, *, by: User) -> ListedPairs:
    """Append a task for each row of a table (CSV, two ids or addresses of annotations) that makes a pair.

    A first row in which nothing is an id is a heading. Rows that make no pair are reported, each with its number, and
    do not hold the others up. Raises `Invalid` for a table without rows or with more than 20,000.
    """
    refuse_archived(campaign)
    refuse_unpaired(campaign)
    rows, faults = _read(table)
    ids = {pk for row in rows for pk in (row.a, row.b)}
    known = {
        pk: (canvas, box)
        for pk, canvas, *box in pairable(by)
        .filter(pk__in=ids)
        .values_list("pk", "canvas", "x", "y", "w", "h")
    }
    named: dict[frozenset[UUID], Listed] = {}
    for row in rows:
        fault = _fault(row, known, named)
        if fault:
            faults.append(Fault(row.row, fault))
        else:
            named[frozenset((row.a, row.b))] = row
    with transaction.atomic():
        locked = lock_unclosed(campaign)
        made = {
            frozenset(pair) for pair in _append(locked, [WantedPair(row.a, row.b) for row in named.values()])
        }
        settle_added(locked, by=by)
    faults += [
        Fault(row.row, _("This pair is in the campaign already."))
        for pair, row in named.items()
        if pair not in made
    ]
    tell_planner(len(made))
    return ListedPairs(len(made), tuple(sorted(faults)))


def refuse_unpaired(campaign: Campaign) -> None:
    if not campaign.traits.pairs:
        raise Conflict(
            _("This campaign compares nothing: choose images or regions instead of pairs."),
            code="not-comparing",
        )


def _regions(wanted: PairsWanted, by: User) -> list[Region]:
    regions = regions_of(wanted.layers, by)
    most = MOST_ALIKE if wanted.by == "alike" else MOST_REGIONS
    if len(regions) > most:
        raise Conflict(
            _("These layers have %(count)d regions; pairs are made of %(most)d at most. Choose fewer layers.")
            % {"count": len(regions), "most": most},
            code="too-many-regions",
        )
    return regions


def _finish(
    choice: TaskChoice, pairs: Sequence[WantedPair], *, by: User, runner: Runner | None = None
) -> int:
    added = 0
    for chunk in chunks(pairs, CHUNK):
        with transaction.atomic():
            made = _append(lock_unclosed(choice.campaign), chunk)
            TaskChoice.objects.filter(pk=choice.pk).update(added=F("added") + len(made))
        added += len(made)
        if runner is not None:
            runner.advance(len(chunk))
    with transaction.atomic():
        settle_added(lock_unclosed(choice.campaign), by=by)
        TaskChoice.objects.filter(pk=choice.pk).update(finished_at=Now())
    tell_planner(added)
    return added


def _append(campaign: Campaign, pairs: Sequence[WantedPair]) -> list[tuple[UUID, UUID]]:
    """The campaign's row is locked by the caller; returns the pairs that are new."""
    values: dict[str, Any] = {
        "campaign": campaign.pk, "start": next_position(campaign),
        "about": [pair.about for pair in pairs], "beside": [pair.beside for pair in pairs],
        "priority": [pair.priority for pair in pairs],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, values)
        made: list[tuple[UUID, UUID]] = cursor.fetchall()
    if made:
        cover_with_first(campaign)
    return made


_ADDRESS = re.compile(
    r"(?:.*/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?", re.IGNORECASE
)


def _read(table: str) -> tuple[list[Listed], list[Fault]]:
    """The rows that name two things, and those that do not."""
    rows: list[Listed] = []
    faults: list[Fault] = []
    text = table.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        cells = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(
            _("This is no table: %s.") % error, pointer="/pairs/table", code="not-a-table"
        ) from error
    for number, line in enumerate(cells, start=1):
        said = [cell.strip() for cell in line]
        if not any(said):
            continue
        ids = [match[1] for cell in said[:2] if (match := _ADDRESS.fullmatch(cell))]
        if len(ids) == 2:
            rows.append(Listed(number, UUID(ids[0]), UUID(ids[1])))
        elif ids or number > 1:
            faults.append(Fault(number, _("Two ids or addresses of annotations are expected in this row.")))
    if not rows and not faults:
        raise Invalid(
            _("The table has no row with two annotations."), pointer="/pairs/table", code="nothing-chosen"
        )
    if len(rows) > MOST_ROWS:
        raise Invalid(
            _("The table has %(count)d rows; %(most)d is the most.")
            % {"count": len(rows), "most": MOST_ROWS},
            pointer="/pairs/table",
            code="too-many-rows",
        )
    return rows, faults


def _fault(
    row: Listed,
    known: Mapping[UUID, tuple[UUID, list[float | None]]],
    named: Mapping[frozenset[UUID], Listed],
) -> str:
    """Why a row makes no pair; empty for one that does."""
    for name, pk in (("1", row.a), ("2", row.b)):
        if pk not in known:
            return _("Annotation %s does not exist, or you may not see it, or it stands on no region.") % name
    if row.a == row.b or known[row.a] == known[row.b]:
        return _("A region cannot stand beside itself.")
    if earlier := named.get(frozenset((row.a, row.b))):
        return _("This pair stands in row %d already.") % earlier.row
    return ""
