"""Two reviewers must say the same: each without knowing the other, a third where they differ, and their κ."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.actions.bulk import start_bulk, undo_bulk
from campaigns.actions.consensus import compute_consensus
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.sweeping import accept_agreeing
from campaigns.actions.undoing import take_back
from campaigns.api.outcomes.review import next_review
from campaigns.documents import ConceptNames
from campaigns.models import Campaign, Decision, Opinion, Task
from campaigns.quality.second import Finding, between_reviewers, category, say_the_same
from campaigns.reviewing import Waiting, review_queue, waiting_for
from campaigns.second_looks import between_reviewers_of, said_before
from campaigns.sifting import Sieve
from problems import Conflict, Refused
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, answer, located, merge, task_at
from work.actions import run_job

Clef = Callable[[str], Concept]
BOX = (0.0, 0.0, 100.0, 100.0)


# --- pure -----------------------------------------------------------------------------------------


def test_the_same_is_the_same_labels_on_the_same_places() -> None:
    one = [Finding(BOX, ("f",)), Finding((200, 0, 50, 50), ("g",))]
    near = [Finding((200, 2, 50, 50), ("g",)), Finding((3, 0, 100, 100), ("f",))]
    assert say_the_same(one, near)
    assert say_the_same([], [])
    assert not say_the_same(one, one[:1])
    assert not say_the_same(one, [Finding(BOX, ("g",)), Finding((200, 0, 50, 50), ("f",))])
    assert not say_the_same([Finding(BOX, ("f",))], [Finding((60, 0, 100, 100), ("f",))])
    tags = [Finding(None, ("f",)), Finding(None, ("g",))]
    assert say_the_same(tags, tags[::-1])
    assert not say_the_same(tags, [Finding(None, ("f",)), Finding(None, ("c",))])


def test_what_a_reviewer_made_of_an_item_is_a_category() -> None:
    assert category("rejected", None, BOX) == "rejected"
    assert category("accepted", Finding(BOX, ("f",)), BOX) == category("corrected", Finding(BOX, ("f",)), BOX)
    assert category("corrected", Finding((80, 0, 100, 100), ("f",)), BOX) == "f moved"


def test_kappa_of_a_worked_table() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: κ = 0.4 (Cohen 1960).
    cells = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = between_reviewers([({"item": a}, {"item": b}) for a, b in cells])
    assert (found.items, found.tasks, found.percent) == (50, 50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert between_reviewers([]).kappa is None


# --- in a campaign --------------------------------------------------------------------------------


@pytest.fixture
def double(make_campaign: CampaignMaker, owner: User, reviewer: User, manager: User, clef: Clef) -> Campaign:
    """Three tasks with one F from everybody; Olga, Rosa and Marc review, and two must say the same."""
    campaign = make_campaign(pages=3, reviews=2)
    for person, role in ((reviewer, Role.REVIEWER), (manager, Role.MANAGER)):
        assign_role(campaign, person, role, by=owner)
    answer(campaign, {at: [located([(ONE, clef("F"))]) for _p in range(3)] for at in range(3)})
    merge(campaign)
    return campaign


def say(
    campaign: Campaign,
    by: User,
    verdict: str = "accepted",
    *,
    at: int = 0,
    request: UUID | None = None,
    **more: Any,
) -> Task:
    task = task_at(campaign, at)
    (item,) = task.consensus.items.all()
    judgement = Judgement(verdict, item=item.pk, **more)
    return decide(campaign, task.pk, [judgement], request=request or uuid4(), by=by)


def test_two_who_say_the_same_decide(double: Campaign, owner: User, reviewer: User) -> None:
    assert say(double, reviewer).state == Task.State.RETIRED
    assert not Decision.objects.exists()
    assert say(double, owner).state == Task.State.DECIDED
    (decision,) = Decision.objects.all()
    assert (decision.verdict, decision.by) == ("accepted", owner)
    assert set(Opinion.objects.values_list("by", flat=True)) == {owner.pk, reviewer.pk}


def test_who_has_spoken_waits_for_another(double: Campaign, owner: User, reviewer: User) -> None:
    say(double, reviewer)
    assert waiting_for(double, by=reviewer) == Waiting(theirs=2, own=0, second=1)
    assert task_at(double) not in review_queue(double, by=reviewer)
    assert task_at(double) in review_queue(double, by=owner)
    with pytest.raises(Conflict) as refused:
        say(double, reviewer, "rejected")
    assert refused.value.code == "already-reviewed"


def test_a_third_settles_what_two_differ_about(
    double: Campaign, owner: User, reviewer: User, manager: User, clef: Clef
) -> None:
    say(double, reviewer)
    assert say(double, manager, "rejected").state == Task.State.RETIRED
    skip = [task.position for task in review_queue(double, by=owner)].index(0)
    assert next_review(double, by=owner, skip=skip)["standing"].differ
    assert say(double, owner, "corrected", concepts=(clef("G").pk,)).state == Task.State.DECIDED
    assert Decision.objects.get().verdict == "corrected"
    assert Opinion.objects.count() == 3


def test_what_the_other_said_is_told_only_afterwards(double: Campaign, owner: User, reviewer: User) -> None:
    say(double, reviewer, "rejected", reason="no clef at all")
    skip = [task.position for task in review_queue(double, by=owner)].index(0)
    shown = next_review(double, by=owner, skip=skip)
    assert (shown["standing"].given, shown["standing"].differ) == (1, False)
    assert "no clef at all" not in str(shown)
    assert "Rosa" not in str(shown)
    assert said_before(double, task_at(double), by=owner) == []
    say(double, owner)
    assert said_before(double, task_at(double), by=owner) == [{"by": "Rosa", "items": 1, "alike": 0}]


def test_the_same_request_again_changes_nothing(double: Campaign, owner: User, reviewer: User) -> None:
    request = uuid4()
    for _time in range(2):
        say(double, reviewer, request=request)
    assert Opinion.objects.count() == 1
    with pytest.raises(Conflict) as refused:
        say(double, reviewer, "rejected", request=request)
    assert refused.value.code == "id-used"
    say(double, owner)
    assert say(double, reviewer, request=request).state == Task.State.DECIDED
    assert Opinion.objects.count() == 2


def test_one_takes_ones_word_back(double: Campaign, owner: User, reviewer: User) -> None:
    request = uuid4()
    say(double, reviewer, request=request)
    take_back(double, request, by=reviewer)
    assert say(double, owner).state == Task.State.RETIRED
    last = uuid4()
    assert say(double, reviewer, request=last).state == Task.State.DECIDED
    assert take_back(double, last, by=reviewer).state == Task.State.RETIRED
    assert waiting_for(double, by=owner).second == 1  # Olga's word still stands


def test_only_who_runs_it_decides_anew_what_two_decided(
    double: Campaign, owner: User, reviewer: User
) -> None:
    say(double, reviewer)
    say(double, owner)
    (item,) = task_at(double).consensus.items.all()
    rejected = [Judgement("rejected", item=item.pk)]
    with pytest.raises(Refused) as refused:
        decide(double, task_at(double).pk, rejected, request=uuid4(), by=reviewer, supersede=True)
    assert refused.value.code == "needs-two"
    decide(double, task_at(double).pk, rejected, request=uuid4(), by=owner, supersede=True)
    assert Decision.objects.filter(superseded_at=None, verdict="rejected").exists()


def test_answers_merged_anew_are_looked_at_anew(double: Campaign, owner: User, reviewer: User) -> None:
    say(double, reviewer)
    compute_consensus(task_at(double), names=ConceptNames.of_campaign(double))
    assert waiting_for(double, by=reviewer).second == 0
    assert say(double, owner).state == Task.State.RETIRED
    assert say(double, reviewer).state == Task.State.DECIDED


def test_many_at_once_take_two_reviewers_too(double: Campaign, owner: User, reviewer: User) -> None:
    assert accept_agreeing(double, at_most=0, by=reviewer) == 3
    assert accept_agreeing(double, at_most=0, by=reviewer) == 0
    assert not Decision.objects.exists()
    said = {"verdict": "accepted", "concept": None, "reason": "All alike."}
    bulk = start_bulk(double, Sieve(), request=uuid4(), by=owner, **said)
    run_job(str(bulk.job.pk))
    assert double.tasks.filter(state=Task.State.DECIDED).count() == 3
    run_job(str(undo_bulk(double, bulk.pk, by=owner).undo_job.pk))
    bulk.refresh_from_db()
    assert (bulk.taken_back, bulk.kept) == (3, 0)
    assert waiting_for(double, by=owner) == Waiting(theirs=3, own=0, second=0)
    assert waiting_for(double, by=reviewer) == Waiting(theirs=0, own=0, second=3)


def test_kappa_between_reviewers(
    double: Campaign, owner: User, reviewer: User, client: Client, api: APIClient
) -> None:
    for at, verdict in ((0, "accepted"), (1, "accepted"), (2, "rejected")):
        say(double, reviewer, at=at)
        say(double, owner, verdict, at=at)
    found = between_reviewers_of(double)
    assert (found.items, found.tasks, found.percent) == (3, 3, pytest.approx(2 / 3))
    client.force_login(owner)
    page = client.get(f"/campaigns/{double.slug}/dashboard/").content.decode()
    assert 'data-testid="reviewers"' in page
    api.force_authenticate(owner)
    assert api.get(f"/api/v1/campaigns/{double.slug}/figures/").json()["reviewers"]["items"] == 3


def test_over_rest(double: Campaign, owner: User, reviewer: User, api: APIClient) -> None:
    address = f"/api/v1/campaigns/{double.slug}/decisions/"
    (item,) = task_at(double).consensus.items.all()
    items = [{"id": str(item.pk), "verdict": "accepted"}]
    body = {"task": str(task_at(double).pk), "items": items}
    api.force_authenticate(reviewer)
    first = api.post(address, {**body, "id": str(uuid4())}, format="json").json()
    assert (first["decided_at"], first["looks"]) == (None, [])
    api.force_authenticate(owner)
    second = api.post(address, {**body, "id": str(uuid4())}, format="json").json()
    assert second["decided_at"] is not None
    assert second["looks"] == [{"by": "Rosa", "items": 1, "alike": 1}]
