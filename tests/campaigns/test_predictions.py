"""Runs of models: asked once a canvas, stopped, resumed and broken without loss, shown to people with origins."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from annotation.actions.sources import import_images
from annotation.geometry import Box, iou
from annotation.images.refusals import FileMissing
from annotation.models import Annotation, Canvas, Manifest
from annotation.pixels import cut
from campaigns.actions import (
    Submission,
    asking,
    choose_canvases,
    claim,
    configure_campaign,
    join_campaign,
    open_campaign,
    submit,
)
from campaigns.actions.predictors import best_examples, create_predictor, start_run
from campaigns.demo.engrave import ScorePage, pages
from campaigns.models import Campaign, ContributionShape, Prediction, PredictionBatch, PredictionRun
from campaigns.predictors import Predicted, Predictions, PredictorError, Quarantined
from campaigns.suggested import predictions_for
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, task_at
from work.actions import resume_job, run_job, stop_job
from work.models import Job

Clef = Callable[[str], Concept]
States = PredictionBatch.State


def http_run(
    campaign: Campaign, by: User, url: str = "https://model.example/", **label_map: str
) -> PredictionRun:
    predictor = create_predictor(
        campaign, kind="http", name="Model", version="2", configuration={"url": url}, by=by
    )
    return start_run(predictor, label_map=label_map, by=by)


def work(run: PredictionRun) -> Job:
    assert run.job is not None
    run_job(str(run.job.pk))
    return Job.objects.get(pk=run.job.pk)


def said(*found: Predicted, quarantined: tuple[Quarantined, ...] = ()) -> Predictions:
    return Predictions(found, quarantined, model="net", version="7")


@pytest.fixture
def asked() -> list[Canvas]:
    """The canvases that the model was asked about."""
    return []


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, asked: list[Canvas]) -> list[Any]:
    """What the model answers, canvas by canvas: predictions, or an exception to raise; F at ONE when it runs out."""
    script: list[Any] = []

    def ask(canvas: Canvas) -> Predictions:
        asked.append(canvas)
        step = script.pop(0) if script else said(Predicted(Box(*ONE), "F", 0.9))
        if isinstance(step, BaseException):
            raise step
        answer: Predictions = step() if callable(step) else step
        return answer

    monkeypatch.setattr(asking, "_http_asker", lambda _settings: ask)
    return script


def test_a_run_from_end_to_end(campaign: Campaign, owner: User, clef: Clef, model: list[Any]) -> None:
    run = http_run(campaign, owner, F=str(clef("F").pk))
    job = work(run)
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    assert job.lines.get().sentence == "4 predictions on 4 canvases."
    first = Annotation.objects.filter(layer=run.layer).first()
    assert first is not None
    assert (first.box, first.confidence) == (ONE, 0.9)
    assert first.document["rubricator:model"] == "net"
    assert first.document["rubricator:modelVersion"] == "7"
    assert first.document["rubricator:confidence"] == 0.9
    assert first.document["generator"] == {"type": "Software", "name": "net 7"}
    assert [link.concept for link in first.concept_links.all()] == [clef("F")]
    assert Prediction.objects.get(annotation=first).model_label == "F"
    again = Job.objects.create(kind="campaigns.predict", subject=str(run.pk))
    run_job(str(again.pk))
    assert Annotation.objects.filter(layer=run.layer).count() == 4


def test_what_another_worker_has_found_meanwhile_stands(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    """A model may say something else when it is asked twice: what came first is kept, never both."""
    run = http_run(campaign, owner, F=str(clef("F").pk))

    def late() -> Predictions:
        run.batches.update(state=States.DONE)
        return said(Predicted(Box(*ONE), "F", 0.9))

    model.append(late)
    assert work(run).state == Job.State.DONE
    assert not Annotation.objects.filter(layer=run.layer).exists()


def test_what_cannot_be_used_is_kept_apart(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    bad = Quarantined({"x": 1}, "The prediction names no class.")
    model.append(said(Predicted(Box(*ONE), "F", 0.5), Predicted(Box(*TWO), "dog", 0.5), quarantined=(bad,)))
    run = http_run(campaign, owner, F=str(clef("F").pk))
    job = work(run)
    assert job.state == Job.State.DONE
    batch = run.batches.order_by("pk").first()
    assert batch is not None
    assert [row["reason"] for row in batch.quarantined] == [
        "The prediction names no class.",
        "The class “dog” is mapped to no concept.",
    ]
    assert batch.quarantined[1]["raw"]["box"] == list(TWO)
    assert job.lines.filter(severity="warning").count() == 1
    assert run.predictions.count() == 4


def test_a_class_may_be_the_id_of_a_concept(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    model += [said(Predicted(None, str(clef("G").pk), None))] * 4
    run = http_run(campaign, owner)
    work(run)
    assert set(Annotation.objects.filter(layer=run.layer).values_list("x", "concept_links__concept")) == {
        (None, clef("G").pk)
    }


def test_stopped_and_resumed_nothing_is_asked_twice(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any], asked: list[Canvas]
) -> None:
    run = http_run(campaign, owner, F=str(clef("F").pk))

    def stop() -> Predictions:
        assert run.job is not None
        stop_job(run.job)
        return said(Predicted(Box(*ONE), "F", 0.9))

    model += [said(Predicted(Box(*ONE), "F", 0.9)), stop]
    job = work(run)
    assert job.state == Job.State.STOPPED
    assert run.batches.filter(state=States.DONE).count() == 2
    resume_job(job)
    job = work(run)
    assert (job.state, job.done) == (Job.State.DONE, 4)
    assert run.predictions.count() == 4
    assert len(asked) == len({canvas.pk for canvas in asked}) == 4


class Killed(BaseException):
    """As a worker that is killed: nothing catches it."""


def test_a_worker_that_dies_in_the_middle(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    run = http_run(campaign, owner, F=str(clef("F").pk))
    model += [said(Predicted(Box(*ONE), "F", 0.9)), Killed()]
    with pytest.raises(Killed):
        work(run)
    Job.objects.update(state=Job.State.QUEUED)  # what the sweeper does after a while
    job = work(run)
    assert (job.state, job.attempt, job.done) == (Job.State.DONE, 2, 4)
    assert run.predictions.count() == 4


def test_failures_are_listed_and_asked_about_again(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    run = http_run(campaign, owner, F=str(clef("F").pk))
    model += [PredictorError("It is not JSON."), FileMissing(), said(Predicted(Box(*ONE), "F", 0.9))]
    job = work(run)
    assert job.state == Job.State.DONE
    errors = job.lines.filter(severity="error").order_by("id").values_list("sentence", flat=True)
    assert list(errors) == ["It is not JSON.", "The file of the image is not where it should be."]
    assert job.lines.filter(sentence="2 canvases failed; resume the run to ask about them again.").exists()
    assert run.batches.filter(state=States.FAILED).exclude(error="").count() == 2
    Job.objects.update(state=Job.State.FAILED)
    resume_job(job)
    assert work(run).done == 4
    assert run.predictions.count() == 4
    assert run.batches.filter(state=States.DONE, error="").count() == 4


def test_a_model_that_always_fails_ends_the_run(
    make_campaign: CampaignMaker, owner: User, model: list[Any]
) -> None:
    run = http_run(make_campaign(pages=25), owner)
    model += [PredictorError("No.")] * 25
    job = work(run)
    assert (job.state, "10 times in a row" in job.error) == (Job.State.FAILED, True)
    assert run.batches.filter(state=States.WAITING).count() == 15
    small = http_run(make_campaign("small", pages=2), owner)
    model[:] = [PredictorError("No.")] * 2
    job = work(small)
    assert (job.state, "every canvas" in job.error) == (Job.State.FAILED, True)


def test_nothing_to_look_at(make_campaign: CampaignMaker, owner: User) -> None:
    with pytest.raises(Conflict) as refused:
        http_run(make_campaign(pages=0, open_it=False), owner)
    assert refused.value.code == "no-canvases"


# --- examples -------------------------------------------------------------------------------------


def test_the_best_examples_are_decided_and_from_different_pages(
    campaign: Campaign, owner: User, clef: Clef
) -> None:
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, f)]) for _person in range(3)],
            1: [located([(moved(ONE, 3 * person), f)]) for person in range(3)],
            2: [located([(ONE, g)]), located([(ONE, g)]), located([(TWO, g)])],
        },
    )
    merge(campaign)
    accept_all(campaign, task_at(campaign, 1), owner)
    chosen = best_examples(campaign, per_concept=2)
    rows = Annotation.objects.filter(pk__in=chosen, concept_links__concept=f)
    assert {row.layer_id for row in rows} == {campaign.ground_truth_layer_id, campaign.consensus_layer_id}
    assert len({row.canvas_id for row in rows}) == 2
    supported = Annotation.objects.get(
        pk__in=best_examples(campaign, per_concept=1), concept_links__concept=g
    )
    assert supported.box == ONE


def test_examples_of_another_campaign(
    campaign: Campaign, make_campaign: CampaignMaker, owner: User, clef: Clef
) -> None:
    other = make_campaign("other", pages=1, overlap=1)
    answer(other, {0: [located([(ONE, clef("F"))])]})
    foreign = Annotation.objects.get(layer=other.contributions_layer)
    with pytest.raises(Invalid):
        create_predictor(
            campaign,
            kind="match_template",
            name="More",
            configuration={"examples": [str(foreign.pk)]},
            by=owner,
        )


# --- find more like this, on engraved pages -------------------------------------------------------


@pytest.fixture(scope="module")
def engraved() -> list[ScorePage]:
    return list(pages(6, seed=1455))


@pytest.mark.django_db(transaction=True)
def test_find_more_like_this_finds_the_clefs(
    engraved: list[ScorePage], owner: User, make_campaign: CampaignMaker, clef: Clef
) -> None:
    """Two pages of each of two hands are searched with the examples of one page of each."""
    files = [SimpleUploadedFile(f"{index}.jpg", page.jpeg) for index, page in enumerate(engraved)]
    source = import_images(files, title="Scores", by=owner)
    assert source.job is not None
    run_job(str(source.job.pk))
    manifest = Manifest.objects.get(label={"none": ["Scores"]})
    campaign = make_campaign(pages=0, open_it=False, overlap=1)
    notations = {"gClef": "G", "fClef": "F", "cClef": "C"}
    choose_canvases(campaign, manifests=[manifest.pk], by=owner)
    campaign = open_campaign(campaign, by=owner)
    truth = {
        index: [
            (symbol.box, clef(notations[symbol.kind])) for symbol in page.symbols if symbol.kind in notations
        ]
        for index, page in enumerate(engraved)
    }
    hands = [page.hand for page in engraved]
    shown = {hands.index(hand) for hand in hands}
    person = join_campaign(campaign, visitor=uuid4().hex)
    while (given := claim(campaign, person).assignment) is not None:
        position = given.task.position
        submit(given, located(truth[position] if position in shown else []))
    merge(campaign)
    configuration = {
        "threshold": 0.72,
        "scales": [1.0],
        "examples": [str(pk) for pk in examples_of(campaign)],
    }
    predictor = create_predictor(
        campaign, kind="match_template", name="More", configuration=configuration, by=owner
    )
    run = start_run(predictor, by=owner)
    job = work(run)
    assert job.state == Job.State.DONE, job.error
    hit = wrong = wanted = 0
    for task in campaign.tasks.order_by("position"):
        if task.position in shown:
            continue
        left = [(Box(*box), concept.pk) for box, concept in truth[task.position]]
        wanted += len(left)
        for one in Annotation.objects.filter(layer=run.layer, canvas=task.canvas).order_by("-confidence"):
            assert one.box is not None
            label = one.concept_links.get().concept_id
            match = next((t for t in left if iou(t[0], Box(*one.box)) >= 0.5 and t[1] == label), None)
            if match:
                left.remove(match)
                hit += 1
            else:
                wrong += 1
    assert hit / wanted >= 0.8
    assert hit / max(1, hit + wrong) >= 0.95


def examples_of(campaign: Campaign) -> list[UUID]:
    return best_examples(campaign, per_concept=6)


# --- over HTTP ------------------------------------------------------------------------------------


class Model(BaseHTTPRequestHandler):
    """A model on the loopback: answers what the test lays down for it."""

    answers: list[tuple[int, str, bytes]] = []
    asked: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Model.asked.append(json.loads(body))
        status, media_type, content = (
            Model.answers.pop(0) if Model.answers else (200, "application/json", b"[]")
        )
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Be quiet."""


@pytest.fixture
def server(settings: Any) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as listening:
        Model.answers, Model.asked = [], []
        port = listening.server_address[1]
        settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [f"127.0.0.1:{port}"]
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}/predict"
        listening.shutdown()


def lay_down(*answers: Any) -> None:
    Model.answers = [
        row if isinstance(row, tuple) else (200, "application/json", json.dumps(row).encode())
        for row in answers
    ]


def test_three_shapes_of_answers(campaign: Campaign, owner: User, clef: Clef, server: str) -> None:
    # The image is 2000 × 2800 pixels on a canvas of 1000 × 1400, and asked for at 2048 pixels on its long side.
    factor = 2048 / 2800 * 2
    at = [value * factor for value in ONE]
    x, y, w, h = at
    lay_down(
        {"predictions": [{"box": at, "label": "F", "confidence": 0.9}], "model": "net", "version": "1"},
        {
            "predictions": [
                {"x": x + w / 2, "y": y + h / 2, "width": w, "height": h, "class": "F", "confidence": 0.8}
            ]
        },
        [{"x_min": x, "y_min": y, "x_max": x + w, "y_max": y + h, "class_name": "F", "confidence": "0.7"}],
        {"predictions": []},
    )
    run = http_run(campaign, owner, server, F=str(clef("F").pk))
    job = work(run)
    assert job.state == Job.State.DONE, (job.error, list(job.lines.values_list("sentence")))
    rows = Annotation.objects.filter(layer=run.layer).order_by("-confidence")
    assert [row.confidence for row in rows] == [0.9, 0.8, 0.7]
    for row in rows:
        assert row.box == pytest.approx(ONE, abs=0.5)
    request = Model.asked[0]
    assert request["image"].endswith("/0/default.jpg")
    assert (request["width"], request["height"]) in {(1462, 2047), (1463, 2048), (1462, 2048)}
    assert request["canvas"] == campaign.tasks.get(position=0).canvas.uri


def test_answers_that_are_none(make_campaign: CampaignMaker, owner: User, clef: Clef, server: str) -> None:
    campaign = make_campaign(pages=6)
    lay_down(
        (200, "text/html", b"<!doctype html><title>Sign in</title>"),
        (500, "application/json", b"{}"),
        (200, "application/json", b"{"),
        {"predictions": [{"box": [5000, 0, 90, 90], "label": "F", "confidence": 0.9}]},
        {"predictions": [{"box": [10, 10, 90, 90], "label": "F", "confidence": 0.9}]},
        (404, "text/plain", b"no"),
    )
    run = http_run(campaign, owner, server, F=str(clef("F").pk))
    job = work(run)
    assert job.state == Job.State.DONE, job.error
    assert run.batches.filter(state=States.FAILED).count() == 4
    outside = run.batches.exclude(quarantined=[]).get()
    assert "leaves its canvas" in outside.quarantined[0]["reason"]
    assert run.predictions.count() == 1
    assert job.lines.filter(severity="error").count() == 4


def test_a_slow_model(campaign: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.setattr(asking, "MODEL_TIMEOUT_S", 0.2)
    release = threading.Event()
    monkeypatch.setattr(Model, "do_POST", lambda _self: release.wait(60))
    run = http_run(campaign, owner, server)
    job = work(run)
    release.set()
    assert (job.state, run.batches.filter(state=States.FAILED).count()) == (Job.State.FAILED, 4)


# --- shown to people ------------------------------------------------------------------------------


def test_what_people_make_of_predictions_is_recorded(
    campaign: Campaign, owner: User, clef: Clef, model: list[Any]
) -> None:
    f = str(clef("F").pk)
    model += [said(Predicted(Box(*ONE), "F", 0.9), Predicted(Box(*TWO), "F", 0.4))] * 4
    run = http_run(campaign, owner, F=f)
    work(run)
    campaign = configure_campaign(campaign, {"shown_run": run}, by=owner)
    person = join_campaign(campaign, visitor=uuid4().hex)
    given = claim(campaign, person).assignment
    assert given is not None
    first, second = predictions_for(given.predictions_shown_id, given.task, "fr")
    assert (first.confidence, first.concepts[0]["label"]) == (0.9, "clef de fa")
    edited = moved(TWO, 4)
    shapes = [
        {
            "id": str(uuid4()),
            "box": list(ONE),
            "concepts": [f],
            "origin": "accepted",
            "prediction": str(first.id),
        },
        {
            "id": str(uuid4()),
            "box": list(edited),
            "concepts": [f],
            "origin": "edited",
            "prediction": str(second.id),
        },
        {
            "id": str(uuid4()),
            "box": [600, 600, 50, 50],
            "concepts": [f],
            "origin": "drawn",
            "prediction": None,
        },
    ]
    submit(given, Submission(uuid4(), {"nothing_here": False, "shapes": shapes}))
    rows = {row.origin: row for row in ContributionShape.objects.all()}
    assert rows["accepted"].prediction_iou == 1
    assert rows["edited"].prediction_iou == pytest.approx(iou(Box(*TWO), Box(*edited)))
    assert (rows["edited"].prediction_id, rows["drawn"].prediction_id) == (second.id, None)
    assert rows["drawn"].contribution.predictions_shown == run


def test_a_page_is_cut_where_the_box_is() -> None:
    page = np.zeros((140, 100), dtype=np.uint8)
    cv2.rectangle(page, (10, 20), (29, 59), 255, -1)
    canvas = Canvas(width=1000, height=1400)
    part = cut(page, canvas, Box(100, 200, 200, 400))
    assert part.shape == (40, 20)
    assert part.min() == 255
    assert cut(page, canvas, Box(990, 1390, 100, 100)).size >= 1
