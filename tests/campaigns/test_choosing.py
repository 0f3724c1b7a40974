"""Tasks from a question to the database: what it finds, at once or by a worker, none twice, nobody waits."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Canvas, Layer, Manifest
from campaigns.actions import (
    choose_canvases,
    choose_tasks,
    choosing,
    claim,
    configure_campaign,
    join_campaign,
)
from campaigns.actions.choosing import make_chosen
from campaigns.models import Campaign, PredictionRun, Predictor, Task, TaskChoice
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, make_manifest
from work.actions import resume_job, run_job, stop_job
from work.models import Job
from work.runner import Runner

MANY = 70_000
Clef = Callable[[str], Concept]


@pytest.fixture
def empty(make_campaign: CampaignMaker) -> Campaign:
    """Without a task yet."""
    return make_campaign(pages=0, open_it=False)


@pytest.fixture
def book(owner: User) -> Manifest:
    """Ten pages; the title says where it comes from."""
    manifest = make_manifest(10, owner)
    manifest.metadata = [{"label": {"en": ["Origin"]}, "value": {"en": ["Chartres"]}}]
    manifest.save(update_fields=["metadata"])
    return manifest


def draw(layer: Layer, canvas: Canvas, concept: Concept, *, x: float = 10, sure: float | None = None) -> UUID:
    new = NewAnnotation(
        uuid4(), layer, canvas, {}, ("tagging",), Box(x, 20, 30, 40), (concept.pk,), confidence=sure
    )
    add_annotations([new])
    return new.id


def pages(campaign: Campaign) -> list[int]:
    rows = Task.objects.filter(campaign=campaign).order_by("position")
    return list(rows.values_list("canvas__position", flat=True))


def test_canvases_by_source_text_and_size(empty: Campaign, book: Manifest, owner: User) -> None:
    make_manifest(3, owner)
    book.canvases.filter(position__lt=4).update(width=3000)
    assert choose_tasks(empty, {"of": "canvases", "text": "nowhere"}, by=owner).added == 0
    wide = {"of": "canvases", "text": "chartres", "least_width": 2000, "most_height": 1400}
    assert choose_tasks(empty, wide, by=owner).added == 4
    assert choose_tasks(empty, wide, by=owner).added == 0
    whole = choose_tasks(empty, {"of": "canvases", "manifests": [book.pk]}, by=owner)
    assert (whole.added, whole.job) == (6, None)
    assert whole.finished_at is not None
    assert pages(empty) == list(range(10))
    assert choose_tasks(empty, {"of": "canvases"}, by=owner).added == 3
    empty.refresh_from_db()
    assert empty.cover_id == book.canvases.get(position=0).pk


def test_canvases_by_what_a_layer_says_of_them(
    empty: Campaign, book: Manifest, owner: User, clef: Clef
) -> None:
    layer = empty.ground_truth_layer
    first, second, *_ = book.canvases.order_by("position")
    draw(layer, first, clef("F"))
    draw(layer, second, clef("G"))
    source = {"of": "canvases", "manifests": [str(book.pk)]}
    said = {"layer": str(layer.pk), "concept": str(clef("F").pk)}
    assert choose_tasks(empty, {**source, "has": said}, by=owner).added == 1
    above = {"layer": str(layer.pk), "concept": str(clef("top").pk)}
    assert choose_tasks(empty, {**source, "has": above}, by=owner).added == 1
    assert pages(empty) == [0, 1]
    assert choose_tasks(empty, {**source, "lacks": {"layer": str(layer.pk)}}, by=owner).added == 8


def test_regions_of_a_layer_by_concept(empty: Campaign, book: Manifest, owner: User, clef: Clef) -> None:
    layer = empty.ground_truth_layer
    canvas = book.canvases.get(position=3)
    for x, name in ((10, "F"), (50, "G"), (50, "C")):
        draw(layer, canvas, clef(name), x=x)
    query = {"of": "regions", "layers": [layer.pk], "concepts": [clef("F").pk]}
    assert choose_tasks(empty, query, by=owner).added == 1
    # Two say something of one place, which is asked about once.
    assert choose_tasks(empty, {**query, "concepts": [clef("top").pk]}, by=owner).added == 1
    assert [task.region for task in empty.tasks.order_by("position")] == [(10, 20, 30, 40), (50, 20, 30, 40)]


def test_predictions_by_confidence_come_in_the_order_of_doubt(
    empty: Campaign, book: Manifest, owner: User, clef: Clef
) -> None:
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS)
    predictor = Predictor.objects.create(campaign=empty, kind="http", name="clefs")
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    canvases = list(book.canvases.order_by("position"))
    for canvas, sure in zip(canvases, (0.1, 0.3, 0.5, 0.7, 0.9, None), strict=False):
        draw(layer, canvas, clef("F"), sure=sure)
    query = {
        "of": "predictions", "run": run.pk, "least_confidence": 0.3, "most_confidence": 0.7,
        "priority_by": "doubt",
    }  # fmt: skip
    assert choose_tasks(empty, query, by=owner).added == 3
    assert pages(empty) == [1, 2, 3]
    configure_campaign(empty, {"order": "priority"}, by=owner)
    choose_tasks(empty, {"of": "predictions", "run": run.pk, "priority": 7.5}, by=owner)
    run_job(str(Job.objects.get(kind="campaigns.order", state="queued").pk))
    assert pages(empty) == [0, 4, 5, 1, 2, 3]
    assert list(empty.tasks.order_by("position").values_list("priority", flat=True)) == [
        7.5, 7.5, 7.5, pytest.approx(0.7), 0.5, pytest.approx(0.3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"of": "canvases", "manifests": [uuid4()]}, "/manifests/0"),
        ({"of": "canvases", "collections": [uuid4()]}, "/collections/0"),
        ({"of": "canvases", "has": {"layer": uuid4()}}, "/has/layer"),
        ({"of": "regions"}, "/layers"),
        ({"of": "regions", "layers": [uuid4()]}, "/layers/0"),
        ({"of": "predictions"}, "/run"),
        ({"of": "predictions", "run": uuid4()}, "/run"),
    ],
)
def test_what_does_not_exist_is_named(
    empty: Campaign, owner: User, query: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        choose_tasks(empty, query, by=owner)
    assert refused.value.pointer == pointer
    assert not TaskChoice.objects.exists()


def test_what_one_may_not_see_is_not_found(empty: Campaign, owner: User, stranger: User) -> None:
    hidden = make_manifest(2, stranger, is_public=False)
    assert choose_tasks(empty, {"of": "canvases"}, by=owner).added == 0
    with pytest.raises(Invalid):
        choose_tasks(empty, {"of": "canvases", "manifests": [hidden.pk]}, by=owner)


# --- many ------------------------------------------------------------------------------------------


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers stand for large ones."""
    monkeypatch.setattr(choosing, "AT_ONCE", 4)
    monkeypatch.setattr(choosing, "CHUNK", 3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few_at_once")
def test_many_are_made_by_a_job_that_can_be_stopped_and_taken_up(
    empty: Campaign, book: Manifest, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = choose_tasks(empty, {"of": "canvases", "manifests": [book.pk]}, by=owner)
    assert choice.job is not None
    assert not empty.tasks.exists()

    advance = Runner.advance

    def stopped_early(self: Runner, steps: int = 1) -> None:
        advance(self, steps)
        stop_job(self.job)
        self.check()

    with monkeypatch.context() as patched:
        patched.setattr(Runner, "advance", stopped_early)
        run_job(str(choice.job.pk))
    choice.job.refresh_from_db()
    assert (choice.job.state, choice.job.done, choice.job.total) == ("stopped", 3, 10)
    assert pages(empty) == [0, 1, 2]
    resume_job(choice.job)
    run_job(str(choice.job.pk))
    choice.job.refresh_from_db()
    choice.refresh_from_db()
    assert (choice.job.state, choice.added) == ("done", 10)
    assert pages(empty) == list(range(10))
    assert list(empty.tasks.order_by("position").values_list("position", flat=True)) == list(range(10))
    assert make_chosen(str(choice.pk)) == 0


@pytest.mark.usefixtures("few_at_once")
def test_a_campaign_that_is_closed_meanwhile_takes_no_more(
    empty: Campaign, book: Manifest, owner: User
) -> None:
    choice = choose_tasks(empty, {"of": "canvases", "manifests": [book.pk]}, by=owner)
    Campaign.objects.update(status="closed")
    assert choice.job is not None
    run_job(str(choice.job.pk))
    choice.job.refresh_from_db()
    assert choice.job.state == "failed"
    assert "closed" in choice.job.error
    with pytest.raises(Conflict):
        choose_tasks(empty, {"of": "canvases"}, by=owner)


@pytest.mark.django_db(transaction=True)
def test_people_go_on_while_tasks_are_added(
    make_campaign: CampaignMaker, owner: User, contributor: User
) -> None:
    """In the middle of a transaction that adds tasks, on a connection of its own, a claim does not wait."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import transaction

    campaign, more = make_campaign(pages=3), make_manifest(5, owner)
    person = join_campaign(campaign, user=contributor)

    def work() -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            return claim(campaign, person).assignment is not None
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert choose_tasks(campaign, {"of": "canvases", "manifests": [more.pk]}, by=owner).added == 5
        assert pool.submit(work).result()


@pytest.mark.django_db
def test_seventy_thousand_canvases_become_tasks_in_few_statements(empty: Campaign, owner: User) -> None:
    manifest = Manifest.objects.create(uri="https://example.org/m", document={}, created_by=owner)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO annotation_canvas (id, manifest_id, uri, position, label, width, height, image_service,"
            " image_url, extra) SELECT gen_random_uuid(), %s, 'https://example.org/' || n, n, '{}', 100, 100, '',"
            " '', '{}' FROM generate_series(1, %s) n",
            [manifest.pk, MANY],
        )
    canvases = list(
        Canvas.objects.filter(manifest=manifest).order_by("position").values_list("pk", flat=True)
    )
    half = canvases[: MANY // 2]
    assert choose_canvases(empty, by=owner, canvases=half) == len(half)
    choice = choose_tasks(empty, {"of": "canvases", "manifests": [manifest.pk]}, by=owner)
    assert choice.job is not None
    with CaptureQueriesContext(connection) as captured:
        run_job(str(choice.job.pk))
    choice.refresh_from_db()
    assert choice.added == MANY - len(half)
    assert Task.objects.filter(campaign=empty, canvas__in=canvases).count() == MANY
    assert len(captured) < 14 * 10 + 30  # fourteen steps


# --- over REST -------------------------------------------------------------------------------------


def test_a_preview_counts_and_shows_and_changes_nothing(
    empty: Campaign, book: Manifest, owner: User, contributor: User, api: APIClient
) -> None:
    api.force_authenticate(owner)
    address = f"/api/v1/campaigns/{empty.slug}/choices/"
    query = {"of": "canvases", "manifests": [str(book.pk)], "priority": 2}
    found = api.post(f"{address}preview/", query).json()
    assert found["count"] == 10
    assert [one["label"] for one in found["sample"][:2]] == [{"none": ["1"]}, {"none": ["2"]}]
    assert found["sample"][0]["priority"] == 2
    assert found["sample"][0]["crop"].startswith("https://example.org/iiif/")
    assert not empty.tasks.exists()
    made = api.post(address, query)
    assert made.status_code == 201
    assert (made.json()["added"], made.json()["job"]) == (10, None)
    assert made.json()["query"] == query
    assert [one["id"] for one in api.get(address).json()] == [made.json()["id"]]
    wrong = api.post(address, {"of": "canvases", "least_width": "wide"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/least_width"
    api.force_authenticate(contributor)
    assert api.post(address, query).status_code in {403, 404}


@pytest.mark.usefixtures("few_at_once")
def test_many_over_rest_are_a_job(empty: Campaign, book: Manifest, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    made = api.post(f"/api/v1/campaigns/{empty.slug}/choices/", {"of": "canvases"})
    assert made.status_code == 202
    assert made.json()["job"]["state"] == "queued"
    whole = api.post(f"/api/v1/campaigns/{empty.slug}/canvases/", {"manifests": [str(book.pk)]})
    assert whole.status_code == 202
    assert api.get(f"/api/v1/jobs/{whole.json()['job']}/").json()["kind"] == "campaigns.choose"
