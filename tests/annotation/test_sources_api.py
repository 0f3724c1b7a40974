"""Sources and imports over REST: who sees what, what is refused where, and no query too many."""

import pytest

from accounts.roles import Role, grant
from annotation.models import Manifest, SourceImport
from tests.annotation.conftest import make_layer, p3_manifest, picture, upload
from work.actions import run_job

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/imports/"


def test_a_curator_brings_a_manifest_in_and_watches(api, owner):
    api.force_authenticate(owner)
    response = api.post(IMPORTS, {"file": upload(p3_manifest())}, format="multipart")
    assert response.status_code == 202
    started = response.json()
    assert (started["kind"], started["job"]["state"], started["manifest"]) == ("file", "queued", None)
    run_job(started["job"]["id"])
    finished = api.get(f"{IMPORTS}{started['id']}/").json()
    assert finished["job"]["share"] == 1.0
    assert finished["job"]["lines"][-1]["sentence"] == "3 canvases were read."
    manifest = api.get(f"/api/v1/manifests/{finished['manifest']}/").json()
    assert (manifest["canvases"], manifest["label"]["fr"]) == (3, ["Un livre"])
    canvases = api.get(f"/api/v1/manifests/{finished['manifest']}/canvases/?page_size=2").json()
    assert (canvases["count"], len(canvases["results"])) == (3, 2)
    assert canvases["results"][0]["thumbnail"].endswith("/full/285,/0/default.jpg")


def test_images_come_in_by_the_same_door(api, owner):
    api.force_authenticate(owner)
    files = {"images": [picture("a.png"), picture("b.png")], "title": "Two"}
    started = api.post(IMPORTS, files, format="multipart").json()
    run_job(started["job"]["id"])
    assert api.get(f"{IMPORTS}{started['id']}/").json()["manifest"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, None),
        ({"url": "https://e.org/m", "title": "x", "images": []}, "ok"),
        ({"url": "no address"}, "/url"),
        ({"url": ["a"]}, "/url"),
        ({"url": "https://e.org/" + "x" * 3000}, "/url"),
        ({"file": "text"}, "/file"),
        ({"url": "https://e.org/m", "rights": 5 * ["x"]}, "/rights"),
    ],
)
def test_exactly_one_source_with_sound_fields(api, owner, body, pointer):
    api.force_authenticate(owner)
    response = api.post(IMPORTS, body)
    assert response.status_code == (202 if pointer == "ok" else 422), response.json()
    if pointer and pointer != "ok":
        assert response.json()["errors"][0]["pointer"] == pointer
    assert SourceImport.objects.exists() == (pointer == "ok")


def test_a_private_manifest_is_for_its_people(api, owner, observer, stranger, manifest):
    grant(observer, manifest, Role.OBSERVER)
    for person, sees in ((None, False), (stranger, False), (observer, True), (owner, True)):
        api.force_authenticate(person)
        assert api.get("/api/v1/manifests/").json()["count"] == sees
        assert api.get(f"/api/v1/manifests/{manifest.pk}/").status_code == (200 if sees else 404)
        assert api.get(f"/api/v1/manifests/{manifest.pk}/canvases/").status_code == (200 if sees else 404)


def test_layers_are_listed_to_those_who_may_read_them(api, owner, stranger):
    make_layer(owner)
    public = make_layer(owner, is_public=True)
    for person, count in ((None, 1), (stranger, 1), (owner, 2)):
        api.force_authenticate(person)
        assert api.get("/api/v1/layers/").json()["count"] == count
    assert api.get("/api/v1/layers/").json()["results"][1]["uri"].endswith(f"/w3c/{public.pk}/") is False


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99", "page=%00", "page_size=x"])
def test_pages_that_are_not_there(api, manifest, query):
    response = api.get(f"/api/v1/manifests/?{query}")
    assert response.status_code == (200 if "size" in query else 404)


def test_queries_do_not_grow(api, owner, finished, django_assert_num_queries):
    from annotation.actions.sources import import_from_file

    api.force_authenticate(owner)
    for number, pages in enumerate((2, 120)):
        uri = f"https://example.org/iiif/{pages}"
        manifest = finished(import_from_file(upload(p3_manifest(uri, pages)), by=owner)).manifest
        make_layer(owner)
        assert Manifest.objects.count() == number + 1
        with django_assert_num_queries(2):
            api.get("/api/v1/manifests/")
        with django_assert_num_queries(2):
            api.get(f"/api/v1/manifests/{manifest.pk}/")
        with django_assert_num_queries(3):
            api.get(f"/api/v1/manifests/{manifest.pk}/canvases/?page_size=500")
        with django_assert_num_queries(2):
            api.get("/api/v1/layers/")
