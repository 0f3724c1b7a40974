"""What a reviewer has begun to decide: on the server for them alone, and gone once it is decided."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import claim, join_campaign, submit
from campaigns.actions.drafting import LARGEST
from campaigns.actions.review_drafts import KEPT_FOR, forget_old_review_drafts
from campaigns.models import Campaign, ReviewDraft, Task
from tests.campaigns.conftest import boxes
from tests.campaigns.outcomes import accept_all, merge

BODY = {"rulings": {"x": {"verdict": "rejected", "reason": "ça"}}}


@pytest.fixture
def task(campaign: Campaign, clef: Any) -> Task:
    for name in ("one", "two", "three")[: campaign.overlap]:
        given = claim(campaign, join_campaign(campaign, visitor=name)).assignment
        assert given is not None
        submit(given, boxes((10, 10, 20, 20), concept=clef("G")))
    merge(campaign)
    return campaign.tasks.filter(state=Task.State.RETIRED)[0]


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


def url(task: Task, slug: str | None = None) -> str:
    return reverse("api-review-draft", args=[slug or task.campaign.slug, task.pk])


def put(client: APIClient, task: Task, sequence: object = 1, **more: Any) -> Any:
    sent = {"sequence": sequence, "writer": "here", "body": BODY, **more}
    return client.put(url(task), sent, format="json")


def test_it_comes_back_in_another_browser(olga: APIClient, task: Task) -> None:
    assert olga.get(url(task)).status_code == 204
    assert put(olga, task).status_code == 204
    found = olga.get(url(task)).json()
    assert (found["sequence"], found["body"]) == (1, BODY)


def test_the_newest_stands_and_a_retry_changes_nothing(olga: APIClient, task: Task) -> None:
    assert put(olga, task, 3).status_code == 204
    assert put(olga, task, 3).status_code == 204
    for late in (put(olga, task, 2), put(olga, task, 3, writer="there")):
        assert (late.status_code, late.json()["code"]) == (409, "draft-overtaken")
        assert late.json()["present"]["sequence"] == 3
    assert put(olga, task, 4, writer="there").status_code == 204


def test_it_goes_when_it_is_decided_and_others_keep_theirs(
    olga: APIClient, task: Task, owner: User, contributor: User
) -> None:
    put(olga, task)
    other = {"sequence": 1, "writer": "x", "body": {}, "changed_at": timezone.now()}
    ReviewDraft.objects.create(task=task, by=contributor, **other)
    accept_all(task.campaign, task, owner)
    assert [row.by for row in ReviewDraft.objects.all()] == [contributor]


def test_it_can_be_dropped(olga: APIClient, task: Task) -> None:
    put(olga, task)
    for _again in range(2):
        assert olga.delete(url(task)).status_code == 204
    assert not ReviewDraft.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"sequence": 0}, 422), ({"body": []}, 422), ({"body": {"x": "x" * LARGEST}}, 413)],
)
def test_what_is_no_draft_is_refused(olga: APIClient, task: Task, sent: dict[str, Any], status: int) -> None:
    assert put(olga, task, **{"sequence": 1, **sent}).status_code == status
    assert not ReviewDraft.objects.exists()


def test_of_another_campaign_there_is_none(olga: APIClient, task: Task, make_campaign: Any) -> None:
    make_campaign("elsewhere", pages=1)
    sent = {"sequence": 1, "writer": "here", "body": BODY}
    assert olga.put(url(task, "elsewhere"), sent, format="json").status_code == 404
    nowhere = reverse("api-review-draft", args=[task.campaign.slug, uuid4()])
    assert olga.put(nowhere, sent, format="json").status_code == 404


def test_it_is_forgotten_when_nobody_goes_on(olga: APIClient, task: Task) -> None:
    put(olga, task)
    assert forget_old_review_drafts() == 0
    ReviewDraft.objects.update(changed_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert forget_old_review_drafts() == 1
