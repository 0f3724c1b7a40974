"""What is said on a grid is kept on the server together, and each of it as if it were alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import claim, claim_many, join_campaign, skip, submit
from campaigns.actions.drafting_many import LARGEST_OF_MANY
from campaigns.models import Assignment, Campaign, Draft
from campaigns.questions.verify import MOST_IN_GRID
from tests.campaigns.conftest import in_threads, nothing_here
from tests.campaigns.test_batches import accept, make_grid  # noqa: F401 - a fixture

URL = "/api/v1/assignments/drafts/"


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


@pytest.fixture
def leases(campaign: Campaign, contributor: User) -> list[Assignment]:
    participant = join_campaign(campaign, user=contributor)
    given = [claim(campaign, participant).assignment for _ in range(3)]
    return [one for one in given if one is not None]


def one(lease: Assignment | UUID, sequence: object = 1, **more: Any) -> dict[str, Any]:
    pk = lease.pk if isinstance(lease, Assignment) else lease
    return {"assignment": str(pk), "sequence": sequence, "writer": "here", "body": {"n": sequence}, **more}


def put(client: APIClient, *drafts: dict[str, Any]) -> Any:
    return client.put(URL, {"drafts": drafts}, format="json")


def told(answer: Any) -> list[tuple[int, str | None]]:
    assert answer.status_code == 200, answer.content
    rows = answer.json()["results"]
    return [(row["status"], row["problem"] and row["problem"]["code"]) for row in rows]


def read(client: APIClient, *leases: Assignment) -> dict[str, Any]:
    answer = client.get(URL, {"assignment": [str(lease.pk) for lease in leases]})
    assert answer.status_code == 200, answer.content
    return {row["assignment"]: row["body"] for row in answer.json()["drafts"]}


def test_they_come_back_in_another_browser(carl: APIClient, leases: list[Assignment]) -> None:
    first, second, third = leases
    assert told(put(carl, one(first, 1), one(second, 1))) == [(204, None)] * 2
    assert told(put(carl, one(second, 2))) == [(204, None)]
    assert read(carl, *leases) == {str(first.pk): {"n": 1}, str(second.pk): {"n": 2}}
    assert read(carl, third) == {}


def test_by_itself_each_of_them_is_the_same_draft(carl: APIClient, leases: list[Assignment]) -> None:
    put(carl, one(leases[0], 4))
    alone = carl.get(reverse("api-draft", args=[leases[0].pk])).json()
    assert (alone["sequence"], alone["body"]) == (4, {"n": 4})


def test_it_costs_the_same_however_many_there_are(carl: APIClient, leases: list[Assignment]) -> None:
    put(carl, one(leases[0], 5))
    counts = []
    for some in (leases[:1], leases):
        with CaptureQueriesContext(connection) as queries:
            # One of them is refused: that has to be found out too.
            put(carl, *(one(lease, 3) for lease in some))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_each_is_kept_or_refused_by_itself(
    carl: APIClient, leases: list[Assignment], campaign: Campaign, stranger: User
) -> None:
    handed_in, skipped, mine = leases
    submit(handed_in, nothing_here())
    skip(skipped)
    foreign = claim(campaign, join_campaign(campaign, user=stranger)).assignment
    assert foreign is not None
    sent = (one(handed_in), one(mine), one(skipped), one(foreign), one(uuid4()))
    assert told(put(carl, *sent)) == [
        (409, "lease-over"), (204, None), (409, "lease-over"), (404, "not-found"), (404, "not-found"),
    ]  # fmt: skip
    assert [row.assignment_id for row in Draft.objects.all()] == [mine.pk]
    assert read(carl, *leases, foreign) == {str(mine.pk): {"n": 1}}


def test_the_newest_stands_and_a_retry_changes_nothing(carl: APIClient, leases: list[Assignment]) -> None:
    first, second, _third = leases
    put(carl, one(first, 5), one(second, 5))
    assert told(put(carl, one(first, 5), one(second, 5))) == [(204, None)] * 2
    answer = put(carl, one(first, 4), one(second, 5, writer="there"))
    assert told(answer) == [(409, "draft-overtaken")] * 2
    present = answer.json()["results"][0]["problem"]["present"]
    assert (present["sequence"], present["body"], present["writer"]) == (5, {"n": 5}, "here")


def test_one_that_is_too_large_hinders_no_other(carl: APIClient, leases: list[Assignment]) -> None:
    large = one(leases[0], body={"x": "x" * LARGEST_OF_MANY})
    assert told(put(carl, large, one(leases[1]))) == [(413, "too-large"), (204, None)]
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    "drafts",
    [
        [], {}, None, ["x"], [{}], [{"assignment": "x"}],
        [{**one(uuid4()), "sequence": 0}], [{**one(uuid4()), "sequence": 2**53}],
        [{**one(uuid4()), "body": []}], [{**one(uuid4()), "writer": "w" * 65}],
        [one(UUID(int=1)), one(UUID(int=1))],
        [one(uuid4()) for _ in range(MOST_IN_GRID + 1)],
    ],
)  # fmt: skip
def test_what_are_no_drafts_is_refused(carl: APIClient, leases: list[Assignment], drafts: Any) -> None:
    answer = carl.put(URL, {"drafts": drafts}, format="json")
    assert answer.status_code == 422, answer.content
    assert not Draft.objects.exists()


@pytest.mark.parametrize("named", [[], ["x"], ["1' OR 1=1"], [str(uuid4())] * (MOST_IN_GRID + 1)])
def test_what_is_asked_for_is_named_and_bounded(carl: APIClient, named: list[str]) -> None:
    assert carl.get(URL, {"assignment": named}).status_code == 400


def test_nobody_else_sees_them(
    api: APIClient, carl: APIClient, leases: list[Assignment], owner: User
) -> None:
    put(carl, *map(one, leases))
    api.force_authenticate(owner)
    assert read(api, *leases) == {}
    assert {status for status, _code in told(put(api, *(one(lease, 9) for lease in leases)))} == {404}
    api.force_authenticate(None)
    assert put(api, one(leases[0], 9)).status_code == 401
    assert api.get(URL, {"assignment": [str(leases[0].pk)]}).status_code == 401


def test_a_grid_keeps_what_is_said_of_it(carl: APIClient, make_grid: Any, contributor: User) -> None:  # noqa: F811
    campaign = make_grid(8)
    given = claim_many(campaign, join_campaign(campaign, user=contributor)).assignments
    assert len(given) == 8
    assert told(put(carl, *map(one, given))) == [(204, None)] * 8
    accept(given[0])
    assert set(read(carl, *given)) == {str(lease.pk) for lease in given[1:]}


@pytest.mark.django_db(transaction=True)
def test_whoever_keeps_the_same_ones_at_once_waits_for_nobody_for_ever(
    carl: APIClient, leases: list[Assignment], contributor: User
) -> None:
    def keep(number: int) -> set[int]:
        client = APIClient()
        client.force_authenticate(contributor)
        turned = leases if number % 2 else leases[::-1]
        return {status for status, _code in told(put(client, *(one(lease, number) for lease in turned)))}

    said = in_threads(8, keep, inputs=range(1, 25))
    assert set().union(*said) <= {204, 409}
    assert set(Draft.objects.values_list("sequence", flat=True)) == {24}
