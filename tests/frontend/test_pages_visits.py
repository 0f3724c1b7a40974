"""The notice that asks whether what was done in this browser without an account is the reader’s, and its button."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from campaigns.actions import claim, configure_campaign, join_campaign, submit
from campaigns.api.visitors import COOKIE
from campaigns.models import Campaign, Participant
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.test_api_volunteer import answer_to

ASKS = 'data-testid="visits"'


@pytest.fixture
def visited(campaign: Campaign, client: Client, owner: User, contributor: User) -> Client:
    """Carl’s browser, in which he did one image before he signed in."""
    configure_campaign(campaign, {"allows_anonymous": True}, by=owner)
    given = client.post(reverse("api-assignment-claim", args=["clefs"]), {}, content_type="application/json")
    client.post(
        reverse("api-contribution-submit", args=["clefs"]),
        answer_to(given.json()),
        content_type="application/json",
    )
    assert ASKS not in client.get(reverse("campaign", args=["clefs"])).content.decode()
    client.force_login(contributor)
    return client


@pytest.mark.parametrize("path", ["/me/", "/campaigns/clefs/"])
def test_the_notice_asks(visited: Client, path: str) -> None:
    page = visited.get(path).content.decode()
    assert ASKS in page
    assert f"1 image, as “{Participant.objects.get().pseudonym}”" in page


def test_a_campaigns_page_lists_all_that_the_button_takes(
    visited: Client, make_campaign: CampaignMaker
) -> None:
    visitor = Participant.objects.get().visitor
    other = make_campaign("hands", title={"en": "Whose hand is this?"})
    given = claim(other, join_campaign(other, visitor=visitor)).assignment
    assert given is not None
    submit(given, nothing_here())
    make_campaign("third")
    assert "Whose hand is this?: 1 image" in visited.get("/campaigns/clefs/").content.decode()
    assert ASKS not in visited.get("/campaigns/third/").content.decode()


def test_only_in_this_browser(visited: Client, contributor: User) -> None:
    other = Client()
    other.force_login(contributor)
    with CaptureQueriesContext(connection) as queries:
        assert ASKS not in other.get("/me/").content.decode()
    assert not [one for one in queries if '"visitor" =' in one["sql"]], "without the cookie nothing is asked"
    other.post(reverse("visits-adopt"))
    assert Participant.objects.get().user is None


def test_one_button_makes_it_ones_own(visited: Client, contributor: User) -> None:
    name = Participant.objects.get().pseudonym
    response = visited.post(reverse("visits-adopt"), follow=True)
    page = response.content.decode()
    assert "1 image is yours now." in page
    assert ASKS not in page
    assert name in page
    assert visited.cookies[COOKIE].value == ""
    assert Participant.objects.get().user == contributor
    again = visited.post(reverse("visits-adopt"), follow=True).content.decode()
    assert "There was nothing left to take over." in again


def test_under_ones_public_name_in_french(visited: Client) -> None:
    with translation.override("fr"):
        page = visited.get("/me/", headers={"Accept-Language": "fr"}).content.decode()
    assert "Était-ce vous\u202f?" in page
    visited.post(reverse("visits-adopt"), {"public_name": "on"})
    assert Participant.objects.get().pseudonym == "Carl"
