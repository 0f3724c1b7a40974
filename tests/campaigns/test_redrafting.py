"""The unfinished change of an answer: on the server while it is made, and gone once it is settled."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import Amendment, amend, claim, close_campaign, join_campaign, submit
from campaigns.actions.drafting import KEPT_CHANGING_FOR, DraftChange, forget_old_drafts
from campaigns.actions.leaving import erase_visitor
from campaigns.actions.redrafting import keep_change
from campaigns.actions.review import record
from campaigns.models import Assignment, Campaign, Contribution, Draft, Task
from problems import Conflict
from tests.campaigns.conftest import nothing_here

BODY = {"answer": {"shapes": [], "comment": "ça"}}


@pytest.fixture
def answer(campaign: Campaign, contributor: User) -> Contribution:
    lease = claim(campaign, join_campaign(campaign, user=contributor)).assignment
    assert lease is not None
    submit(lease, nothing_here())
    return Contribution.objects.get()


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


def url(answer: Contribution) -> str:
    return reverse("api-change-draft", args=[answer.pk])


def put(client: APIClient, answer: Contribution, sequence: object = 1, **more: Any) -> Any:
    sent = {"sequence": sequence, "writer": "here", "based_on": 1, "body": BODY, **more}
    return client.put(url(answer), sent, format="json")


def code(response: Any) -> tuple[int, str | None]:
    return response.status_code, response.json()["code"] if response.content else None


def amended(answer: Contribution, based_on: int = 1) -> None:
    again = Contribution.objects.select_related("assignment__task__campaign", "participant").get(pk=answer.pk)
    amend(again, Amendment(nothing_here(), based_on))


def decided(answer: Contribution, owner: User) -> None:
    task = Task.objects.select_related("campaign", "canvas").get(pk=answer.task_id)
    record([(task, [], uuid4())], by=owner)


def test_it_comes_back_in_another_browser(carl: APIClient, answer: Contribution) -> None:
    assert carl.get(url(answer)).status_code == 204
    assert put(carl, answer, 1).status_code == 204
    found = carl.get(url(answer)).json()
    assert {**found, "changed_at": None} == {
        "sequence": 1, "writer": "here", "body": BODY, "based_on": 1, "changed_at": None,
    }  # fmt: skip
    answer.refresh_from_db()
    assert answer.revision == 1  # what was handed in stands meanwhile


def test_the_newest_stands_and_a_retry_changes_nothing(carl: APIClient, answer: Contribution) -> None:
    assert put(carl, answer, 3).status_code == 204
    assert put(carl, answer, 3).status_code == 204
    for late in (put(carl, answer, 2), put(carl, answer, 3, writer="there")):
        assert code(late) == (409, "draft-overtaken")
        assert late.json()["present"]["sequence"] == 3
    assert put(carl, answer, 4, writer="there").status_code == 204


@pytest.mark.parametrize(
    "sent", [{"sequence": 0}, {"based_on": 0}, {"based_on": 2**31}, {"based_on": None}, {"body": []}]
)
def test_what_is_no_draft_is_refused(carl: APIClient, answer: Contribution, sent: dict[str, Any]) -> None:
    assert put(carl, answer, **{"sequence": 1, **sent}).status_code == 422
    assert not Draft.objects.exists()


def test_it_goes_when_the_change_is_handed_in_and_does_not_come_back(
    carl: APIClient, answer: Contribution
) -> None:
    put(carl, answer, 7)
    amended(answer)
    assert not Draft.objects.exists()
    late = put(carl, answer, 8)
    assert code(late) == (409, "changed-meanwhile")
    assert not Draft.objects.exists()
    # The next change counts from the beginning.
    assert put(carl, answer, 1, based_on=2).status_code == 204


def test_one_that_builds_upon_what_is_still_under_way_waits(carl: APIClient, answer: Contribution) -> None:
    assert code(put(carl, answer, based_on=2)) == (409, "not-there-yet")
    amended(answer)
    assert put(carl, answer, based_on=2).status_code == 204


def test_of_a_change_before_this_one_nothing_is_shown(carl: APIClient, answer: Contribution) -> None:
    put(carl, answer, 7)
    Contribution.objects.update(revision=2)
    assert carl.get(url(answer)).status_code == 204
    assert put(carl, answer, 1, based_on=2).status_code == 204  # and it hinders nothing


def test_it_goes_when_the_answer_is_decided(carl: APIClient, answer: Contribution, owner: User) -> None:
    put(carl, answer)
    decided(answer, owner)
    assert not Draft.objects.exists()
    assert code(put(carl, answer, 2)) == (409, "decided")
    assert carl.get(url(answer)).status_code == 204


def test_whether_an_answer_was_known_is_not_told(carl: APIClient, answer: Contribution, owner: User) -> None:
    Assignment.objects.update(seeded=True)
    put(carl, answer)
    decided(answer, owner)
    assert put(carl, answer, 2).status_code == 204
    assert carl.get(url(answer)).json()["sequence"] == 2
    assert forget_old_drafts() == 0


def test_it_goes_with_the_campaign(
    carl: APIClient, answer: Contribution, campaign: Campaign, owner: User
) -> None:
    put(carl, answer)
    close_campaign(campaign, by=owner)
    assert code(put(carl, answer, 2)) == (409, "campaign-closed")
    assert carl.get(url(answer)).status_code == 204
    assert forget_old_drafts() == 1


def test_it_is_forgotten_a_week_after_the_last_change(carl: APIClient, answer: Contribution) -> None:
    put(carl, answer)
    Assignment.objects.update(expires_at=timezone.now() - timedelta(days=30))
    assert forget_old_drafts() == 0  # what was handed in has no lease that ends
    Draft.objects.update(changed_at=timezone.now() - KEPT_CHANGING_FOR - timedelta(minutes=1))
    assert forget_old_drafts() == 1


def test_what_is_left_as_it_stands_has_none(carl: APIClient, answer: Contribution) -> None:
    put(carl, answer)
    for _again in range(2):
        assert carl.delete(url(answer)).status_code == 204
    assert not Draft.objects.exists()


def test_nobody_else_sees_it(api: APIClient, answer: Contribution, owner: User, stranger: User) -> None:
    keep_change(answer, DraftChange(1, "here", BODY), based_on=1)
    for person in (owner, stranger):
        api.force_authenticate(person)
        assert [api.get(url(answer)).status_code, put(api, answer, 2).status_code] == [404, 404]
        assert api.delete(url(answer)).status_code == 404
    api.force_authenticate(None)
    assert api.get(url(answer)).status_code == 401


def test_a_lease_knows_nothing_of_it(carl: APIClient, answer: Contribution) -> None:
    put(carl, answer)
    of_lease = reverse("api-draft", args=[answer.assignment_id])
    assert carl.get(of_lease).status_code == 204
    late = carl.put(of_lease, {"sequence": 9, "writer": "here", "body": BODY}, format="json")
    assert code(late) == (409, "lease-over")


def test_it_goes_with_the_visitor(campaign: Campaign) -> None:
    lease = claim(campaign, join_campaign(campaign, visitor="v" * 64)).assignment
    assert lease is not None
    submit(lease, nothing_here())
    keep_change(Contribution.objects.get(), DraftChange(1, "here", BODY), based_on=1)
    erase_visitor("v" * 64, keep_comments=True)
    assert not Draft.objects.exists()


def test_with_a_decision_in_between_it_is_refused(answer: Contribution, owner: User) -> None:
    decided(answer, owner)
    again = Contribution.objects.select_related("assignment__task__campaign").get(pk=answer.pk)
    with pytest.raises(Conflict):
        keep_change(again, DraftChange(1, "here", BODY), based_on=1)
