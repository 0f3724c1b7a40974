"""“Find more like this” on a canvas that people annotate together, and the tree of the layer's labels."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role, grant, revoke
from accounts.signals import Wishes
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Layer, Manifest
from campaigns.actions import similar as searching
from campaigns.actions.alike import ask_for_alike
from campaigns.actions.leaving import leave_campaigns
from campaigns.actions.similar import MOST_A_MINUTE
from campaigns.models import LayerSearch
from problems import Conflict
from taxonomy.models import Concept, Vocabulary
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import make_manifest, make_vocabulary
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db
PLACES = [(100, 100), (400, 700), (820, 1200)]
SIDE = 40


@pytest.fixture
def canvas(owner: User) -> Canvas:
    return make_manifest(1, owner).canvases.get()


@pytest.fixture
def vocabulary() -> Vocabulary:
    return make_vocabulary("signs")


@pytest.fixture
def layer(owner: User, vocabulary: Vocabulary) -> Layer:
    layer = make_layer(owner)
    layer.vocabulary = vocabulary
    layer.save()
    return layer


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, canvas: Canvas) -> None:
    """A page with one sign three times."""
    rng = np.random.default_rng(3)
    sheet = rng.integers(225, 240, (round(canvas.height), round(canvas.width)), dtype=np.uint8)
    sign = np.where(rng.random((SIDE, SIDE)) < 0.5, 20, 230).astype(np.uint8)
    for x, y in PLACES:
        sheet[y : y + SIDE, x : x + SIDE] = sign
    monkeypatch.setattr(searching, "gray_page", lambda _canvas, *, longest: sheet)


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


def ask(client: APIClient, layer: Layer, canvas: Canvas, **more: Any) -> Any:
    body = {"id": str(uuid4()), "box": [*PLACES[0], SIDE, SIDE], **more}
    return client.post(reverse("api-alike", args=[layer.pk, canvas.pk]), body, format="json")


def run(search: str) -> Job:
    job = LayerSearch.objects.get(pk=search).job
    assert job is not None
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def look(client: APIClient, layer: Layer, canvas: Canvas, search: str) -> Any:
    return client.get(reverse("api-alike-search", args=[layer.pk, canvas.pk, search]))


@pytest.mark.usefixtures("page")
def test_what_is_like_the_box_comes_back_and_nothing_is_written(
    olga: APIClient, layer: Layer, canvas: Canvas
) -> None:
    asked = ask(olga, layer, canvas)
    assert asked.status_code == 202, asked.content
    assert (asked.json()["state"], asked.json()["predictions"]) == ("queued", [])
    pk = asked.json()["id"]
    assert run(pk).state == Job.State.DONE
    told = look(olga, layer, canvas, pk).json()
    assert told["state"] == "done"
    assert sorted(one["box"][:2] for one in told["predictions"]) == [list(place) for place in PLACES[1:]]
    assert all(0.65 <= one["confidence"] <= 1 for one in told["predictions"])
    again = look(olga, layer, canvas, pk).json()
    assert again == told, "the ids of candidates stay the same"
    assert not Annotation.objects.exists()


def test_asking_is_for_who_may_write(
    api: APIClient, observer: User, contributor: User, layer: Layer, canvas: Canvas
) -> None:
    Manifest.objects.update(is_public=True)
    api.force_authenticate(observer)
    assert ask(api, layer, canvas).status_code == 404
    grant(observer, layer, Role.OBSERVER)
    assert ask(api, layer, canvas).status_code == 403
    api.force_authenticate(contributor)
    grant(contributor, layer, Role.CONTRIBUTOR)
    pk = ask(api, layer, canvas).json()["id"]
    assert look(api, layer, canvas, pk).status_code == 200
    # An image that one may not see is not searched, and who has lost the role is told no more.
    Manifest.objects.update(is_public=False)
    assert ask(api, layer, canvas).status_code == 404
    Manifest.objects.update(is_public=True)
    revoke(contributor, layer)
    assert look(api, layer, canvas, pk).status_code == 404


def test_a_search_is_told_to_who_asked_alone(
    olga: APIClient, contributor: User, layer: Layer, canvas: Canvas
) -> None:
    pk = ask(olga, layer, canvas).json()["id"]
    Manifest.objects.update(is_public=True)
    grant(contributor, layer, Role.MANAGER)
    other = APIClient()
    other.force_authenticate(contributor)
    assert look(other, layer, canvas, pk).status_code == 404
    assert ask(other, layer, canvas, id=pk).status_code == 409


def test_a_layer_that_a_campaign_fills_is_refused(olga: APIClient, layer: Layer, canvas: Canvas) -> None:
    Layer.objects.update(kind=Layer.Kind.CONSENSUS)
    assert ask(olga, layer, canvas).status_code == 403


@pytest.mark.parametrize(
    ("box", "pointer"),
    [
        (None, "/box"),
        ([1, 1, 0, 5], "/box"),
        ([1, 1, "a", 5], "/box/2"),
        ([0, 0, 1e9, 5], "/box"),
        ([-1, 0, 9, 9], "/box"),
        ("box", "/box"),
    ],
)
def test_what_is_no_box_is_said_with_a_pointer(
    olga: APIClient, layer: Layer, canvas: Canvas, box: Any, pointer: str
) -> None:
    answer = ask(olga, layer, canvas, box=box)
    assert answer.status_code == 422
    assert pointer in answer.content.decode()


def test_asking_again_is_harmless_and_asking_anew_stops_the_last(
    owner: User, layer: Layer, canvas: Canvas
) -> None:
    pk = uuid4()
    first = ask_for_alike(layer, canvas, pk=pk, box=[1, 1, 9, 9], by=owner)
    assert ask_for_alike(layer, canvas, pk=pk, box=[1, 1, 9, 9], by=owner).job_id == first.job_id
    with pytest.raises(Conflict):
        ask_for_alike(layer, canvas, pk=pk, box=[2, 1, 9, 9], by=owner)
    ask_for_alike(layer, canvas, pk=uuid4(), box=[1, 1, 9, 9], by=owner)
    assert Job.objects.get(pk=first.job_id).state == Job.State.STOPPED


def test_the_eleventh_within_a_minute_waits(olga: APIClient, layer: Layer, canvas: Canvas) -> None:
    for _time in range(MOST_A_MINUTE):
        assert ask(olga, layer, canvas).status_code == 202
    assert ask(olga, layer, canvas).status_code == 503


def test_it_is_let_be(olga: APIClient, layer: Layer, canvas: Canvas) -> None:
    pk = ask(olga, layer, canvas).json()["id"]
    where = reverse("api-alike-search", args=[layer.pk, canvas.pk, pk])
    assert [olga.delete(where).status_code for _ in range(2)] == [204, 204]
    assert olga.get(where).json()["state"] == "stopped"


def test_who_leaves_takes_their_searches_away(
    owner: User, contributor: User, layer: Layer, canvas: Canvas
) -> None:
    search = ask_for_alike(layer, canvas, pk=uuid4(), box=[1, 1, 9, 9], by=contributor)
    ask_for_alike(layer, canvas, pk=uuid4(), box=[1, 1, 9, 9], by=owner)
    leave_campaigns(contributor, Wishes(keep_comments=False))
    assert [row.by for row in LayerSearch.objects.all()] == [owner]
    assert Job.objects.get(pk=search.job_id).state == Job.State.STOPPED


# --- the tree of the layer's labels ---------------------------------------------------------------


def say(layer: Layer, canvas: Canvas, concept: Concept) -> None:
    one = NewAnnotation(
        id=uuid4(), layer=layer, canvas=canvas, document={"type": "Annotation"}, motivations=("tagging",),
        box=Box(10, 10, 50, 40), concept_ids=(concept.pk,), vocabulary_version=1,
    )  # fmt: skip
    add_annotations([one])


def tree(client: APIClient, layer: Layer) -> Any:
    return client.get(reverse("api-layer-concept-tree", args=[layer.pk]))


def test_labels_come_with_examples_of_the_layer(
    olga: APIClient, owner: User, stranger: User, layer: Layer, canvas: Canvas, vocabulary: Vocabulary
) -> None:
    top = vocabulary.concepts.filter(parent=None).order_by("preorder")[0]
    say(layer, canvas, top)
    items = tree(olga, layer).json()["items"]
    assert items[0]["id"] == str(top.pk)
    assert len(items[0]["examples"]) == 1
    # Who may read the layer and not its image gets the labels, and no picture.
    Layer.objects.update(is_public=True)
    Vocabulary.objects.update(is_public=True)
    Manifest.objects.update(is_public=False)
    other = APIClient()
    other.force_authenticate(stranger)
    assert tree(other, layer).json()["items"][0]["examples"] == []


def test_a_layer_without_a_vocabulary_has_no_tree(olga: APIClient, layer: Layer) -> None:
    Layer.objects.update(vocabulary=None)
    assert tree(olga, layer).status_code == 404


def test_a_vocabulary_that_one_may_not_see_has_none_either(
    api: APIClient, observer: User, layer: Layer
) -> None:
    grant(observer, layer, Role.OBSERVER)
    Vocabulary.objects.update(is_public=False)
    api.force_authenticate(observer)
    assert tree(api, layer).status_code == 404
