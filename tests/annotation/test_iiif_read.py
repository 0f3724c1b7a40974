"""Reading what real suites do not show: broken canvases, encodings, old words, values nobody would expect."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.geometry import Box
from annotation.iiif import (
    AnnotationPageReading,
    CanvasReference,
    CollectionReading,
    ManifestReading,
    PaintingValue,
    UnreadableDocument,
    read,
    thumbnail_url,
    to_image,
)
from tests.annotation.documents import HERE, astray, canvas_3, errors, manifest_3


def test_a_bad_canvas_costs_only_itself():
    good = canvas_3(id="https://example.org/c/2")
    reading = read(manifest_3({"type": "Canvas"}, 7, canvas_3(), canvas_3(), good))
    assert [canvas.uri[-1] for canvas in reading.manifest.canvases] == ["1", "2"]
    assert [canvas.position for canvas in reading.manifest.canvases] == [0, 1]
    assert {problem.pointer for problem in errors(reading)} == {
        "/items/0/@id",
        "/items/0",
        "/items/1",
        "/items/3",
    }


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", "utf-16", "utf-32"])
def test_byte_order_marks_and_encodings_are_no_obstacle(mark):
    text = json.dumps(manifest_3(canvas_3(), label={"fr": ["Évangéliaire"]}), ensure_ascii=False)
    content = text.encode(mark) if isinstance(mark, str) else mark + text.encode()
    assert read(content).manifest.label == {"fr": ["Évangéliaire"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><head><title>Not found</title>", "HTML page titled “Not found”"),
        (b"<mets:mets xmlns:mets='x'/>", "XML"),
        (b'{"a": ', "not valid JSON"),
        (b'{"a": NaN}', "not valid JSON"),
        (b"[]", "a list or a plain value"),
        (b"{}", "it has no type"),
        (b'{"type": "Dragon"}', "“Dragon”"),
        (b'{"type":"Manifest","items":' + b"[" * 400 + b"]" * 400 + b"}", "nested"),
        (b"[" * 200_000, "nested too deep"),
    ],
)
def test_what_is_no_iiif_document_is_said_in_a_sentence(content, words):
    with pytest.raises(UnreadableDocument, match=r"\.$") as refused:
        read(content)
    assert words in str(refused.value)


def test_characters_the_database_refuses_are_replaced():
    reading = read(json.dumps(manifest_3(canvas_3(), label={"none": ["a\x00b\ud800"]})).encode())
    assert reading.manifest.label == {"none": ["a\ufffdb\ufffd"]}


def test_a_size_is_borrowed_from_the_image_and_its_lack_reported():
    without = canvas_3()
    del without["width"], without["height"]
    reading = read(manifest_3(without))
    assert (reading.manifest.canvases[0].width, reading.manifest.canvases[0].height) == (200, 100)
    nothing = canvas_3(body={"id": "https://example.org/i.jpg", "type": "Image"})
    del nothing["width"], nothing["height"]
    reading = read(manifest_3(nothing))
    assert reading.manifest.canvases[0].width is None
    assert errors(reading)


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (
            {"id": "https://e.org/i/", "type": "ImageService3", "profile": "level2"},
            ("https://e.org/i", 3, "level2"),
        ),
        (
            {
                "@id": "https://e.org/i",
                "@type": "ImageService2",
                "profile": ["http://iiif.io/api/image/2/level1.json", {}],
            },
            ("https://e.org/i", 2, "http://iiif.io/api/image/2/level1.json"),
        ),
        (
            {"@id": "https://e.org/i/info.json", "@context": "http://iiif.io/api/image/2/context.json"},
            ("https://e.org/i", 2, None),
        ),
        (
            {
                "@id": "https://e.org/i",
                "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2",
            },
            ("https://e.org/i", 1, "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2"),
        ),
        (
            [
                {"@id": "https://e.org/login", "@type": "AuthCookieService1"},
                {"@id": "https://e.org/2", "@type": "ImageService2"},
                {"id": "https://e.org/3", "type": "ImageService3"},
            ],
            ("https://e.org/3", 3, None),
        ),
        ({"@id": "https://e.org/x", "profile": "http://example.org/other"}, None),
        ({"@id": "javascript:alert(1)", "@type": "ImageService2"}, None),
    ],
)
def test_image_services_are_found_in_every_writing(service, expected):
    body = {"id": "https://e.org/image.jpg", "type": "Image", "service": service}
    found = read(manifest_3(canvas_3(body=body))).manifest.canvases[0].image_service
    assert (found and (found.url, found.version, found.profile)) == expected


def test_a_service_is_guessed_from_an_image_request():
    body = {"id": "https://e.org/iiif/a%2Fb/full/!400,400/0/default.jpg", "type": "Image"}
    reading = read(manifest_3(canvas_3(body=body)))
    assert reading.manifest.canvases[0].image_service.url == "https://e.org/iiif/a%2Fb"
    assert "names no service" in reading.problems[0].sentence


def test_choices_placed_and_cut_images_are_understood():
    choice = {
        "type": "Choice",
        "items": [
            {"id": "https://e.org/visible.jpg", "type": "Image", "label": {"en": ["Natural light"]}},
            {"id": "https://e.org/xray.jpg", "type": "Image", "label": {"en": ["X-ray"]}},
        ],
    }
    canvas = read(manifest_3(canvas_3(body=choice))).manifest.canvases[0]
    assert [image.label["en"] for image in canvas.choices] == [["Natural light"], ["X-ray"]]
    assert canvas.image_url == "https://e.org/visible.jpg"
    cut = {
        "type": "SpecificResource",
        "source": {"id": "https://e.org/i.jpg", "type": "Image", "width": 1000, "height": 1000},
        "selector": {"type": "ImageApiSelector", "region": "100,200,400,200"},
    }
    canvas = read(
        manifest_3(canvas_3(body=cut, target="https://example.org/c/1#xywh=200,0,200,100"))
    ).manifest.canvases[0]
    assert canvas.image.placed == Box(200, 0, 200, 100)
    assert canvas.image.taken == Box(100, 200, 400, 200)
    assert to_image(Box(210, 10, 50, 20), canvas) == Box(120, 220, 100, 40)


def test_annotation_pages_are_referred_to_or_embedded():
    embedded = {"id": "https://e.org/p2", "type": "AnnotationPage", "items": []}
    node = canvas_3(annotations=[{"id": "https://e.org/p1", "type": "AnnotationPage"}, embedded])
    pages = read(manifest_3(node)).manifest.canvases[0].annotations
    assert [(page.uri, page.document) for page in pages] == [
        ("https://e.org/p1", None),
        ("https://e.org/p2", embedded),
    ]


def test_version_2_and_its_words():
    node = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://e.org/m",
        "@type": "sc:Manifest",
        "label": [{"@value": "Livre", "@language": "fr"}, {"@value": "Book", "@language": "en"}, "Liber"],
        "description": "<p>Old</p>",
        "license": '<a href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>',
        "attribution": "The library",
        "metadata": [{"label": "Date", "value": ["1300", "1310"]}],
        "sequences": [
            {
                "@type": "sc:Sequence",
                "canvases": [
                    {
                        "@id": "https://e.org/c",
                        "@type": "sc:Canvas",
                        "label": "1r",
                        "width": "300",
                        "height": 200,
                        "images": [
                            {
                                "@type": "oa:Annotation",
                                "motivation": "sc:painting",
                                "on": "https://e.org/c",
                                "resource": {
                                    "@id": "https://e.org/i/full/full/0/default.jpg",
                                    "@type": "dctypes:Image",
                                    "service": {
                                        "@id": "https://e.org/i",
                                        "profile": "level2",
                                        "@context": "http://iiif.io/api/image/2/context.json",
                                    },
                                },
                            }
                        ],
                        "otherContent": [{"@id": "https://e.org/list", "@type": "sc:AnnotationList"}],
                    }
                ],
            }
        ],
    }
    manifest = read(node).manifest
    assert manifest.label == {"fr": ["Livre"], "en": ["Book"], "none": ["Liber"]}
    assert manifest.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert manifest.required_statement.value == {"none": ["The library"]}
    assert manifest.metadata[0].value == {"none": ["1300", "1310"]}
    canvas = manifest.canvases[0]
    assert (canvas.width, canvas.image_service.version, canvas.annotations[0].uri) == (
        300,
        2,
        "https://e.org/list",
    )
    assert thumbnail_url(canvas, longest=150) == "https://e.org/i/full/150,/0/default.jpg"


def test_collections_list_each_member_once():
    node = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://e.org/top",
        "@type": "sc:Collection",
        "label": "Top",
        "members": [
            {"@id": "https://e.org/m", "@type": "sc:Manifest", "label": "M"},
            {"@type": "sc:Manifest"},
        ],
        "collections": [{"@id": "https://e.org/sub", "@type": "sc:Collection", "label": "Sub"}],
        "manifests": [{"@id": "https://e.org/m", "@type": "sc:Manifest"}, "https://e.org/m2"],
    }
    reading = read(node)
    assert isinstance(reading, CollectionReading)
    assert [(member.uri[-3:], member.kind) for member in reading.collection.members] == [
        ("g/m", "manifest"),
        ("sub", "collection"),
        ("/m2", "manifest"),
    ]
    assert [problem.pointer for problem in errors(reading)] == ["/members/1"]


def test_annotation_pages_come_as_they_are():
    page = {"id": "https://e.org/p", "type": "AnnotationPage", "items": [{"type": "Annotation"}, 5]}
    reading = read(page)
    assert isinstance(reading, AnnotationPageReading)
    assert reading.annotations == ({"type": "Annotation"},)
    assert len(errors(reading)) == 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.just("http://[x"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "@id", "type", "@type", "items", "value", "@value", "label", "service", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
PLACES = [
    ("label",), ("summary",), ("metadata",), ("rights",), ("requiredStatement",), ("provider",), ("homepage",),
    ("thumbnail",), ("viewingDirection",), ("behavior",), ("start",), ("annotations",), ("items",), ("items", 0),
    ("items", 0, "id"), ("items", 0, "label"), ("items", 0, "width"), ("items", 0, "items"), ("items", 0, "annotations"),
    ("items", 0, "items", 0), ("items", 0, "items", 0, "items"), ("items", 0, "items", 0, "items", 0, "body"),
    ("items", 0, "items", 0, "items", 0, "target"), ("items", 0, "items", 0, "items", 0, "motivation"),
    ("items", 0, "items", 0, "items", 0, "body", "service"), ("items", 0, "items", 0, "items", 0, "body", "width"),
]  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(PLACES), json_values)
def test_no_value_in_any_place_crashes_the_reader(place, value):
    document = manifest_3(canvas_3(), canvas_3(id="https://example.org/c/2"))
    *steps, last = place
    node = document
    for step in steps:
        node = node[step]
    node[last] = value
    reading = read(document, url=HERE)
    assert isinstance(reading, ManifestReading)
    if place[0] != "items" or len(place) > 1:
        assert "https://example.org/c/2" in {canvas.uri for canvas in reading.manifest.canvases}


def test_version_1_needs_only_other_words():
    """Metadata API 1.0, as the first servers wrote it."""
    document = {
        "@context": "http://www.shared-canvas.org/ns/context.json",
        "@id": "http://e.org/m",
        "@type": "sc:Manifest",
        "label": "Book 1",
        "attribution": "The library",
        "within": "http://e.org/collection",
        "sequences": [
            {
                "@type": "sc:Sequence",
                "canvases": [
                    {
                        "@id": "http://e.org/c/1",
                        "@type": "sc:Canvas",
                        "label": "p. 1",
                        "width": 750,
                        "height": 1000,
                        "images": [
                            {
                                "@type": "oa:Annotation",
                                "motivation": "sc:painting",
                                "on": "http://e.org/c/1",
                                "resource": {
                                    "@id": "http://e.org/i/native.jpg",
                                    "@type": "dctypes:Image",
                                    "width": 1500,
                                    "height": 2000,
                                    "service": {
                                        "@id": "http://e.org/i",
                                        "profile": "http://library.stanford.edu/iiif/image-api/1.1/conformance.html#level1",
                                    },
                                },
                            }
                        ],
                        "otherContent": [{"@id": "http://e.org/l", "@type": "sc:AnnotationList"}],
                    }
                ],
            }
        ],
        "structures": [
            {"@id": "http://e.org/r", "@type": "sc:Range", "label": "One", "canvases": ["http://e.org/c/1"]}
        ],
    }
    reading = read(document)
    value = reading.manifest
    assert errors(reading) == []
    assert value.version == 1
    assert value.canvases[0].image_url == "http://e.org/i/native.jpg"
    assert (value.canvases[0].image_width, value.canvases[0].annotations[0].uri) == (1500, "http://e.org/l")
    assert [link.kind for link in value.part_of] == ["Collection"]
    assert value.structures[0].items == (CanvasReference("http://e.org/c/1"),)


def test_links_without_an_address_are_left_out_and_said():
    document = manifest_3(
        canvas_3(),
        rendering=[{"id": "ftp://e.org/x", "type": "Text"}, {"id": "book.pdf", "format": "application/pdf"}],
        seeAlso="https://e.org/marc.xml",
        partOf={"type": "Collection"},
        navDate="last year",
        service=[5, {"id": "https://e.org/search", "type": "SearchService2"}],
        navPlace={"type": "FeatureCollection", "features": [{"type": "Feature"}]},
    )
    reading = read(document, url="https://e.org/m.json")
    value = reading.manifest
    assert [(link.uri, link.kind) for link in value.rendering] == [("https://e.org/book.pdf", "Text")]
    assert [(link.uri, link.kind) for link in value.see_also] == [("https://e.org/marc.xml", "Dataset")]
    assert (value.part_of, value.nav_date, value.nav_place) == ((), None, None)
    assert [service["type"] for service in value.services] == ["SearchService2"]
    assert {problem.pointer for problem in reading.problems} == {
        "/rendering/0", "/rendering/1", "/partOf", "/navDate", "/service/0", "/navPlace",
    }  # fmt: skip
    assert astray(reading, document) == []


def test_other_media_and_attached_canvases_are_kept():
    video = {"id": "https://e.org/v.mp4", "type": "Video", "format": "video/mp4", "duration": 10}
    poster = canvas_3(id="https://e.org/poster", placeholderCanvas=canvas_3(id="https://e.org/deeper"))
    node = canvas_3(body=video, duration=10, placeholderCanvas=poster)
    reading = read(manifest_3(node))
    (canvas,) = reading.manifest.canvases
    assert canvas.image is None
    assert canvas.paintings == (PaintingValue(document=node["items"][0]["items"][0]),)
    assert canvas.duration == 10
    assert canvas.placeholder is not None
    assert canvas.placeholder.image_url == "https://example.org/i.jpg"
    assert canvas.placeholder.placeholder is None
    assert reading.problems[0].canvas == canvas.uri


def test_a_turned_image_is_said_and_written_turned():
    body = {
        "type": "SpecificResource",
        "source": {"id": "https://e.org/i.jpg", "type": "Image", "width": 200, "height": 100},
        "selector": {"type": "ImageApiSelector", "rotation": "90"},
    }
    reading = read(manifest_3(canvas_3(body=body)))
    assert reading.manifest.canvases[0].image.rotation == 90
    assert "turned" in reading.problems[0].sentence


def test_a_lone_canvas_is_accused_where_it_stands():
    document = canvas_3(label=5) | {"@context": "http://iiif.io/api/presentation/3/context.json"}
    reading = read(document)
    assert [problem.pointer for problem in reading.problems] == ["", "/label", "/label"]
    assert astray(reading, document) == []


def test_totals_and_pages_of_collections_are_read_tolerantly():
    node = {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://e.org/top",
        "@type": "sc:Collection",
        "label": "Top",
        "first": {"@id": "page/1"},
        "next": "javascript:x",
        "total": "12",
    }
    reading = read(node, url="https://e.org/top")
    value = reading.collection
    assert (value.first, value.next, value.total) == ("https://e.org/page/1", None, 12)
    assert {problem.pointer for problem in reading.problems} == {"/first", "/next", "/total"}
    assert read({**node, "total": -1}, url="https://e.org/top").collection.total is None
