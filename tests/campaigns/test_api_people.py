"""Announcements, the field guide, teams and the leaderboard over REST, as a program of the campaign's people calls them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import archive_campaign, close_campaign, configure_campaign
from campaigns.models import Announcement, AnnouncementMail, Campaign, Subscription
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, accept_all, answer, located, merge, task_at

BASE = "/api/v1/campaigns/clefs/"
NEWS = {"title": {"en": "Half way"}, "text": {"en": "Thank *you*."}}
Clef = Callable[[str], Concept]


@pytest.fixture
def campaign(make_campaign: CampaignMaker) -> Campaign:
    cache.clear()
    return make_campaign(pages=2, overlap=2)


def client_of(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


# --- announcements ---


def test_an_announcement_is_written_published_and_mailed_once(
    campaign: Campaign, owner: User, contributor: User
) -> None:
    curator, reader = client_of(owner), client_of(contributor)
    EmailAddress.objects.create(user=contributor, email=contributor.email, verified=True, primary=True)
    assert reader.put(BASE + "subscription/").json() == {"subscribed": True}
    address = f"{BASE}announcements/{uuid4()}/"
    for _twice in range(2):
        draft = curator.put(address, NEWS, format="json")
        assert (draft.status_code, draft.json()["published_at"]) == (200, None)
    assert [reader.get(address).status_code, reader.get(BASE + "announcements/").json()] == [
        404,
        {"items": []},
    ]
    assert len(curator.get(BASE + "announcements/").json()["items"]) == 1
    sent = [
        curator.post(address + "publish/", {"mail": True}, format="json").json()["mails"] for _ in range(2)
    ]
    assert (sent, AnnouncementMail.objects.count()) == ([1, 0], 1)
    (shown,) = reader.get(BASE + "announcements/").json()["items"]
    assert shown["text_html"]["en"].strip() == "<p>Thank <em>you</em>.</p>"
    other = {**NEWS, "title": {"en": "Done"}}
    assert curator.put(address, other, format="json").json()["code"] == "announcement-published"
    assert curator.put(address, {"title": {}, "text": {}}, format="json").status_code == 422
    for _twice in range(2):
        assert curator.delete(address).status_code == 204
    assert not Announcement.objects.exists()


def test_mail_is_asked_for_with_a_confirmed_address_only(campaign: Campaign, contributor: User) -> None:
    reader = client_of(contributor)
    refused = reader.put(BASE + "subscription/")
    assert (refused.status_code, refused.json()["code"]) == (409, "address-not-verified")
    assert client_of().put(BASE + "subscription/").status_code == 401
    Subscription.objects.create(campaign=campaign, user=contributor)
    assert reader.get(BASE + "subscription/").json() == {"subscribed": True}
    for _twice in range(2):
        assert reader.delete(BASE + "subscription/").status_code == 204
    assert reader.get(BASE + "subscription/").json() == {"subscribed": False}


# --- the field guide ---


def test_the_guide_has_names_and_decided_examples(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))]), located([(ONE, clef("F"))])]})
    merge(campaign)
    accept_all(campaign, task_at(campaign, 0), owner)
    with CaptureQueriesContext(connection) as queries:
        guide = client_of().get(BASE + "guide/").json()
    assert guide["total"] == len(guide["entries"]) == 4
    entry = next(one for one in guide["entries"] if one["id"] == str(clef("F").pk))
    (example,) = entry["examples"]
    assert example["canvas"] == str(task_at(campaign, 0).canvas_id)
    assert example["crop"].endswith(".jpg")
    assert "fr" in entry["elsewhere"]
    assert len(queries) < 12
    french = client_of().get(
        BASE + "guide/", {"q": entry["elsewhere"]["fr"]}, headers={"Accept-Language": "fr"}
    )
    assert french.json()["entries"][0]["label"] == entry["elsewhere"]["fr"]
    assert client_of().get(BASE + "guide/", {"page": "no such"}).json()["page"] == 1
    assert client_of().get(BASE + "guide/", {"q": "\x00"}).status_code == 200


# --- teams and the leaderboard ---


def test_teams_are_founded_joined_and_left(campaign: Campaign, contributor: User, reviewer: User) -> None:
    one, two = client_of(contributor), client_of(reviewer)
    founded = one.post(BASE + "teams/", {"name": "Quills"}, format="json")
    assert (founded.status_code, len(founded.json()["members"])) == (201, 1)
    assert two.post(BASE + "teams/", {"name": "Quills"}, format="json").json()["code"] == "name-taken"
    secret = founded.json()["address"].rstrip("/").rsplit("/", 1)[-1]
    for _twice in range(2):
        assert len(two.post(BASE + "teams/join/", {"secret": secret}, format="json").json()["members"]) == 2
    link = f"{BASE}teams/{founded.json()['id']}/link/"
    assert two.post(link).json()["address"] != founded.json()["address"]
    assert (
        client_of(reviewer).post(BASE + "teams/join/", {"secret": secret}, format="json").status_code == 404
    )
    assert client_of().post(BASE + "teams/", {"name": "Ink"}, format="json").status_code == 401
    for _twice in range(2):
        assert two.delete(BASE + "teams/mine/").status_code == 204
    assert two.get(BASE + "teams/mine/").status_code == 404
    assert one.get(BASE + "teams/mine/").json()["name"] == "Quills"


def test_the_leaderboard_shows_what_the_campaign_shows(
    campaign: Campaign, owner: User, contributor: User, clef: Clef
) -> None:
    reader = client_of(contributor)
    assert reader.get(BASE + "leaderboard/").json() == {
        "shown": False, "people": [], "teams": [], "goals": [], "mine": None,
    }  # fmt: skip
    people = answer(campaign, {0: [located([(ONE, clef("F"))]), located([(ONE, clef("F"))])]})
    merge(campaign)
    goal = {"count": 1, "on": "2030-01-01"}
    configure_campaign(campaign, {"shows_leaderboard": True, "goals": [goal]}, by=owner)
    people[0].user = contributor
    people[0].visitor = ""
    people[0].save()
    cache.clear()
    standing = reader.get(BASE + "leaderboard/").json()
    assert [(one["place"], one["items"]) for one in standing["people"]] == [(1, 1), (1, 1)]
    assert (standing["mine"], standing["goals"][0]["reached"]) == ({"items": 1, "hidden": False}, True)
    assert reader.patch(BASE + "leaderboard/", {"hidden": True}, format="json").json() == {"hidden": True}
    assert len(reader.get(BASE + "leaderboard/").json()["people"]) == 1


def test_nothing_is_written_in_an_archive(campaign: Campaign, owner: User, contributor: User) -> None:
    close_campaign(campaign, by=owner)
    archive_campaign(campaign, by=owner)
    one, two = client_of(owner), client_of(contributor)
    refused = [
        one.put(f"{BASE}announcements/{uuid4()}/", NEWS, format="json"),
        two.post(BASE + "teams/", {"name": "Quills"}, format="json"),
        two.delete(BASE + "teams/mine/"),
    ]
    assert {answer.json()["code"] for answer in refused} == {"campaign-archived"}
