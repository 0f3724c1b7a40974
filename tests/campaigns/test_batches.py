"""Many tasks and many answers at once: each with the promises of one."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.roles import Role, grant
from campaigns.actions import (
    Submission,
    choose_shown,
    claim,
    claim_many,
    configure_campaign,
    create_campaign,
    join_campaign,
    open_campaign,
    release,
    submit,
)
from campaigns.actions.gold import mark_gold
from campaigns.api import shown
from campaigns.models import Assignment, Contribution, Participant
from problems import Conflict
from tests.campaigns.conftest import SETTINGS, in_threads
from tests.campaigns.evaluations import run_that_said
from tests.campaigns.outcomes import accept_all, merge
from tests.campaigns.test_queue_races import most_taken

PLACE = "/api/v1/campaigns/grid"
QUESTION = {"prompt": {"en": "Is this right?"}, "show": "grid", "grid": 8}


@pytest.fixture
def make_grid(make_campaign, owner, vocabulary, clef):
    """A campaign that shows so many predictions of G, F and C clefs in turn, eight at a glance."""

    def make(count: int, **settings: Any):
        drawing = make_campaign("drawing", pages=1)
        canvas = drawing.tasks.get().canvas
        said: list[Any] = [
            (canvas, (10 + number, 20, 30, 40), clef("GFC"[number % 3]), (number % 10) / 10)
            for number in range(count)
        ]
        run = run_that_said(drawing, owner, said)
        grant(owner, run.layer, Role.OWNER)
        values = {**SETTINGS, "question_kind": "verify", "question": QUESTION, "overlap": 2, **settings}
        campaign = create_campaign(by=owner, slug="grid", vocabulary=vocabulary, **values)
        choose_shown(campaign, by=owner, layers=[run.layer_id])
        return open_campaign(campaign, by=owner)

    return make


def accepting(lease: Assignment | dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    pk = lease["id"] if isinstance(lease, dict) else lease.pk
    shape = {
        "id": str(uuid4()), "box": list(said["box"]), "concepts": [str(one["id"]) for one in said["concepts"]],
        "origin": "accepted", "prediction": str(said["id"]),
    }  # fmt: skip
    return {"id": str(uuid4()), "assignment": str(pk), "nothing_here": False, "shapes": [shape]}


def accept(lease: Assignment) -> None:
    sent = accepting(lease, shown.assignment(lease)["predictions"][0])
    submit(lease, Submission(uuid4(), {"nothing_here": False, "shapes": sent["shapes"]}))


@pytest.mark.django_db
def test_those_of_one_label_come_together_and_the_others_are_not_lost(make_grid):
    campaign = make_grid(24)
    one = join_campaign(campaign, visitor="one")
    seen = []
    for labels in ({"G clef"}, {"F clef"}, {"C clef"}):
        given = shown.batch(claim_many(campaign, one), campaign, one)["assignments"]
        assert {
            concept["label"] for each in given for concept in each["predictions"][0]["concepts"]
        } == labels
        sure = [each["predictions"][0]["confidence"] for each in given]
        assert sure == sorted(sure)
        assert len(given) == 8
        seen += [each["task"]["id"] for each in given]
    assert len(set(seen)) == 24
    last = claim_many(campaign, one)
    assert (last.assignments, last.reason) == ((), "nothing_left")


@pytest.mark.django_db
def test_a_grid_is_filled_with_other_labels_and_taken_up_again(make_grid, django_assert_num_queries):
    campaign = make_grid(10)
    one = join_campaign(campaign, visitor="one")
    with django_assert_num_queries(5):  # three, and the frame of the transaction
        first = claim_many(campaign, one)
    assert [
        lease.task.position % 3 for lease in sorted(first.assignments, key=lambda one: one.task.position)
    ].count(0) == 4
    again = claim_many(campaign, one, resume=True)
    assert {lease.pk for lease in again.assignments} == {lease.pk for lease in first.assignments}
    assert len(claim_many(campaign, one).assignments) == 2
    for lease in first.assignments[:3]:
        release(lease)
    assert {lease.task_id for lease in claim_many(campaign, one).assignments} == {
        lease.task_id for lease in first.assignments[:3]
    }
    with django_assert_num_queries(2):
        shown.batch(first, campaign, one)


@pytest.mark.django_db
def test_fewer_may_be_asked_for_and_a_campaign_that_shows_one_gives_one(make_grid, owner, make_campaign):
    campaign = make_grid(10)
    one = join_campaign(campaign, visitor="one")
    assert len(claim_many(campaign, one, count=3).assignments) == 3
    assert len(claim_many(campaign, one, count=50).assignments) == 7
    single = configure_campaign(campaign, {"question": {**QUESTION, "show": "one"}}, by=owner)
    with pytest.raises(Conflict) as caught:
        claim_many(single, one)
    assert caught.value.code == "one-at-a-time"
    with pytest.raises(Conflict):
        claim_many(make_campaign("other"), one)


@pytest.mark.django_db
def test_known_answers_stand_among_the_others(make_grid, owner):
    campaign = make_grid(40, overlap=1)
    first = join_campaign(campaign, visitor="first")
    for lease in claim_many(campaign, first).assignments:
        accept(lease)
    merge(campaign)
    decided = list(campaign.tasks.filter(state="retired"))
    for task in decided:
        accept_all(campaign, task, owner)
    mark_gold(campaign, [task.pk for task in decided], by=owner)
    campaign = configure_campaign(campaign, {"gold_share": 0.5}, by=owner)
    qualifying = configure_campaign(campaign, {"qualify_count": 2}, by=owner)
    newest = join_campaign(qualifying, visitor="newest")
    (only,) = claim_many(qualifying, newest).assignments
    assert only.seeded
    release(only)
    campaign = configure_campaign(campaign, {"qualify_count": 0}, by=owner)
    new = join_campaign(campaign, visitor="new")
    seeded = []
    while leases := claim_many(campaign, new).assignments:
        assert len(leases) <= 8
        assert not all(lease.seeded for lease in leases)
        seeded += [lease.task_id for lease in leases if lease.seeded]
        for lease in leases:
            accept(lease)
    assert 0 < len(seeded) == len(set(seeded)) <= 8
    assert Contribution.objects.filter(participant=new, counts=True).count() == 32


@pytest.mark.django_db
def test_over_rest_each_answer_is_kept_or_refused_by_itself(make_grid, contributor, api):
    make_grid(10, overlap=1)
    api.force_authenticate(contributor)
    given = api.post(f"{PLACE}/claims/", {"count": 5}).json()
    assert (len(given["assignments"]), given["reason"]) == (5, None)
    sent = [accepting(lease, lease["predictions"][0]) for lease in given["assignments"]]
    sent[1]["shapes"][0]["box"][0] += 5  # not as shown
    sent[2]["assignment"] = str(uuid4())  # nobody's
    sent[3] = {"id": "x"}
    answer = api.post(f"{PLACE}/contributions/batch/", {"contributions": sent})
    assert answer.status_code == 200
    body = answer.json()
    assert [one["status"] for one in body["results"]] == [201, 422, 404, 422, 201]
    assert body["results"][1]["problem"]["code"] == "not-as-shown"
    assert (body["results"][0]["receipt"]["counted"], body["progress"]["mine"]) == (True, 2)
    again = api.post(f"{PLACE}/contributions/batch/", {"contributions": sent}).json()
    assert [one["status"] for one in again["results"]] == [200, 422, 404, 422, 200]
    assert Contribution.objects.count() == 2
    for empty in ({}, {"contributions": []}, {"contributions": [7]}, {"contributions": sent * 20}):
        assert api.post(f"{PLACE}/contributions/batch/", empty).status_code == 422
    assert api.post(f"{PLACE}/claims/", {"count": 0}).status_code == 422
    api.force_authenticate(None)
    lost = api.post(f"{PLACE}/contributions/batch/", {"contributions": sent[:1]})
    assert lost.status_code == 401


@pytest.mark.django_db
def test_a_claim_costs_the_same_whatever_has_been_done(make_grid, django_assert_num_queries):
    campaign = make_grid(60, overlap=3)
    one = join_campaign(campaign, visitor="one")
    for _round in range(3):
        with django_assert_num_queries(5):
            leases = claim_many(campaign, one).assignments
        for lease in leases:
            accept(lease)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_are_given_each_place_once(make_grid):
    campaign = make_grid(60)
    people = [join_campaign(campaign, visitor=f"person {number}") for number in range(16)]

    def work(number: int) -> list[Any]:
        me, mine = Participant.objects.get(pk=people[number].pk), []
        for _round in range(40):
            given = claim_many(campaign, me).assignments
            if not given:
                break
            mine += [lease.task_id for lease in given]
            for lease in given[: len(given) // 2]:
                accept(lease)
        return mine

    given = in_threads(16, work)
    taken = Counter(task for mine in given for task in mine)
    assert set(taken.values()) == {2}
    assert len(taken) == 60
    assert all(len(mine) == len(set(mine)) for mine in given)
    assert most_taken() == 2


@pytest.mark.django_db(transaction=True)
def test_one_person_on_sixteen_connections_is_given_sixteen_different_grids(make_grid):
    campaign = make_grid(160)
    one = join_campaign(campaign, visitor="one")

    def work(_number: int) -> list[Any]:
        me = Participant.objects.get(pk=one.pk)
        leases = [*claim_many(campaign, me, count=4).assignments]
        if (more := claim(campaign, me).assignment) is not None:
            leases.append(more)
        return [lease.task_id for lease in leases]

    given = [task for mine in in_threads(16, work) for task in mine]
    assert len(given) == len(set(given))
    assert Assignment.objects.filter(participant=one).count() == len(given)
    assert connection.connection is not None
