"""Drafts on the server: the newest of one's own, for no longer than somebody will go on with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import claim, join_campaign, release, skip, submit
from campaigns.actions.drafting import KEPT_FOR, LARGEST, DraftChange, forget_old_drafts, keep_draft
from campaigns.actions.leaving import erase_visitor
from campaigns.models import Assignment, Campaign, Contribution, Draft
from problems import Conflict
from tests.campaigns.conftest import in_threads, nothing_here
from tests.races import until, waiting

BODY = {"answer": {"shapes": [{"box": [1, 2, 3.25, 4]}], "comment": "ça"}, "hand": {"sketch": [[1, 2]]}}


@pytest.fixture
def lease(campaign: Campaign, contributor: User) -> Assignment:
    given = claim(campaign, join_campaign(campaign, user=contributor)).assignment
    assert given is not None
    return given


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


def put(client: APIClient, lease: Assignment, sequence: object, *, writer: str = "here", **more: Any) -> Any:
    sent = {"sequence": sequence, "writer": writer, "body": BODY, **more}
    return client.put(reverse("api-draft", args=[lease.pk]), sent, format="json")


def read(client: APIClient, lease: Assignment) -> Any:
    return client.get(reverse("api-draft", args=[lease.pk]))


def test_a_draft_comes_back_as_it_was(carl: APIClient, lease: Assignment) -> None:
    assert read(carl, lease).status_code == 204
    with CaptureQueriesContext(connection) as queries:
        assert put(carl, lease, 1).status_code == 204
    assert len(queries) <= 8
    found = read(carl, lease)
    assert found.status_code == 200
    assert {**found.json(), "changed_at": None} == {
        "sequence": 1, "writer": "here", "body": BODY, "changed_at": None,
    }  # fmt: skip
    assert Contribution.objects.count() == 0


def test_an_old_one_never_overtakes(carl: APIClient, lease: Assignment) -> None:
    assert put(carl, lease, 5, body={"n": 5}).status_code == 204
    late = put(carl, lease, 4, body={"n": 4})
    assert (late.status_code, late.json()["code"]) == (409, "draft-overtaken")
    # A retry of the same is none.
    assert put(carl, lease, 5, body={"n": 5}).status_code == 204
    other = put(carl, lease, 5, writer="there", body={"n": 6})
    assert other.status_code == 409
    assert other.json()["present"]["body"] == {"n": 5}
    assert other.json()["present"]["writer"] == "here"
    assert put(carl, lease, 6, writer="there", body={"n": 6}).status_code == 204
    assert read(carl, lease).json()["body"] == {"n": 6}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"sequence": 0}, 422),
        ({"sequence": 2**53}, 422),
        ({"sequence": "one"}, 422),
        ({"sequence": 1, "body": []}, 422),
        ({"sequence": 1, "body": None}, 422),
        ({"sequence": 1, "writer": "w" * 65}, 422),
        ({"sequence": 1, "body": {"x": "\u0000"}}, 400),
        ({"sequence": 1, "body": {"x": "x" * LARGEST}}, 413),
    ],
)
def test_what_is_no_draft_is_refused(
    carl: APIClient, lease: Assignment, sent: dict[str, Any], status: int
) -> None:
    answer = put(carl, lease, **sent)
    assert answer.status_code == status, answer.content
    assert not Draft.objects.exists()


def test_nobody_else_sees_it(api: APIClient, lease: Assignment, owner: User, stranger: User) -> None:
    keep_draft(lease, DraftChange(1, "here", BODY))
    for person in (owner, stranger):
        api.force_authenticate(person)
        assert read(api, lease).status_code == 404
        assert put(api, lease, 2).status_code == 404
    api.force_authenticate(None)
    assert read(api, lease).status_code == 401


def test_it_goes_when_its_task_is_handed_in_and_does_not_come_back(
    carl: APIClient, lease: Assignment
) -> None:
    keep_draft(lease, DraftChange(1, "here", BODY))
    submit(lease, nothing_here())
    assert not Draft.objects.exists()
    late = put(carl, lease, 2)
    assert (late.status_code, late.json()["code"]) == (409, "lease-over")
    assert not Draft.objects.exists()
    assert read(carl, lease).status_code == 204


@pytest.mark.parametrize("end", [skip, release])
def test_it_goes_with_what_is_given_back(lease: Assignment, end: Any) -> None:
    keep_draft(lease, DraftChange(1, "here", BODY))
    end(lease)
    assert not Draft.objects.exists()
    with pytest.raises(Conflict):
        keep_draft(lease, DraftChange(2, "here", BODY))


def test_it_is_forgotten_a_day_after_the_lease_has_ended(lease: Assignment) -> None:
    keep_draft(lease, DraftChange(1, "here", BODY))
    Assignment.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert forget_old_drafts() == 0
    Assignment.objects.update(expires_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert forget_old_drafts() == 1


def test_it_goes_with_the_visitor(campaign: Campaign) -> None:
    given = claim(campaign, join_campaign(campaign, visitor="v" * 64)).assignment
    assert given is not None
    keep_draft(given, DraftChange(1, "here", BODY))
    erase_visitor("v" * 64, keep_comments=True)
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_draft_on_its_way_and_the_answer_do_not_wait_for_each_other(lease: Assignment) -> None:
    keep_draft(lease, DraftChange(1, "here", BODY))

    def hand_in() -> bool:
        try:
            return submit(lease, nothing_here()).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM campaigns_assignment WHERE id = %s FOR SHARE", [lease.pk])
                handed_in = pool.submit(hand_in)
                until(lambda: waiting() == 1)
            keep_draft(lease, DraftChange(2, "here", BODY))
        assert handed_in.result(timeout=60)
    assert not Draft.objects.exists()
    assert Contribution.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_the_newest_stands(lease: Assignment) -> None:
    def keep(number: int) -> str:
        try:
            keep_draft(lease, DraftChange(number, str(uuid4()), {"n": number}))
        except Conflict as conflict:
            return conflict.code
        return "kept"

    assert set(in_threads(8, keep, inputs=range(1, 25))) <= {"kept", "draft-overtaken"}
    assert Draft.objects.get().sequence == 24
