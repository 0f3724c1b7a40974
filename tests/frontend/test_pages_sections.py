"""The long page of settings has a list of its parts, and the overview tells of a rule by which fewer people are enough."""

import re

import pytest
from django.test import Client

from accounts.models import User
from campaigns.models import Campaign
from tests.campaigns.conftest import CampaignMaker


@pytest.fixture
def olga(owner: User) -> Client:
    owner.is_curator = True
    owner.save()
    client = Client()
    client.force_login(owner)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/campaigns/clefs/edit/", "/campaigns/new/"])
def test_each_link_leads_to_a_part_and_each_part_has_one(
    campaign: Campaign, olga: Client, address: str
) -> None:
    page = olga.get(address).content.decode()
    links = re.findall(r'<li><a href="#([a-z]+)">', page)
    parts = re.findall(r'<h2 id="([a-z]+)">', page)
    assert links == [part for part in parts if part not in ("begin", "ordering")]
    assert "course" in links


@pytest.mark.django_db
def test_the_overview_tells_of_an_early_rule(make_campaign: CampaignMaker, olga: Client) -> None:
    make_campaign(overlap=5, retirement=[{"rule": "agreement", "people": 2, "likeness": 0.8}])
    page = olga.get("/campaigns/clefs/dashboard/").content.decode()
    assert "each image: 5 people, fewer once 2 agree by 80%" in page
    assert "5 people an image" not in page
    assert "At most 5 people see each image" in olga.get("/campaigns/clefs/").content.decode()


@pytest.mark.django_db
def test_without_one_it_says_how_many(campaign: Campaign, olga: Client) -> None:
    assert "3 people an image" in olga.get("/campaigns/clefs/dashboard/").content.decode()
    assert "3 people see each image" in olga.get("/campaigns/clefs/").content.decode()
