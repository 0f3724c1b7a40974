"""Annotations in and out: read, checked, converted from Open Annotation and back, with nothing lost."""

import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box, parse_svg
from annotation.webanno import (
    CONTEXT,
    Agent,
    Body,
    ConceptBody,
    ModelResult,
    annotations_in,
    build,
    from_oa,
    is_oa,
    model_results,
    read,
    to_oa,
    validate,
)

CANVAS = "https://gallica.bnf.fr/iiif/ark:/12148/btv1b8449691v/canvas/f2"
MANIFEST = "https://gallica.bnf.fr/iiif/ark:/12148/btv1b8449691v/manifest.json"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M10,20 L40,20 L40,60 L10,60 Z"/></svg>'


def mirador(**changes):
    """An annotation as Mirador 2 stores it."""
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://e.org/a/1",
        "@type": "oa:Annotation",
        "motivation": ["oa:commenting", "oa:tagging"],
        "resource": [
            {"@type": "dctypes:Text", "format": "text/html", "chars": "<p>Une lettrine</p>"},
            {"@type": "oa:Tag", "chars": "croix"},
        ],
        "on": [
            {
                "@type": "oa:SpecificResource",
                "full": CANVAS,
                "selector": {
                    "@type": "oa:Choice",
                    "default": {"@type": "oa:FragmentSelector", "value": "xywh=10,20.5,30,39.5"},
                    "item": {"@type": "oa:SvgSelector", "value": SVG},
                },
                "within": {"@id": MANIFEST, "@type": "sc:Manifest"},
            }
        ],
        **changes,
    }


def test_a_mirador_annotation_is_read():
    reading = read(mirador())
    assert reading.problems == ()
    assert reading.motivations == ("commenting", "tagging")
    assert reading.bodies == (
        Body("text", "<p>Une lettrine</p>", media_type="text/html"),
        Body("tag", "croix", purpose="tagging"),
    )
    assert reading.tags == ("croix",)
    assert (reading.target.source, reading.target.manifest) == (CANVAS, MANIFEST)
    assert reading.target.box == Box(10, 20.5, 30, 39.5)
    assert reading.target.svg == parse_svg(SVG)
    assert reading.document["@context"] == CONTEXT


@pytest.mark.parametrize(
    ("on", "box"),
    [
        (f"{CANVAS}#xywh=1,2.5,3,4", Box(1, 2.5, 3, 4)),
        (CANVAS, None),
        ({"@type": "oa:SpecificResource", "full": CANVAS, "within": MANIFEST}, None),
        (
            {
                "@type": "oa:SpecificResource",
                "full": CANVAS,
                "selector": {"@type": "oa:SvgSelector", "chars": SVG},
            },
            Box(10, 20, 30, 40),
        ),
    ],
)
def test_every_way_to_say_where(on, box):
    reading = read(mirador(on=on))
    assert (reading.target.source, reading.target.box) == (CANVAS, box)


def test_semantic_tags_are_concepts():
    tag = {"@type": "oa:Tag", "@id": "http://mandragore.bnf.fr/ark:/12148/cgfbt7/tag_5199", "chars": "croix"}
    bare = {"@type": "oa:Tag", "@id": "http://vocab.getty.edu/aat/300015045"}
    reading = read(mirador(resource=[tag, bare]))
    assert reading.concepts == (tag["@id"], bare["@id"])
    assert reading.bodies[0].text == "croix"


def test_unknown_parts_survive_the_journey():
    odd = mirador(
        metadata=[{"label": "Note", "value": "x"}],
        resource={"@type": "oa:FeatureCollection", "features": [{"@type": "Feature", "geometry": None}]},
        **{"sc:odd": {"@id": "kept"}},
    )
    modern = from_oa(odd)
    assert modern["metadata"] == odd["metadata"]
    assert modern["sc:odd"] == {"@id": "kept"}
    assert modern["body"]["features"] == odd["resource"]["features"]


oa_texts = st.builds(
    lambda chars, more: {"@type": "dctypes:Text", "chars": chars, **more},
    st.text(max_size=20),
    st.fixed_dictionaries(
        {}, optional={"format": st.just("text/html"), "language": st.sampled_from(["fr", "en"])}
    ),
)
oa_tags = st.builds(lambda chars: {"@type": "oa:Tag", "chars": chars}, st.text(max_size=20))
oa_concepts = st.builds(lambda n: {"@type": "oa:Tag", "@id": f"https://e.org/v/{n}"}, st.integers(0, 99))
oa_others = st.just(
    {"@id": "https://e.org/x.jpg", "@type": "dctypes:Image", "width": 5, "odd": {"@id": "kept"}}
)
fragments = st.builds(
    lambda x, y, w, h: {"@type": "oa:FragmentSelector", "value": Box(x, y, w, h).fragment()},
    *(st.floats(0.5, 1e4) for _ in range(4)),
)
svgs = st.just({"@type": "oa:SvgSelector", "value": SVG})
selectors = (
    fragments
    | svgs
    | st.builds(
        lambda default, item: {"@type": "oa:Choice", "default": default, "item": item}, fragments, svgs
    )
)
targets = st.just(CANVAS) | st.builds(
    lambda selector, within: {"@type": "oa:SpecificResource", "full": CANVAS, **within, "selector": selector},
    selectors,
    st.sampled_from([{}, {"within": {"@id": MANIFEST, "@type": "sc:Manifest"}}]),
)
open_annotations = st.builds(
    lambda motivation, resource, on, more: {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": "https://e.org/a/1",
        "@type": "oa:Annotation",
        "motivation": motivation,
        "resource": resource,
        "on": on,
        **more,
    },
    st.sampled_from(["oa:tagging", "sc:painting", ["oa:commenting", "oa:tagging"]]),
    st.lists(oa_texts | oa_tags | oa_concepts | oa_others, max_size=3) | oa_texts,
    targets | st.lists(targets, min_size=2, max_size=3),
    st.fixed_dictionaries(
        {}, optional={"label": st.just("x"), "oa:annotatedAt": st.just("2020-01-01T00:00:00Z")}
    ),
)


@given(open_annotations)
def test_open_annotation_goes_to_w3c_and_back_unchanged(document):
    before = copy.deepcopy(document)
    modern = from_oa(document)
    assert document == before
    assert is_oa(document)
    assert not is_oa(modern)
    assert to_oa(modern) == document
    assert from_oa(to_oa(modern)) == modern
    assert validate(modern) == []


concept_bodies = st.builds(
    ConceptBody,
    st.just("https://e.org/v/1"),
    st.none() | st.text(min_size=1, max_size=9),
    st.sampled_from([None, "fr"]),
)
floats = st.floats(0.01, 1e5)
times = st.datetimes(timezones=st.just(UTC), min_value=datetime.fromisoformat("1900-01-01T00:00:00")).map(
    lambda t: t.replace(microsecond=0)
)


@given(
    st.lists(concept_bodies, max_size=3), st.none() | st.builds(Box, floats, floats, floats, floats), times
)
def test_what_we_build_is_valid_and_reads_back(concepts, box, created):
    document = build(
        id="urn:uuid:0b5e2c1e-93c1-4a86-8c5e-9a3d0f6f9e11",
        canvas=CANVAS,
        manifest=MANIFEST,
        box=box,
        svg=parse_svg(SVG) if box else None,
        concepts=concepts,
        motivation="identifying",
        creator={"id": "https://e.org/p/1", "type": "Person", "name": "Quiet Otter"},
        created=created,
        extension={"confidence": 0.5, "model": "clefs"},
    )
    assert validate(document) == []
    assert validate(json.loads(json.dumps(document))) == []
    reading = read(document)
    assert reading.document == document
    assert (reading.target.box, reading.target.source, reading.target.manifest) == (box, CANVAS, MANIFEST)
    assert len(reading.concepts) == (1 if concepts else 0)
    assert reading.creator == Agent("https://e.org/p/1", "Person", "Quiet Otter")
    assert datetime.fromisoformat(reading.created) == created
    assert read(from_oa(to_oa(document))).concepts == reading.concepts


def test_building_refuses_undocumented_extensions_and_naive_times():
    with pytest.raises(ValueError, match="mood"):
        build(id="urn:x:1", canvas=CANVAS, extension={"mood": "good"})
    with pytest.raises(ValueError, match="time zone"):
        build(id="urn:x:1", canvas=CANVAS, created=datetime.fromisoformat("2026-01-01T00:00:00"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<b>Lettrine</b> <small>(generated by Roboflow, confidence: 0.537, modele: snooptypo/2)</small>",
            (ModelResult("Lettrine", 0.537, "snooptypo/2", "Roboflow"),),
        ),
        (
            "<p><strong>Plant</strong><small>confidence 94,56 %</small></p>",
            (ModelResult("Plant", 0.9456),),
        ),
        (
            "<small>Plant (ibm: 0.95), Tree (google: 0.7)</small>",
            (ModelResult("Plant", 0.95, None, "ibm"), ModelResult("Tree", 0.7, None, "google")),
        ),
        ("<p>A remark (in brackets) about confidence in kings</p>", ()),
        ("plain", ()),
    ],
)
def test_model_results_are_found_in_the_text(text, expected):
    assert model_results(text) == expected


def test_model_results_come_with_the_reading():
    text = {"@type": "dctypes:Text", "chars": "<b>Vignette</b> <small>(confidence: 0.9)</small>"}
    assert read(mirador(resource=[text])).model_results == (ModelResult("Vignette", 0.9),)


def test_a_dump_is_walked_by_manifest_and_canvas():
    found = list(annotations_in({MANIFEST: {CANVAS: [mirador(), mirador()], f"{CANVAS}3": [mirador()]}}))
    assert [(item.manifest, item.canvas) for item in found] == [
        (MANIFEST, CANVAS),
        (MANIFEST, CANVAS),
        (MANIFEST, f"{CANVAS}3"),
    ]
    page = {"type": "AnnotationPage", "items": [build(id="urn:x:1", canvas=CANVAS)]}
    assert len(list(annotations_in([page, page]))) == 2
    assert list(annotations_in({"type": "Manifest", "note": 5})) == []


def test_regions_in_percent_need_the_canvas():
    document = build(id="urn:x:1", canvas=CANVAS)
    document["target"]["selector"] = {"type": "FragmentSelector", "value": "xywh=percent:10,10,50,50"}
    assert read(document, canvas_size=(200, 100)).target.box == Box(20, 10, 100, 50)
    reading = read(document)
    assert reading.target.box is None
    assert [problem.severity for problem in reading.problems] == ["warning"]


def good(**changes):
    return {
        "@context": CONTEXT,
        "id": "https://e.org/a",
        "type": "Annotation",
        "body": "https://e.org/b",
        "target": "https://e.org/t",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"@context": "fish"}, "/@context"),
        ({"id": "not a uri"}, "/id"),
        ({"id": ["https://e.org/1"]}, "/id"),
        ({"type": "Squirrel"}, "/type"),
        ({"target": []}, "/target"),
        ({"target": 9}, "/target"),
        ({"body": ["https://e.org/b", "no uri"]}, "/body/1"),
        ({"body": {"type": "TextualBody"}}, "/body/value"),
        ({"body": {"items": ["https://e.org/b"]}}, "/body/type"),
        ({"body": {"type": "Choice", "items": []}}, "/body/items"),
        ({"bodyValue": "both"}, "/bodyValue"),
        ({"body": {"id": "https://e.org/b", "textDirection": "up"}}, "/body/textDirection"),
        ({"body": {"id": "https://e.org/b", "textDirection": ["ltr"]}}, "/body/textDirection"),
        ({"body": {"id": "javascript:alert(1)"}}, "/body/id"),
        ({"body": {}}, "/body"),
        ({"target": {"type": "SpecificResource"}}, "/target/source"),
        (
            {"target": {"source": "https://e.org/t", "selector": {"type": "FragmentSelector"}}},
            "/target/selector/value",
        ),
        (
            {
                "target": {
                    "source": "https://e.org/t",
                    "selector": [{"type": "FragmentSelector", "value": "xywh=1,2,0,3"}],
                }
            },
            "/target/selector/0/value",
        ),
        (
            {
                "target": {
                    "source": "https://e.org/t",
                    "selector": {
                        "type": "CssSelector",
                        "value": "p",
                        "refinedBy": {"type": "TextPositionSelector", "start": -1, "end": 3},
                    },
                }
            },
            "/target/selector/refinedBy/start",
        ),
        ({"creator": 6}, "/creator"),
        ({"created": "yesterday"}, "/created"),
        ({"created": "2026-02-30T00:00:00Z"}, "/created"),
        ({"rights": "mine"}, "/rights"),
        ({"canonical": ["https://e.org/1"]}, "/canonical"),
        ({"motivation": [5]}, "/motivation"),
    ],
)
def test_faults_are_found_where_they_are(changes, pointer):
    problems = validate(good(**changes))
    assert pointer in [problem.pointer for problem in problems]
    assert all(problem.sentence.endswith(".") for problem in problems)
    assert not read(good(**changes), embedded=False).is_acceptable


def test_unknown_properties_and_kinds_are_tolerated():
    selector = {"type": "PointSelector", "x": 1, "y": 2}
    free = good(
        mood={"deep": [1]},
        body={"type": "Dragon", "fire": True},
        target={"source": CANVAS, "selector": selector},
    )
    assert validate(free) == []
    assert read(free).document == free


def test_endless_nesting_is_refused_not_followed():
    body = "https://e.org/b"
    for _ in range(300):
        body = {"type": "Choice", "items": [body]}
    assert any("nested" in problem.sentence for problem in validate(good(body=body)))
    assert read(good(body=body)).problems


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_object_is_refused(document):
    assert validate(document)
