"""Pages of layers: who sees what, what the forms do, how many queries a page takes."""

import pytest
from django.test import Client

from accounts.roles import Role, grant
from annotation.models import Annotation, Canvas, Layer, Manifest
from annotation.queries import role_on
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import make_manifest
from tests.frontend.pages import browser

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_the_list_shows_what_the_reader_may_see(owner, stranger):
    public, private = make_layer(owner, is_public=True), make_layer(owner)
    annotate(public, make_manifest(1, owner).canvases.get(), 3)
    for client, seen in (
        (browser(owner), [public, private]),
        (browser(stranger), [public]),
        (Client(), [public]),
    ):
        page = client.get("/layers/")
        assert [row["layer"] for row in page.context["rows"]] == list(reversed(seen))
        assert page.context["rows"][-1]["count"] == 3
    assert "<form" in text(browser(stranger).get("/layers/")).split("<main")[1]
    assert Client().get("/layers/").context["form"] is None


def test_a_layer_is_made_and_the_curator_may_publish_it(owner, contributor):
    made = browser(contributor).post("/layers/", {"label_en": "Notes", "is_public": "on"})
    layer = Layer.objects.get()
    assert made["Location"] == f"/layers/{layer.pk}/"
    assert (layer.label, layer.is_public) == ({"en": "Notes"}, False), "volunteers have no such box"
    browser(owner).post("/layers/", {"label_fr": "Notes", "is_public": "on"})
    assert Layer.objects.exclude(pk=layer.pk).get().is_public
    refused = browser(owner).post("/layers/", {"label_en": " "})
    assert refused.status_code == 422
    assert Layer.objects.count() == 2


def test_a_layer_is_renamed_and_keeps_its_other_languages(owner):
    layer = make_layer(owner)
    Layer.objects.update(label={"en": "Old", "de": "Alt"})
    client = browser(owner)
    assert client.post(f"/layers/{layer.pk}/", {"label_en": "New"}).status_code == 302
    layer.refresh_from_db()
    assert layer.label == {"en": "New", "de": "Alt"}
    assert client.post(f"/layers/{layer.pk}/", {}).status_code == 422


def test_the_page_offers_only_what_would_be_done(owner, manager, contributor, observer):
    layer = make_layer(owner, is_public=True)
    for person, role in ((manager, Role.MANAGER), (contributor, Role.CONTRIBUTOR), (observer, Role.OBSERVER)):
        grant(person, layer, role)
    url = f"/layers/{layer.pk}/"
    offers = {
        "curl": "curl -X POST",
        "rename": 'name="label_en"',
        "roles": 'name="who"',
        "delete": f"{url}delete/",
    }
    expected = {
        owner: {"curl", "rename", "roles", "delete"},
        manager: {"curl", "rename"},
        contributor: {"curl"},
        observer: set(),
    }
    for person, offered in expected.items():
        page = text(browser(person).get(url))
        assert {name for name, mark in offers.items() if mark in page} == offered, person
    Layer.objects.update(kind="consensus")
    assert not any(mark in text(browser(owner).get(url)) for mark in offers.values())


def test_roles_are_given_and_taken_on_the_page(owner, contributor):
    layer = make_layer(owner)
    client, url = browser(owner), f"/layers/{layer.pk}/people/"
    client.post(url, {"who": "carl@example.org", "role": "contributor"})
    assert role_on(contributor, layer) == Role.CONTRIBUTOR
    client.post(url, {"who": "carl", "role": "none"})
    assert role_on(contributor, layer) is None
    for wrong in ({"who": "nobody", "role": "manager"}, {"who": "olga", "role": "none"}):
        assert client.post(url, wrong).status_code == 422
    assert role_on(owner, layer) == Role.OWNER


def test_a_layer_is_deleted_after_a_second_question(owner):
    layer = make_layer(owner)
    annotate(layer, make_manifest(1, owner).canvases.get(), 2)
    client, url = browser(owner), f"/layers/{layer.pk}/delete/"
    assert "2 annotations go with it" in text(client.get(url))
    assert Annotation.objects.count() == 2
    assert client.post(url)["Location"] == "/layers/"
    assert not Layer.objects.exists()


def test_points_are_shown_by_what_is_around_them(owner):
    manifest = make_manifest(1, owner)
    canvas = manifest.canvases.get()
    (annotation,) = annotate(make_layer(owner, is_public=True), canvas)
    Annotation.objects.filter(pk=annotation.pk).update(x=5, y=5, w=0, h=0)
    page = browser(owner).get(f"/sources/{manifest.pk}/canvases/{canvas.pk}/")
    (layer,) = page.context["data"]["layers"]
    x, y, w, h = layer["shapes"][0]["box"]
    assert (x, y) == (0, 0)
    assert w == h > 0
    shared = browser(owner).get(f"/sources/{manifest.pk}/canvases/{canvas.pk}/?annotation={annotation.pk}")
    assert shared.context["share"]["box"].xywh == (x, y, w, h)


def test_queries_do_not_grow(owner, django_assert_max_num_queries):
    client, layer = browser(owner), make_layer(owner)
    for _ in range(2):
        for canvas in make_manifest(8, owner).canvases.all():
            annotate(layer, canvas)
            make_layer(owner)
        with django_assert_max_num_queries(7):
            assert client.get("/layers/").status_code == 200
        with django_assert_max_num_queries(11):
            assert client.get(f"/layers/{layer.pk}/").status_code == 200


def test_who_may_write_is_led_to_the_addresses_for_viewers(owner, contributor, stranger):
    layer = make_layer(owner, is_public=True)
    grant(contributor, layer, Role.CONTRIBUTOR)
    for client, led in (
        (browser(owner), True), (browser(contributor), True), (browser(stranger), False), (Client(), False)
    ):  # fmt: skip
        assert (f"/layers/{layer.pk}/keys/" in text(client.get(f"/layers/{layer.pk}/"))) == led
    Layer.objects.update(kind="ground-truth")
    assert "/keys/" not in text(browser(owner).get(f"/layers/{layer.pk}/"))


def test_a_public_layer_tells_nothing_of_a_private_source_but_the_canvas_it_names(owner, stranger):
    manifest, layer = make_manifest(1, owner), make_layer(owner, is_public=True)
    grant(owner, manifest, Role.OWNER)
    canvas = manifest.canvases.get()
    annotate(layer, canvas)
    Manifest.objects.update(is_public=False, label={"en": "A secret book"})
    Canvas.objects.update(label={"en": "A secret page"})
    for client, told in ((browser(owner), True), (browser(stranger), False), (Client(), False)):
        page = text(client.get(f"/layers/{layer.pk}/"))
        assert canvas.uri in page or told
        assert [("A secret book" in page), ("A secret page" in page), ('class="thumb"' in page)] == [told] * 3
