"""Whole clusters: two become one, one becomes two, and what was decided can be taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.models import Annotation
from campaigns.actions import assign_role
from campaigns.actions.clusters import Part
from campaigns.actions.gold import mark_gold
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.undoing import take_back
from campaigns.models import Campaign, ConsensusItem, Decision, Task
from campaigns.reviewing import review_queue
from problems import Conflict, Invalid, Missing, Refused
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge, moved, tagged, task_at

Clef = Callable[[str], Concept]


@pytest.fixture
def merged(campaign: Campaign, clef: Clef) -> Task:
    """ONE from three people, two of whom say F; TWO from one who says F."""
    f, g = clef("F"), clef("G")
    rows = [
        located([(ONE, f), (TWO, f)]),
        located([(moved(ONE, 2), f)]),
        located([(moved(ONE, 4), g)]),
    ]
    answer(campaign, {0: rows})
    merge(campaign)
    return task_at(campaign)


def items_of(task: Task) -> list[ConsensusItem]:
    return sorted(task.consensus.items.select_related("annotation"), key=lambda item: item.annotation.y or 0)


def members_of(item: ConsensusItem) -> list[UUID]:
    """The answers of an item by their boxes, leftmost first."""
    return [row.annotation_id for row in item.members.order_by("annotation__x")]


def truth(campaign: Campaign) -> list[tuple[Any, list[str]]]:
    rows = Annotation.objects.filter(layer=campaign.ground_truth_layer, deleted_at=None).order_by("x", "y")
    return [(row.box, [link.concept.notation for link in row.concept_links.all()]) for row in rows]


def judge(task: Task, *judgements: Judgement, by: User, request: UUID | None = None) -> Task:
    return decide(task.campaign, task.pk, judgements, request=request or uuid4(), by=by)


def test_two_become_one(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    judge(merged, Judgement("merged", item=one.pk, merges=(two.pk,), reason="one clef"), by=owner)
    ((box, labels),) = truth(merged.campaign)
    assert box == (100, 102, 42, 378)  # pieces that lie apart: what holds both
    assert labels == ["F"]
    first = Decision.objects.get(judged=one.annotation)
    second = Decision.objects.get(judged=two.annotation)
    assert (first.verdict, second.verdict, second.result) == ("merged", "merged", None)
    assert first.details["members"] == [str(pk) for pk in sorted(members_of(one)) + sorted(members_of(two))]
    assert second.details == {"into": str(one.annotation_id)}
    derived = first.result.document["rubricator:derivedFrom"]
    assert sorted(derived) == sorted(f"urn:uuid:{pk}" for pk in first.details["members"])
    told = Annotation.objects.get(pk=second.pk)
    assert (told.motivations, told.document["body"][1]["value"]) == (["moderating"], "one clef")


def test_one_becomes_two(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    left, middle, right = members_of(one)
    parts = (Part((left, middle)), Part((right,), box=(300, 100, 40, 80)))
    judge(merged, Judgement("split", item=one.pk, parts=parts), Judgement("rejected", item=two.pk), by=owner)
    assert truth(merged.campaign) == [((101, 101, 40, 80), ["F"]), ((300, 100, 40, 80), ["G"])]
    rows = Decision.objects.filter(judged=one.annotation, verdict="split")
    assert sorted(len(row.details["members"]) for row in rows) == [1, 2]


def test_the_same_request_again_changes_nothing(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    request = uuid4()
    for _time in range(2):
        judge(merged, Judgement("merged", item=one.pk, merges=(two.pk,)), by=owner, request=request)
    assert Decision.objects.count() == 2
    with pytest.raises(Conflict):
        judge(merged, *(Judgement("rejected", item=pk.pk) for pk in (one, two)), by=owner, request=request)


def test_a_split_sent_twice(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    *others, right = members_of(one)
    said = [
        Judgement("split", item=one.pk, parts=(Part(tuple(others)), Part((right,), box=TWO))),
        Judgement("rejected", item=two.pk),
    ]
    request = uuid4()
    for _time in range(2):
        judge(merged, *said, by=owner, request=request)
    assert Decision.objects.count() == 3


@pytest.mark.parametrize(
    ("merges", "code", "pointer"),
    [
        ((), "nothing-to-merge", "/items/0/merges"),
        (("self",), "repeated", "/items/0/merges"),
        (("two", "two"), "repeated", "/items/0/merges"),
        ((uuid4(),), "stale-item", "/items/0/merges"),
    ],
)
def test_what_cannot_be_merged(
    merged: Task, owner: User, merges: tuple[Any, ...], code: str, pointer: str
) -> None:
    one, two = items_of(merged)
    known = {"self": one.pk, "two": two.pk}
    ids = tuple(known.get(name, name) for name in merges)
    with pytest.raises((Invalid, Conflict)) as refused:
        judge(merged, Judgement("merged", item=one.pk, merges=ids), by=owner)
    assert (refused.value.code, refused.value.faults[0].pointer) == (code, pointer)


def test_what_is_merged_gets_no_verdict_of_its_own(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    with pytest.raises(Invalid) as refused:
        judge(
            merged,
            Judgement("merged", item=one.pk, merges=(two.pk,)),
            Judgement("accepted", item=two.pk),
            by=owner,
        )
    assert (refused.value.code, refused.value.faults[0].pointer) == ("repeated", "/items/1/id")


@pytest.mark.parametrize(
    ("split", "code"),
    [
        ([[0, 1, 2]], "too-few-parts"),
        ([[0, 1, 2], []], "too-few-parts"),
        ([[0, 1], [1, 2]], "repeated-member"),
        ([[0], [1]], "stale-members"),
        ([[0, 1], [2, 3]], "stale-members"),
    ],
)
def test_what_cannot_be_split(merged: Task, owner: User, split: list[list[int]], code: str) -> None:
    one, two = items_of(merged)
    known = [*members_of(one), *members_of(two)]  # the last is an answer of the other item
    parts = tuple(Part(tuple(known[index] for index in part)) for part in split)
    with pytest.raises((Invalid, Conflict)) as refused:
        judge(
            merged, Judgement("split", item=one.pk, parts=parts), Judgement("rejected", item=two.pk), by=owner
        )
    assert (refused.value.code, refused.value.faults[0].pointer) == (code, "/items/0/parts")
    assert not Decision.objects.exists()


def test_a_part_that_the_question_refuses(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    *others, right = members_of(one)
    parts = (Part(tuple(others)), Part((right,), box=(990, 0, 40, 40)))
    with pytest.raises(Invalid) as refused:
        judge(
            merged, Judgement("rejected", item=two.pk), Judgement("split", item=one.pk, parts=parts), by=owner
        )
    assert refused.value.faults[0].pointer == "/items/1/parts/1/box"


def test_labels_are_corrected_not_merged(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(
        pages=1, question_kind="tag", question={"prompt": {"en": "Which?"}, "many": True}
    )
    answer(campaign, {0: [tagged(clef("F"), clef("G")) for _person in range(3)]})
    merge(campaign)
    one, two = task_at(campaign).consensus.items.all()
    with pytest.raises(Invalid) as refused:
        judge(task_at(campaign), Judgement("merged", item=one.pk, merges=(two.pk,)), by=owner)
    assert refused.value.code == "not-for-labels"


def test_over_rest(merged: Task, owner: User, api: APIClient) -> None:
    one, two = items_of(merged)
    api.force_authenticate(owner)
    *others, right = map(str, members_of(one))
    items = [
        {
            "id": str(one.pk),
            "verdict": "split",
            "parts": [{"members": others}, {"members": [right], "box": TWO}],
        },
        {"id": str(two.pk), "verdict": "rejected"},
    ]
    request = str(uuid4())
    address = f"/api/v1/campaigns/{merged.campaign.slug}/decisions/"
    body = {"id": request, "task": str(merged.pk), "items": items}
    assert api.post(address, body, format="json").status_code == 201
    assert len(truth(merged.campaign)) == 2
    assert api.delete(f"{address}{request}/").status_code == 204
    assert truth(merged.campaign) == []


# --- taken back -----------------------------------------------------------------------------------


def test_taken_back_it_waits_again_and_stays_on_record(merged: Task, owner: User) -> None:
    request = uuid4()
    one, two = items_of(merged)
    judge(merged, Judgement("merged", item=one.pk, merges=(two.pk,)), by=owner, request=request)
    for _time in range(2):
        assert take_back(merged.campaign, request, by=owner).state == Task.State.RETIRED
    assert truth(merged.campaign) == []
    assert list(review_queue(merged.campaign)) == [merged]
    assert Decision.objects.filter(superseded_at__isnull=False).count() == 2
    assert not Annotation.objects.filter(layer=merged.campaign.decisions_layer, deleted_at=None).exists()
    merge(merged.campaign)
    judge(merged, Judgement("merged", item=one.pk, merges=(two.pk,)), by=owner)
    assert len(truth(merged.campaign)) == 1


def test_only_ones_own_or_for_who_runs_the_campaign(
    merged: Task, owner: User, reviewer: User, manager: User
) -> None:
    for person, role in ((reviewer, Role.REVIEWER), (manager, Role.MANAGER)):
        assign_role(merged.campaign, person, role, by=owner)
    request = uuid4()
    judge(
        merged, *(Judgement("rejected", item=item.pk) for item in items_of(merged)), by=owner, request=request
    )
    with pytest.raises(Refused):
        take_back(merged.campaign, request, by=reviewer)
    take_back(merged.campaign, request, by=manager)
    with pytest.raises(Missing):
        take_back(merged.campaign, uuid4(), by=manager)


def test_not_once_it_was_decided_anew(merged: Task, owner: User) -> None:
    request = uuid4()
    rejected = [Judgement("rejected", item=item.pk) for item in items_of(merged)]
    judge(merged, *rejected, by=owner, request=request)
    decide(merged.campaign, merged.pk, rejected, request=uuid4(), by=owner, supersede=True)
    with pytest.raises(Conflict) as refused:
        take_back(merged.campaign, request, by=owner)
    assert refused.value.code == "decided-since"


def test_not_while_its_answer_is_known(merged: Task, owner: User) -> None:
    request = uuid4()
    judge(
        merged, *(Judgement("rejected", item=item.pk) for item in items_of(merged)), by=owner, request=request
    )
    mark_gold(merged.campaign, [merged.pk], by=owner)
    with pytest.raises(Conflict) as refused:
        take_back(merged.campaign, request, by=owner)
    assert refused.value.code == "known-answer"
