"""The review begins where a decision is worth most: disagreement × (1 + rarity + lacking examples)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from accounts.models import User
from campaigns.actions import configure_campaign
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.weighing import weigh_concepts
from campaigns.api.outcomes.review import next_review
from campaigns.models import Campaign, ConceptWeight, TaskConsensus
from campaigns.quality.impact import Standing, impact, lacking, priority, rarity
from campaigns.reviewing import review_queue
from problems import Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import accept_all, answer, merge, tagged, task_at
from work.models import Job

Clef = Callable[[str], Concept]
TAG: dict[str, Any] = {"question_kind": "tag", "question": {"prompt": {"en": "Which clef?"}}}


def test_rarity_is_information_as_a_share_of_the_most() -> None:
    assert rarity(0, 1023) == 1
    assert rarity(1023, 1023) == 0
    assert rarity(31, 1023) == pytest.approx(0.5)
    assert rarity(0, 0) == 1


def test_impact_grows_with_what_is_lacking() -> None:
    assert lacking(4, 10) == pytest.approx(0.6)
    assert lacking(12, 10) == lacking(0, 0) == 0
    assert impact(Standing(1023, 10), total=1023, wanted=10) == 1
    assert impact(Standing(0, 0), total=1023, wanted=10) == 3
    assert priority(0, 3) == 0
    assert priority(0.5, 3) == 1.5


@pytest.fixture
def disputed(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """Eight pages: on the first and the last one of three differs, about F or G there and about C here; F is common."""
    campaign = make_campaign(pages=8, **TAG)
    f, g, c = clef("F"), clef("G"), clef("C")
    rows = {position: [tagged(f), tagged(f), tagged(f)] for position in range(1, 7)}
    rows[0] = [tagged(f), tagged(f), tagged(g)]
    rows[7] = [tagged(f), tagged(f), tagged(c)]
    answer(campaign, {**rows, 1: [tagged(g)] * 0 + [tagged(g), tagged(g), tagged(g)]})
    merge(campaign)
    return campaign


def positions(campaign: Campaign) -> list[int]:
    return [task.position for task in review_queue(campaign)]


def test_of_two_equal_disputes_the_rarer_label_comes_first(disputed: Campaign, clef: Clef) -> None:
    first, second = positions(disputed)[:2]
    assert (first, second) == (7, 0)
    rare, common = (TaskConsensus.objects.get(task=task_at(disputed, at)) for at in (7, 0))
    assert rare.disagreement == common.disagreement
    assert clef("C").pk in rare.concepts
    said = {row.concept.notation: (row.said, row.decided) for row in ConceptWeight.objects.all()}
    assert said == {"F": (19, 0), "G": (4, 0), "C": (1, 0)}


def test_decided_examples_take_the_hurry_away(disputed: Campaign, owner: User, clef: Clef) -> None:
    configure_campaign(disputed, {"examples_wanted": 1}, by=owner)
    disputed.refresh_from_db()
    (item,) = task_at(disputed, 7).consensus.items.all()
    judged = Judgement("corrected", item=item.pk, concepts=(clef("C").pk,))
    decide(disputed, task_at(disputed, 7).pk, [judged], request=uuid4(), by=owner)
    assert Job.objects.filter(kind="campaigns.weigh", state="queued").count() == 1
    before = ConceptWeight.objects.get(concept=clef("C")).impact
    weigh_concepts(disputed)
    assert ConceptWeight.objects.get(concept=clef("C")).impact < before - 0.9
    assert weigh_concepts(disputed) == 0  # nothing has moved since


def test_no_weighing_once_there_are_examples_enough(disputed: Campaign, owner: User) -> None:
    configure_campaign(disputed, {"examples_wanted": 0}, by=owner)
    disputed.refresh_from_db()
    Job.objects.all().delete()
    accept_all(disputed, task_at(disputed, 3), owner)
    assert not Job.objects.exists()


def test_the_page_says_why_this_one_comes_now(disputed: Campaign, owner: User) -> None:
    why = next_review(disputed, by=owner)["why"]
    assert (why.differ, why.seen, why.label, why.said, why.total) == (1, 3, "C clef", 1, 24)
    assert why.sentence == "1 of 3 differ. “C clef” has no decided example yet."
    with translation.override("fr"):
        assert next_review(disputed, by=owner)["why"].sentence.startswith(
            "1 sur 3 divergent. «\u202fclef d’ut"
        )
    calm = next_review(disputed, by=owner, skip=7)["why"]
    assert calm.sentence.startswith("Nobody differs.")


def test_the_sentence_counts_the_examples(disputed: Campaign, owner: User) -> None:
    for position in (2, 3):
        accept_all(disputed, task_at(disputed, position), owner)
    shown = next_review(disputed, by=owner, skip=5)
    assert shown["why"].label == "F clef"
    assert shown["why"].sentence == "Nobody differs. “F clef” has only 2 decided examples."


def test_as_many_examples_as_make_sense(disputed: Campaign, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        configure_campaign(disputed, {"examples_wanted": 10_001}, by=owner)
    assert refused.value.faults[0].pointer == "/examples_wanted"
