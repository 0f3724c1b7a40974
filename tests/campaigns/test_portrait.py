"""How one person works: every figure against what was put into the answers on purpose."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from campaigns.models import Campaign, Contribution, Participant
from campaigns.portrait import portrait_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import answer, located, merge, tagged

Clef = Callable[[str], Concept]
PAGES = 8


@pytest.fixture
def wide(make_campaign: CampaignMaker, clef: Clef) -> tuple[Campaign, Participant]:
    """Of four people the first draws every box a fifth too wide, to the right only; all name it alike."""
    campaign = make_campaign(slug="wide", pages=PAGES, overlap=4)
    f = clef("F")
    answers: dict[int, list[Any]] = {}
    for page in range(PAGES):
        box = (100 + page, 100, 100, 50)
        answers[page] = [located([((*box[:2], 120, 50), f)]), *(located([(box, f)]) for _n in range(3))]
    people = answer(campaign, answers)
    merge(campaign)
    return campaign, people[0]


def test_boxes_too_wide_are_told(wide: tuple[Campaign, Participant]) -> None:
    campaign, person = wide
    habits = portrait_of(campaign, person, "en").boxes
    assert habits is not None
    assert habits.matched == PAGES
    assert habits.width.mean == pytest.approx(np.log(1.2))
    assert habits.height.mean == pytest.approx(0)
    assert habits.across.mean == pytest.approx(0.1)
    assert habits.mean_iou == pytest.approx(100 / 120)
    other = portrait_of(
        campaign, Participant.objects.filter(campaign=campaign).exclude(pk=person.pk)[0], "en"
    ).boxes
    assert other.width.mean == pytest.approx(0)


@pytest.fixture
def mistaken(make_campaign: CampaignMaker, clef: Clef) -> tuple[Campaign, Participant]:
    """Of four people the first takes every G for an F in the second half."""
    campaign = make_campaign(
        question_kind="tag", slug="hands", question={"prompt": {"en": "?"}}, pages=PAGES, overlap=4
    )
    f, g = clef("F"), clef("G")
    truth = [g if page % 2 else f for page in range(PAGES)]
    answers = {
        page: [tagged(f if page >= PAGES // 2 else true), *(tagged(true) for _n in range(3))]
        for page, true in enumerate(truth)
    }
    people = answer(campaign, answers)
    Contribution.objects.filter(participant=people[0]).update(time_spent_s=8)
    Contribution.objects.exclude(participant=people[0]).update(time_spent_s=4)
    return campaign, people[0]


def test_what_is_taken_for_what(mistaken: tuple[Campaign, Participant], clef: Clef) -> None:
    campaign, person = mistaken
    portrait = portrait_of(campaign, person, "en")
    found = portrait.confusion
    assert found is not None
    place = {label: number for number, label in enumerate(found.labels)}
    f, g = place[str(clef("F").pk)], place[str(clef("G").pk)]
    assert found.counts[f][f] == PAGES // 2
    assert (found.counts[g][g], found.counts[g][f]) == (PAGES // 4, PAGES // 4)
    assert found.more == 0
    assert portrait.drift is not None
    assert portrait.drift.per_hundred < 0
    assert portrait.speed is not None
    assert portrait.speed.median_s == 8
    assert np.exp(portrait.speed.relative.mean) == pytest.approx(2)
    assert portrait.boxes is None


def test_nobody_else_has_been_there(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(question_kind="tag", slug="alone", question={"prompt": {"en": "?"}}, overlap=1)
    (person,) = answer(campaign, {0: [tagged(clef("F"))]})
    portrait = portrait_of(campaign, person, "en")
    assert (portrait.confusion, portrait.drift, portrait.skill.others.value) == (None, None, None)


def test_a_fixed_number_of_queries(
    wide: tuple[Campaign, Participant], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(25):
        portrait_of(*wide, "en")


def test_over_rest_and_on_a_page(mistaken: tuple[Campaign, Participant], owner: User, client: Client) -> None:
    campaign, person = mistaken
    client.force_login(owner)
    found = client.get(reverse("api-campaign-participant", args=[campaign.slug, person.pk])).json()
    assert found["pseudonym"] == person.pseudonym
    assert found["speed"]["median_s"] == 8
    page = client.get(reverse("campaign-person", args=[campaign.slug, person.pk])).content.decode()
    assert person.pseudonym in page
    assert 'data-testid="confusion"' in page
    assert (
        client.get(
            reverse("campaign-person", args=[campaign.slug, campaign.contributions_layer_id])
        ).status_code
        == 404
    )
