"""The wall of crops: what is listed and why, ruled on many at a time, kept until a task is whole, and taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.models import Annotation
from campaigns.actions import assign_role
from campaigns.actions.bulk import undo_bulk
from campaigns.actions.sorting import results_of, rule_on_items
from campaigns.api.outcomes.review import one_review
from campaigns.crops import Asked, page_of
from campaigns.models import BulkReview, Campaign, ConsensusItem, Decision, KeptRuling, Task
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, task_at

Clef = Callable[[str], Concept]


@pytest.fixture
def wall(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """0–5: F alone; 6: F of two in three; 7: F very wide; 8: F and G; 9: no label agreed on."""
    campaign = make_campaign(pages=10)
    f, g, c = clef("F"), clef("G"), clef("C")
    rows: dict[int, list[Any]] = {
        at: [located([((100 + at, 100 + at, 40, 80), f)]) for _p in range(3)] for at in range(6)
    }
    rows[6] = [located([(ONE, f)]), located([(ONE, f)]), nothing_here()]
    rows[7] = [located([((100, 100, 200, 80), f)]) for _p in range(3)]
    rows[8] = [located([(ONE, f), (TWO, g)]) for _p in range(3)]
    rows[9] = [located([(ONE, one)]) for one in (f, g, c)]
    answer(campaign, rows)
    merge(campaign)
    return campaign


def items_at(campaign: Campaign, *positions: int) -> list[UUID]:
    rows = ConsensusItem.objects.filter(consensus__campaign=campaign, consensus__task__position__in=positions)
    return list(rows.order_by("consensus__task__position", "annotation__y").values_list("pk", flat=True))


def rule(
    campaign: Campaign, ids: list[UUID], by: User, verdict: str = "accepted", **values: Any
) -> BulkReview:
    said = {"request": uuid4(), "concept": None, "reason": "Looked at.", **values}
    return rule_on_items(campaign, ids, verdict=verdict, by=by, **said)


def states(bulk: BulkReview) -> list[tuple[str, str]]:
    return sorted((one["state"], one["code"]) for one in results_of(bulk))


def truth(campaign: Campaign) -> list[str]:
    rows = Annotation.objects.filter(layer=campaign.ground_truth_layer, deleted_at=None).order_by(
        "created_at"
    )
    return sorted(str(link.concept_id) for row in rows for link in row.concept_links.all())


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def listed(campaign: Campaign, by: User, **asked: Any) -> dict[str, Any]:
    answered = api(by).get(f"/api/v1/campaigns/{campaign.slug}/crops/", asked)
    assert answered.status_code == 200, answered.content
    found: dict[str, Any] = answered.json()
    return found


def position_of(one: dict[str, Any]) -> int:
    return Task.objects.get(pk=one["task"]).position


# --- listed ---------------------------------------------------------------------------------------


def test_what_stands_out_comes_first_and_says_why(wall: Campaign, owner: User, clef: Clef) -> None:
    found = listed(wall, owner, concept=clef("F").pk)
    assert found["total"] == 9
    assert {position_of(one) for one in found["items"][:2]} == {6, 7}
    codes = {position_of(one): {reason["code"] for reason in one["reasons"]} for one in found["items"]}
    assert "wide" in codes[7]
    assert codes[6] == {"votes"}
    texts = [reason["text"] for one in found["items"] for reason in one["reasons"]]
    assert "2 of 3 said so." in texts
    assert any(text.startswith(("Unusually wide: 4.", "Unusually wide: 5.")) for text in texts)
    scores = [round(one["score"], 9) for one in found["items"]]  # alike as far as the order looks
    assert scores == sorted(scores, reverse=True)
    (double,) = [one for one in found["items"] if position_of(one) == 8]
    assert len(double["beside"]) == 1


@pytest.mark.parametrize("order", ["outliers", "page", "confidence"])
def test_pages_follow_each_other_without_gap(wall: Campaign, owner: User, clef: Clef, order: str) -> None:
    asked: dict[str, Any] = {"concept": clef("F").pk, "order": order}
    whole = [one["id"] for one in listed(wall, owner, **asked)["items"]]
    walked: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = listed(wall, owner, limit=2, cursor=cursor, **asked)
        walked += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
    assert walked == whole
    assert len(set(whole)) == 9


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "WzEsMiwzXQ", "W05hTiwxLDIsImEiXQ", "é", "[" * 300])
def test_a_cursor_that_is_none_is_refused(wall: Campaign, owner: User, clef: Clef, cursor: str) -> None:
    asked = {"concept": clef("F").pk, "cursor": cursor}
    answered = api(owner).get(f"/api/v1/campaigns/{wall.slug}/crops/", asked)
    assert (answered.status_code, answered.json()["code"]) == (422, "bad-cursor")


@pytest.mark.parametrize(
    "asked", [{}, {"concept": "x"}, {"concept": "none", "state": "gone"}, {"concept": "none", "limit": 0}]
)
def test_nonsense_is_refused(wall: Campaign, owner: User, asked: dict[str, Any]) -> None:
    assert api(owner).get(f"/api/v1/campaigns/{wall.slug}/crops/", asked).status_code == 422


def test_counts_by_concept_are_those_of_the_lists(wall: Campaign, owner: User, clef: Clef) -> None:
    rule(wall, items_at(wall, 0), owner)
    rule(wall, items_at(wall, 1), owner, "corrected", concept=clef("G").pk)
    rule(wall, items_at(wall, 2), owner, "rejected")
    counts = api(owner).get(f"/api/v1/campaigns/{wall.slug}/crops/concepts/").json()
    assert next(one for one in counts if one["id"] is None)["merged"] == 1
    for one in counts:
        for state in ("merged", "decided"):
            for narrower, count in ((True, one["below"][state]), (False, one[state])):
                asked = Asked(UUID(one["id"]) if one["id"] else None, narrower, state)
                assert page_of(wall, asked).total == count, one["label"]
    by_label = {one["id"]: one for one in counts}
    f, g = by_label[str(clef("F").pk)], by_label[str(clef("G").pk)]
    assert (f["merged"], f["decided"], g["merged"], g["decided"]) == (6, 2, 1, 1)
    assert counts.index(f) > counts.index(by_label[str(clef("top").pk)])


def test_statements_do_not_grow_with_the_wall(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    f = clef("F")

    def statements(boxes: int) -> list[int]:
        campaign = make_campaign(pages=1, slug=f"many-{boxes}")
        shapes = [((10.0 + 45 * (n % 20), 10.0 + 35 * (n // 20), 30.0, 20.0), f) for n in range(boxes)]
        answer(campaign, {0: [located(shapes)]})
        Task.objects.filter(campaign=campaign).update(state=Task.State.RETIRED)
        merge(campaign)
        found = []
        for path in (f"crops/?concept={f.pk}&limit=200", "crops/concepts/"):
            client = api(owner)
            with CaptureQueriesContext(connection) as caught:
                answered = client.get(f"/api/v1/campaigns/{campaign.slug}/{path}")
            assert answered.status_code == 200
            found.append(len(caught))
        assert (
            len(
                client.get(f"/api/v1/campaigns/{campaign.slug}/crops/?concept={f.pk}&limit=200").json()[
                    "items"
                ]
            )
            == boxes
        )
        with CaptureQueriesContext(connection) as caught:
            bulk = rule(campaign, items_at(campaign, 0), owner)
        assert bulk.decided == 1
        return [*found, len(caught)]

    assert statements(10) == statements(200)


# --- ruled on -------------------------------------------------------------------------------------


def test_what_stands_alone_is_decided_at_once(wall: Campaign, owner: User, clef: Clef) -> None:
    bulk = rule(wall, items_at(wall, 0, 1, 2), owner, "corrected", concept=clef("G").pk)
    assert states(bulk) == [("decided", "")] * 3
    assert truth(wall) == [str(clef("G").pk)] * 3
    assert set(Decision.objects.values_list("bulk", "verdict", "reason")) == {
        (bulk.pk, "corrected", "Looked at.")
    }


def test_a_part_is_kept_and_the_rest_decides(
    wall: Campaign, owner: User, reviewer_too: User, clef: Clef
) -> None:
    first, second = items_at(wall, 8)
    assert states(rule(wall, [first], owner, "rejected")) == [("kept", "")]
    assert task_at(wall, 8).state == Task.State.RETIRED
    # It stands in their own review of the task, and in nobody else's.
    shown = {one["id"]: one["kept"] for one in one_review(wall, task_at(wall, 8).pk, by=owner)["items"]}
    assert (shown[first]["verdict"], shown[first]["reason"], shown[second]) == (
        "rejected",
        "Looked at.",
        None,
    )
    others = one_review(wall, task_at(wall, 8).pk, by=reviewer_too)["items"]
    assert {one["kept"] is None for one in others} == {True}
    assert states(rule(wall, [second], reviewer_too)) == [("kept", "")]
    assert states(rule(wall, [second], owner)) == [("decided", "")]
    assert truth(wall) == [str(clef("G").pk)]


def test_what_is_said_again_of_a_part_counts(wall: Campaign, owner: User, clef: Clef) -> None:
    first, second = items_at(wall, 8)
    rule(wall, [first], owner, "rejected")
    again = rule(wall, [first], owner, "accepted")
    undo_bulk(wall, again.pk, by=owner)
    rule(wall, [second], owner)
    assert truth(wall) == [str(clef("G").pk)]


def test_one_of_a_decided_task_is_decided_anew(wall: Campaign, owner: User, clef: Clef) -> None:
    accept_all(wall, task_at(wall, 8), owner)
    before = set(Decision.objects.filter(superseded_at=None).values_list("judged", "verdict", "request"))
    found = listed(wall, owner, concept=clef("F").pk, state="decided")
    assert found["total"] == 1
    bulk = rule(wall, [UUID(found["items"][0]["id"])], owner, "corrected", concept=clef("C").pk)
    assert states(bulk) == [("decided", "")]
    assert truth(wall) == sorted([str(clef("C").pk), str(clef("G").pk)])
    undone = undo_bulk(wall, bulk.pk, by=owner)
    assert (undone.taken_back, undone.kept) == (1, 0)
    assert truth(wall) == sorted([str(clef("F").pk), str(clef("G").pk)])
    after = Decision.objects.filter(superseded_at=None).values_list("judged", "verdict", "request")
    assert {row[:2] for row in after} == {row[:2] for row in before}


def test_undone_one_after_the_other_nothing_is_left(wall: Campaign, owner: User, clef: Clef) -> None:
    one = rule(wall, items_at(wall, 0), owner)
    decision = Decision.objects.get(superseded_at=None)
    two = rule(wall, [decision.pk], owner, "rejected")
    assert truth(wall) == []
    undo_bulk(wall, two.pk, by=owner)
    assert truth(wall) == [str(clef("F").pk)]
    undo_bulk(wall, one.pk, by=owner)
    undo_bulk(wall, one.pk, by=owner)
    assert (truth(wall), task_at(wall, 0).state) == ([], Task.State.RETIRED)
    assert not KeptRuling.objects.exists()


def test_what_somebody_decided_since_stays(
    wall: Campaign, owner: User, reviewer_too: User, clef: Clef
) -> None:
    bulk = rule(wall, items_at(wall, 0, 1), owner)
    decision = Decision.objects.get(superseded_at=None, task=task_at(wall, 0))
    rule(wall, [decision.pk], reviewer_too, "corrected", concept=clef("C").pk)
    undone = undo_bulk(wall, bulk.pk, by=owner)
    assert (undone.taken_back, undone.kept) == (1, 1)
    assert truth(wall) == [str(clef("C").pk)]


def test_the_same_request_again_changes_nothing(wall: Campaign, owner: User, clef: Clef) -> None:
    request, ids = uuid4(), items_at(wall, 0, 8)
    first = rule(wall, ids, owner, request=request)
    again = rule(wall, ids[::-1], owner, request=request)
    assert results_of(first) == results_of(again)
    assert BulkReview.objects.count() == 1
    with pytest.raises(Conflict) as refused:
        rule(wall, ids[:1], owner, request=request)
    assert refused.value.code == "id-used"


def test_each_refusal_is_of_its_own_item(wall: Campaign, owner: User, reviewer_too: User) -> None:
    ids = [*items_at(wall, 0, 1, 9), uuid4()]
    accept_all(wall, task_at(wall, 1), reviewer_too)
    bulk = rule(wall, ids, owner)
    assert states(bulk) == [
        ("decided", ""), ("refused", "already-decided"), ("refused", "label-undecided"), ("refused", "stale-item"),
    ]  # fmt: skip
    assert all(one["detail"] for one in results_of(bulk) if one["state"] == "refused")


def test_one_s_own_task_is_not_decided(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(pages=2)
    people = answer(campaign, {at: [located([(ONE, clef("F"))]) for _p in range(3)] for at in range(2)})
    merge(campaign)
    people[0].user = owner
    people[0].save(update_fields=["user"])
    bulk = rule(campaign, items_at(campaign, 0, 1), owner)
    assert states(bulk) == [("refused", "own-task")] * 2
    assert {one["own"] for one in listed(campaign, owner, concept=clef("F").pk)["items"]} == {True}


def test_rejecting_needs_a_reason_and_relabelling_a_label(wall: Campaign, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        rule(wall, items_at(wall, 0), owner, "rejected", reason=" ")
    assert refused.value.code == "no-reason"
    with pytest.raises(Invalid) as refused:
        rule(wall, items_at(wall, 0), owner, "corrected")
    assert refused.value.code == "label-missing"
    assert not BulkReview.objects.exists()


def test_two_reviewers_must_say_the_same(wall: Campaign, owner: User, reviewer_too: User, clef: Clef) -> None:
    Campaign.objects.filter(pk=wall.pk).update(reviews=2)
    wall.refresh_from_db()
    ids = items_at(wall, 0)
    assert states(rule(wall, ids, owner)) == [("spoken", "")]
    assert states(rule(wall, ids, owner)) == [("refused", "already-reviewed")]
    assert truth(wall) == []
    assert states(rule(wall, ids, reviewer_too)) == [("decided", "")]
    assert truth(wall) == [str(clef("F").pk)]


def test_over_rest_and_taken_back(wall: Campaign, owner: User) -> None:
    client, base = api(owner), f"/api/v1/campaigns/{wall.slug}"
    sent = {"id": str(uuid4()), "items": [str(pk) for pk in items_at(wall, 0, 1)], "verdict": "accepted"}
    for _twice in range(2):
        answered = client.post(f"{base}/crops/rulings/", sent, format="json")
        assert answered.status_code == 200, answered.content
        assert answered.json()["decided"] == 2
    undone = client.delete(f"{base}/decisions/bulk/{sent['id']}/")
    assert (undone.status_code, undone.json()["taken_back"]) == (202, 2)
    many = {**sent, "id": str(uuid4()), "items": [str(uuid4()) for _n in range(501)]}
    assert client.post(f"{base}/crops/rulings/", many, format="json").status_code == 422


def test_the_page_opens(wall: Campaign, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert b"<rubricator-sorting" in client.get(f"/campaigns/{wall.slug}/review/crops/").content
    assert b"review/crops/" in client.get(f"/campaigns/{wall.slug}/review/").content


@pytest.fixture
def reviewer_too(wall: Campaign, owner: User) -> User:
    person = User.objects.create_user("rita", email="rita@example.org")
    assign_role(wall, person, Role.REVIEWER, by=owner)
    return person
