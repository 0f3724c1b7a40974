"""Outlines and points on their whole way: handed in, merged, reviewed, known, amended, scaled, released, measured."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.actions.rescaling import rescale_canvases
from annotation.geometry import Box, Polygon
from annotation.models import Annotation, Canvas, Layer
from campaigns.actions import configure_campaign
from campaigns.actions.evaluations import evaluate_run
from campaigns.actions.gold import mark_gold
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.actions.rescaling import scaled_answer
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, columns, points_of
from campaigns.figures import agreement_of
from campaigns.models import (
    Campaign,
    Contribution,
    ContributionShape,
    Gold,
    PredictionRun,
    Predictor,
    Release,
)
from campaigns.quality.overlay import overlay
from campaigns.questions.places import as_points, reach_on
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import accept_all, merge, released, task_at
from tests.campaigns.test_api_volunteer import answer_to, claim, submit

pytestmark = pytest.mark.django_db
Clef = Callable[[str], Concept]
Points = list[list[float]]
PROMPT = {"prompt": {"en": "Trace every clef."}}
LEAF: Points = [[100, 100], [200, 120], [220, 220], [120, 200]]
DOT: Points = [[500, 700]]
REACH = reach_on((1000, 1400))


def moved(points: Points, by: float) -> Points:
    return [[x + by, y] for x, y in points]


@pytest.fixture
def polygons(make_campaign: CampaignMaker) -> Campaign:
    return make_campaign(pages=2, question={**PROMPT, "shapes": "polygon"})


@pytest.fixture
def points(make_campaign: CampaignMaker) -> Campaign:
    return make_campaign(pages=2, question={**PROMPT, "shapes": "point"})


def shape(points: Points, concept: Concept, **more: Any) -> dict[str, Any]:
    named = {"concepts": [str(concept.pk)], "origin": "drawn", "prediction": None}
    return {"id": str(uuid4()), "points": points, **named, **more}


def visitor() -> APIClient:
    """Somebody who has not been here before."""
    client = APIClient()
    client.force_authenticate(User.objects.create_user(f"v{uuid4().hex[:12]}"))
    return client


def hand_in(*shapes: dict[str, Any], client: APIClient | None = None) -> tuple[APIClient, dict[str, Any]]:
    client = client or visitor()
    body = answer_to(claim(client), shapes=list(shapes), nothing_here=not shapes)
    response = submit(client, body)
    assert response.status_code == 201, response.content
    return client, body


def test_a_volunteer_is_told_what_to_draw(polygons: Campaign, api: APIClient) -> None:
    body = api.get(reverse("api-campaign-detail", args=["clefs"])).json()
    assert body["question"]["shapes"] == "polygon"


def test_an_outline_becomes_an_annotation_that_every_viewer_can_show(polygons: Campaign, clef: Clef) -> None:
    _client, body = hand_in(shape(LEAF, clef("F")))
    (row,) = Annotation.objects.filter(layer=polygons.contributions_layer)
    assert row.pk == UUID(body["shapes"][0]["id"])
    assert row.box == (100, 100, 120, 120)
    kinds = [one["type"] for one in row.document["target"]["selector"]]
    assert kinds == ["FragmentSelector", "SvgSelector"]
    assert [list(point) for point in points_of(row)] == LEAF
    stored = Contribution.objects.get().answer["shapes"][0]
    assert (stored["points"], stored["box"]) == (LEAF, [100, 100, 120, 120])


def test_a_point_becomes_a_point(points: Campaign, clef: Clef) -> None:
    hand_in(shape(DOT, clef("F")))
    (row,) = Annotation.objects.filter(layer=points.contributions_layer)
    assert (row.point, row.box) == ((500, 700), None)
    assert row.document["target"]["selector"] == {"type": "PointSelector", "x": 500, "y": 700}
    page = Annotation.objects.get(pk=row.pk)
    assert points_of(page) == ((500, 700),)


def test_a_fault_is_told_with_its_place(polygons: Campaign, clef: Clef) -> None:
    client = visitor()
    crossed = [LEAF[0], LEAF[2], LEAF[1], LEAF[3]]
    response = submit(
        client, answer_to(claim(client), shapes=[shape(crossed, clef("F"))], nothing_here=False)
    )
    assert response.status_code == 422
    problem = response.json()
    assert "crosses itself" in json.dumps(problem)
    assert "/shapes/0/points" in json.dumps(problem)


@pytest.mark.parametrize(
    "value", [None, 7, "x", {}, [[]], [[1]], [["a", "b"], [1, 2], [3, 4]], [None, [1, 2]]]
)
def test_no_points_give_a_500(polygons: Campaign, clef: Clef, value: Any) -> None:
    client = visitor()
    given = claim(client)
    body = answer_to(given, shapes=[{**shape(LEAF, clef("F")), "points": value}], nothing_here=False)
    assert submit(client, {**body, "canvas_size": [500, 700]}).status_code in (400, 422)


def test_other_shapes_are_refused_once_people_have_answered(
    polygons: Campaign, clef: Clef, owner: User
) -> None:
    configure_campaign(polygons, {"question": {**PROMPT, "shapes": "point"}}, by=owner)
    configure_campaign(polygons, {"question": {**PROMPT, "shapes": "polygon"}}, by=owner)
    hand_in(shape(LEAF, clef("F")))
    with pytest.raises(Conflict) as caught:
        configure_campaign(polygons, {"question": {**PROMPT, "shapes": "box"}}, by=owner)
    assert (caught.value.pointer, caught.value.code) == ("/question/shapes", "settled-by-answers")
    configure_campaign(polygons, {"question": {**PROMPT, "shapes": "polygon", "many": True}}, by=owner)


def answered(campaign: Campaign, *everybody: list[dict[str, Any]]) -> list[APIClient]:
    clients = [hand_in(*shapes)[0] for shapes in everybody]
    merge(campaign)
    return clients


@pytest.mark.django_db(transaction=True)
def test_outlines_are_merged_reviewed_and_released(polygons: Campaign, clef: Clef, owner: User) -> None:
    answered(polygons, *([shape(moved(LEAF, by), clef("F"))] for by in (0, 2, 4)))
    task = task_at(polygons)
    (item,) = task.consensus.items.select_related("annotation")
    assert item.support == 3
    assert "outline" in task.consensus.method
    merged = points_of(item.annotation)
    assert Polygon(merged).area == pytest.approx(Polygon(tuple(map(tuple, LEAF))).area, rel=0.03)

    olga = APIClient()
    olga.force_authenticate(owner)
    shown = olga.get(reverse("api-review-next", args=["clefs"])).json()["items"][0]
    assert [tuple(point) for point in shown["points"]] == list(merged)
    assert sorted(len(member["points"]) for member in shown["members"]) == [4, 4, 4]

    better = moved(LEAF, 1)
    verdict = {"id": shown["id"], "verdict": "corrected", "points": better, "concepts": [str(clef("G").pk)]}
    crossed = {**verdict, "points": [LEAF[0], LEAF[2], LEAF[1], LEAF[3]]}
    decision = {"id": str(uuid4()), "task": str(task.pk), "items": [crossed]}
    refused = olga.post(reverse("api-decisions", args=["clefs"]), decision, format="json")
    assert refused.status_code == 422
    assert "/items/0/points" in json.dumps(refused.json())
    decided = olga.post(
        reverse("api-decisions", args=["clefs"]), {**decision, "items": [verdict]}, format="json"
    )
    assert decided.status_code == 201, decided.content
    truth = Annotation.objects.get(layer=polygons.ground_truth_layer)
    assert [list(point) for point in points_of(truth)] == better
    again = olga.get(reverse("api-review-next", args=["clefs"]), {"task": str(task.pk)}).json()
    assert again["items"][0]["decision"]["points"] == better

    release = released(polygons, owner)
    counts = release.manifest["counts"]
    assert (counts["outlines"], counts["boxes"], counts["annotations"]) == (1, 0, 1)
    files = written(release)
    coco = json.loads(files["coco"])
    (row,) = coco["annotations"]
    assert row["segmentation"] == [[value for point in better for value in point]]
    assert row["area"] == pytest.approx(Polygon(tuple(map(tuple, better))).area)
    assert row["bbox"] == [101, 100, 120, 120]
    (line,) = csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")))
    assert line["points"] == "101,100 201,120 221,220 121,200"
    assert "<polygon" in files["w3c"].decode()


def written(release: Release) -> dict[str, bytes]:
    found = {}
    for row in release.files.all():
        with default_storage.open(str(row.content.name), "rb") as stored:
            found[row.format] = stored.read()
    return found


@pytest.mark.django_db(transaction=True)
def test_points_are_merged_reviewed_and_released(points: Campaign, clef: Clef, owner: User) -> None:
    answered(points, *([shape(moved(DOT, by), clef("F"))] for by in (0, 10, 4)))
    task = task_at(points)
    (item,) = task.consensus.items.select_related("annotation")
    assert item.annotation.point == (504, 700)
    assert item.spread[0] == item.spread[2] > 0
    olga = APIClient()
    olga.force_authenticate(owner)
    shown = olga.get(reverse("api-review-next", args=["clefs"])).json()["items"][0]
    assert shown["points"] == [[504, 700]]
    assert shown["box"] == [504 - REACH, 700 - REACH, 2 * REACH, 2 * REACH]
    assert shown["crop"]
    accept_all(points, task, owner)
    release = released(points, owner)
    files = written(release)
    coco = json.loads(files["coco"])
    (row,) = coco["annotations"]
    assert (row["keypoints"], row["num_keypoints"], row["bbox"]) == ([504, 700, 2], 1, [504, 700, 0, 0])
    assert all(category["keypoints"] == ["point"] for category in coco["categories"])
    (line,) = csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")))
    assert (line["x"], line["y"], line["width"], line["points"]) == ("504", "700", "0", "504,700")
    assert '"PointSelector"' in files["w3c"].decode()
    predictor = create_predictor(
        points, kind="http", name="finder", configuration={"url": "https://models.example.org/"}, by=owner
    )
    run = start_run(predictor, by=owner)
    with pytest.raises(Conflict) as caught:
        evaluate_run(run, release, by=owner)
    assert caught.value.code == "run-not-finished"


@pytest.mark.parametrize("kind", ["polygon", "point"])
def test_a_known_answer_is_scored_by_what_was_drawn(
    make_campaign: CampaignMaker, clef: Clef, owner: User, kind: str
) -> None:
    campaign = make_campaign(pages=2, question={**PROMPT, "shapes": kind}, gold_share=0.5, gold_feedback=True)
    drawn = LEAF if kind == "polygon" else DOT
    answered(campaign, *([shape(drawn, clef("F"))] for _person in range(3)))
    accept_all(campaign, task_at(campaign), owner)
    mark_gold(campaign, [task_at(campaign).pk], by=owner)
    known = Gold.objects.get().answer["shapes"][0]
    assert known["points"] == drawn
    configure_campaign(
        campaign, {"overlap": 25}, by=owner
    )  # so that the other page is there for all who come
    told = None
    for _visitor in range(20):  # whose turn a known answer is follows from who they are
        client = visitor()
        given = claim(client)
        if told is not None or given["assignment"] is None:
            break
        body = answer_to(given, shapes=[shape(moved(drawn, 3), clef("F"))], nothing_here=False)
        told = submit(client, body).json()["feedback"] or told
    assert told is not None
    assert told["score"] == 1.0
    assert told["shapes"][0]["points"] == drawn


@pytest.mark.parametrize("kind", ["polygon", "point"])
def test_ones_own_work_is_amended_and_judged(
    make_campaign: CampaignMaker, clef: Clef, owner: User, kind: str
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": kind}, overlap=1)
    drawn = LEAF if kind == "polygon" else DOT
    mine = shape(drawn, clef("F"))
    client, body = hand_in(mine)
    address = reverse("api-contribution", args=[body["id"]])
    assert client.get(address).json()["answer"]["shapes"][0]["points"] == drawn
    changed = {**mine, "points": moved(drawn, 5)}
    amendment = {**body, "id": str(uuid4()), "based_on": 1, "shapes": [changed]}
    del amendment["assignment"]
    response = client.put(address, amendment, format="json")
    assert response.status_code == 200, response.content
    assert response.json()["answer"]["shapes"][0]["points"] == moved(drawn, 5)
    row = Annotation.objects.get(pk=mine["id"])
    assert [list(point) for point in points_of(row)] == moved(drawn, 5)
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    verdict = client.get(address).json()["verdict"]
    assert (verdict["agreement"], [one["kind"] for one in verdict["outcomes"]]) == (1.0, ["stood"])
    assert verdict["outcomes"][0]["truth"]["points"] == moved(drawn, 5)


@pytest.mark.parametrize(
    ("kind", "drawn", "coefficient", "iou"),
    [("polygon", LEAF, "F1@0.5", 1.0), ("point", DOT, "F1@2% of the diagonal", None)],
)
def test_agreement_on_them(
    make_campaign: CampaignMaker, clef: Clef, kind: str, drawn: Points, coefficient: str, iou: float | None
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": kind})
    assert agreement_of(campaign).value is None
    far = moved(drawn, 300)
    for shapes in ([drawn], [drawn, far], []):
        hand_in(*(shape(one, clef("F")) for one in shapes))
    found = agreement_of(campaign)
    assert found.coefficient == coefficient
    # Of three meetings: 1 of 1 and 2, none of 1 and “nothing”, none of 2 and “nothing”.
    assert found.value == pytest.approx(2 / (3 + 2 + 3))
    assert found.as_json()["mean_iou"] == iou


@pytest.mark.parametrize("kind", ["polygon", "point"])
def test_they_move_along_when_the_canvas_is_scaled(
    make_campaign: CampaignMaker, clef: Clef, kind: str
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": kind})
    drawn = LEAF if kind == "polygon" else DOT
    late = visitor()
    given = claim(late)
    answered(campaign, *([shape(drawn, clef("F"))] for _person in range(2)))
    canvas = Canvas.objects.get(tasks__campaign=campaign)
    rescale_canvases(canvas.manifest, {canvas.uri: (2000, 2800)})
    Canvas.objects.filter(pk=canvas.pk).update(width=2000, height=2800)
    double = [[2 * x, 2 * y] for x, y in drawn]
    body = answer_to(given, shapes=[shape(drawn, clef("F"))], nothing_here=False, canvas_size=[1000, 1400])
    assert submit(late, body).status_code == 201
    assert all(row.answer["shapes"][0]["points"] == double for row in Contribution.objects.all())
    assert all([list(p) for p in points_of(row)] == double for row in Annotation.objects.all())
    merge(campaign)
    (item,) = task_at(campaign).consensus.items.all()
    assert item.support == 3


def test_what_is_no_place_is_scaled_by_nobody() -> None:
    odd = {
        "shapes": [7, {"points": "x"}, {"points": [[1, 2], [3], ["a", 1], None]}, {"box": [1, 2, True, 4]}]
    }
    assert scaled_answer(odd, 2, 2) == {
        "shapes": [7, {"points": "x"}, {"points": [[2, 4], [3], ["a", 1], None]}, {"box": [1, 2, True, 4]}]
    }


def test_a_box_around_everything_is_the_box_of_an_outline(polygons: Campaign, clef: Clef) -> None:
    hand_in(shape(LEAF, clef("F")))
    row = Annotation.objects.get(layer=polygons.contributions_layer)
    assert row.box is not None
    assert Box(*row.box) == Polygon(points_of(row)).box


def predicted(
    campaign: Campaign, owner: User, concept: Concept, said: list[tuple[Points, Box | None]]
) -> None:
    """A run that says these outlines, points or boxes on the first canvas, shown to everybody."""
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, created_by=owner)
    predictor = Predictor.objects.create(campaign=campaign, kind="http", name="finder", created_by=owner)
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    canvas, names = task_at(campaign).canvas, ConceptNames.of_campaign(campaign)
    rows = []
    for number, (drawn, box) in enumerate(said):
        corners = as_points(drawn)
        document = annotation_document(canvas, box, [concept.pk], names, points=corners)
        rows.append(
            NewAnnotation(
                id=uuid4(), layer=layer, canvas=canvas, document=document, motivations=MOTIVATIONS,
                concept_ids=(concept.pk,), confidence=0.9 - number / 10, **columns(box, corners),
            )
        )  # fmt: skip
    add_annotations(rows)
    Campaign.objects.filter(pk=campaign.pk).update(shown_run=run)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("polygon", [LEAF, [[300, 300], [340, 300], [340, 360], [300, 360]]]),
        ("point", [[[160, 160]], [[320, 330]], DOT]),
        ("box", [[], []]),
    ],
)
def test_of_a_prediction_the_shape_that_is_asked_for_is_made(
    make_campaign: CampaignMaker, clef: Clef, owner: User, kind: str, shown: list[Points]
) -> None:
    campaign = make_campaign(pages=1, question={**PROMPT, "shapes": kind})
    box = Polygon(as_points(LEAF)).box
    predicted(campaign, owner, clef("F"), [(LEAF, box), ([], Box(300, 300, 40, 60)), (DOT, None)])
    found = claim(visitor())["assignment"]["predictions"]
    assert [one["points"] for one in found] == shown
    assert all(one["crop"] for one in found)
    if kind == "box":
        assert [one["box"] for one in found] == [[100, 100, 120, 120], [300, 300, 40, 60]]


def test_how_far_an_outline_was_corrected_is_measured_on_the_outline(
    polygons: Campaign, clef: Clef, owner: User
) -> None:
    predicted(polygons, owner, clef("F"), [(LEAF, Polygon(as_points(LEAF)).box)])
    client = visitor()
    given = claim(client)
    (said,) = given["assignment"]["predictions"]
    # One corner cut off: the box stays what it was.
    more = {"prediction": said["id"], "origin": "edited"}
    cut = [*LEAF[:3], [160, 210]]
    body = answer_to(given, shapes=[shape(cut, clef("F"), **more)], nothing_here=False)
    assert submit(client, body).status_code == 201
    iou = ContributionShape.objects.get().prediction_iou
    expected = overlay([LEAF, cut]).iou()[0, 1]
    assert iou == pytest.approx(expected)
    assert iou < 0.95
