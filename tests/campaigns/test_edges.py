"""The mean of boxes in a campaign listens to whoever draws an edge exactly, and says so."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from campaigns.actions import configure_campaign
from campaigns.actions.consensus import method_of
from campaigns.actions.reliability import learn_reliability
from campaigns.edges import edges_for, learn_edges
from campaigns.models import Campaign, ConsensusItem, ContributionShape, ReliabilityModel
from campaigns.quality import edge_spread
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import answer, located, merge

Clef = Callable[[str], Concept]
PAGES = 16


@pytest.fixture
def drawn(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """One who is exact, and two who are not: nobody is surer of the labels than another."""
    campaign = make_campaign(
        pages=PAGES, question={"prompt": {"en": "Where?"}, "merged": "mean"}, weighing="one-coin"
    )
    rng = np.random.default_rng(4)
    rows: dict[int, Any] = {}
    for page in range(PAGES):
        shapes = []
        for sigma in (0.3, 4, 4):
            left, top, right, bottom = (np.array([100, 100, 160, 180]) + rng.normal(0, sigma, 4)).tolist()
            shapes.append(located([((left, top, right - left, bottom - top), clef("F"))]))
        rows[page] = shapes
    answer(campaign, rows)
    merge(campaign)
    return campaign


def off(campaign: Campaign) -> float:
    rows = ConsensusItem.objects.filter(consensus__campaign=campaign).select_related("annotation")
    boxes = np.array(
        [(one.annotation.x, one.annotation.y, one.annotation.w, one.annotation.h) for one in rows]
    )
    return float(np.square(boxes - [100, 100, 60, 80]).mean())


def test_the_exact_are_listened_to(drawn: Campaign, owner: User, client: Client) -> None:
    before = off(drawn)
    assert ConsensusItem.objects.count() == PAGES
    learn_reliability(drawn)
    merge(drawn)
    assert off(drawn) < before / 2
    found = edges_for(drawn)
    assert found is not None
    sigma = sorted(np.mean(row) for row in found.people.values())
    assert sigma[0] < 0.7 * sigma[1]
    assert set(found.boxes.values()) <= set(range(PAGES + 1))
    assert "; mean places, 2; one-coin, 1" in method_of(drawn)
    client.force_login(owner)
    people = client.get(f"/api/v1/campaigns/{drawn.slug}/reliability/").json()["people"]
    assert {tuple(one["edges"]) for one in people} == set(found.people.values())
    page = client.get(f"/campaigns/{drawn.slug}/people/weighing/")
    assert page.status_code == 200
    assert 'data-testid="by-edge"' in page.content.decode()


def test_where_votes_are_alike_nobody_is_listened_to_more(drawn: Campaign, owner: User) -> None:
    learn_reliability(drawn)
    campaign = configure_campaign(drawn, {"weighing": "alike"}, by=owner)
    assert edges_for(campaign) is None
    assert "mean places, 1" in method_of(campaign)
    merge(campaign)
    boxes = [one.annotation for one in ConsensusItem.objects.filter(consensus__campaign=campaign)]
    for item in ConsensusItem.objects.filter(consensus__campaign=campaign):
        members = [one.annotation.x or 0.0 for one in item.members.select_related("annotation")]
        assert item.annotation.x == pytest.approx(np.mean(members), abs=1e-3)
    assert len(boxes) >= PAGES


def test_what_was_taken_over_teaches_nothing(
    drawn: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert learn_edges(drawn) is not None
    ContributionShape.objects.update(origin="accepted")
    assert learn_edges(drawn) is None


def test_too_little_leaves_the_mean_by_reliability(
    drawn: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(edge_spread, "LEAST_BOXES", 1000)
    learn_reliability(drawn)
    assert ReliabilityModel.objects.get(campaign=drawn).edges == {}
    assert edges_for(drawn) is None
    merge(drawn)
    client.force_login(owner)
    people = client.get(f"/api/v1/campaigns/{drawn.slug}/reliability/").json()["people"]
    assert {one["edges"] for one in people} == {None}
    assert (
        'data-testid="by-edge"'
        not in client.get(f"/campaigns/{drawn.slug}/people/weighing/").content.decode()
    )
