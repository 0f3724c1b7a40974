"""Evaluations in the system: COCO's figures through files and layers, what is behind a cell, leakage, who may."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.models import Annotation, Canvas
from campaigns.actions import assign_role, choose_canvases
from campaigns.actions.evaluations import evaluate_run
from campaigns.models import Campaign, Evaluation, EvaluationPair, PredictionRun, Release
from problems import Conflict, Invalid, Missing
from taxonomy.actions.tree import rebuild_tree
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker, make_concept, make_manifest
from tests.campaigns.evaluations import (
    THREE,
    annotations_of,
    evaluated,
    pages_of,
    release_of_coco,
    run_on_three_pages,
    run_that_said,
    three_pages,
)
from tests.campaigns.outcomes import (
    ONE,
    TWO,
    answer,
    decide_everything,
    merge,
    released,
    tagged,
)
from work.actions import run_job

pytestmark = pytest.mark.django_db(transaction=True)  # a release is written in a transaction of its own
Clef = Callable[[str], Concept]


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def release(campaign: Campaign, owner: User, clef: Clef) -> Release:
    return three_pages(campaign, owner, clef)


@pytest.fixture
def run(campaign: Campaign, owner: User, clef: Clef) -> PredictionRun:
    return run_on_three_pages(campaign, owner, clef)


@pytest.fixture
def evaluation(run: PredictionRun, release: Release, owner: User) -> Evaluation:
    return evaluated(run, release, owner, score=0.5)


def code(evaluation: Evaluation, concept: Concept) -> int:
    return [one["id"] for one in evaluation.figures["labels"]].index(str(concept.pk))


# --- the figures ---


def test_a_hundred_images_of_coco(
    samples: Path, make_campaign: CampaignMaker, owner: User, vocabulary: Vocabulary
) -> None:
    """Through a release's file and a layer, the figures are those of pycocotools."""
    folder = samples / "detection-coco100"
    document: dict[str, Any] = json.loads((folder / "instances_val2014_100.json").read_text())
    said = json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())
    expected = json.loads((folder / "expected.json").read_text())
    campaign = make_campaign(pages=0, open_it=False)
    images = sorted(document["images"], key=lambda image: image["id"])
    manifest = make_manifest(len(images), owner)
    choose_canvases(campaign, manifests=[manifest.pk], by=owner)
    canvases = dict(
        zip((image["id"] for image in images), manifest.canvases.order_by("position"), strict=True)
    )
    Canvas.objects.filter(manifest=manifest).update(width=640, height=640)
    concepts = {
        row["id"]: Concept.objects.create(
            vocabulary=vocabulary, uri=f"https://coco.example/{row['id']}", rank=row["id"]
        )
        for row in document["categories"]
    }
    release = release_of_coco(
        campaign,
        owner,
        {
            "images": [{"id": image["id"], "canvas_id": str(canvases[image["id"]].pk)} for image in images],
            "categories": [
                {**row, "concept": str(concepts[row["id"]].pk), "labels": {"en": row["name"]}}
                for row in document["categories"]
            ],
            "annotations": [{**row, "annotation": str(uuid4())} for row in document["annotations"]],
        },
    )
    run = run_that_said(
        campaign,
        owner,
        [
            (canvases[row["image_id"]], row["bbox"], concepts[row["category_id"]], row["score"])
            for row in said
        ],
    )
    figures = evaluated(run, release, owner).figures
    for name, value in expected["stats"].items():
        assert figures["coco"][name] == pytest.approx(value, abs=1e-9), name
    assert [round(figures["coco"][name], 6) for name in ("AP", "AP50", "AP75")] == [
        0.504581,
        0.696973,
        0.572982,
    ]
    at_half = {figures["labels"][row["label"]]["id"]: row["ap_at_iou"] for row in figures["classes"]}
    for category, value in expected["AP50_per_category_id"].items():
        if value is not None:
            assert at_half[str(concepts[int(category)].pk)] == pytest.approx(value, abs=1e-9)
    spread = figures["coco"]["intervals"]["AP50"]
    assert spread["low"] < figures["coco"]["AP50"] < spread["high"]
    assert figures["counts"]["predictions"] == len(said)
    assert (
        sum(map(sum, figures["confusion"]["counts"]))
        == run.evaluations.get().pairs.filter(by_label=False).count()
    )


def test_a_small_release(evaluation: Evaluation, clef: Clef) -> None:
    figures = evaluation.figures
    assert figures["version"] == 5
    assert figures["counts"] == {
        "canvases": 3, "truths": 3, "predictions": 4, "elsewhere": 1, "other_shape": 0, "unscored": 0,
    }  # fmt: skip
    rows = {row["label"]: row for row in figures["classes"]}
    f, g, c = (rows[code(evaluation, clef(name))] for name in "FGC")
    assert (f["tp"], f["fp"], f["fn"]) == (1, 1, 1)
    assert (g["tp"], g["fp"], g["fn"]) == (0, 0, 1)
    assert (c["tp"], c["fp"], c["fn"]) == (0, 1, 0)
    assert (f["specificity"], c["specificity"]) == (1.0, pytest.approx(2 / 3))
    assert figures["overall"]["f1"]["value"] == pytest.approx(2 / 6)
    table, k = figures["confusion"], len(figures["confusion"]["labels"])
    place = {label: index for index, label in enumerate(table["labels"])}
    f_code, g_code = code(evaluation, clef("F")), code(evaluation, clef("G"))
    assert table["counts"][place[g_code]][place[f_code]] == 1
    assert table["counts"][place[f_code]][k] == 1
    assert sum(table["counts"][k]) == 1
    assert figures["score"] == {"value": 0.5, "chosen": "given", "below": 1}
    assert figures["calibration"]["expected_error"] > 0
    assert (evaluation.canvas_count, evaluation.truth_count, evaluation.prediction_count) == (3, 3, 4)
    assert evaluation.predictions_seen["count"] == 5
    assert evaluation.software["numpy"]


def test_the_people_beside_the_model(evaluation: Evaluation) -> None:
    ceiling = evaluation.figures["ceiling"]
    assert ceiling["figure"] == "f1"
    # Of nine boxes drawn six are what most others drew; of page 2 only the dissenter's rest agrees on a box.
    assert ceiling["value"] == pytest.approx(2 * 6 / (9 + 7))
    assert len(ceiling["people"]) == 3


def test_labels_left_out_of_account(run: PredictionRun, release: Release, owner: User) -> None:
    figures = evaluated(run, release, owner, class_aware=False, score=0.5).figures
    assert [one["id"] for one in figures["labels"]] == ["anything"]
    assert (figures["overall"]["tp"], figures["overall"]["fp"], figures["overall"]["fn"]) == (2, 1, 1)


def test_what_the_model_had_seen_is_named(
    campaign: Campaign, release: Release, run: PredictionRun, owner: User
) -> None:
    one, two, _three, _four = pages_of(campaign)
    example = Annotation.objects.filter(layer=campaign.ground_truth_layer, canvas=one).first()
    assert example is not None
    run.configuration = {"examples": [str(example.pk)]}
    run.save()
    run.batches.filter(canvas=two).update(state="failed")
    figures = evaluated(run, release, owner).figures
    assert figures["leakage"] == {"examples": [str(one.pk)], "shown": [], "unasked": [str(two.pk)]}
    assert figures["without_known"]["canvases"] == 2
    assert figures["without_known"]["f1"] == 0


def test_the_release_stays_as_it_is_and_alone_counts(
    campaign: Campaign, release: Release, run: PredictionRun, owner: User
) -> None:
    before = {file.name: file.sha256 for file in release.files.all()}
    Annotation.objects.filter(layer=campaign.ground_truth_layer).update(x=0, y=0)
    figures = evaluated(run, release, owner, score=0.5).figures
    assert figures["overall"]["tp"] == 1
    for file in Release.objects.get(pk=release.pk).files.all():
        with default_storage.open(str(file.content.name), "rb") as stored:
            assert hashlib.sha256(stored.read()).hexdigest() == before[file.name] == file.sha256
    coco = next(file for file in release.files.all() if file.format == "coco")
    assert figures["truth"] == {"file": coco.name, "sha256": coco.sha256}


def test_tags(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(
        "kinds", pages=3, question_kind="tag", question={"prompt": {"en": "Which?"}, "many": True}
    )
    f, g, c = clef("F"), clef("G"), clef("C")
    truth = {0: (f,), 1: (f, g), 2: (g,)}
    answer(campaign, {page: [tagged(*names) for _person in range(3)] for page, names in truth.items()})
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    one, two, three = pages_of(campaign)
    run = run_that_said(
        campaign,
        owner,
        [
            (one, None, f, 0.9),
            (two, None, f, 0.8),
            (two, None, c, 0.6),
            (three, None, c, 0.4),
            (three, None, g, 0.3),
        ],
    )
    figures = evaluated(run, release, owner).figures
    assert figures["kind"] == "labels"
    assert figures["confusion"] is None
    assert (figures["overall"]["tp"], figures["counts"]["truths"]) == (2, 4)
    assert figures["score"]["chosen"] == "best-f1"
    # page 0: F first of three. page 1: F first, G last of three. page 2: G second.
    assert figures["ranking"]["average_precision"]["value"] == pytest.approx(
        (1 + (1 + 2 / 3) / 2 + 1 / 2) / 3
    )
    assert figures["ranking"]["coverage"]["value"] == pytest.approx((1 + 3 + 2) / 3)
    single = make_campaign("kind", pages=2, question_kind="tag", question={"prompt": {"en": "Which?"}})
    answer(single, {page: [tagged(f) for _person in range(3)] for page in range(2)})
    merge(single)
    decide_everything(single, owner)
    first, _second = pages_of(single)
    figures = evaluated(
        run_that_said(single, owner, [(first, None, f, 0.9), (first, None, g, 0.2)]),
        released(single, owner),
        owner,
    ).figures
    assert figures["overall"]["accuracy"] == 0.5
    assert figures["ceiling"]["value"] == 1
    assert figures["confusion"]["counts"] == [[1, 1], [0, 0]]


# --- asked for ---


def test_the_same_question_is_answered_once(
    run: PredictionRun, release: Release, owner: User, evaluation: Evaluation
) -> None:
    assert evaluate_run(run, release, by=owner, score=0.5).job == evaluation.job
    assert evaluate_run(run, release, by=owner).pk != evaluation.pk
    Annotation.objects.filter(layer=run.layer).first().delete()  # type: ignore[union-attr]
    again = evaluate_run(run, release, by=owner, score=0.5)
    assert (again.pk, again.job_id) == (evaluation.pk, again.job_id)
    assert again.job_id != evaluation.job_id
    run_job(str(again.job_id))
    again.refresh_from_db()
    assert again.predictions_seen["count"] == 4
    assert again.pairs.filter(by_label=True, counts=True, true_label=None).count() <= 2


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [({"iou": 0.0}, "/iou"), ({"iou": float("nan")}, "/iou"), ({"score": 2.0}, "/score")],
)
def test_parameters_out_of_range(
    run: PredictionRun, release: Release, owner: User, parameters: dict[str, float], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        evaluate_run(run, release, by=owner, **parameters)  # type: ignore[arg-type]
    assert refused.value.pointer == pointer


def test_only_finished_things_are_evaluated(
    campaign: Campaign, run: PredictionRun, release: Release, owner: User, stranger: User
) -> None:
    unfinished = Release.objects.create(campaign=campaign, number=9)
    with pytest.raises(Conflict):
        evaluate_run(run, unfinished, by=owner)
    campaign.is_public = False
    campaign.save()
    with pytest.raises(Missing):
        evaluate_run(run, release, by=stranger)


def test_a_damaged_file_is_not_believed(run: PredictionRun, release: Release, owner: User) -> None:
    file = next(file for file in release.files.all() if file.format == "coco")
    Path(default_storage.path(str(file.content.name))).write_bytes(b"{}")
    evaluation = evaluate_run(run, release, by=owner)
    run_job(str(evaluation.job_id))
    evaluation.refresh_from_db()
    assert evaluation.finished_at is None
    assert evaluation.job is not None
    assert "no longer what was released" in evaluation.job.error


# --- over REST ---


def test_asked_for_over_rest(run: PredictionRun, release: Release, owner: User) -> None:
    olga = signed_in(owner)
    url = f"/api/v1/releases/{release.pk}/evaluations/"
    answered = olga.post(url, {"run": str(run.pk), "score": 0.5}, format="json")
    assert answered.status_code == 202, answered.data
    assert answered.data["job"]["state"] == "queued"
    pk = answered.data["id"]
    assert olga.get(f"/api/v1/evaluations/{pk}/cells/").status_code == 409
    run_job(answered.data["job"]["id"])
    found = olga.get(f"/api/v1/evaluations/{pk}/").data
    assert found["figures"]["overall"]["tp"] == 1
    assert found["model"] == "Net"
    listed = olga.get(url).data["results"]
    assert [row["id"] for row in listed] == [pk]
    assert "figures" not in listed[0]
    refused = olga.post(url, {"run": str(uuid4())}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/run")


def test_who_may_see_it(
    evaluation: Evaluation, campaign: Campaign, release: Release, owner: User, reviewer: User, stranger: User
) -> None:
    url = f"/api/v1/evaluations/{evaluation.pk}/"
    assert signed_in(stranger).get(url).status_code == 404
    assert APIClient().get(url).status_code == 404
    assert signed_in(stranger).get(f"/api/v1/releases/{release.pk}/evaluations/").data["results"] == []
    assign_role(campaign, reviewer, Role.REVIEWER, by=owner)
    assert signed_in(reviewer).get(url).status_code == 200
    refused = signed_in(reviewer).post(f"/api/v1/releases/{release.pk}/evaluations/", {}, format="json")
    assert refused.status_code == 403


def test_every_cell_opens_what_is_behind_it(
    evaluation: Evaluation, owner: User, run: PredictionRun, clef: Clef
) -> None:
    olga, url = signed_in(owner), f"/api/v1/evaluations/{evaluation.pk}/cells/"
    ids = {str(annotation.box): str(annotation.pk) for annotation in annotations_of(run)}
    taken = olga.get(url, {"row": str(clef("G").pk), "column": str(clef("F").pk)}).data["results"]
    assert [(row["annotation"], row["iou"], row["score"]) for row in taken] == [
        (annotations_of(run)[1].pk.__str__(), 1.0, 0.8)
    ]
    assert taken[0]["true_box"] == list(TWO)
    assert "/image/0/" in taken[0]["crop"]
    invented = olga.get(url, {"row": "none"}).data["results"]
    assert [row["annotation"] for row in invented] == [ids[str(THREE)]] or len(invented) == 1
    for row in evaluation.figures["classes"]:
        name = evaluation.figures["labels"][row["label"]]["id"]
        for kind, key, side in (("true", "tp", "row"), ("false", "fp", "column"), ("missed", "fn", "row")):
            assert olga.get(url, {"kind": kind, side: name}).data["count"] == row[key]
    table = evaluation.figures["confusion"]
    names = [*(evaluation.figures["labels"][place]["id"] for place in table["labels"]), "none"]
    for true, counts in zip(names, table["counts"], strict=True):
        for said, count in zip(names, counts, strict=True):
            assert olga.get(url, {"row": true, "column": said}).data["count"] == count
    assert olga.get(url, {"kind": "wrong"}).status_code == 422
    assert olga.get(url, {"row": "wrong"}).status_code == 422


def test_cells_cost_the_same_however_many(
    evaluation: Evaluation, owner: User, django_assert_num_queries: Any, clef: Clef
) -> None:
    olga, url = signed_in(owner), f"/api/v1/evaluations/{evaluation.pk}/cells/"
    olga.get(url)
    with django_assert_num_queries(3):
        assert len(olga.get(url, {"row": "none"}).data["results"]) == 1
    with django_assert_num_queries(3):
        assert len(olga.get(url).data["results"]) == 4
    releases = f"/api/v1/releases/{evaluation.release_id}/evaluations/"
    evaluate_run(evaluation.run, evaluation.release, by=owner, iou=0.3)
    with django_assert_num_queries(4):
        assert len(olga.get(releases).data["results"]) == 2


def test_two_runs_on_the_same_release(
    campaign: Campaign, evaluation: Evaluation, release: Release, owner: User, clef: Clef
) -> None:
    one, _two, three, _four = pages_of(campaign)
    better = run_that_said(
        campaign,
        owner,
        [(one, ONE, clef("F"), 0.9), (one, TWO, clef("G"), 0.9), (three, ONE, clef("F"), 0.9)],
    )
    other = evaluated(better, release, owner)
    olga = signed_in(owner)
    found = olga.get(f"/api/v1/evaluations/{other.pk}/compare/", {"with": str(evaluation.pk)}).data
    assert found["f1"]["first"] == 1
    assert found["f1"]["difference"] == pytest.approx(1 - 1 / 3)
    assert 0 < found["f1"]["p_value"] <= 1
    assert found["canvases"] == 3
    assert {row["id"] for row in found["classes"]} == {str(clef(name).pk) for name in "FGC"}
    coarse = evaluated(better, release, owner, iou=0.3)
    assert olga.get(f"/api/v1/evaluations/{coarse.pk}/compare/?with={evaluation.pk}").status_code == 409
    assert olga.get(f"/api/v1/evaluations/{coarse.pk}/compare/?with=x").status_code == 400


def test_tables(evaluation: Evaluation, owner: User) -> None:
    olga = signed_in(owner)
    for name in ("overall", "classes", "confusion", "sizes", "calibration", "ceiling"):
        answered = olga.get(f"/api/v1/evaluations/{evaluation.pk}/tables/{name}.csv")
        assert answered.status_code == 200
        assert answered["Content-Type"].startswith("text/csv")
        assert len(answered.content.decode("utf-8-sig").splitlines()) > 1
    rows = olga.get(f"/api/v1/evaluations/{evaluation.pk}/tables/confusion.csv").content.decode("utf-8-sig")
    assert "F clef" in rows
    assert olga.get(f"/api/v1/evaluations/{evaluation.pk}/tables/nothing.csv").status_code == 404


def test_a_run_goes_with_its_evaluations(evaluation: Evaluation, run: PredictionRun, client: Client) -> None:
    run.delete()
    assert not Evaluation.objects.exists()
    assert not EvaluationPair.objects.exists()


def test_sizes_and_confidences_open_what_is_behind_them(
    run: PredictionRun, release: Release, owner: User, client: Client
) -> None:
    evaluation = evaluated(run, release, owner, score=0.0)
    client.force_login(owner)
    address = f"/api/v1/evaluations/{evaluation.pk}/cells/"
    for row in evaluation.figures["sizes"]["rows"]:
        name = evaluation.figures["labels"][row["label"]]["id"]
        for (low, high), count in zip(evaluation.figures["sizes"]["sides"], row["true"], strict=True):
            asked = {"kind": "wanted", "row": name, "side_from": low, **({"side_to": high} if high else {})}
            assert client.get(address, asked).json()["count"] == count
    for one in evaluation.figures["calibration"]["bins"]:
        asked = {"kind": "said", "score_above": one["low"] or "", "score_to": one["high"]}
        assert client.get(address, asked).json()["count"] == one["n"]
    page = client.get(f"/evaluations/{evaluation.pk}/").content.decode()
    assert "kind=wanted" in page
    assert "kind=scored" in page
    for bad in ({"side_from": "wide"}, {"score_to": "nan"}, {"score_above": "1e999"}, {"kind": "nice"}):
        assert client.get(address, bad).status_code == 422


def test_a_near_miss_on_the_tree_counts_in_part(
    make_campaign: CampaignMaker, owner: User, clef: Clef, vocabulary: Vocabulary
) -> None:
    make_concept(vocabulary, clef("G"), "G1", ("French clef", "clef"), 0)
    make_concept(vocabulary, clef("G"), "G2", ("Treble clef", "clef"), 1)
    rebuild_tree(vocabulary)
    campaign = make_campaign(question_kind="tag", question={"prompt": {"en": "Which?"}}, pages=3)
    answer(
        campaign,
        {page: [tagged(clef(name)) for _person in range(3)] for page, name in enumerate(("G1", "G2", "F"))},
    )
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner)
    one, two, three = pages_of(campaign)
    said = [(one, None, clef("G1"), 0.9), (two, None, clef("G1"), 0.8), (three, None, clef("F"), 0.7)]
    figures = evaluated(run_that_said(campaign, owner, said), release, owner).figures
    # Common {G1, G}, {G}, {F}; said and true five each.
    assert figures["hierarchy"]["hierarchical_f1"]["value"] == pytest.approx(0.8)
    assert figures["hierarchy"]["mean_links"]["value"] == pytest.approx(2 / 3)
    assert figures["overall"]["f1"]["value"] == pytest.approx(2 / 3)
