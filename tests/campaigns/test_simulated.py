"""Rules tried on the answers so far: worked out by hand, and the same as if the rule had been there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.models import Campaign, Contribution
from campaigns.simulated import RuleOf, Tried, simulate, standard_rules
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, located, moved, tagged

Clef = Callable[[str], Concept]
AGREE = {"rule": "agreement", "people": 2, "likeness": 0.8}


@pytest.fixture
def answered(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """G G F, F G G, “nothing” thrice, and G F C, which leaves the label open; the last page waits."""
    campaign = make_campaign(pages=5, overlap=3, question_kind="tag")
    f, g, c = clef("F"), clef("G"), clef("C")
    rows = {0: [g, g, f], 1: [f, g, g], 2: [None, None, None], 3: [g, f, c]}
    said = {page: [tagged(*([one] if one else [])) for one in row] for page, row in rows.items()}
    answer(campaign, said)
    return campaign


def figures(one: Tried) -> tuple[int, int, int, int]:
    return (one.answers, one.other, one.waiting, one.undecided)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RuleOf(3, []), (12, 0, 0, 1)),
        # F alone on the second page is another outcome, and G alone where nothing was decided.
        (RuleOf(1, []), (4, 2, 0, 0)),
        # Two on the first and third page; F G and G F leave the label open, of which one was open anyway.
        (RuleOf(2, []), (8, 1, 0, 2)),
        (RuleOf(3, [AGREE]), (10, 0, 0, 1)),
        (RuleOf(3, [{"rule": "nothing_here", "people": 1}]), (10, 0, 0, 1)),
        # More than were asked: only the pages where two agree are done.
        (RuleOf(5, [AGREE]), (10, 0, 1, 0)),
        (RuleOf(4, []), (12, 0, 4, 0)),
    ],
    ids=["present", "one", "two", "agreement", "nothing", "five or agreement", "four"],
)
def test_by_hand(answered: Campaign, rule: RuleOf, expected: tuple[int, int, int, int]) -> None:
    found = simulate(answered, [rule])
    assert (found.answered, found.tasks, found.answers) == (4, 4, 12)
    assert figures(found.tried[0]) == expected


def test_boxes_of_which_more_than_half_say_the_same(make_campaign: CampaignMaker, clef: Clef) -> None:
    """The second box of one person alone does not stand with three, nor with the first two."""
    campaign = make_campaign(pages=2, overlap=3)
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(moved(ONE, n), f), *([(TWO, g)] if n == 1 else [])]) for n in range(3)],
            1: [located([(ONE, f)]), located([(ONE, g)]), located([(ONE, g)])],
        },
    )
    two, agreed = simulate(campaign, [RuleOf(2, []), RuleOf(3, [AGREE])]).tried
    assert figures(two) == (4, 1, 0, 1), "on the second page F and G are open after two"
    assert figures(agreed) == (6, 0, 0, 0)


def test_of_very_many_tasks_some_are_looked_at_evenly(answered: Campaign) -> None:
    found = simulate(answered, [RuleOf(3, [])], most_tasks=2)
    assert (found.answered, found.tasks, found.answers) == (4, 2, 6)


def test_the_order_of_arrival_decides(answered: Campaign) -> None:
    before = simulate(answered, [RuleOf(1, [])]).tried[0].other
    last = Contribution.objects.filter(task__position=1).order_by("-submitted_at").first()
    assert last is not None
    Contribution.objects.filter(pk=last.pk).update(submitted_at="2020-01-01T00:00Z")
    assert simulate(answered, [RuleOf(1, [])]).tried[0].other == before - 1


def test_late_work_is_not_replayed(answered: Campaign) -> None:
    Contribution.objects.filter(task__position=0).update(counts=False)
    assert simulate(answered, [RuleOf(3, [])]).answers == 9


def test_a_thousand_tasks_are_read_in_few_statements(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=6, overlap=1, question_kind="tag")
    answer(campaign, {page: [tagged(clef("G"))] for page in range(6)})
    with CaptureQueriesContext(connection) as few:
        simulate(campaign, list(standard_rules(campaign)))
    assert len(few) <= 8


def test_a_kind_of_question_that_is_not_merged(answered: Campaign) -> None:
    answered.question_kind = "riddle"
    with pytest.raises(Conflict):
        simulate(answered, [RuleOf(3, [])])


def test_the_usual_rules_begin_with_the_one_in_force_and_ask_for_no_more(campaign: Campaign) -> None:
    rules = list(standard_rules(campaign))
    assert rules[0] == RuleOf(campaign.overlap, campaign.retirement)
    assert len(rules) > 5
    assert all(rules.count(rule) == 1 and rule.overlap <= campaign.overlap for rule in rules)
    campaign.overlap = 1
    assert list(standard_rules(campaign)) == [RuleOf(1, [])]


# --- over REST ------------------------------------------------------------------------------------


def test_over_rest(answered: Campaign, api: APIClient, owner: User) -> None:
    api.force_authenticate(owner)
    rules: list[dict[str, Any]] = [{"overlap": 2}, {"retirement": [AGREE]}]
    told = api.post("/api/v1/campaigns/clefs/simulate/", {"rules": rules}, format="json").json()
    assert (told["answered"], told["tasks"], told["answers"]) == (4, 4, 12)
    two, agreed = told["rules"]
    assert (two["saved"], two["other"], two["other_share"]) == (pytest.approx(1 / 3), 1, 0.25)
    assert (agreed["words"], agreed["is_present"]) == ("3 people, fewer once 2 agree by 80%", False)
    usual = api.get("/api/v1/campaigns/clefs/simulate/").json()["rules"]
    assert [one["is_present"] for one in usual].count(True) == 1
    assert usual[0]["answers"] == 12
    for body in ({}, {"rules": []}, {"rules": [{"overlap": 0}]}, {"rules": "all"}):
        assert api.post("/api/v1/campaigns/clefs/simulate/", body, format="json").status_code == 422


def test_without_answers_there_is_nothing_to_say(campaign: Campaign, api: APIClient, owner: User) -> None:
    api.force_authenticate(owner)
    told = api.get("/api/v1/campaigns/clefs/simulate/").json()
    assert (told["tasks"], told["rules"][0]["saved"], told["rules"][0]["other_share"]) == (0, None, None)
