"""Evaluations of outlines and points on their whole way: release, model, job, REST, page, table, people."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from annotation.geometry import Box
from campaigns.actions import Submission
from campaigns.actions.evaluations import evaluate_run
from campaigns.models import Campaign, Evaluation, PredictionRun, Release
from campaigns.questions.places import corners_of
from problems import Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.evaluations import evaluated, pages_of, run_that_said
from tests.campaigns.outcomes import answer, decide_everything, merge, released

pytestmark = pytest.mark.django_db(transaction=True)
Clef = Callable[[str], Concept]
Points = list[list[float]]
PROMPT = {"prompt": {"en": "Trace every clef."}}
BAR: Points = [[100, 100], [120, 100], [300, 280], [300, 300], [280, 300], [100, 120]]
CROSSWISE: Points = [[400 - x, y] for x, y in BAR]  # the same box, another thing
DOT: Points = [[500, 700]]


def drawn(*shapes: tuple[Points, Concept]) -> Submission:
    rows = [
        {
            "id": str(uuid4()),
            "points": points,
            "concepts": [str(concept.pk)],
            "origin": "drawn",
            "prediction": None,
        }
        for points, concept in shapes
    ]
    return Submission(uuid4(), {"nothing_here": not rows, "shapes": rows})


def campaign_of(make_campaign: CampaignMaker, shapes: str) -> Campaign:
    return make_campaign(f"trace-{shapes}", pages=2, question={**PROMPT, "shapes": shapes})


def truth(campaign: Campaign, owner: User, points: Points, concept: Concept) -> Release:
    """Page 0: three people drew the same; page 1: nobody anything."""
    answer(
        campaign,
        {0: [drawn((points, concept)) for _person in range(3)], 1: [drawn() for _person in range(3)]},
    )
    merge(campaign)
    decide_everything(campaign, owner)
    return released(campaign, owner)


@pytest.fixture
def bars(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    campaign = campaign_of(make_campaign, "polygon")
    release = truth(campaign, owner, BAR, clef("F"))
    first, second = pages_of(campaign)
    shifted = [[x + 2, y] for x, y in BAR]
    said = [
        (first, CROSSWISE, clef("F"), 0.9),
        (first, shifted, clef("F"), 0.8),
        (second, BAR, clef("F"), 0.7),
    ]
    return evaluated(run_that_said(campaign, owner, said), release, owner, score=0.5)


@pytest.fixture
def dots(make_campaign: CampaignMaker, owner: User, clef: Clef) -> Evaluation:
    campaign = campaign_of(make_campaign, "point")
    release = truth(campaign, owner, DOT, clef("F"))
    first, second = pages_of(campaign)
    said = [
        (first, [[510, 700]], clef("F"), 0.9), (first, [[500, 790]], clef("F"), 0.8),
        (second, (10, 10, 40, 40), clef("F"), 0.7),
    ]  # fmt: skip
    return evaluated(run_that_said(campaign, owner, said), release, owner, score=0.5)


def test_outlines_are_measured_as_outlines(bars: Evaluation) -> None:
    figures = bars.figures
    assert (figures["shape"], figures["measure"], bars.parameters["shape"]) == (
        "polygon",
        "outline-iou",
        "polygon",
    )
    # The crosswise bar has the very box of the true one, and is surer: by boxes it would be the right one.
    assert (figures["overall"]["tp"], figures["overall"]["fp"], figures["overall"]["fn"]) == (1, 2, 0)
    assert figures["coco"]["AP50"] == pytest.approx(0.5)
    assert "outlines" in bars.method
    assert figures["ceiling"]["value"] == 1
    (right,) = bars.pairs.filter(by_label=True, true_label__isnull=False)
    assert right.true_points == [value for point in BAR for value in point]
    assert right.score == 0.8


def test_a_predicted_box_is_the_rectangle_that_it_is(
    make_campaign: CampaignMaker, owner: User, clef: Clef
) -> None:
    campaign = campaign_of(make_campaign, "polygon")
    box = (100.0, 100.0, 200.0, 200.0)
    release = truth(campaign, owner, [list(point) for point in corners_of(Box(*box))], clef("F"))
    run = run_that_said(campaign, owner, [(pages_of(campaign)[0], box, clef("F"), 0.9)])
    assert evaluated(run, release, owner).figures["coco"]["AP"] == pytest.approx(1)


def test_points_are_measured_by_their_distance(dots: Evaluation) -> None:
    figures = dots.figures
    assert (figures["shape"], figures["measure"], figures["reach"]) == ("point", "distance", 0.02)
    assert (figures["overall"]["tp"], figures["overall"]["fp"], figures["overall"]["fn"]) == (1, 1, 0)
    # Ten of the diagonal of 1720 are 0.58 %: too far for the nearest of the distances, near enough for all others.
    assert [row["ap"] for row in figures["points"]["distances"]] == [0, *[pytest.approx(1)] * 3]
    assert figures["points"]["AP"] == pytest.approx(0.75)
    assert figures["counts"]["other_shape"] == 1
    assert figures["ceiling"]["value"] == 1
    assert dots.parameters == {"shape": "point", "reach": 0.02, "class_aware": True, "score": 0.5}


def test_how_near_is_asked_for_in_the_measure_of_the_shapes(
    bars: Evaluation, dots: Evaluation, owner: User
) -> None:
    with pytest.raises(Invalid) as caught:
        evaluate_run(dots.run, dots.release, by=owner, iou=0.5)
    assert caught.value.pointer == "/iou"
    with pytest.raises(Invalid):
        evaluate_run(bars.run, bars.release, by=owner, reach=0.02)
    for reach in (0, -1, 0.3, float("nan")):
        with pytest.raises(Invalid):
            evaluate_run(dots.run, dots.release, by=owner, reach=reach)
    wide = evaluated(dots.run, dots.release, owner, reach=0.1, score=0.85)
    assert wide.figures["overall"]["tp"] == 1
    assert wide.pk != dots.pk


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.mark.parametrize("which", ["bars", "dots"])
def test_over_rest_on_pages_and_in_tables(
    which: str, request: pytest.FixtureRequest, owner: User, client: Client
) -> None:
    one: Evaluation = request.getfixturevalue(which)
    api = client_of(owner)
    client.force_login(owner)
    body: dict[str, Any] = api.get(f"/api/v1/evaluations/{one.pk}/").json()
    assert body["figures"]["shape"] == {"bars": "polygon", "dots": "point"}[which]
    cells = api.get(f"/api/v1/evaluations/{one.pk}/cells/?kind=true").json()["results"]
    assert len(cells) == 1
    expected = {"bars": BAR, "dots": DOT}[which]
    assert cells[0]["true_points"] == expected
    assert cells[0]["region"]
    if which == "bars":
        assert 0.8 < cells[0]["iou"] < 1
    else:
        assert (cells[0]["iou"], round(cells[0]["distance"], 4)) == (None, 0.0058)
    page = client.get(f"/evaluations/{one.pk}/")
    said = {"bars": "IoU 0.50 of outlines", "dots": "within 2\u202f% of the diagonal"}[which]
    assert said in page.content.decode()
    behind = client.get(f"/evaluations/{one.pk}/cells/?kind=true").content.decode()
    assert {"bars": "<polygon", "dots": "<circle"}[which] in behind
    table = client.get(f"/evaluations/{one.pk}/tables/overall.csv")
    assert {"bars": "AP50", "dots": "AP within 0.005 of the diagonal"}[which] in table.content.decode(
        "utf-8-sig"
    )


def test_asked_for_over_rest(dots: Evaluation, owner: User) -> None:
    api = client_of(owner)
    address = f"/api/v1/releases/{dots.release_id}/evaluations/"
    ok = api.post(address, {"run": str(dots.run_id), "reach": 0.05}, format="json")
    assert ok.status_code == 202, ok.content
    assert ok.json()["parameters"]["reach"] == 0.05
    refused = api.post(address, {"run": str(dots.run_id), "iou": 0.5}, format="json")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/iou"


def test_a_run_that_said_nothing(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    for shapes, points in (("polygon", BAR), ("point", DOT)):
        campaign = make_campaign(pages=2, slug=f"empty-{shapes}", question={**PROMPT, "shapes": shapes})
        release = truth(campaign, owner, points, clef("F"))
        run: PredictionRun = run_that_said(campaign, owner, [])
        figures = evaluated(run, release, owner).figures
        assert figures["overall"]["fn"] == 1
