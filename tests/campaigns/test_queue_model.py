"""A model of the queue in plain Python, and random histories in which both must agree."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
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
from campaigns.actions import claim, release, renew, skip, submit
from campaigns.actions.gold import mark_gold
from campaigns.models import Assignment, Campaign, Participant, Task
from problems import Conflict
from tests.campaigns.conftest import CampaignMaker, nothing_here

PEOPLE, TASKS, OVERLAP = 4, 3, 2
people = st.integers(0, PEOPLE - 1)
tasks = st.integers(0, TASKS - 1)


class Queue(RuleBasedStateMachine):
    """`held[person, task]` is live, expired, released, skipped, counted or kept (handed in without counting)."""

    campaign: Campaign

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

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def counted(self, task: int) -> int:
        return sum(state == "counted" for (_, where), state in self.held.items() if where == task)

    def live(self, task: int, *, but: int | None = None) -> int:
        return sum(
            state == "live" for (who, where), state in self.held.items() if where == task and who != but
        )

    def wanted(self, person: int, task: int) -> bool:
        return self.counted(task) < OVERLAP and self.held.get((person, task), "released") in {
            "released",
            "expired",
        }

    @rule(person=people)
    def claim(self, person: int) -> None:
        possible = {
            task
            for task in range(TASKS)
            if self.wanted(person, task) and self.counted(task) + self.live(task) < OVERLAP
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

    @rule(person=people, task=tasks)
    def submit(self, person: int, task: int) -> None:
        assignment = self._assignment(person, task)
        if assignment is None:
            return
        if self.held[person, task] in {"counted", "kept"}:
            with pytest.raises(Conflict):
                submit(assignment, nothing_here())
            return
        counts = self.counted(task) + self.live(task, but=person) < OVERLAP
        assert submit(assignment, nothing_here()).counts == counts
        self.held[person, task] = "counted" if counts else "kept"

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
        room = self.counted(task) + self.live(task) < OVERLAP
        if self.held[person, task] == "live" or room:
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
            assert self.counted(task) + self.live(task) <= OVERLAP
            assert states[task] == ("retired" if self.counted(task) >= OVERLAP else "open")


def check() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Queue,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_random_histories(make_campaign: CampaignMaker) -> None:
    Queue.campaign = make_campaign(pages=TASKS, overlap=OVERLAP)
    check()


def test_random_histories_among_known_answers(make_campaign: CampaignMaker, owner: User) -> None:
    """Half of what is given out is known, and the queue is the same."""
    campaign = make_campaign(pages=TASKS + 3, overlap=OVERLAP, gold_share=0.5)
    known = campaign.tasks.filter(position__gte=TASKS)
    known.update(state=Task.State.DECIDED)
    assert len(mark_gold(campaign, list(known.values_list("pk", flat=True)), by=owner)) == 3
    Queue.campaign = campaign
    check()
