"""The page on which a canvas is annotated together: who gets in, what it begins with, and the ways that lead there."""

import pytest
from django.test import Client

from accounts.roles import Role, grant
from annotation.models import Layer, Manifest
from taxonomy.models import Vocabulary
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import make_manifest, make_vocabulary
from tests.frontend.pages import browser
from tests.frontend.test_pages_layers import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def canvas(owner):
    return make_manifest(1, owner).canvases.get()


@pytest.fixture
def layer(owner):
    return make_layer(owner)


def enter(client, layer, canvas):
    return client.get(f"/layers/{layer.pk}/canvases/{canvas.pk}/")


def test_the_page_begins_with_what_does_not_change(owner, layer, canvas, django_assert_max_num_queries):
    vocabulary = make_vocabulary("signs")
    Layer.objects.update(vocabulary=vocabulary)
    annotate(layer, canvas, 40)
    client = browser(owner)
    with django_assert_max_num_queries(9):
        page = enter(client, layer, canvas)
    data = page.context["data"]
    assert data["container"] == f"/w3c/{layer.pk}/"
    assert data["changes"] == f"/api/v1/layers/{layer.pk}/canvases/{canvas.pk}/changes/"
    assert data["canvas"]["uri"] == canvas.uri
    assert data["manifest"] == canvas.manifest.uri
    assert data["vocabulary"] == "signs"
    assert "<rubricator-scriptorium" in text(page)


def test_a_vocabulary_that_one_may_not_see_is_not_offered(owner, observer, layer, canvas):
    vocabulary = make_vocabulary("hidden")
    vocabulary.is_public = False
    vocabulary.save()
    Layer.objects.update(vocabulary=vocabulary)
    grant(observer, layer, Role.OBSERVER)
    Manifest.objects.update(is_public=True)
    assert enter(browser(observer), layer, canvas).context["data"]["vocabulary"] is None


def test_who_may_read_both_looks_on_and_nobody_else_gets_in(owner, stranger, layer, canvas):
    Manifest.objects.update(is_public=True)
    assert enter(browser(stranger), layer, canvas).status_code == 404
    assert enter(Client(), layer, canvas).status_code == 404
    Layer.objects.update(is_public=True)
    assert enter(browser(stranger), layer, canvas).status_code == 200
    assert enter(Client(), layer, canvas).status_code == 200
    Manifest.objects.update(is_public=False)
    annotate(layer, canvas)
    assert enter(browser(stranger), layer, canvas).status_code == 404, "a public layer opens no private image"


@pytest.mark.parametrize("kind", ["contributions", "predictions", "consensus", "ground-truth", "decisions"])
def test_what_a_campaign_fills_is_refused_in_a_sentence(owner, layer, canvas, kind):
    Layer.objects.update(kind=kind)
    page = enter(browser(owner), layer, canvas)
    assert page.status_code == 403
    assert "belongs to its campaign" in text(page)


def test_the_ways_in_are_for_who_may_write(owner, observer, contributor, layer, canvas):
    annotate(layer, canvas)
    grant(observer, layer, Role.OBSERVER)
    grant(contributor, layer, Role.CONTRIBUTOR)
    Manifest.objects.update(is_public=True)
    way = f"/layers/{layer.pk}/canvases/{canvas.pk}/"
    at_canvas = f"/sources/{canvas.manifest_id}/canvases/{canvas.pk}/"
    for person, offered in ((owner, True), (contributor, True), (observer, False)):
        client = browser(person)
        for page in (at_canvas, f"/layers/{layer.pk}/"):
            assert (way in text(client.get(page))) == offered, (person, page)
    assert 'data-testid="together"' not in text(Client().get(at_canvas))
    Layer.objects.update(kind="consensus")
    assert way not in text(browser(owner).get(at_canvas))


def test_the_vocabulary_is_chosen_with_the_name(owner, layer):
    vocabulary = make_vocabulary("signs")
    client, url = browser(owner), f"/layers/{layer.pk}/"
    assert client.post(url, {"label_en": "Signs", "vocabulary": vocabulary.pk}).status_code == 302
    layer.refresh_from_db()
    assert layer.vocabulary == vocabulary
    assert f'<option value="{vocabulary.pk}" selected' in text(client.get(url))
    assert client.post(url, {"label_en": "Signs", "vocabulary": ""}).status_code == 302
    layer.refresh_from_db()
    assert layer.vocabulary is None
    assert client.post(url, {"label_en": "Signs", "vocabulary": "nothing"}).status_code == 422


def test_a_vocabulary_that_goes_leaves_the_layer_with_free_words(layer):
    vocabulary = Vocabulary.objects.create(slug="signs", title={"en": "Signs"})
    Layer.objects.update(vocabulary=vocabulary)
    vocabulary.delete()
    layer.refresh_from_db()
    assert layer.vocabulary_id is None
