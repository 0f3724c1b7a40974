"""What somebody did as a visitor becomes their own when they have signed in and ask for it; nothing counts twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.consensus import request_consensus
from campaigns.actions.locking import hold_merged, hold_tasks
from campaigns.actions.participants import name_for
from campaigns.actions.retiring import settle_held
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task, TaskConsensus
from problems import Conflict

# A try fails only when the same person does something else at that very moment; the next one sees it.
TRIES = 10
_State = Assignment.State


@dataclass(frozen=True, slots=True)
class Adopted:
    """So many campaigns and images (what was handed in) taken over; `twice`: images that the user had done already."""

    campaigns: int = 0
    images: int = 0
    twice: int = 0


class _Meanwhile(Exception):
    """What is being taken over has changed since it was read."""


def adopt_visits(user: User, visitor: str, *, public_name: bool = False) -> Adopted:
    """Make the work of a visitor (SHA-256 of the cookie's secret) a user's, in all campaigns; harmless to repeat.

    Where the user took no part yet, the visitor's participation becomes theirs, under its made-up name or, by
    `public_name`, under that of the user. Elsewhere leases and answers move to the user's own participation. Of a task
    that was done twice the answer that counts and came first is the user's; the other one stays with what is left of
    the visitor, counts no longer, and the task is settled anew unless it is decided. Annotations that are there keep
    their creator. The caller has checked that whoever asks holds the cookie.

    In one transaction. Locks: the user, the tasks that the visitor holds or did, then both participations: an answer
    that is on its way either comes before or finds whose it is now.
    """
    if not visitor:
        return Adopted()
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _adopt(user, visitor, public_name=public_name)
        except (_Meanwhile, IntegrityError):
            continue
    raise Conflict(
        _("Something of this work is being changed just now. Try again in a moment."),
        code="changed-meanwhile",
    )


def _adopt(user: User, visitor: str, *, public_name: bool) -> Adopted:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    held = _hold_tasks(visitor)
    rows = Participant.objects.select_for_update().filter(Q(visitor=visitor) | Q(user=user)).order_by("pk")
    people = list(rows)
    visits = [one for one in people if one.visitor == visitor]
    if not visits:
        return Adopted()
    if Assignment.objects.filter(participant__in=visits).exclude(task__in=held).exists():
        raise _Meanwhile
    images = Contribution.objects.filter(participant__in=visits).count()
    own = {one.campaign_id: one for one in people if one.user_id == user.pk}
    _hand_over([one for one in visits if one.campaign_id not in own], user, public_name=public_name)
    twice = _merge([(one, own[one.campaign_id]) for one in visits if one.campaign_id in own], held)
    return Adopted(len(visits), images, twice)


def _hold_tasks(visitor: str) -> list[UUID]:
    """Lock what the visitor was ever given."""
    given = Assignment.objects.filter(participant__visitor=visitor).values("task")
    return hold_tasks(Task.objects.filter(pk__in=given))


# --- where the user took no part yet --------------------------------------------------------------


def _hand_over(visits: Sequence[Participant], user: User, *, public_name: bool) -> None:
    taken: dict[int, set[str]] = defaultdict(set)
    if public_name:
        named = Participant.objects.filter(
            campaign__in=[one.campaign_id for one in visits], pseudonym__startswith=name_for(user, 0)
        )
        for campaign, name in named.values_list("campaign", "pseudonym"):
            taken[campaign].add(name)
    for one in visits:
        one.user, one.visitor = user, ""
        if public_name:
            one.pseudonym = next(_names(user, taken[one.campaign_id]))
    Participant.objects.bulk_update(visits, ["user", "visitor", "pseudonym"])


def _names(user: User, taken: Collection[str]) -> Iterator[str]:
    return (name for name in (name_for(user, attempt) for attempt in count()) if name not in taken)


# --- where the user took part already -------------------------------------------------------------


_FIRST = list(map(str, (_State.SUBMITTED, _State.LIVE, _State.SKIPPED, _State.RELEASED)))


class _Lease(NamedTuple):
    """An assignment, with what was handed in for it (None: nothing)."""

    pk: UUID
    task: UUID
    participant: UUID
    state: str
    created_at: datetime
    contribution: UUID | None
    counts: bool | None
    submitted_at: datetime | None

    @property
    def rank(self) -> tuple[object, ...]:
        """The least of a task's is the user's: what counts, what was handed in first, what is being worked on."""
        return (
            not self.counts,
            self.contribution is None,
            _FIRST.index(self.state),
            self.submitted_at or self.created_at,
            self.pk,
        )


def _merge(pairs: Sequence[tuple[Participant, Participant]], held: Sequence[UUID]) -> int:
    """Move what visitors have to participations of the same campaigns; how many tasks both had handed in."""
    if not pairs:
        return 0
    both = _had_by_both([one for pair in pairs for one in pair], held)
    seconds = [max(leases, key=lambda one: one.rank) for leases in both]
    _move(pairs, seconds)
    _follow(pairs, held)
    _uncount([one.pk for one in seconds])
    return sum(all(one.contribution for one in leases) for leases in both)


def _had_by_both(people: Sequence[Participant], held: Sequence[UUID]) -> list[tuple[_Lease, ...]]:
    rows = Assignment.objects.filter(participant__in=people, task__in=held).values_list(
        "pk", "task", "participant", "state", "created_at",
        "contribution", "contribution__counts", "contribution__submitted_at",
    )  # fmt: skip
    by_task: dict[UUID, list[_Lease]] = defaultdict(list)
    for row in rows:
        by_task[row[1]].append(_Lease(*row))
    return [tuple(leases) for leases in by_task.values() if len(leases) > 1]


def _move(pairs: Sequence[tuple[Participant, Participant]], seconds: Iterable[_Lease]) -> None:
    """Leases of the visitor to the user, all but the second ones; second ones of the user to the visitor.

    Nobody has a task twice at any moment, so what changes places waits with a participant made for that.
    """
    visits = [visit for visit, _own in pairs]
    _leave(pairs)
    of_visits = {visit.pk for visit in visits}
    left = [one.pk for one in seconds if one.participant in of_visits]
    changing: dict[UUID, list[UUID]] = defaultdict(list)
    for one in seconds:
        if one.participant not in of_visits:
            changing[one.participant].append(one.pk)
    back = {visit.pk: changing[own.pk] for visit, own in pairs if own.pk in changing}
    waiting = _aside(visits[0].campaign_id, back)
    whose = Participant.objects.filter(pk=OuterRef("participant")).values("merged_into")
    moving = Assignment.objects.filter(participant__in=visits).exclude(pk__in=left)
    moving.update(participant=Subquery(whose))
    if waiting is not None:
        cases = [When(pk__in=leases, then=Value(visit)) for visit, leases in back.items()]
        Assignment.objects.filter(participant=waiting).update(participant=Case(*cases))
        Participant.objects.filter(pk=waiting.pk).delete()


def _leave(pairs: Sequence[tuple[Participant, Participant]]) -> None:
    """Say on the visitor's participations whose they have become, and let the user be as qualified."""
    for visit, own in pairs:
        visit.visitor, visit.merged_into = "", own
        lapses = [one.lapsed_at for one in (visit, own) if one.lapsed_at is not None]
        passed = [one.qualified_at for one in (visit, own) if one.qualified_at is not None]
        own.lapsed_at = max(lapses, default=None)
        # What was passed before the last lapse is passed no longer.
        own.qualified_at = min((at for at in passed if not lapses or at > max(lapses)), default=None)
    Participant.objects.bulk_update([visit for visit, _own in pairs], ["visitor", "merged_into"])
    Participant.objects.bulk_update([own for _visit, own in pairs], ["qualified_at", "lapsed_at"])


def _aside(campaign_id: int, back: Mapping[UUID, Sequence[UUID]]) -> Participant | None:
    if not back:
        return None
    waiting = Participant.objects.create(campaign_id=campaign_id, pseudonym=str(uuid4()))
    leases = [pk for some in back.values() for pk in some]
    Assignment.objects.filter(pk__in=leases).update(participant=waiting)
    return waiting


def _follow(pairs: Sequence[tuple[Participant, Participant]], held: Sequence[UUID]) -> None:
    """Answers belong to whom their leases belong to."""
    people = [one for pair in pairs for one in pair]
    whose = Assignment.objects.filter(pk=OuterRef("assignment")).values("participant")
    moved = Contribution.objects.filter(participant__in=people, task__in=held)
    moved.exclude(assignment__participant=F("participant")).update(participant=Subquery(whose))


def _uncount(seconds: Sequence[UUID]) -> None:
    """A task once a person: second leases end, second answers no longer count, and what followed is settled."""
    Assignment.objects.filter(pk__in=seconds, state=_State.LIVE).update(state=_State.RELEASED)
    counted = Contribution.objects.filter(assignment__in=seconds, counts=True)
    tasks = list(counted.values_list("task", flat=True))
    counted.update(counts=False)
    by_campaign: dict[int, list[UUID]] = defaultdict(list)
    # Two reports by one person are one from now on.
    twice = Assignment.objects.filter(pk__in=seconds).values("task")
    changed = Q(pk__in=tasks) | Q(pk__in=twice, state=Task.State.ASIDE)
    undecided = Task.objects.filter(changed).exclude(state=Task.State.DECIDED)
    # What has been put away stays as it is; a merge that is made when it is brought back sees the difference.
    undecided = undecided.exclude(campaign__status=Campaign.Status.ARCHIVED)
    for campaign_id, task in undecided.values_list("campaign", "pk"):
        by_campaign[campaign_id].append(task)
    for campaign in Campaign.objects.select_related("vocabulary").filter(pk__in=by_campaign).order_by("pk"):
        _settle(campaign, by_campaign[campaign.pk])


def _settle(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    """Whether enough people have seen these tasks may be another matter now; nobody decides on the old merge."""
    merged = TaskConsensus.objects.filter(task__in=tasks)
    hold_merged(merged)
    merged.update(outdated_at=Now())
    settle_held(campaign, tasks)
    if Task.objects.filter(pk__in=tasks, state=Task.State.RETIRED).exists():
        request_consensus(campaign)
