"""Nobody judges their own work: a task that a reviewer answered waits for somebody else."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role, claim, join_campaign, submit
from campaigns.actions.assignments import skip
from campaigns.actions.review import decide
from campaigns.actions.sweeping import accept_agreeing
from campaigns.actions.visits import adopt_visits
from campaigns.api.outcomes.review import next_review
from campaigns.models import Campaign, Decision, Participant
from campaigns.reviewing import Waiting, review_queue, waiting_for
from problems import Refused
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import accept_all, answer, merge, task_at

VISITOR = "a" * 64


def work_on(campaign: Campaign, person: Participant, *positions: int) -> None:
    """The participant answers what stands at these positions, and skips the rest."""
    while (given := claim(campaign, person).assignment) is not None:
        if given.task.position in positions:
            submit(given, nothing_here())
        else:
            skip(given)


@pytest.fixture
def reviewed(make_campaign: CampaignMaker, owner: User, reviewer: User) -> Campaign:
    """Three tasks of two answers each; Rosa, who reviews, answered the first as herself and the second as a visitor."""
    campaign = make_campaign(pages=3, overlap=2, allows_anonymous=True)
    assign_role(campaign, reviewer, Role.REVIEWER, by=owner)
    work_on(campaign, join_campaign(campaign, user=reviewer), 0)
    work_on(campaign, join_campaign(campaign, visitor=VISITOR), 1)
    answer(campaign, {0: [nothing_here()], 1: [nothing_here()], 2: [nothing_here()] * 1})
    answer(campaign, {2: [nothing_here()]})
    adopt_visits(reviewer, VISITOR)
    merge(campaign)
    return campaign


def test_the_queue_leaves_out_ones_own(reviewed: Campaign, owner: User, reviewer: User) -> None:
    assert [task.position for task in review_queue(reviewed, by=reviewer)] == [2]
    assert review_queue(reviewed, by=owner).count() == 3
    assert waiting_for(reviewed, by=reviewer) == Waiting(theirs=1, own=2)
    assert waiting_for(reviewed, by=owner) == Waiting(theirs=3, own=0)
    shown = next_review(reviewed, by=reviewer)
    assert (shown["task"]["id"], shown["remaining"], shown["own"]) == (task_at(reviewed, 2).pk, 1, 2)


@pytest.mark.parametrize("position", [0, 1])
def test_ones_own_cannot_be_decided(reviewed: Campaign, reviewer: User, position: int) -> None:
    with pytest.raises(Refused) as refused:
        accept_all(reviewed, task_at(reviewed, position), reviewer)
    assert (refused.value.status, refused.value.code) == (403, "own-task")
    assert not Decision.objects.exists()


def test_nor_again_once_it_is_decided(reviewed: Campaign, owner: User, reviewer: User) -> None:
    accept_all(reviewed, task_at(reviewed), owner)
    with pytest.raises(Refused):
        decide(reviewed, task_at(reviewed).pk, [], request=uuid4(), by=reviewer, supersede=True)


def test_nor_together_with_others(reviewed: Campaign, owner: User, reviewer: User) -> None:
    assert accept_agreeing(reviewed, at_most=1, by=reviewer) == 1
    assert sorted(task.position for task in review_queue(reviewed)) == [0, 1]
    assert accept_agreeing(reviewed, at_most=1, by=owner) == 2


def test_over_rest(reviewed: Campaign, reviewer: User, api: APIClient) -> None:
    api.force_authenticate(reviewer)
    body = {"id": str(uuid4()), "task": str(task_at(reviewed).pk), "items": []}
    answered = api.post(f"/api/v1/campaigns/{reviewed.slug}/decisions/", body, format="json")
    assert (answered.status_code, answered.json()["code"]) == (403, "own-task")
    assert "yourself" in answered.json()["detail"]
    body["task"] = str(task_at(reviewed, 2).pk)
    answered = api.post(f"/api/v1/campaigns/{reviewed.slug}/decisions/", body, format="json")
    assert (answered.status_code, answered.json()["remaining"]) == (201, 0)


def test_the_dashboard_names_another_reviewer(reviewed: Campaign, reviewer: User, client: Client) -> None:
    client.force_login(reviewer)
    address = f"/campaigns/{reviewed.slug}/dashboard/"
    assert "2 more that you answered yourself" in client.get(address).content.decode()
    accept_agreeing(reviewed, at_most=1, by=reviewer)
    page = client.get(address).content.decode()
    assert 'data-next="another"' in page
    assert "another reviewer has to decide" in page
    assert "role of reviewer" not in page  # who only reviews gives nobody a role
    french: Any = client.get(address, headers={"accept-language": "fr"})
    assert "autre personne" in french.content.decode()
