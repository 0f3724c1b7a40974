"""A model of the queue in plain Python, and random histories in which both must agree."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

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

from campaigns.actions import Amendment, amend, claim, join_campaign, release, renew, skip, submit
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task
from campaigns.permissions import get_contribution_for
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
        self.people: list[Participant] = [
            join_campaign(self.campaign, visitor=uuid4().hex) for _ in range(PEOPLE)
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
        if given.assignment is not None:
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
    def amend(self, person: int, task: int) -> None:
        """Another answer changes neither what counts nor who may still come."""
        if self.held.get((person, task)) not in {"counted", "kept"}:
            return
        handed_in = Contribution.objects.get(assignment=self.ids[person, task])
        visitor = self.people[person].visitor
        contribution = get_contribution_for(AnonymousUser(), handed_in.pk, visitor=visitor)
        amend(contribution, Amendment(nothing_here(), handed_in.revision))
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
        for task in range(TASKS):
            assert self.counted(task) + self.live(task) <= OVERLAP
            assert states[task] == ("retired" if self.counted(task) >= OVERLAP else "open")


def test_random_histories(make_campaign: CampaignMaker) -> None:
    Queue.campaign = make_campaign(pages=TASKS, overlap=OVERLAP)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Queue,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
