"""Merged items ruled on one by one, many at a time: accepted, rejected, given another label, and taken back as one.

A task is decided once all of its items have been ruled on by the same reviewer. Until then what they said of some of
them is kept, and stands in their review of that task. On a decided task one item is ruled on anew and the others stay.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.bulk import label_of_bulk
from campaigns.actions.gold import follow_decision
from campaigns.actions.review import allowed_among, items_of, record, withdraw_decisions
from campaigns.actions.rulings import Judgement, Ruling, check, is_undecided
from campaigns.actions.second import opinions_in_force, require_may_supersede, settle
from campaigns.actions.standing import Change, said_again
from campaigns.actions.sweeping import lock_tasks
from campaigns.models import BulkReview, Campaign, ConsensusItem, Decision, Gold, KeptRuling, Task
from campaigns.permissions import refuse_archived
from campaigns.reviewing import answered_by, decisions_in_force, kept_by
from problems import Conflict, Invalid, Problem

MOST = 500
Checked = tuple[Task, Sequence[Ruling], UUID]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one: `decided`, `kept` until the rest of its task is ruled on, `spoken` where another reviewer
    must say the same, or `refused` with a code and a sentence.
    """

    item: str
    state: str
    code: str = ""
    detail: str = ""


@dataclass(slots=True)
class _Sitting:
    """What is known while the tasks are locked, and what comes of it."""

    campaign: Campaign
    bulk: BulkReview
    by: User
    change: Change
    items: Mapping[UUID, Mapping[UUID, ConsensusItem]]
    decisions: Mapping[UUID, list[Decision]]
    kept: Mapping[UUID, KeptRuling]
    allowed: frozenset[str]
    own: set[UUID]
    spoken: set[UUID]
    results: dict[str, Result] = field(default_factory=dict)
    rulings: list[KeptRuling] = field(default_factory=list)
    fresh: list[Checked] = field(default_factory=list)
    again: list[Checked] = field(default_factory=list)

    def say(self, ids: Sequence[UUID], state: str, code: str = "", detail: str = "") -> None:
        for pk in ids:
            self.results[str(pk)] = Result(str(pk), state, code, detail)

    def refuse(self, ids: Sequence[UUID], problem: Problem) -> None:
        self.say(ids, "refused", problem.code, str(problem.detail))


def rule_on_items(
    campaign: Campaign,
    ids: Sequence[UUID],
    *,
    request: UUID,
    verdict: str,
    concept: UUID | None,
    reason: str,
    by: User,
) -> BulkReview:
    """Rule alike on merged items that wait and on decisions that stand, each by its id; what became of each is kept.

    The same request again changes nothing and answers the same; with other content it is a `Conflict`. What cannot
    be done is refused by itself, and the others are done: one's own task (`own-task`), what somebody decided
    meanwhile (`already-decided`) or is deciding now (`busy`), what was merged anew (`stale-item`). Raises `Invalid`
    for a rejection without a reason and for a label that the campaign does not offer. A constant number of
    statements, three more for every known answer that is decided anew.
    """
    refuse_archived(campaign)
    label = label_of_bulk(campaign, verdict, concept)
    if verdict == Decision.Verdict.REJECTED and not reason.strip():
        raise Invalid(
            _("Say why: the reason stands with every one of them."), pointer="/reason", code="no-reason"
        )
    wanted = {"items": sorted({str(pk) for pk in ids})}
    asked = BulkReview(
        id=request, campaign=campaign, verdict=verdict, concept=label, wanted=wanted, reason=reason, foreseen=0, by=by
    )  # fmt: skip
    with transaction.atomic():
        BulkReview.objects.bulk_create([asked], ignore_conflicts=True)
        # Held: the same request sent twice at once waits here, and then finds what the first has done.
        bulk = BulkReview.objects.select_for_update().get(pk=request)
        if not _is_same(bulk, asked):
            raise Conflict(
                _("Another decision with this id is here already. Give each decision an id of its own."),
                pointer="/id",
                code="id-used",
            )
        if not bulk.told:
            _carry_out(
                campaign, bulk, sorted(set(ids)), Change(verdict, label.pk if label else None, reason), by
            )
    return bulk


def _is_same(one: BulkReview, other: BulkReview) -> bool:
    names = ("campaign_id", "verdict", "concept_id", "wanted", "reason", "by_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _carry_out(campaign: Campaign, bulk: BulkReview, ids: list[UUID], change: Change, by: User) -> None:
    by_task = _tasks_of(campaign, ids)
    locked = lock_tasks(campaign.tasks.filter(pk__in=by_task))
    decisions, kept = decisions_in_force(locked), kept_by(by, locked)
    sitting = _Sitting(
        campaign, bulk, by, change,
        items=items_of(locked),
        decisions=decisions,
        kept=kept,
        allowed=allowed_among(campaign, _named(decisions, kept, change)),
        own=set(Task.objects.filter(answered_by(by), pk__in=[task.pk for task in locked]).values_list("pk", flat=True)),
        spoken=_spoken(campaign, locked, by),
    )  # fmt: skip
    known = {pk for found in by_task.values() for pk in found}
    sitting.refuse([pk for pk in ids if pk not in known], _stale())
    held = {task.pk for task in locked}
    for pk, found in by_task.items():
        if pk not in held:
            sitting.refuse(found, Conflict(_("Somebody is deciding about this one right now."), code="busy"))
    for task in locked:
        try:
            _rule(sitting, task, by_task[task.pk])
        except Problem as problem:
            sitting.refuse(by_task[task.pk], problem)
    _write(sitting, len(by_task))


def _tasks_of(campaign: Campaign, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The tasks of the items and decisions of these ids; two queries."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    items = ConsensusItem.objects.filter(pk__in=ids, consensus__campaign=campaign)
    decisions = Decision.objects.filter(pk__in=ids, task__campaign=campaign)
    for pk, task in (*items.values_list("pk", "consensus__task"), *decisions.values_list("pk", "task")):
        found[task].append(pk)
    return dict(found)


def _named(
    decisions: Mapping[UUID, Sequence[Decision]], kept: Mapping[UUID, KeptRuling], change: Change
) -> set[UUID]:
    """The concepts that may come to stand by this: the new label, those kept, those decided."""
    named = {row.concept_id for row in kept.values() if row.concept_id}
    results = [row.result for rows in decisions.values() for row in rows if row.result]
    named |= {link.concept_id for result in results for link in result.concept_links.all()}
    return named | ({change.concept} if change.concept else set())


def _spoken(campaign: Campaign, tasks: Sequence[Task], by: User) -> set[UUID]:
    if campaign.reviews < 2:
        return set()
    return set(opinions_in_force(tasks).filter(by=by).values_list("task", flat=True))


def _stale() -> Conflict:
    return Conflict(_("The merged answer has changed since you saw it."), code="stale-item")


def _rule(sitting: _Sitting, task: Task, ids: list[UUID]) -> None:
    """What comes of the chosen items of one task; raises `Problem` for all of them."""
    if task.pk in sitting.own:
        raise Conflict(_("You answered this one yourself: somebody else decides about it."), code="own-task")
    if task.state == Task.State.DECIDED:
        _rule_again(sitting, task, ids)
        return
    if task.state != Task.State.RETIRED:
        raise _stale()
    if task.pk in sitting.spoken:
        raise Conflict(
            _("You have decided about this one. It waits for another reviewer."), code="already-reviewed"
        )
    items = sitting.items[task.pk]
    meant = [pk for pk in ids if pk in items]
    if any(item.consensus.outdated_at for item in items.values()):
        raise _stale()
    sitting.refuse([pk for pk in ids if pk not in items], _stale())
    if sitting.change.verdict == Decision.Verdict.ACCEPTED:
        bare = [pk for pk in meant if is_undecided(items[pk])]
        detail = _("No label has a majority here. Choose one, or reject it.")
        sitting.say(bare, "refused", "label-undecided", detail)
        meant = [pk for pk in meant if pk not in bare]
    _keep_or_decide(sitting, task, meant)


def _keep_or_decide(sitting: _Sitting, task: Task, meant: list[UUID]) -> None:
    items, kept = sitting.items[task.pk], sitting.kept
    if not meant:
        return
    changes = {
        pk: Change(kept[pk].verdict, kept[pk].concept_id, kept[pk].reason) for pk in items if pk in kept
    }
    changes |= dict.fromkeys(meant, sitting.change)
    state = "kept"
    if len(changes) == len(items):
        judgements: list[Judgement] = [changes[pk].of(pk) for pk in items]
        checked = check(task, judgements, items, sitting.allowed)
        sitting.fresh.append((task, checked, uuid4()))
        state = "decided"
    change = sitting.change
    sitting.rulings += [
        KeptRuling(
            item=items[pk], bulk=sitting.bulk, verdict=change.verdict, concept_id=change.concept,
            reason=change.reason, by=sitting.by,
        )
        for pk in meant
    ]  # fmt: skip
    sitting.say(meant, state)


def _rule_again(sitting: _Sitting, task: Task, ids: list[UUID]) -> None:
    standing = sitting.decisions[task.pk]
    in_force = {row.pk for row in standing}
    late = [pk for pk in ids if pk not in in_force]
    sitting.refuse(
        late, Conflict(_("Somebody has decided about this one meanwhile."), code="already-decided")
    )
    meant = [pk for pk in ids if pk in in_force]
    if not meant:
        return
    try:
        if task.campaign.reviews > 1:
            require_may_supersede(task, sitting.by)
        judgements = said_again(standing, sitting.items[task.pk], dict.fromkeys(meant, sitting.change))
        checked = check(task, judgements, sitting.items[task.pk], sitting.allowed)
    except Problem as problem:
        sitting.refuse(meant, problem)
        return
    sitting.again.append((task, checked, uuid4()))
    sitting.say(meant, "decided")


def _write(sitting: _Sitting, asked: int) -> None:
    campaign, by, bulk = sitting.campaign, sitting.by, sitting.bulk
    KeptRuling.objects.bulk_create(sitting.rulings)
    agreed = settle(sitting.fresh, by=by, bulk=bulk) if campaign.reviews > 1 else sitting.fresh
    waiting = {task.pk for task, _rulings, _request in sitting.fresh}
    waiting -= {task.pk for task, _rulings, _request in agreed}
    for pk in waiting:
        spoken = [one for one in sitting.items[pk] if str(one) in sitting.results]
        sitting.say([one for one in spoken if sitting.results[str(one)].state == "decided"], "spoken")
    redone = [task for task, _rulings, _request in sitting.again]
    before = {str(task.pk): str(sitting.decisions[task.pk][0].request) for task in redone}
    withdraw_decisions(redone)
    if agreed or sitting.again:
        record([*agreed, *sitting.again], by=by, bulk=bulk)
    for task in _given(redone):
        follow_decision(task)
    bulk.told = {
        "results": [asdict(one) for _pk, one in sorted(sitting.results.items())],
        "before": before,
    }
    bulk.foreseen, bulk.decided = asked, len(sitting.fresh) + len(sitting.again)
    bulk.save(update_fields=["told", "foreseen", "decided"])


def _given(tasks: Sequence[Task]) -> list[Task]:
    """Those whose answer is known and given out."""
    known = set(Gold.objects.filter(task__in=tasks).values_list("task", flat=True)) if tasks else set()
    return [task for task in tasks if task.pk in known]


def results_of(bulk: BulkReview) -> list[dict[str, Any]]:
    """What became of each item, as it was told first."""
    found: list[dict[str, Any]] = bulk.told.get("results", [])
    return found
