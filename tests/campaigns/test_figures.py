"""The figures of a campaign, compared with the same computed by hand from the answers."""

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from campaigns import figures
from campaigns.figures import (
    EVERYTHING,
    agreement_of,
    concept_counts,
    contributions_by_day,
    disagreements,
    ground_truth_count,
    origins_of,
    participations_of,
    states_of,
)
from campaigns.models import Campaign, Contribution, TaskConsensus
from campaigns.quality import match_pairs
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, moved, tagged

Clef = Callable[[str], Concept]


@pytest.fixture
def answered(campaign: Campaign, clef: Clef) -> Campaign:
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(moved(ONE, 2 * n), f), (TWO, g)]) for n in range(3)],
            1: [located([(ONE, f)]), located([(ONE, g), (TWO, g)]), nothing_here()],
            2: [nothing_here() for _person in range(3)],
        },
    )
    merge(campaign)
    return campaign


def by_hand(campaign: Campaign) -> float:
    """2 × what matches at IoU 0.5 over all that is said, summed over every two people on every page."""
    matched = boxes = 0
    for task in campaign.tasks.all():
        drawn = [
            np.array([shape["box"] for shape in row.answer["shapes"]], dtype=float).reshape(-1, 4)
            for row in task.contributions.all()
        ]
        for a, b in combinations(drawn, 2):
            matched += len(match_pairs(a, b, 0.5)) if len(a) + len(b) else 1  # both say “nothing here”
            boxes += max(1, len(a)) + max(1, len(b))
    return 2 * matched / boxes


def test_boxes(answered: Campaign) -> None:
    figures = agreement_of(answered)
    assert figures.boxes is not None
    assert figures.value == pytest.approx(by_hand(answered))
    shown = figures.as_json()
    assert (shown["coefficient"], shown["people"], shown["canvases"]) == ("F1@0.5", 3, 3)
    assert shown["interval"]["low"] <= shown["value"] <= shown["interval"]["high"]
    assert agreement_of(answered).as_json() == shown


def test_what_is_handed_in_between_two_readings_counts_the_next_time(
    answered: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, looks = agreement_of(answered).as_json(), figures._looks
    last = looks(answered, EVERYTHING)[-1]
    monkeypatch.setattr(figures, "_looks", lambda *asked: [look for look in looks(*asked) if look != last])
    assert agreement_of(answered).boxes is not None
    monkeypatch.undo()
    assert agreement_of(answered).as_json() == before


def test_tags(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=4, question_kind="tag", question={"prompt": {"en": "Which?"}})
    f, g, c = clef("F"), clef("G"), clef("C")
    answer(
        campaign,
        {
            0: [tagged(f), tagged(f), tagged(f)],
            1: [tagged(g), tagged(g), tagged(c)],
            2: [tagged(c), tagged(c), tagged(c)],
            3: [tagged(g), tagged(f)],
        },
    )
    shown = agreement_of(campaign).as_json()
    table = np.array([[0, 1, 2, 1], [0, 1, 2, 0], [0, 2, 2, np.nan]])
    assert shown["value"] == pytest.approx(krippendorff.alpha(table, level_of_measurement="nominal"))
    assert shown["percent"] == pytest.approx((1 + 1 / 3 + 1 + 0) / 4)
    assert (shown["coefficient"], shown["people"], shown["canvases"]) == ("alpha", 3, 4)


def test_several_tags(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(
        pages=1, question_kind="tag", question={"prompt": {"en": "Which?"}, "many": True}
    )
    answer(
        campaign,
        {0: [tagged(clef("F"), clef("G")), tagged(clef("F"), clef("G")), tagged(clef("F"), clef("G"))]},
    )
    assert agreement_of(campaign).as_json()["percent"] == 1


def test_nobody_has_answered(make_campaign: CampaignMaker) -> None:
    for number, kind in enumerate(("locate", "tag")):
        campaign = make_campaign(f"empty-{number}", pages=1, question_kind=kind)
        shown = agreement_of(campaign).as_json()
        assert (shown["value"], shown["interval"], shown["people"], shown["canvases"]) == (None, None, 0, 0)
        assert concept_counts(campaign, "en") == []
        assert contributions_by_day(campaign) == []


def test_one_answer_says_nothing_about_agreement(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    assert agreement_of(campaign).as_json()["value"] is None


def test_counts(answered: Campaign) -> None:
    assert states_of(answered) == {"open": 1, "retired": 3, "aside": 0, "decided": 0}
    assert origins_of(answered) == {"drawn": 9, "copied": 0, "accepted": 0, "edited": 0}
    assert sum(count for _edge, count in disagreements(answered, bins=10)) == 3
    counted = [(row.label, row.contributions, row.ground_truth) for row in concept_counts(answered, "fr")]
    assert counted == [("clef de sol", 5, 0), ("clef de fa", 4, 0)]
    assert [count for _day, count in contributions_by_day(answered)] == [9]
    pk = Contribution.objects.values_list("pk", flat=True)[0]
    Contribution.objects.filter(pk=pk).update(submitted_at=timezone.now() - timedelta(days=3))
    assert [count for _day, count in contributions_by_day(answered)] == [1, 8]
    assert ground_truth_count(answered) == 0


@pytest.mark.parametrize("bins", [1, 7, 10])
def test_a_disagreement_on_an_edge_belongs_to_the_part_that_begins_there(
    make_campaign: CampaignMaker, bins: int
) -> None:
    campaign = make_campaign(pages=2 * bins + 1)
    tasks = list(campaign.tasks.order_by("pk"))
    values = [
        *(number / bins for number in range(bins)),
        *((number + 0.5) / bins for number in range(bins)),
        1,
    ]
    TaskConsensus.objects.bulk_create(
        TaskConsensus(campaign=campaign, task=task, disagreement=value, seen=1)
        for task, value in zip(tasks, values, strict=True)
    )
    edges, counts = zip(*disagreements(campaign, bins=bins), strict=True)
    assert edges == tuple(number / bins for number in range(bins))
    assert counts == (*[2] * (bins - 1), 3)


def test_the_ground_truth_is_counted(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    answer(campaign, {position: [located([(ONE, clef("F")), (TWO, clef("G"))])] for position in (0, 1)})
    merge(campaign)
    assert decide_everything(campaign, owner) == 2
    assert ground_truth_count(campaign) == 4
    assert {row.ground_truth for row in concept_counts(campaign, "en")} == {2}
    assert states_of(campaign)["decided"] == 2


def test_my_campaigns(answered: Campaign, contributor: User) -> None:
    assert list(participations_of(contributor)) == []


@pytest.mark.parametrize("pages", [2, 12])
def test_queries_do_not_grow(
    make_campaign: CampaignMaker, clef: Clef, pages: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=pages)
    f = clef("F")
    answer(campaign, {position: [located([(ONE, f)]) for _person in range(3)] for position in range(pages)})
    merge(campaign)
    with django_assert_max_num_queries(9):
        agreement_of(campaign)
        concept_counts(campaign, "en")
        contributions_by_day(campaign)
        disagreements(campaign, bins=10)
        states_of(campaign)
        origins_of(campaign)
