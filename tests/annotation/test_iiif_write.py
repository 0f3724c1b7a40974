"""Published manifests and annotation pages: valid by the schema, and read back to what was written."""

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from annotation import webanno
from annotation.geometry import Box
from annotation.iiif import (
    CanvasValue,
    ImageService,
    ImageValue,
    LabelledValue,
    ManifestReading,
    ManifestValue,
    ProviderValue,
    read,
)
from annotation.iiif.write import NotPublishable, annotation_page, manifest


@pytest.fixture(scope="module")
def schema(samples):
    return jsonschema.Draft7Validator(
        json.loads((samples / "iiif-prezi3-schema" / "iiif_3_0.json").read_text())
    )


def value(**changes):
    image = ImageValue(
        "https://E.org/Ünï/full/max/0/default.jpg", ImageService("https://E.org/Ünï", 3, "level2"), 200, 100
    )
    old = ImageValue(
        None, ImageService("https://e.org/old", 2), placed=Box(0, 0, 10, 10), taken=Box(1, 2, 3, 4)
    )
    first = CanvasValue("https://E.org/c/é/1", 0, {"fr": ["f. 1"]}, 400.0, 200.0, image)
    both = CanvasValue("https://E.org/c/2", 1, {}, 400.0, 200.0, image, choices=(image, image))
    parts = CanvasValue("https://E.org/c/3", 2, {"es-419": ["uno"]}, 400.0, 200.0, image, images=(image, old))
    content = {
        "uri": "https://e.org/m",
        "version": 2,
        "label": {"fr": ["Livre"]},
        "summary": {"none": ["…"]},
        "metadata": (LabelledValue({"en": ["Date"]}, {"none": ["1300"]}),),
        "rights": "https://creativecommons.org/licenses/by/4.0/",
        "required_statement": LabelledValue({"en": ["Attribution"]}, {"en": ["The library"]}),
        "provider": (
            ProviderValue(None, {"en": ["The library"]}, "https://e.org", "https://e.org/logo.png"),
        ),
        "homepage": "https://e.org/book",
        "thumbnail": "https://e.org/t.jpg",
        "viewing_direction": "right-to-left",
        "behavior": ("paged", "non-paged", "fish"),
        "canvases": (first, both, parts, CanvasValue("https://E.org/c/4", 3, {}, None, None)),
    }
    return ManifestValue(**{**content, **changes})


def test_a_manifest_is_valid_and_keeps_every_address(schema):
    pages = {"https://E.org/c/é/1": ["https://rubricator.example/p/1"]}
    document = manifest(
        value(),
        uri="https://rubricator.example/m",
        annotation_page_urls=pages,
        label_of_pages={"en": ["Truth"]},
    )
    assert list(schema.iter_errors(document)) == []
    assert document["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    assert document["behavior"] == ["paged"]
    assert document["items"][0]["annotations"] == [
        {"id": "https://rubricator.example/p/1", "type": "AnnotationPage", "label": {"en": ["Truth"]}}
    ]
    again = read(document).manifest
    assert [canvas.uri for canvas in again.canvases] == [canvas.uri for canvas in value().canvases[:3]]
    assert again.canvases[0].image == ImageValue(
        "https://E.org/Ünï/full/max/0/default.jpg",
        ImageService("https://E.org/Ünï", 3, "level2"),
        200,
        100,
        media_type="image/jpeg",
    )
    assert len(again.canvases[1].choices) == 2
    assert again.canvases[2].images[1].taken == Box(1, 2, 3, 4)


def test_another_licence_is_kept_as_metadata(schema):
    document = manifest(value(rights="https://e.org/our-terms"))
    assert list(schema.iter_errors(document)) == []
    assert "rights" not in document
    assert document["metadata"][-1]["value"] == {"none": ["https://e.org/our-terms"]}


def test_what_cannot_be_published_is_refused_in_a_sentence():
    with pytest.raises(NotPublishable, match="at least one canvas"):
        manifest(value(canvases=()))
    with pytest.raises(NotPublishable, match="urn:c"):
        manifest(value(canvases=(CanvasValue("urn:c", 0, {}, 1.0, 1.0),)))
    with pytest.raises(NotPublishable, match="annotation page"):
        annotation_page("page-1", [])


def test_every_real_manifest_with_pages_is_published_valid(samples, schema):
    wrong = {}
    published = 0
    for folder in ("iiif-manifests-real", "iiif-cookbook", "iiif-prezi2-fixtures/fixtures"):
        for path in (samples / folder).rglob("*.json"):
            reading = read(path.read_bytes(), url="https://example.org/manifest.json")
            if isinstance(reading, ManifestReading) and any(
                canvas.width for canvas in reading.manifest.canvases
            ):
                published += 1
                found = next(schema.iter_errors(manifest(reading.manifest)), None)
                if found:
                    wrong[str(path)] = found.message[:200]
    assert wrong == {}
    assert published >= 180


def test_an_annotation_page_is_valid_and_holds_our_annotations_unchanged(schema):
    annotation = webanno.build(
        id="https://e.org/a/1",
        canvas="https://e.org/c",
        manifest="https://e.org/m",
        box=Box(1, 2, 3.5, 4),
        concepts=[webanno.ConceptBody("https://e.org/v/1", "F clef", "en")],
        creator={"id": "https://e.org/p/1", "type": "Person", "name": "Quiet Otter"},
        generator={"id": "https://e.org", "type": "Software", "name": "Rubricator"},
        created=datetime(2026, 3, 1, tzinfo=UTC),
        extension={"origin": "drawn"},
    )
    page = annotation_page(
        "https://e.org/page",
        [annotation],
        part_of={"id": "https://e.org/layer", "type": "AnnotationCollection", "label": {"en": ["Truth"]}},
        next_page="https://e.org/page/2",
    )
    assert list(schema.iter_errors(page)) == []
    assert page["items"] == [{key: item for key, item in annotation.items() if key != "@context"}]
    assert webanno.read(page["items"][0]).target.box == Box(1, 2, 3.5, 4)
