"""Layers and annotations by the Web Annotation protocol: read by everybody or nobody, with ETags and pages."""

import pytest

from annotation.models import Annotation
from annotation.webanno import read
from tests.annotation.conftest import annotate, make_layer

pytestmark = pytest.mark.django_db


def test_a_private_layer_is_invisible_to_strangers_and_readable_by_its_people(api, owner, stranger, manifest):
    layer = make_layer(owner)
    (annotation,) = annotate(layer, manifest.canvases.first())
    for url in (f"/w3c/{layer.pk}/", f"/w3c/{layer.pk}/{annotation.pk}"):
        for person, status in ((None, 404), (stranger, 404), (owner, 200)):
            api.force_authenticate(person)
            assert api.get(url).status_code == status, (url, person)


def test_the_collection_leads_through_its_pages(api, owner, manifest):
    layer = make_layer(owner, is_public=True)
    annotate(layer, manifest.canvases.first(), 230)
    collection = api.get(f"/w3c/{layer.pk}/").json()
    assert collection["type"] == ["BasicContainer", "AnnotationCollection"]
    assert (collection["total"], collection["label"]) == (230, ["Notes"])
    seen, url = [], collection["first"]["id"]
    while url:
        page = api.get(url.removeprefix("http://localhost:8000")).json()
        assert page["startIndex"] == len(seen)
        seen += [item["id"] for item in page["items"]]
        last, url = page["id"], page.get("next")
    assert (len(set(seen)), last) == (230, collection["last"])
    assert api.get(seen[0].removeprefix("http://localhost:8000")).json()["id"] == seen[0]


@pytest.mark.parametrize("page", ["x", "-1", "3", "99999999999999999999999", "1.0", "", "٣", "%00"])
def test_a_page_that_is_not_there_is_a_problem(api, owner, page):
    layer = make_layer(owner, is_public=True)
    response = api.get(f"/w3c/{layer.pk}/?page={page}")
    assert (response.status_code, response.json()["code"]) == (400, "bad-page")


def test_an_empty_layer_has_one_empty_page(api, owner):
    layer = make_layer(owner, is_public=True)
    assert api.get(f"/w3c/{layer.pk}/").json()["total"] == 0
    assert api.get(f"/w3c/{layer.pk}/?page=0").json()["items"] == []


def test_an_annotation_has_an_etag_and_is_w3c(api, owner, manifest):
    layer = make_layer(owner, is_public=True)
    (annotation,) = annotate(layer, manifest.canvases.first(), confidence=0.5)
    url = f"/w3c/{layer.pk}/{annotation.pk}"
    response = api.get(url, headers={"Accept": "text/html, */*;q=0.1"})
    assert response["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    assert response["ETag"] == '"1"'
    assert 'rel="type"' in response["Link"]
    assert read(response.json(), embedded=False).problems == ()
    assert api.get(url, headers={"If-None-Match": '"1"'}).status_code == 304
    Annotation.objects.filter(pk=annotation.pk).update(revision=2)
    assert api.get(url, headers={"If-None-Match": '"1"'}).status_code == 200


def test_deleted_annotations_are_gone_everywhere(api, owner, manifest):
    layer = make_layer(owner, is_public=True)
    (annotation,) = annotate(layer, manifest.canvases.first())
    Annotation.objects.update(deleted_at="2026-01-01T00:00:00Z")
    gone = api.get(f"/w3c/{layer.pk}/{annotation.pk}")
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")
    assert api.get(f"/w3c/{layer.pk}/").json()["total"] == 0
    assert api.get(f"/iiif/annotations/{layer.pk}/{annotation.canvas_id}").status_code == 404


def test_adding_the_same_annotations_again_changes_nothing(owner, manifest, django_assert_num_queries):
    from annotation.actions.annotations import NewAnnotation, add_annotations

    layer = make_layer(owner)
    (annotation,) = annotate(layer, manifest.canvases.first())
    again = NewAnnotation(
        id=annotation.pk,
        layer=layer,
        canvas=None,
        document={"type": "Annotation"},
        motivations=("commenting",),
    )
    add_annotations([again])
    annotation.refresh_from_db()
    assert annotation.motivations == ["tagging"]
    with django_assert_num_queries(0):
        add_annotations([])


def test_queries_do_not_grow(api, owner, manifest, django_assert_max_num_queries):
    layer = make_layer(owner, is_public=True)
    canvas = manifest.canvases.first()
    for count in (1, 90):
        annotate(layer, canvas, count)
        for url, most in (
            (f"/w3c/{layer.pk}/", 4),
            (f"/w3c/{layer.pk}/?page=0", 4),
            (f"/w3c/{layer.pk}/?page=0&iris=1", 3),
            (f"/iiif/annotations/{layer.pk}/{canvas.pk}", 4),
        ):
            with django_assert_max_num_queries(most):
                assert api.get(url).status_code == 200
