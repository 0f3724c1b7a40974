"""A name for each region that is there already: asked about one by one, released as boxes with labels."""

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from annotation.actions.layers import delete_layer
from annotation.geometry import Box
from annotation.models import Annotation, Layer, Manifest
from campaigns.actions import configure_campaign
from campaigns.models import Campaign, Evaluation, Task
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, make_manifest
from tests.campaigns.evaluations import run_that_said
from tests.campaigns.journey import Journey, read, signed_in
from tests.cast import make_person
from work.actions import run_job

Clef = Callable[[str], Concept]
BOXES = ((10.0, 20.0, 30.0, 40.0), (50.0, 60.0, 30.0, 40.0), (200.0, 300.0, 80.0, 90.0))


@pytest.fixture
def manifest(owner: User) -> Manifest:
    return make_manifest(1, owner)


@pytest.fixture
def layer(owner: User, manifest: Manifest) -> Layer:
    """Boxes without a name, as a model or another campaign left them; one of them twice."""
    canvas = manifest.canvases.get()
    made = Layer.objects.create(
        kind=Layer.Kind.PERSONAL, label={"en": "Beasts"}, is_public=True, created_by=owner
    )
    for x, y, w, h in (*BOXES, BOXES[0]):
        target = {
            "source": canvas.uri,
            "selector": {"type": "FragmentSelector", "value": Box(x, y, w, h).fragment()},
        }
        Annotation.objects.create(
            layer=made, canvas=canvas, x=x, y=y, w=w, h=h, document={"type": "Annotation", "target": target}
        )
    return made


@pytest.fixture
def asking(make_campaign: CampaignMaker) -> Campaign:
    question = {"prompt": {"en": "Which clef is it?"}}
    return make_campaign(
        "names", pages=0, open_it=False, question_kind="identify", question=question, overlap=2
    )


@pytest.fixture
def journey(owner: User, asking: Campaign) -> Journey:
    return Journey(owner, "names")


def test_each_region_is_asked_about_once(journey: Journey, layer: Layer) -> None:
    added = journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    assert added == {"added": 3, "tasks": 3}
    assert journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})["added"] == 0
    tasks = list(Task.objects.order_by("position").select_related("about"))
    assert [(task.region, task.about and task.about.box) for task in tasks] == [(box, box) for box in BOXES]
    first = Annotation.objects.filter(layer=layer, x=10).order_by("created_at", "pk").first()
    assert tasks[0].about == first
    shown = journey.call("get", "api-campaign-preview", position=0)
    assert (shown["task"]["region"], shown["neighbours"]) == (
        list(BOXES[0]),
        [list(BOXES[1]), list(BOXES[2])],
    )
    journey.open()
    given = journey.call("post", "api-assignment-claim", {})["assignment"]
    assert given["task"]["region"] == list(BOXES[0])
    assert given["neighbours"] == [list(BOXES[1]), list(BOXES[2])], "the others tell where one is"


def test_a_task_costs_the_same_among_many(journey: Journey, layer: Layer) -> None:
    spent = []
    for more in (0, 30):
        for number in range(more):
            row = Annotation.objects.filter(layer=layer).first()
            assert row
            row.pk, row.x = uuid4(), 300.0 + 10 * number
            row.save(force_insert=True)
        journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
        if not more:
            journey.open()
        client = signed_in(make_person(f"volunteer-{more}"))
        with CaptureQueriesContext(connection) as seen:
            given = client.post("/api/v1/campaigns/names/assignments/", {}, format="json").json()
        assert len(given["assignment"]["neighbours"]) == 2 + more
        spent.append(len(seen))
    assert spent[0] == spent[1]


def test_whole_images_are_no_regions(journey: Journey, manifest: Manifest) -> None:
    refused = journey.call("post", "api-campaign-canvases", {"manifests": [str(manifest.pk)]}, status=409)
    assert refused["code"] == "regions-only"
    assert not Task.objects.exists()


def test_a_layer_that_is_asked_about_stays(journey: Journey, layer: Layer, owner: User) -> None:
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    with pytest.raises(Conflict) as refused:
        delete_layer(layer, by=owner)
    assert refused.value.code == "in-use"
    assert Annotation.objects.filter(layer=layer).count() == 4


def test_tasks_of_one_sort_stay_so(journey: Journey, layer: Layer, asking: Campaign, owner: User) -> None:
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    with pytest.raises(Conflict) as refused:
        configure_campaign(asking, {"question_kind": "tag"}, by=owner)
    assert refused.value.code == "settled-by-tasks"


def test_a_copy_asks_about_the_same_regions(journey: Journey, layer: Layer) -> None:
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    journey.call("post", "api-campaign-copy", {"slug": "again"}, status=201)
    about = [
        list(row.tasks.order_by("position").values_list("about", flat=True)) for row in Campaign.objects.all()
    ]
    assert about[0] == about[1]
    assert None not in about[0]
    told = journey.call("get", "api-campaign-definition")
    assert (told["sources"], told["question_kind"]) == ([], "identify")


@pytest.mark.django_db(transaction=True)
def test_from_the_regions_to_the_release_and_a_model(
    journey: Journey, layer: Layer, owner: User, clef: Clef, manifest: Manifest
) -> None:
    journey.call("post", "api-campaign-canvases", {"layers": [str(layer.pk)]})
    journey.open()
    f, g, c = (str(clef(name).pk) for name in "FGC")
    tasks = journey.answer([[_said(f), _said(g), _said(c)], [_said(f), _said(g), _said(g)]])
    journey.merge()
    assert journey.call("get", "api-figures")["coefficient"] == "alpha"
    assert journey.judge({tasks[2]["id"]: c}) == 3
    files = journey.release()
    (table,) = (text for name, text in files.items() if name.endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    boxes = [tuple(float(row[side]) for side in ("x", "y", "width", "height")) for row in rows]
    assert (boxes, [row["notation"] for row in rows]) == (list(BOXES), ["F", "G", "C"])
    assert len(read(files, ".coco.json")["annotations"]) == 3
    figures = _evaluated(journey, owner, manifest, clef)
    # One box found with its name, the less sure one with another, one not at all: best where only the first is said.
    assert figures["overall"]["f1"]["value"] == pytest.approx(2 * 1 / (1 + 3))
    assert (figures["ceiling"]["figure"], figures["ceiling"]["value"]) == ("f1", pytest.approx(4 / 6))


def _said(concept: str) -> dict[str, Any]:
    return {"concepts": [concept]}


def _evaluated(journey: Journey, owner: User, manifest: Manifest, clef: Clef) -> Any:
    canvas = manifest.canvases.get()
    found = [(canvas, BOXES[0], clef("F"), 0.9), (canvas, BOXES[1], clef("C"), 0.8)]
    run = run_that_said(journey.campaign, owner, found)
    address = f"/api/v1/releases/{journey.campaign.releases.get().pk}/evaluations/"
    asked = journey.curator.post(address, {"run": str(run.pk)}, format="json")
    assert asked.status_code in {200, 202}, asked.content
    evaluation = Evaluation.objects.get()
    if evaluation.finished_at is None:
        run_job(str(evaluation.job_id))
        evaluation.refresh_from_db()
    page = Client()
    page.force_login(owner)
    assert page.get(f"/evaluations/{evaluation.pk}/").status_code == 200
    return evaluation.figures


def test_on_the_page(journey: Journey, layer: Layer, client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.get("/campaigns/names/canvases/").content.decode()
    assert str(layer.pk) in page
    assert "Where the regions come from" in page
    assert 'name="manifests"' not in page
    assert client.post("/campaigns/names/canvases/", {"layer": str(layer.pk)}).status_code == 302
    assert Task.objects.count() == 3
    page = client.get("/campaigns/names/canvases/").content.decode()
    assert "3 regions" in page
    assert page.count("data-detail") == 3, "each region is shown, and that it is a detail"
    invitation = client.get("/campaigns/names/")
    assert len(invitation.context["samples"]) == 1, "one image, however much is asked about it"
    assert "Images finished" not in invitation.content.decode()
