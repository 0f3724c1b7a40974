"""What IIIF viewers fetch: valid Presentation 3, any origin, any Accept header, HEAD and OPTIONS, ETags."""

import json
from functools import cache
from pathlib import Path
from uuid import uuid4

import jsonschema
import pytest

from annotation import published
from annotation.actions.sources import import_from_file, import_images
from annotation.iiif import CollectionReading, read
from annotation.models import Annotation, Manifest
from tests.annotation.conftest import annotate, make_layer, p3_manifest, picture, upload

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"


@cache
def validator(path: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(path.read_text()))


@pytest.fixture
def faults(samples):
    """What the JSON Schema of Presentation 3 says against a document."""
    check = validator(samples / "iiif-prezi3-schema" / "iiif_3_0.json")
    return lambda document: [error.message[:300] for error in check.iter_errors(document)]


@pytest.fixture
def image(owner, finished):
    """The path of our image service for an upload, and its manifest."""
    manifest = finished(import_images([picture(size=(600, 400))], title="One", by=owner)).manifest
    return manifest.canvases.get().image_service.removeprefix(SITE), manifest


@pytest.fixture
def urls(owner, manifest, image):
    """One address of every open endpoint."""
    Manifest.objects.update(is_public=True)
    layer = make_layer(owner, is_public=True)
    canvas = manifest.canvases.first()
    (annotation,) = annotate(layer, canvas)
    return [
        "/iiif/presentation/collection",
        f"/iiif/presentation/{manifest.pk}/manifest",
        f"/iiif/annotations/{layer.pk}/{canvas.pk}",
        f"{image[0]}/info.json",
        f"{image[0]}/full/max/0/default.jpg",
        f"{image[0]}/square/90,/90/gray.png",
        f"/w3c/{layer.pk}/",
        f"/w3c/{layer.pk}/?page=0",
        f"/w3c/{layer.pk}/{annotation.pk}",
        "/w3c/context.json",
    ]


def test_every_origin_may_read_and_ask_first(api, urls):
    for url in urls:
        for method in ("get", "head", "options"):
            response = getattr(api, method)(url, headers={"Origin": "https://viewer.example"})
            assert response.status_code == 200, (method, url)
            assert response["Access-Control-Allow-Origin"] == "*"
            assert "Authorization" in response["Access-Control-Allow-Headers"]
            assert "Access-Control-Allow-Credentials" not in response
            assert method != "head" or not response.content
        for method in ("post", "put", "delete"):
            if not url.startswith("/w3c/"):
                assert getattr(api, method)(url, {}).status_code == 405


def test_refusals_are_problems_that_every_origin_may_read(api, manifest):
    for url in (
        f"/iiif/presentation/{manifest.pk}/manifest",
        f"/w3c/{uuid4()}/",
        f"/iiif/image/{uuid4()}/info.json",
    ):
        response = api.get(url, headers={"Accept": "text/html"})
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["detail"].endswith(".")


def test_documents_have_etags(api, urls):
    for url in urls:
        if not url.endswith((".jpg", ".png")):
            etag = api.get(url)["ETag"]
            assert api.get(url, headers={"If-None-Match": etag}).status_code == 304
            assert api.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_manifest_links_the_layers_that_the_reader_may_see(api, owner, stranger, manifest, faults):
    public, private = make_layer(owner, is_public=True), make_layer(owner)
    first, second = manifest.canvases.order_by("position")
    annotate(public, first, 3, support=0.5)
    annotate(private, first)
    annotate(private, second)
    Manifest.objects.update(is_public=True)
    linked = {}
    for name, person in (("visitor", None), ("stranger", stranger), ("owner", owner)):
        api.force_authenticate(person)
        document = api.get(f"/iiif/presentation/{manifest.pk}/manifest").json()
        assert faults(document) == []
        assert document["id"] == f"{SITE}/iiif/presentation/{manifest.pk}/manifest"
        linked[name] = [
            [page["id"] for page in canvas.get("annotations", [])] for canvas in document["items"]
        ]
    pages = {
        layer: [f"{SITE}/iiif/annotations/{layer.pk}/{canvas.pk}" for canvas in (first, second)]
        for layer in (public, private)
    }
    assert linked["visitor"] == linked["stranger"] == [[pages[public][0]], []]
    assert linked["owner"] == [[pages[public][0], pages[private][0]], [pages[private][1]]]
    for url in (pages[public][0], pages[private][1]):
        page = api.get(url.removeprefix(SITE)).json()
        assert faults(page) == []
        assert page["items"]
    page = api.get(pages[public][0].removeprefix(SITE)).json()
    assert page["@context"][0] == f"{SITE}/w3c/context.json"
    assert "rubricator" in api.get("/w3c/context.json").json()["@context"]
    assert page["partOf"][0]["label"] == {"en": ["Notes"], "fr": ["Notes"]}


def test_a_page_is_the_stored_documents_under_our_ids(api, owner, manifest, django_assert_max_num_queries):
    Manifest.objects.update(is_public=True)
    layer = make_layer(owner, is_public=True)
    canvas = manifest.canvases.first()
    rows = annotate(layer, canvas, 3, origin="drawn")
    Annotation.objects.filter(pk=rows[0].pk).update(document={})
    Annotation.objects.filter(pk=rows[1].pk).update(
        document={**rows[1].document, "id": "urn:x", "@context": "x", "note": '\\ "é'}
    )
    with django_assert_max_num_queries(4):
        page = api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").json()
    stored = {str(row.pk): row.document for row in Annotation.objects.filter(layer=layer)}
    assert len(page["items"]) == 3
    for item in page["items"]:
        pk = item.pop("id").removeprefix(f"{SITE}/w3c/{layer.pk}/")
        if "target" in item:
            region = stored[pk]["target"]["selector"]["value"]
            assert item["target"] == f"{canvas.uri}#{region}"
            item["target"] = stored[pk]["target"]
        assert item == {key: part for key, part in stored[pk].items() if key not in ("id", "@context")}
    Annotation.objects.filter(layer=layer).delete()
    assert api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").json()["items"] == []


def test_the_version_of_a_page_changes_with_what_is_on_it(api, owner, manifest):
    Manifest.objects.update(is_public=True)
    layer = make_layer(owner, is_public=True)
    canvas = manifest.canvases.first()
    url = f"/iiif/annotations/{layer.pk}/{canvas.pk}"
    (row, other) = annotate(layer, canvas, 2)
    seen = [api.get(url)["ETag"]]
    assert api.get(url, headers={"If-None-Match": seen[0]}).status_code == 304
    row.revision += 1
    row.save()
    seen.append(api.get(url)["ETag"])
    other.deleted_at = row.created_at
    other.save()
    seen.append(api.get(url)["ETag"])
    annotate(layer, canvas)
    seen.append(api.get(url)["ETag"])
    layer.label = {"en": "Renamed"}
    layer.save()
    seen.append(api.get(url)["ETag"])
    assert len(set(seen)) == 5
    assert api.get(url, headers={"If-None-Match": seen[0]}).status_code == 200


def test_the_collection_lists_what_the_reader_may_see(api, owner, manifest, faults, monkeypatch):
    url = "/iiif/presentation/collection"
    assert api.get(url).json()["items"] == []
    api.force_authenticate(owner)
    document = api.get(url).json()
    assert faults(document) == []
    assert [(item["id"], item["type"], item["label"]) for item in document["items"]] == [
        (f"{SITE}/iiif/presentation/{manifest.pk}/manifest", "Manifest", {"en": ["A book"]})
    ]
    assert api.get(f"{url}/2").status_code == 404
    assert api.get(f"{url}/0").status_code == 404
    whole = api.get(f"/iiif/presentation/{manifest.pk}/manifest").json()["partOf"]
    assert (whole[-1]["id"], whole[-1]["type"]) == (f"{SITE}{url}", "Collection")


def test_a_long_collection_is_nested_and_every_manifest_is_in_it_once(
    api, owner, faults, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(published, "COLLECTION_PART", 4)
    for number in range(10):
        Manifest.objects.create(
            uri=f"https://e.org/{number}", label={"en": [str(number)]}, document={}, created_by=owner
        )
    top = api.get("/iiif/presentation/collection").json()
    assert [item["type"] for item in top["items"]] == ["Collection"] * 3
    assert [item["label"]["none"] for item in top["items"]] == [["1–4"], ["5–8"], ["9–10"]]
    names = []
    for item in top["items"]:
        with django_assert_num_queries(2):
            part = api.get(item["id"].removeprefix(SITE)).json()
        assert faults(part) == []
        assert (part["id"], part["partOf"][0]["id"]) == (item["id"], top["id"])
        names += [member["label"]["en"][0] for member in part["items"]]
    assert names == [str(number) for number in range(10)]
    assert isinstance(read(top), CollectionReading)


def test_a_manifest_is_written_once_and_again_when_it_is_read_again(api, owner, finished, monkeypatch):
    written = []
    real = published.write.manifest
    monkeypatch.setattr(
        published.write, "manifest", lambda *args, **more: written.append(1) or real(*args, **more)
    )
    document = p3_manifest()
    manifest = finished(import_from_file(upload(document), by=owner)).manifest
    url = f"/iiif/presentation/{manifest.pk}/manifest"
    first = api.get(url).json()
    assert api.get(url).json() == first
    assert len(written) == 1
    assert first["seeAlso"][-1]["id"] == document["id"]
    document["label"] = {"en": ["Another title"]}
    finished(import_from_file(upload(document), by=owner))
    assert api.get(url).json()["label"] == {"en": ["Another title"]}
    assert len(written) == 2


def test_a_rectangle_is_a_fragment_for_viewers_and_a_selector_in_w3c(api, owner, manifest):
    layer, canvas = make_layer(owner, is_public=True), manifest.canvases.first()
    (row,) = annotate(layer, canvas)
    (item,) = api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").json()["items"]
    assert item["target"] == f"{canvas.uri}#xywh=10,20,30,40"
    whole = api.get(f"/w3c/{layer.pk}/{row.pk}").json()["target"]
    assert whole["source"]["partOf"][0]["id"] == manifest.uri
    # What says more than a rectangle on a canvas stays as it is.
    for target in (canvas.uri, {**whole, "styleClass": "red"}, {**whole, "selector": [whole["selector"]]}):
        Annotation.objects.update(document={**row.document, "target": target})
        (item,) = api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").json()["items"]
        assert item["target"] == target


def test_a_canvas_of_nobodys_business_stays_unknown(api, owner, stranger, manifest):
    layer = make_layer(owner, is_public=True)
    canvas = manifest.canvases.first()
    api.force_authenticate(stranger)
    assert api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").status_code == 404
    annotate(layer, canvas)
    assert api.get(f"/iiif/annotations/{layer.pk}/{canvas.pk}").status_code == 200, (
        "the layer tells it anyway"
    )


def test_real_manifests_are_published_as_valid_presentation_3(samples, api, owner, finished, faults):
    wrong = {}
    for path in sorted((samples / "iiif-manifests-real").rglob("*.json")):
        source = finished(import_from_file(upload(path.read_bytes(), path.name), by=owner))
        if source.manifest:
            response = api.get(f"/iiif/presentation/{source.manifest.pk}/manifest")
            assert response.status_code == 200, (path, response.json())
            if found := faults(response.json()):
                wrong[path.name] = found[:2]
    assert wrong == {}


def test_the_manifest_takes_the_same_queries_however_large(
    api, owner, finished, django_assert_max_num_queries
):
    for pages in (2, 300):
        uri = f"https://example.org/iiif/{pages}"
        manifest = finished(import_from_file(upload(p3_manifest(uri, pages)), by=owner)).manifest
        for canvas in manifest.canvases.all()[:20]:
            annotate(make_layer(owner, is_public=True), canvas)
        with django_assert_max_num_queries(4):
            assert len(api.get(f"/iiif/presentation/{manifest.pk}/manifest").json()["items"]) == pages


# --- the Image API ---------------------------------------------------------------------------------


def test_the_base_leads_to_the_description(api, image):
    response = api.get(image[0])
    assert (response.status_code, response["Location"]) == (303, f"{SITE}{image[0]}/info.json")


def test_an_image_answer_names_itself(api, image):
    response = api.get(f"{image[0]}/pct:0,0,50,50/,100/0/default.webp")
    assert response["Content-Type"] == "image/webp"
    assert f'<{SITE}{image[0]}/0,0,300,200/150,100/0/default.webp>;rel="canonical"' in response["Link"]
    assert "level2.json" in response["Link"]
    assert response["Cache-Control"].startswith("public")


def test_a_private_image_is_kept_by_no_cache_and_shown_to_no_stranger(api, owner, stranger, image):
    Manifest.objects.update(is_public=False)
    for person, status in ((None, 401), (stranger, 403), (owner, 200)):
        api.force_authenticate(person)
        answers = [api.get(f"{image[0]}{path}") for path in ("", "/info.json", "/full/max/0/default.jpg")]
        # What it is may be known by whoever has its address: a viewer must read there where to sign in.
        assert [answer.status_code for answer in answers] == [303, 200, status]
        assert not any("public" in answer.get("Cache-Control", "") for answer in answers)


@pytest.mark.parametrize("version", [2, 3])
def test_an_image_is_served_in_two_versions(api, image, version):
    base = image[0].replace("/image/", "/image/2/") if version == 2 else image[0]
    document = api.get(f"{base}/info.json").json()
    assert document["@id" if version == 2 else "id"] == f"{SITE}{base}"
    whole = "full" if version == 2 else "max"
    response = api.get(f"{base}/full/{whole}/0/default.jpg")
    assert f'<{SITE}{base}/full/{whole}/0/default.jpg>;rel="canonical"' in response["Link"]
    assert f'<http://iiif.io/api/image/{version}/level2.json>;rel="profile"' in response["Link"]
    # Sizes above the full one: as they are in 2.1, with ^ in 3.0.
    assert api.get(f"{base}/full/1200,/0/default.jpg").status_code == (200 if version == 2 else 400)
    assert api.get(f"{base}/full/^1200,/0/default.jpg").status_code == (400 if version == 2 else 200)
    assert api.get(f"{base}/full/!9000,9000/0/default.jpg").status_code == 200


@pytest.mark.parametrize(
    ("version", "accept", "expected"),
    [
        (3, "", 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'),
        (3, "*/*", 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'),
        (3, "application/json", "application/json"),
        (3, "application/ld+json", 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'),
        (2, "", "application/json"),
        (2, "text/html", "application/json"),
        (2, "application/ld+json", "application/ld+json"),
    ],
)
def test_the_description_comes_as_json_or_json_ld(api, image, version, accept, expected):
    base = image[0].replace("/image/", "/image/2/") if version == 2 else image[0]
    response = api.get(f"{base}/info.json", headers={"Accept": accept} if accept else {})
    assert response["Content-Type"] == expected
    assert "Accept" in response["Vary"]
    assert ("json-ld#context" in response.get("Link", "")) == (version == 2)


def test_an_image_is_turned_by_any_angle(api, image):
    from io import BytesIO

    from PIL import Image

    response = api.get(f"{image[0]}/full/300,/45.50/default.png")
    turned = Image.open(BytesIO(response.content))
    assert turned.mode == "RGBA"
    assert turned.getpixel((0, 0))[3] == 0, "the corners are transparent"
    assert turned.width > 300
    assert "/full/300,200/45.5/default.png>" in response["Link"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("full/max/0/default", 400),
        ("full/max/0/default.gif", 400),
        ("full/max/0/default.exe", 400),
        ("full/max/zero/default.jpg", 400),
        ("9999,0,1,1/max/0/default.jpg", 400),
        ("full/0,/0/default.jpg", 400),
        ("full/99999,99999/0/default.jpg", 400),
        ("full/^99999,/0/default.jpg", 400),
        ("full/max/361/default.jpg", 400),
        ("a/b/c/d/e/f", 400),
        ("full/max/0/%00.jpg", 400),
        ("%F0%9F%92%A9/max/0/default.jpg", 400),
    ],
)
def test_what_cannot_be_asked_is_a_problem(api, image, path, status):
    response = api.get(f"{image[0]}/{path}")
    assert response.status_code == status, response.content[:200]
    assert response["Content-Type"] == "application/problem+json"


def test_a_lost_pyramid_is_missing_not_a_crash(api, image):
    from annotation.models import StoredImage

    StoredImage.objects.update(pyramid="pyramids/lost.tif")
    assert api.get(f"{image[0]}/full/max/0/default.jpg").status_code == 404


def test_a_list_that_stands_in_an_old_manifest_is_a_page_in_the_one_we_publish(api, owner, finished, faults):
    canvas = "https://example.org/old/canvas/1"
    remark = {
        "@id": "https://example.org/old/remark",
        "@type": "oa:Annotation",
        "motivation": "oa:commenting",
        "resource": {"@type": "dctypes:Text", "chars": "<p>A remark</p>", "format": "text/html"},
        "on": f"{canvas}#xywh=1,2,30,40",
    }
    nameless = {key: value for key, value in remark.items() if key not in ("@id", "on")}
    listed = {"@id": f"{canvas}/list", "@type": "sc:AnnotationList", "resources": [remark, nameless, 5]}
    document = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://example.org/old",
        "@type": "sc:Manifest",
        "label": "Old",
        "sequences": [
            {
                "@type": "sc:Sequence",
                "canvases": [
                    {
                        "@id": canvas,
                        "@type": "sc:Canvas",
                        "label": "1",
                        "width": 100,
                        "height": 140,
                        "images": [],
                        "otherContent": [listed],
                    }
                ],
            }
        ],
    }
    source = finished(import_from_file(upload(document), by=owner))
    api.force_authenticate(owner)
    served = api.get(f"/iiif/presentation/{source.manifest.pk}/manifest").json()
    assert faults(served) == []
    (page,) = [page for page in served["items"][0]["annotations"] if "items" in page]
    assert page["id"] == f"{canvas}/list"
    first, second = page["items"]
    assert first["id"] == "https://example.org/old/remark"
    assert (first["motivation"], first["body"]["value"]) == ("commenting", "<p>A remark</p>")
    assert "xywh=1,2,30,40" in json.dumps(first["target"])
    assert (second["id"], second["target"]) == (f"{canvas}/list#2", canvas)
