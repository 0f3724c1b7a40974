"""Every number of an evaluation opens its pictures: bins of the calibration, what is too unsure, several labels."""

from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client

from accounts.models import User
from campaigns.models import Evaluation, EvaluationPair
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released, tagged

Clef = Callable[[str], Concept]
PROMPT = {"prompt": {"en": "Which?"}}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def several(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    """Four images with several labels; one person always leaves the second label out."""
    campaign = make_campaign("kinds", pages=4, question_kind="tag", question={**PROMPT, "many": True})
    f, g, c = clef("F"), clef("G"), clef("C")
    answer(campaign, {page: [tagged(f, g), tagged(f, g), tagged(f)] for page in range(4)})
    merge(campaign)
    decide_everything(campaign, owner)
    one, two, three, four = pages_of(campaign)
    said = [
        (one, None, f, 0.9), (one, None, g, 0.75), (one, None, c, 0.15),
        (two, None, f, 0.8), (two, None, c, 0.7), (two, None, g, 0.25),
        (three, None, f, 0.95), (four, None, g, 0.35), (four, None, f, 0.05),
    ]  # fmt: skip
    return evaluated(run_that_said(campaign, owner, said), released(campaign, owner), owner, score=0.5)


@pytest.fixture
def single(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    campaign = make_campaign("kind", pages=3, question_kind="tag", question=PROMPT)
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f) for _person in range(3)] for page in range(3)})
    merge(campaign)
    decide_everything(campaign, owner)
    one, two, three = pages_of(campaign)
    said = [
        (one, None, f, 0.9),
        (one, None, g, 0.2),
        (two, None, g, 0.35),
        (two, None, f, 0.3),
        (three, None, f, 0.1),
    ]
    return evaluated(run_that_said(campaign, owner, said), released(campaign, owner), owner, score=0.5)


@pytest.fixture
def drawn(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    campaign = make_campaign("boxes", pages=2, question=PROMPT)
    answer(
        campaign,
        {page: [located([(ONE, clef("F")), (TWO, clef("G"))]) for _p in range(3)] for page in range(2)},
    )
    merge(campaign)
    decide_everything(campaign, owner)
    one, two = pages_of(campaign)
    said = [
        (one, ONE, clef("F"), 0.9),
        (one, TWO, clef("F"), 0.4),
        (two, ONE, clef("F"), 0.2),
        (two, TWO, clef("G"), 0.05),
    ]
    return evaluated(run_that_said(campaign, owner, said), released(campaign, owner), owner, score=0.5)


@pytest.mark.parametrize("name", ["several", "single", "drawn"])
def test_every_bin_opens_what_is_in_it(
    name: str, request: pytest.FixtureRequest, owner: User, client: Client
) -> None:
    evaluation: Evaluation = request.getfixturevalue(name)
    client.force_login(owner)
    cells = f"/api/v1/evaluations/{evaluation.pk}/cells/"
    figures = evaluation.figures
    assert figures["calibration"]["bins"]
    for one in figures["calibration"]["bins"]:
        asked = {"kind": "scored", "score_above": one["low"] or "", "score_to": one["high"]}
        rows = client.get(cells, asked).json()["results"]
        assert len(rows) == one["n"] == one["kept"]
        assert sum(row["true"] == row["predicted"] for row in rows) == pytest.approx(one["right"] * one["n"])
        assert np.mean([row["score"] for row in rows]) == pytest.approx(one["confidence"])
        assert all(row["annotation"] for row in rows)
    below = client.get(cells, {"kind": "below"}).json()
    assert below["count"] == figures["score"]["below"] > 0
    assert all(row["score"] < figures["score"]["value"] for row in below["results"])
    # What counts is what it was.
    assert (
        client.get(cells, {"kind": "said"}).json()["count"]
        == figures["overall"]["tp"] + figures["overall"]["fp"]
    )
    assert client.get(cells, {"kind": "true"}).json()["count"] == figures["overall"]["tp"]
    page = client.get(f"/evaluations/{evaluation.pk}/").content.decode()
    assert page.count("kind=scored&") == len(figures["calibration"]["bins"])
    assert 'data-testid="below"' in page
    for kind, said in (("below", "Too unsure to count"), ("scored", "however sure")):
        assert said in client.get(f"/evaluations/{evaluation.pk}/cells/?kind={kind}").content.decode()


def test_each_label_has_its_own_score_and_annotation(
    several: Evaluation, owner: User, client: Client
) -> None:
    client.force_login(owner)
    rows = client.get(f"/api/v1/evaluations/{several.pk}/cells/", {"kind": "scored"}).json()["results"]
    assert sorted(row["score"] for row in rows) == [0.05, 0.15, 0.25, 0.35, 0.7, 0.75, 0.8, 0.9, 0.95]
    assert len({row["annotation"] for row in rows}) == 9


def test_an_evaluation_from_before_links_what_it_kept(drawn: Evaluation, owner: User, client: Client) -> None:
    EvaluationPair.objects.filter(evaluation=drawn, counts=False).delete()
    drawn.figures = {**drawn.figures, "version": 2, "score": {"value": 0.5, "chosen": "given"}}
    for one in drawn.figures["calibration"]["bins"]:
        del one["kept"]
    drawn.save()
    client.force_login(owner)
    page = client.get(f"/evaluations/{drawn.pk}/").content.decode()
    assert "kind=scored" not in page
    assert page.count("kind=said&amp;score") == sum(
        one["low"] >= 0.5 for one in drawn.figures["calibration"]["bins"]
    )


def test_people_beside_a_model_of_several_labels(several: Evaluation, owner: User, client: Client) -> None:
    ceiling = several.figures["ceiling"]
    assert ceiling["figure"] == "f1"
    # Two say F and G where one other does: of the others one of two says G, which is no more than half.
    values = sorted(one["value"] for one in ceiling["people"])
    assert values == pytest.approx([2 / 3, 2 / 3, 2 / 3])
    by_rank = sorted(one["average_precision"] for one in ceiling["people"])
    # F alone is true for two, who rank F and G alike; for the third both are, and G stands with all three labels.
    assert by_rank == pytest.approx([0.5, 0.5, (1 + 2 / 3) / 2])
    assert {one["n"] for one in ceiling["people"]} == {4}
    assert ceiling["interval"]["low"] <= ceiling["value"] <= ceiling["interval"]["high"]
    client.force_login(owner)
    page = client.get(f"/evaluations/{several.pk}/").content.decode()
    assert "LRAP" in page
    assert "F1 over all labels" in page
    rows = (
        client.get(f"/api/v1/evaluations/{several.pk}/tables/ceiling.csv")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert rows[0] == "person,f1,n,macro_f1,average_precision"
    assert rows[-1].startswith("the model,")
    assert len(rows) == 1 + 3 + 2
