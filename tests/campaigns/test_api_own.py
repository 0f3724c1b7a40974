"""One’s own work over REST: listed, read, amended, and what was decided about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import close_campaign, configure_campaign, join_campaign
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.models import Campaign, Contribution
from campaigns.own_figures import record_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, merge, moved, task_at
from tests.campaigns.test_api_volunteer import answer_to, claim, submit

Clef = Callable[[str], Concept]
KEYS = {
    "id", "campaign", "submitted_at", "amended_at", "revision", "counted", "state", "amendable", "why_not",
    "canvas_label", "crop", "answer", "verdict",
}  # fmt: skip


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


def box(concept: Concept, at: tuple[float, ...] = ONE) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "box": list(at), "concepts": [str(concept.pk)], "origin": "drawn",
        "prediction": None,
    }  # fmt: skip


def hand_in(client: APIClient, *shapes: dict[str, Any], slug: str = "clefs") -> dict[str, Any]:
    body = answer_to(claim(client, slug), shapes=list(shapes), nothing_here=not shapes)
    assert submit(client, body, slug).status_code == 201
    return body


def put(client: APIClient, pk: str, **body: Any) -> Any:
    whole = {"id": str(uuid4()), "based_on": 1, "nothing_here": True, "time_spent_s": 2, **body}
    return client.put(reverse("api-contribution", args=[pk]), whole, format="json")


def mine(client: APIClient, **query: Any) -> Any:
    return client.get(reverse("api-contribution-mine", args=["clefs"]), query)


def test_ones_work_is_listed_newest_first(campaign: Campaign, carl: APIClient, clef: Clef) -> None:
    first, second = hand_in(carl, box(clef("F"))), hand_in(carl)
    page = mine(carl, limit=1).json()
    assert [row["id"] for row in page["results"]] == [second["id"]]
    rest = carl.get(page["next"]).json()
    assert [row["id"] for row in rest["results"]] == [first["id"]]
    assert rest["next"] is None
    (row,) = rest["results"]
    assert set(row) == KEYS
    assert (row["state"], row["amendable"], row["why_not"], row["verdict"]) == ("open", True, None, None)
    assert (row["revision"], row["counted"], row["campaign"]) == (1, True, "clefs")
    assert row["answer"]["shapes"][0]["concepts"] == [{"id": str(clef("F").pk), "label": "F clef"}]
    assert row["crop"].startswith("https://example.org/iiif/")
    assert mine(carl, cursor="nonsense").status_code == 404


def test_others_work_is_not_among_it(campaign: Campaign, carl: APIClient, stranger: User) -> None:
    body = hand_in(carl)
    other = APIClient()
    assert mine(other).json()["results"] == []
    other.force_authenticate(stranger)
    assert mine(other).json()["results"] == []
    assert other.get(reverse("api-contribution", args=[body["id"]])).status_code == 404
    assert put(other, body["id"]).status_code == 404
    assert put(APIClient(), body["id"]).status_code == 401


def test_what_was_handed_in_is_read_as_for_working_on_it(
    campaign: Campaign, carl: APIClient, clef: Clef
) -> None:
    given = claim(carl)
    body = answer_to(given, shapes=[box(clef("F"))], nothing_here=False, comment="torn")
    submit(carl, body)
    read = carl.get(reverse("api-contribution", args=[body["id"]]), headers={"Accept-Language": "fr"}).json()
    assert set(read) == KEYS | {"assignment"}
    assert read["assignment"]["task"] == given["assignment"]["task"]
    assert read["assignment"]["predictions"] == []
    assert read["answer"]["comment"] == "torn"
    assert read["answer"]["shapes"][0]["concepts"][0]["label"] == "clef de fa"


def test_an_answer_is_amended_once(campaign: Campaign, carl: APIClient, clef: Clef) -> None:
    body = hand_in(carl, box(clef("F")))
    new = {"id": str(uuid4()), "shapes": [box(clef("G"), TWO)], "nothing_here": False}
    first, again = put(carl, body["id"], **new), put(carl, body["id"], **new)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["revision"] == 2
    assert first.json()["answer"]["shapes"][0]["box"] == list(TWO)
    other = put(carl, body["id"], id=new["id"])
    assert (other.status_code, other.json()["code"]) == (409, "id-used")
    assert other["Content-Type"] == "application/problem+json"
    stale = put(carl, body["id"])
    assert (stale.status_code, stale.json()["code"]) == (409, "changed-meanwhile")
    assert stale.json()["present"] == first.json()
    assert Contribution.objects.get().time_spent_s == 4.5 + 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"based_on": 0}, "/based_on"),
        ({"based_on": None}, "/based_on"),
        ({"id": "seven"}, "/id"),
        ({"nothing_here": "yes"}, "/nothing_here"),
        ({"nothing_here": False}, "/shapes"),
        ({"shapes": [7], "nothing_here": False}, "/shapes/0"),
        ({"time_spent_s": -1}, "/time_spent_s"),
    ],
)
def test_a_wrong_amendment_is_refused_with_its_place(
    campaign: Campaign, carl: APIClient, body: dict[str, Any], pointer: str
) -> None:
    handed_in = hand_in(carl)
    response = put(carl, handed_in["id"], **body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"].startswith(pointer)
    assert Contribution.objects.get().revision == 1


def test_a_visitor_amends_by_their_cookie(campaign: Campaign, api: APIClient, owner: User) -> None:
    configure_campaign(campaign, {"allows_anonymous": True}, by=owner)
    body = hand_in(api)
    assert [row["id"] for row in mine(api).json()["results"]] == [body["id"]]
    assert put(api, body["id"], comment="torn").status_code == 200


def test_a_closed_campaign_says_why_not(campaign: Campaign, carl: APIClient, owner: User) -> None:
    body = hand_in(carl)
    close_campaign(campaign, by=owner)
    (row,) = mine(carl).json()["results"]
    assert (row["amendable"], row["why_not"]["code"]) == (False, "campaign-closed")
    refused = put(carl, body["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign-closed")


# --- what was decided -----------------------------------------------------------------------------


def decided(campaign: Campaign, by: User, position: int, *judgements: tuple[str, Any]) -> None:
    """Decide on the merged items of a task in reading order, each with a verdict and what is true."""
    items = sorted(
        task_at(campaign, position).consensus.items.select_related("annotation"),
        key=lambda item: item.annotation.y or 0,
    )
    rulings = [
        Judgement(verdict, item=item.pk, **true)
        for (verdict, true), item in zip(judgements, items, strict=False)
    ]
    rulings += [Judgement(verdict, **true) for verdict, true in judgements[len(items) :]]
    decide(campaign, task_at(campaign, position).pk, rulings, request=uuid4(), by=by)


def test_what_was_decided_is_told_with_its_reasons(
    make_campaign: CampaignMaker, carl: APIClient, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    rows = [(100, 100, 40, 80), (100, 300, 40, 80), (100, 500, 40, 80), (100, 700, 40, 80)]
    hand_in(carl, *(box(clef("F"), row) for row in rows))
    merge(campaign)
    decided(
        campaign,
        owner,
        0,
        ("accepted", {}),
        ("corrected", {"concepts": (clef("G").pk,), "reason": "It curls around the second line."}),
        ("corrected", {"box": (130, 500, 40, 80), "concepts": (clef("F").pk,)}),
        ("rejected", {"reason": "That is an initial."}),
        ("added", {"box": (500, 500, 40, 80), "concepts": (clef("C").pk,)}),
    )
    (row,) = mine(carl).json()["results"]
    assert (row["state"], row["amendable"], row["why_not"]["code"]) == ("decided", False, "decided")
    told = [
        (
            one["kind"],
            [name["label"] for name in (one["mine"] or {"concepts": []})["concepts"]],
            [name["label"] for name in (one["truth"] or {"concepts": []})["concepts"]],
            one["reason"],
        )
        for one in row["verdict"]["outcomes"]
    ]
    assert told == [
        ("stood", ["F clef"], ["F clef"], ""),
        ("renamed", ["F clef"], ["G clef"], "It curls around the second line."),
        ("moved", ["F clef"], ["F clef"], ""),
        ("refused", ["F clef"], [], "That is an initial."),
        ("missed", [], ["C clef"], ""),
    ]
    # Two of four boxes are matched, one of them under another label: F1 with the four true ones.
    assert row["verdict"]["agreement"] == pytest.approx(2 * 1 / 8)
    record = record_of(contributor, "en")
    assert (record.total.images, record.total.decided, record.total.seconds) == (1, 1, 4.5)
    assert record.total.agreement == pytest.approx(0.25)
    (concept,) = record.concepts
    assert (concept.label, concept.given, concept.decided, concept.stood) == ("F clef", 4, 4, 2)


def test_a_label_of_the_whole_picture_is_judged_as_one(
    make_campaign: CampaignMaker, carl: APIClient, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(
        pages=1, overlap=1, question_kind="tag", question={"prompt": {"en": "Which clef?"}}
    )
    body = answer_to(claim(carl), nothing_here=False, shapes=[], concepts=[str(clef("F").pk)])
    assert submit(carl, body).status_code == 201
    merge(campaign)
    decided(campaign, owner, 0, ("corrected", {"concepts": (clef("C").pk,), "reason": "Look at the line."}))
    (row,) = mine(carl).json()["results"]
    (outcome,) = row["verdict"]["outcomes"]
    assert (outcome["kind"], outcome["reason"]) == ("renamed", "Look at the line.")
    assert outcome["truth"]["concepts"][0]["label"] == "C clef"
    assert row["verdict"]["agreement"] == 0


def test_agreeing_that_nothing_is_there_is_agreement(
    make_campaign: CampaignMaker, carl: APIClient, owner: User
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    hand_in(carl)
    merge(campaign)
    decided(campaign, owner, 0)
    (row,) = mine(carl).json()["results"]
    assert (row["verdict"]["agreement"], row["verdict"]["outcomes"]) == (1, [])


def test_figures_are_told_by_campaign_and_month(
    make_campaign: CampaignMaker, carl: APIClient, clef: Clef, owner: User, contributor: User
) -> None:
    make_campaign(pages=3, overlap=1)
    second = make_campaign("others", pages=1, overlap=1)
    pks = [hand_in(carl, box(clef("F")))["id"] for _page in range(3)]
    hand_in(carl, box(clef("G")), slug="others")
    Contribution.objects.filter(pk=pks[0]).update(submitted_at="2020-01-15T12:00Z")
    merge(second)
    decided(second, owner, 0, ("accepted", {}))
    record = record_of(contributor, "en")
    assert [(campaign.slug, one.images, one.agreement) for campaign, one in record.campaigns] == [
        ("others", 1, 1.0),
        ("clefs", 3, None),
    ]
    assert [one.images for _month, one in record.months] == [3, 1]
    assert str(record.months[1][0]) == "2020-01-01"
    assert [one.agreement for _month, one in record.months] == [1.0, None]
    assert [(one.label, one.given, one.stood) for one in record.concepts] == [
        ("F clef", 3, 0),
        ("G clef", 1, 1),
    ]
    assert not record.is_partial


def test_the_list_takes_as_many_queries_whatever_it_holds(
    make_campaign: CampaignMaker, carl: APIClient, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=6, overlap=1)
    for _page in range(6):
        hand_in(carl, box(clef("F")), box(clef("G"), moved(ONE, 200)))
    merge(campaign)
    for position in range(6):
        decided(campaign, owner, position, ("accepted", {}), ("rejected", {}))
    counts = []
    for limit in (1, 6):
        with CaptureQueriesContext(connection) as caught:
            assert len(mine(carl, limit=limit).json()["results"]) == limit
        counts.append(len(caught))
    assert counts[0] == counts[1] < 14


def test_work_of_one_campaign_is_not_listed_in_another(
    make_campaign: CampaignMaker, carl: APIClient, contributor: User
) -> None:
    make_campaign()
    other = make_campaign("others")
    hand_in(carl)
    join_campaign(other, user=contributor)
    assert len(mine(carl).json()["results"]) == 1
    elsewhere = carl.get(reverse("api-contribution-mine", args=["others"])).json()
    assert elsewhere["results"] == []
    assert UUID(mine(carl).json()["results"][0]["id"])
