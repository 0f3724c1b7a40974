"""Layers go out for other programs, as one file or by canvas, and come in again as what they were."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotation.actions.annotation_sources import import_annotations_from_file
from annotation.actions.documents import create_annotation
from annotation.addresses import layer_uri
from annotation.import_folder import Choices
from annotation.models import Annotation, Layer, Manifest
from annotation.webanno import Found, Piece, contents, validate
from tests.annotation.bringing import GALLICA, MANIFEST, bring, dump, gallica, oa, w3c
from tests.annotation.conftest import annotate, make_layer, upload

__all__ = ["bring", "gallica"]

pytestmark = pytest.mark.django_db


def exported(api: Any, layer: Layer, form: str) -> Any:
    response = api.get(f"/api/v1/layers/{layer.pk}/export/?format={form}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return json.loads(b"".join(response.streaming_content))


def test_a_layer_as_a_collection(api, owner, bring, gallica):
    bring(dump(oa(1), oa(2)))
    api.force_authenticate(owner)
    layer = Layer.objects.get()
    document = exported(api, layer, "w3c")
    assert (document["type"], document["total"], len(document["first"]["items"])) == (
        "AnnotationCollection",
        2,
        2,
    )
    for item in document["first"]["items"]:
        assert validate(item) == []
        assert item["id"].endswith(str(Annotation.objects.get(document__via=item["via"]).pk))


def test_a_layer_as_a_list(api, owner, bring, gallica):
    bring(dump(oa(1), oa(2)), label="Initials")
    api.force_authenticate(owner)
    document = exported(api, Layer.objects.get(), "oa")
    assert (document["@type"], document["within"]["label"]) == ("sc:AnnotationList", "Initials")
    assert [
        item["resource"]["chars"] if isinstance(item["resource"], dict) else item["resource"][0]["chars"]
        for item in document["resources"]
    ] == [
        "<p>Remark 1</p>",
        "<p>Remark 2</p>",
    ]


def test_a_layer_as_a_mirador_dump(api, owner, bring, gallica):
    absent = f"{GALLICA}/canvas/f99"
    elsewhere = {
        "@type": "oa:SpecificResource",
        "full": "https://example.org/c",
        "within": "https://example.org/m",
    }
    bring(
        json.dumps(
            {
                MANIFEST: {
                    f"{GALLICA}/canvas/f2": [oa(1), oa(2)],
                    f"{GALLICA}/canvas/f1": [oa(3, canvas=f"{GALLICA}/canvas/f1")],
                },
                "https://example.org/m": {"https://example.org/c": [oa(4, on=elsewhere)]},
            }
        ).encode()
    )
    with_manifest = {
        "@type": "oa:SpecificResource",
        "full": absent,
        "within": {"@id": MANIFEST, "@type": "sc:Manifest"},
    }
    bring(
        json.dumps([oa(5, on=with_manifest), oa(6, canvas="https://example.org/lost")]).encode(),
        name="more.json",
    )
    Annotation.objects.update(layer=Layer.objects.order_by("created_at").first())
    api.force_authenticate(owner)
    layer = Layer.objects.order_by("created_at").first()
    document = exported(api, layer, "mirador2")
    assert {
        manifest: {canvas: len(items) for canvas, items in canvases.items()}
        for manifest, canvases in document.items()
    } == {
        MANIFEST: {f"{GALLICA}/canvas/f1": 1, f"{GALLICA}/canvas/f2": 2, absent: 1},
        "https://example.org/m": {"https://example.org/c": 1},
        f"{layer_uri(layer.pk)}#no-manifest": {"https://example.org/lost": 1},
    }


@pytest.mark.parametrize("form", ["w3c", "oa", "mirador2"])
def test_what_went_out_comes_in_again(api, owner, bring, gallica, form):
    on = {
        "@type": "oa:SpecificResource",
        "full": f"{GALLICA}/canvas/f2",
        "selector": {
            "@type": "oa:Choice",
            "default": {"@type": "oa:FragmentSelector", "value": "xywh=10,20,30,40"},
            "item": {
                "@type": "oa:SvgSelector",
                "value": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M10,20 L40,20 L40,60 Z"/></svg>',
            },
        },
    }
    bring(dump(oa(1), oa(2, on=[on])))
    api.force_authenticate(owner)
    document = exported(api, Layer.objects.get(), form)
    before = [
        (row.box, row.motivations, row.words, row.canvas) for row in Annotation.objects.order_by("created_at")
    ]
    Layer.objects.all().delete()
    source = bring(document, name="back.json")
    assert source.job.state == "done"
    after = [
        (row.box, row.motivations, row.words, row.canvas) for row in Annotation.objects.order_by("created_at")
    ]
    assert after == before


@pytest.mark.parametrize("form", ["w3c", "oa", "mirador2"])
def test_an_empty_layer_is_a_document_too(api, owner, form):
    api.force_authenticate(owner)
    assert not [
        item
        for item in contents([Piece((), exported(api, make_layer(owner), form))])
        if isinstance(item, Found)
    ]


@pytest.mark.parametrize("form", ["w3c", "oa", "mirador2"])
def test_an_export_asks_once_however_large(api, owner, manifest, form, django_assert_max_num_queries):
    layer = make_layer(owner)
    counts = []
    api.force_authenticate(owner)
    for _twice in range(2):
        annotate(layer, manifest.canvases.first(), 30)
        with CaptureQueriesContext(connection) as queries:
            exported(api, layer, form)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_an_unknown_format_is_refused(api, owner):
    api.force_authenticate(owner)
    response = api.get(f"/api/v1/layers/{make_layer(owner).pk}/export/?format=pdf")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/format")


def test_a_list_of_a_canvas(api, owner, bring, gallica):
    bring(dump(oa(1), oa(2, canvas=f"{GALLICA}/canvas/f3")), is_public=True)
    layer = Layer.objects.get()
    canvas = gallica.canvases.get(position=1)
    response = api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}/list")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    document = response.json()
    assert document["@context"] == "http://iiif.io/api/presentation/2/context.json"
    assert document["@type"] == "sc:AnnotationList"
    assert document["@id"].endswith(f"/iiif/annotations/{layer.pk}/{canvas.pk}/list")
    (one,) = document["resources"]
    assert one["on"]["full"] == f"{GALLICA}/canvas/f2"
    assert (
        api.get(
            f"/iiif/annotations/{layer.pk}/{canvas.pk}/list", HTTP_IF_NONE_MATCH=response["ETag"]
        ).status_code
        == 304
    )


# --- imports over REST ---


def test_annotations_come_in_over_rest(api, owner, gallica):
    from work.actions import run_job

    api.force_authenticate(owner)
    body = {
        "annotations": upload(dump(oa(1), oa(2, on=f"{GALLICA}/canvas/f2#xywh=900,0,900,9")), "l.json"),
        "label": "Initials",
        "is_public": "true",
    }
    response = api.post("/api/v1/imports/", body, format="multipart")
    assert response.status_code == 202, response.json()
    started = response.json()
    assert (started["kind"], started["layers"], started["job"]["state"]) == ("annotations", [], "queued")
    run_job(started["job"]["id"])
    finished = api.get(f"/api/v1/imports/{started['id']}/").json()
    layer = Layer.objects.get()
    assert finished["layers"] == [str(layer.pk)]
    assert (layer.label, layer.is_public) == ({"none": "Initials"}, True)
    aside = api.get(f"/api/v1/imports/{started['id']}/left-aside/")
    assert aside.status_code == 200
    assert json.loads(b"".join(aside.streaming_content))[0]["why"].startswith("The region leaves its canvas")


@pytest.mark.parametrize(
    "body",
    [
        {"annotations_url": "nowhere"},
        {"annotations_url": "https://example.org/a", "url": "https://example.org/m"},
        {"annotations_url": "https://example.org/a", "addresses": "sell"},
        {"annotations": "text"},
    ],
)
def test_what_is_no_import_is_refused(api, owner, body):
    api.force_authenticate(owner)
    assert api.post("/api/v1/imports/", body, format="json").status_code == 422


def test_what_was_left_aside_is_for_its_owner(api, owner, manager, finished, gallica):
    source = finished(import_annotations_from_file(upload(["x"]), by=owner, choices=Choices()))
    api.force_authenticate(manager)
    assert api.get(f"/api/v1/imports/{source.pk}/left-aside/").status_code == 404
    api.force_authenticate(owner)
    assert api.get(f"/api/v1/imports/{source.pk}/left-aside/").status_code == 200
    other = finished(import_annotations_from_file(upload(w3c(1, f"{GALLICA}/canvas/f1")), by=owner))
    assert api.get(f"/api/v1/imports/{other.pk}/left-aside/").status_code == 404


def test_a_list_says_a_point_as_a_rectangle_and_the_file_keeps_it(api, owner, manifest):
    """Mirador reads the value of every selector, and shows no annotation at all when one has none."""
    Manifest.objects.update(is_public=True)
    layer, canvas = make_layer(owner, is_public=True), manifest.canvases.get(position=0)
    selector = {"type": "PointSelector", "x": 500, "y": 700}
    target = {"type": "SpecificResource", "source": canvas.uri, "selector": selector}
    document = {"type": "Annotation", "body": "https://example.org/b", "target": target}
    create_annotation(layer, document, by=owner, id=uuid4())
    listed = api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}/list").json()
    assert listed["resources"][0]["on"] == f"{canvas.uri}#xywh=470,670,60,60"
    kept = api.get(f"/api/v1/layers/{layer.pk}/export/?format=oa")
    assert '"x":500' in b"".join(kept.streaming_content).decode().replace(" ", "")
