"""A model of the queue in plain Python, and random histories in which both must agree."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from campaigns.actions import (
    Amendment,
    amend,
    claim,
    configure_campaign,
    release,
    renew,
    skip,
    submit,
)
from campaigns.actions.gold import mark_gold
from campaigns.models import Assignment, Campaign, Contribution, Participant, Retirement, Task
from campaigns.permissions import get_contribution_for
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, nothing_here

PEOPLE, TASKS = 4, 3
people = st.integers(0, PEOPLE - 1)
tasks = st.integers(0, TASKS - 1)


class Queue(RuleBasedStateMachine):
    """`held[person, task]` is live, expired, released, skipped, counted or kept (handed in without counting)."""

    campaign: Campaign
    clef: Concept
    overlap = 2

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        # The same people in every history: whose turn a known answer is follows from who they are.
        self.people: list[Participant] = [
            Participant.objects.create(
                id=UUID(int=number), campaign=self.campaign, visitor=str(number), pseudonym=str(number)
            )
            for number in range(PEOPLE)
        ]
        self.held: dict[tuple[int, int], str] = {}
        self.ids: dict[tuple[int, int], Any] = {}
        self.said: dict[tuple[int, int], bool] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def counted(self, task: int) -> int:
        return sum(state == "counted" for (_, where), state in self.held.items() if where == task)

    def live(self, task: int, *, but: int | None = None) -> int:
        return sum(
            state == "live" for (who, where), state in self.held.items() if where == task and who != but
        )

    def enough(self, task: int) -> bool:
        return self.counted(task) >= self.overlap

    def wanted(self, person: int, task: int) -> bool:
        return not self.enough(task) and self.held.get((person, task), "released") in {
            "released",
            "expired",
        }

    @rule(person=people)
    def claim(self, person: int) -> None:
        possible = {
            task
            for task in range(TASKS)
            if self.wanted(person, task) and self.counted(task) + self.live(task) < self.overlap
        }
        given = claim(self.campaign, self.people[person])
        if given.assignment is not None and given.assignment.seeded:
            assert possible  # a known answer stands in for a task that could be had
            assert not submit(given.assignment, nothing_here()).counts
        elif given.assignment is not None:
            task = given.assignment.task.position
            assert task in possible
            self.held[person, task] = "live"
            self.ids[person, task] = given.assignment.pk
        else:
            assert possible == set()
            left = any(self.wanted(person, task) for task in range(TASKS))
            assert given.reason == ("all_leased" if left else "nothing_left")

    def _assignment(self, person: int, task: int) -> Assignment | None:
        pk = self.ids.get((person, task))
        if pk is None:
            return None
        return Assignment.objects.select_related("task__campaign__vocabulary", "participant").get(pk=pk)

    @rule(person=people, task=tasks, nothing=st.booleans())
    def submit(self, person: int, task: int, nothing: bool) -> None:
        answer = nothing_here() if nothing else boxes((10, 10, 40, 80), concept=self.clef)
        assignment = self._assignment(person, task)
        if assignment is None:
            return
        if self.held[person, task] in {"counted", "kept"}:
            with pytest.raises(Conflict):
                submit(assignment, answer)
            return
        room = self.counted(task) + self.live(task, but=person) < self.overlap
        counts = room and not self.enough(task)
        assert submit(assignment, answer).counts == counts
        self.held[person, task] = "counted" if counts else "kept"
        self.said[person, task] = nothing

    @rule(person=people, task=tasks, nothing=st.booleans())
    def amend(self, person: int, task: int, nothing: bool) -> None:
        """Another answer changes nothing about what counts; only who agrees with whom."""
        if self.held.get((person, task)) not in {"counted", "kept"}:
            return
        handed_in = Contribution.objects.get(assignment=self.ids[person, task])
        visitor = self.people[person].visitor
        contribution = get_contribution_for(AnonymousUser(), handed_in.pk, visitor=visitor)
        answer = nothing_here() if nothing else boxes((10, 10, 40, 80), concept=self.clef)
        amend(contribution, Amendment(answer, handed_in.revision))
        self.said[person, task] = nothing
        assert Contribution.objects.get(pk=handed_in.pk).revision == handed_in.revision + 1

    @rule(person=people, task=tasks)
    def release(self, person: int, task: int) -> None:
        assignment = self._assignment(person, task)
        if assignment is not None and self.held[person, task] in {"live", "expired", "released"}:
            release(assignment)
            self.held[person, task] = "released"

    @rule(person=people, task=tasks)
    def skip(self, person: int, task: int) -> None:
        assignment = self._assignment(person, task)
        if assignment is not None and self.held[person, task] not in {"counted", "kept"}:
            skip(assignment)
            self.held[person, task] = "skipped"

    @rule(person=people, task=tasks)
    def renew(self, person: int, task: int) -> None:
        assignment = self._assignment(person, task)
        if assignment is None or self.held[person, task] not in {"live", "expired"}:
            return
        room = self.counted(task) + self.live(task) < self.overlap
        if not self.enough(task) and (self.held[person, task] == "live" or room):
            renew(assignment)
            self.held[person, task] = "live"
        else:
            with pytest.raises(Conflict):
                renew(assignment)

    @precondition(lambda self: "live" in self.held.values())
    @rule(person=people, task=tasks)
    def time_passes(self, person: int, task: int) -> None:
        if self.held.get((person, task)) == "live":
            past = timezone.now() - timedelta(seconds=1)
            Assignment.objects.filter(pk=self.ids[person, task]).update(expires_at=past)
            self.held[person, task] = "expired"

    @invariant()
    def nothing_is_exceeded_and_states_follow(self) -> None:
        states = dict(Task.objects.filter(campaign=self.campaign).values_list("position", "state"))
        assert all(states.pop(place) == "decided" for place in states.copy() if place >= TASKS)
        for task in range(TASKS):
            assert self.counted(task) + self.live(task) <= self.overlap
            assert states[task] == ("retired" if self.enough(task) else "open")
        reasons = Retirement.objects.filter(superseded_at=None).values_list("task__position", flat=True)
        assert sorted(reasons) == [task for task in range(TASKS) if self.enough(task)]


class AgreeingQueue(Queue):
    """Two who agree are enough, when the rule says so; the rule is changed at any moment."""

    overlap = 3

    def __init__(self) -> None:
        super().__init__()
        self.two_are_enough = True

    def enough(self, task: int) -> bool:
        counted = [who for (who, where), state in self.held.items() if where == task and state == "counted"]
        alike = Counter(self.said[who, task] for who in counted)
        return super().enough(task) or (self.two_are_enough and max(alike.values(), default=0) >= 2)

    @rule()
    def another_rule(self) -> None:
        self.two_are_enough = not self.two_are_enough
        rule = [{"rule": "agreement", "people": 2}] if self.two_are_enough else []
        configure_campaign(self.campaign, {"retirement": rule}, by=self.campaign.created_by)


def check(queue: type[Queue], campaign: Campaign, clef: Callable[[str], Concept]) -> None:
    queue.campaign, queue.clef = campaign, clef("G")
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        queue,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_random_histories(make_campaign: CampaignMaker, clef: Callable[[str], Concept]) -> None:
    check(Queue, make_campaign(pages=TASKS, overlap=Queue.overlap), clef)


def test_random_histories_where_two_may_be_enough(
    make_campaign: CampaignMaker, clef: Callable[[str], Concept]
) -> None:
    rule = [{"rule": "agreement", "people": 2}]
    check(AgreeingQueue, make_campaign(pages=TASKS, overlap=AgreeingQueue.overlap, retirement=rule), clef)


def test_random_histories_among_known_answers(
    make_campaign: CampaignMaker, clef: Callable[[str], Concept], owner: User
) -> None:
    """Half of what is given out is known, and the queue is the same."""
    campaign = make_campaign(pages=TASKS + 3, overlap=Queue.overlap, gold_share=0.5)
    known = campaign.tasks.filter(position__gte=TASKS)
    known.update(state=Task.State.DECIDED)
    assert len(mark_gold(campaign, list(known.values_list("pk", flat=True)), by=owner)) == 3
    check(Queue, campaign, clef)
