"""When a campaign will be done: counted by hand from its rows, on its page and over REST."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import configure_campaign
from campaigns.forecast import Standing, forecast_of
from campaigns.models import Assignment, Campaign, CampaignVersion, Contribution
from campaigns.quality.forecast import WINDOW_DAYS, Outlook
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import answer

PAGE, ADDRESS = "/campaigns/clefs/dashboard/", "/api/v1/campaigns/clefs/forecast/"
NOTHING_HERE = [{"rule": "nothing_here", "people": 2}]


def spread(*days: int) -> None:
    """So that the answers came in so many days ago, as many on each of these days."""
    now = timezone.now()
    for number, pk in enumerate(Contribution.objects.filter(counts=True).values_list("pk", flat=True)):
        at = now - timedelta(days=days[number % len(days)])
        Contribution.objects.filter(pk=pk).update(submitted_at=at)


@pytest.fixture
def steady(make_campaign: CampaignMaker) -> Campaign:
    """Two answers on each of the last six days; eight of the twelve tasks still need three each."""
    campaign = make_campaign(pages=12)
    answer(campaign, {position: [nothing_here() for _person in range(3)] for position in range(4)})
    spread(1, 2, 3, 4, 5, 6)
    Assignment.objects.update(expires_at=timezone.now())
    return campaign


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_a_steady_pace(steady: Campaign) -> None:
    told = forecast_of(steady)
    assert (told.outlook, told.left, told.each, told.pace, told.days) == (Outlook.DUE, 24, 3, 2, 6)
    assert (told.earliest, told.on, told.latest) == (in_days(12), in_days(12), in_days(12))
    assert told.standing is None


def test_what_came_in_today_is_done_but_is_no_whole_day(steady: Campaign) -> None:
    answer(steady, {4: [nothing_here(), nothing_here()], 5: [nothing_here()]})
    told = forecast_of(steady)
    assert (told.left, told.pace, told.on) == (21, 2, in_days(11))


def test_days_without_work_are_zeros(steady: Campaign) -> None:
    spread(2, 4, 6)
    told = forecast_of(steady)
    assert (told.outlook, told.days, told.pace) == (Outlook.DUE, 6, 2)
    assert told.latest is not None
    assert told.latest > in_days(12)


def test_answers_that_do_not_count_are_no_pace(steady: Campaign) -> None:
    Contribution.objects.update(counts=False)
    assert (forecast_of(steady).outlook, forecast_of(steady).left) == (Outlook.TOO_EARLY, 24)


@pytest.mark.parametrize(
    ("days", "standing"), [(11, Standing.BEHIND), (12, Standing.AHEAD), (40, Standing.AHEAD)], ids=str
)
def test_the_target(steady: Campaign, days: int, standing: Standing) -> None:
    steady.target_on = in_days(days)
    assert forecast_of(steady).standing == standing


def test_a_target_within_the_interval(steady: Campaign) -> None:
    spread(2, 4, 6)
    steady.target_on = in_days(12)
    assert forecast_of(steady).standing == Standing.CLOSE


def test_where_fewer_are_enough_the_finished_tasks_tell_how_many(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=8, overlap=5, retirement=NOTHING_HERE)
    answer(campaign, {position: [nothing_here() for _person in range(2)] for position in range(4)})
    assert (forecast_of(campaign).each, forecast_of(campaign).left) == (5, 20), "four say too little"
    with patch("campaigns.forecast.ENOUGH_FINISHED", 4):
        assert (forecast_of(campaign).each, forecast_of(campaign).left) == (2, 8)
        answer(campaign, {4: [nothing_here()]})
        assert forecast_of(campaign).left == 7


@pytest.mark.parametrize("pages", [2, 12])
def test_two_queries(
    make_campaign: CampaignMaker, pages: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=pages)
    answer(campaign, {position: [nothing_here()] for position in range(pages)})
    with django_assert_num_queries(2):
        forecast_of(campaign)


def test_the_target_is_a_setting(steady: Campaign, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    assert api.patch("/api/v1/campaigns/clefs/", {"target_on": "soon"}).status_code == 422
    assert api.patch("/api/v1/campaigns/clefs/", {"target_on": "2100-03-01"}).status_code == 200
    assert CampaignVersion.objects.latest("version").configuration["target_on"] == "2100-03-01"
    told = api.get("/api/v1/campaigns/clefs/definition/").json()
    assert told["target_on"] == "2100-03-01"
    assert api.put("/api/v1/campaigns/again/definition/", told, format="json").status_code == 201
    assert str(Campaign.objects.get(slug="again").target_on) == "2100-03-01"


def test_over_rest(steady: Campaign, owner: User, api: APIClient) -> None:
    configure_campaign(steady, {"target_on": in_days(10)}, by=owner)
    api.force_authenticate(owner)
    day = str(in_days(12))
    assert api.get(ADDRESS).json() == {
        "outlook": "due", "on": day, "earliest": day, "latest": day, "level": 0.8, "left": 24, "each": 3.0,
        "pace": 2.0, "days": 6, "target_on": str(in_days(10)), "standing": "behind",
    }  # fmt: skip


def said(client: Client, language: str = "en") -> str:
    html = client.get(PAGE, headers={"Accept-Language": language}).content.decode()
    found = re.search(r'<section[^>]*data-testid="forecast".*?</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split()) if found else ""


def test_on_the_dashboard(steady: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    assert "24 more answers are needed" in said(client)
    assert "At this pace by" in said(client)
    assert "target" not in said(client)
    configure_campaign(steady, {"target_on": in_days(10)}, by=owner)
    assert "will most likely be missed" in said(client)
    assert "Encore 24 réponses nécessaires" in said(client, "fr")
    spread(2, 4, 6)
    assert ", between" in said(client)
    assert "eight cases of ten" in said(client)
    spread(6)
    assert "perhaps much later" in said(client)
    spread(WINDOW_DAYS + 1)
    assert "Never at this pace: in the last 28 days" in said(client)
    spread(0)
    assert "too early to tell" in said(client)
    Campaign.objects.update(status="paused")
    assert said(client) == ""


def test_the_page_of_settings_keeps_the_target(steady: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    configure_campaign(steady, {"target_on": in_days(10)}, by=owner)
    assert f'value="{in_days(10)}"' in client.get("/campaigns/clefs/edit/").content.decode()
