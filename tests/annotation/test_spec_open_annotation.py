"""Open Annotation in and out, on every annotation of the samples: nothing is lost, nothing disappears silently."""

import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from annotation.actions import annotation_pages
from annotation.actions.annotation_sources import import_annotations_from_file, import_annotations_of
from annotation.actions.manifests import write_manifest
from annotation.iiif import ManifestReading, UnreadableDocument, read
from annotation.import_folder import ImportFolder
from annotation.models import Annotation, Layer
from annotation.webanno import (
    CONTEXT,
    BrokenJson,
    Found,
    Link,
    Piece,
    Stray,
    canvas_variants,
    contents,
    from_oa,
    is_oa,
    machine_of,
    manifest_variants,
    model_results,
    pieces,
    prepare,
    retargeted,
    scope_note,
    structured,
    to_oa,
    validate,
)
from fetch.errors import NameUnknown
from problems import Problem
from tests.annotation.conftest import report, upload

FOLDERS = ("iiif-manifests-real", "iiif-cookbook", "iiif-prezi2-fixtures", "iiif-spec-examples")
FRAGMENTS = "http://www.w3.org/TR/media-frags/"


def documents(samples: Path, *folders: str) -> Iterator[tuple[Path, Any]]:
    for folder in folders:
        for path in sorted((samples / folder).rglob("*.json")):
            try:
                yield path, json.loads(path.read_text("utf-8-sig"))
            except ValueError:
                continue


def inside(node: Any, is_wanted: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and is_wanted(node):
        yield node
        return
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from inside(child, is_wanted)


def is_old(node: dict[str, Any]) -> bool:
    return node.get("@type") == "oa:Annotation" and is_oa(node)


def is_new(node: dict[str, Any]) -> bool:
    return node.get("type") == "Annotation"


# --- to W3C and back ---


def said_in_full(node: Any) -> Any:
    """One way of writing what the models allow to write in several: implied types, one instead of a list of one."""
    if isinstance(node, list):
        items = [said_in_full(item) for item in node]
        return items[0] if len(items) == 1 else items
    if isinstance(node, str) and "#xywh=" in node:
        source, _mark, fragment = node.partition("#")
        selector = {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": fragment}
        return {"type": "SpecificResource", "source": source, "selector": selector}
    if not isinstance(node, dict):
        return node
    full = {
        key: value if key == "id" else said_in_full(value) for key, value in node.items() if key != "@context"
    }
    if "source" in full:
        full.setdefault("type", "SpecificResource")
    if "bodyValue" in full:
        full["body"] = {"type": "TextualBody", "format": "text/plain", "value": full.pop("bodyValue")}
    if full.get("type") == "FragmentSelector" and str(full.get("value")).startswith("xywh="):
        full["conformsTo"] = FRAGMENTS
    return full


def test_every_open_annotation_of_the_samples_survives_both_ways(samples):
    count = 0
    for path, document in documents(samples, *FOLDERS):
        for annotation in inside(document, is_old):
            modern = from_oa(annotation)
            assert said_in_full(from_oa(to_oa(modern))) == said_in_full(modern), path
            count += 1
    assert count > 500


def test_every_w3c_annotation_of_the_samples_survives_both_ways(samples):
    count = 0
    for path, document in documents(samples, "iiif-cookbook", "w3c-annotation-model"):
        if "incorrect" in str(path):
            continue
        for annotation in inside(document, is_new):
            assert said_in_full(from_oa(to_oa(annotation))) == said_in_full(annotation), path
            count += 1
    assert count > 2000


def test_what_we_do_not_know_passes_through():
    control_points = {
        "type": "Feature",
        "properties": {"pixelCoords": [1, 2]},
        "geometry": {"type": "Point", "coordinates": [2.3, 48.8]},
    }
    georeference = {
        "type": "FeatureCollection",
        "transformation": {"type": "polynomial"},
        "features": [control_points],
    }
    annotation = {
        "@id": "https://example.org/a",
        "@type": "oa:Annotation",
        "motivation": "georeferencing",
        "resource": georeference,
        "on": [
            "https://example.org/c1#xywh=1,2,3,4",
            {"@type": "oa:SpecificResource", "full": "https://example.org/c2", "unknown": {"a": [1]}},
        ],
        "ex:more": {"deep": [{"er": None}]},
    }
    modern = from_oa(annotation)
    assert modern["body"] == georeference
    assert modern["ex:more"] == annotation["ex:more"]
    assert [target["source"] for target in modern["target"]] == [
        "https://example.org/c1",
        "https://example.org/c2",
    ]
    assert modern["target"][1]["unknown"] == {"a": [1]}
    back = to_oa(modern)
    assert back["resource"] == georeference
    assert back["ex:more"] == annotation["ex:more"]
    assert from_oa(back) == modern


def test_a_choice_with_svg_keeps_both_selectors_and_their_order():
    svg = {
        "@type": "oa:SvgSelector",
        "value": "<svg xmlns='http://www.w3.org/2000/svg'><path d='M1,2 L3,4 L5,2 Z'/></svg>",
    }
    default = {"@type": "oa:FragmentSelector", "value": "xywh=1,2,4,2"}
    on = {
        "@type": "oa:SpecificResource",
        "full": "https://example.org/c",
        "selector": {"@type": "oa:Choice", "default": default, "item": svg},
        "within": {"@id": "https://example.org/m", "@type": "sc:Manifest"},
    }
    annotation = {
        "@type": "oa:Annotation",
        "motivation": ["oa:commenting", "oa:tagging"],
        "on": [on],
        "resource": [],
    }
    modern = from_oa(annotation)
    assert [selector["type"] for selector in modern["target"]["selector"]] == [
        "FragmentSelector",
        "SvgSelector",
    ]
    assert to_oa(modern)["on"] == on
    assert to_oa(modern)["motivation"] == ["oa:commenting", "oa:tagging"]


# --- pieces of large files ---


@pytest.mark.parametrize("largest", [40, 400, 2**20])
def test_a_file_says_the_same_in_pieces_of_any_size(samples, largest):
    compared = 0
    for path, document in documents(samples, "iiif-cookbook", "iiif-prezi2-fixtures"):
        whole = list(contents([Piece((), document)]))
        if not whole or isinstance(whole[0], Stray) or not any(isinstance(item, Found) for item in whole):
            continue
        raw = json.dumps(document).encode()
        in_pieces = list(
            contents(pieces(io.BytesIO(raw), largest=max(largest, largest_annotation(document))))
        )
        assert [shown(item) for item in in_pieces] == [shown(item) for item in whole], path
        compared += 1
    assert compared > 20


def largest_annotation(document: Any) -> int:
    found = [len(json.dumps(one)) for one in inside(document, lambda node: is_old(node) or is_new(node))]
    return max(found, default=0) + 1


def shown(item: Any) -> tuple[Any, ...]:
    what = item.document if isinstance(item, Found) else item.uri if isinstance(item, Link) else item.value
    return type(item).__name__, json.dumps(what), item.pointer


def test_a_dump_in_pieces_knows_under_what_it_is_filed():
    one = {
        "@type": "oa:Annotation",
        "on": "https://e.org/c",
        "resource": {"@type": "dctypes:Text", "chars": "x" * 60},
    }
    raw = (
        b"\xef\xbb\xbf"
        + json.dumps({"https://e.org/m": {"https://e.org/c": [one] * 50, "https://e.org/d": [one]}}).encode()
    )
    found = list(contents(pieces(io.BytesIO(raw), largest=200)))
    assert len(found) == 51
    assert {(item.manifest, item.canvas) for item in found} == {
        ("https://e.org/m", "https://e.org/c"),
        ("https://e.org/m", "https://e.org/d"),
    }
    assert found[49].pointer == "/https:~1~1e.org~1m/https:~1~1e.org~1c/49"


def test_what_stands_before_the_list_is_known_in_it():
    one = {"type": "Annotation", "target": "https://e.org/c", "body": "https://e.org/" + "x" * 80}
    collection = {"id": "https://e.org/hands", "type": "AnnotationCollection", "label": "Hands"}
    page = {
        "id": "https://e.org/p",
        "type": "AnnotationPage",
        "partOf": collection,
        "items": [one] * 9,
        "next": "https://e.org/p2",
    }
    *found, link = contents(pieces(io.BytesIO(json.dumps(page).encode()), largest=200))
    assert {(item.page.collection, item.page.collection_label) for item in found} == {
        ("https://e.org/hands", "Hands")
    }
    assert (link.uri, link.page.collection) == ("https://e.org/p2", "https://e.org/hands")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(encoding):
    assert [
        piece.value for piece in pieces(io.BytesIO(json.dumps(["é"], ensure_ascii=False).encode(encoding)))
    ] == [["é"]]


@pytest.mark.parametrize(
    ("raw", "before"),
    [
        (b"[1, 2", [1, 2]),
        (b"[1 2]", [1]),
        (b'{"a": 1, b', [1]),
        (b"[[[[", []),
        (b"", []),
        (b"nonsense", []),
        (b"[1] 2", [[1]]),
        (b"[" * 5000, []),
    ],
)
def test_what_stands_before_a_fault_is_read(raw, before):
    reading = pieces(io.BytesIO(raw))
    seen = [piece.value for piece in islice(reading, len(before))]
    assert seen == before
    with pytest.raises(BrokenJson, match=r"\.$"):
        next(reading)


# --- names of canvases ---


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "https://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f0002",
            "https://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f2",
        ),
        (
            "https://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f2",
            "https://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f0002",
        ),
        (
            "http://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f0010/",
            "https://gallica.bnf.fr/iiif/ark:/12148/x/canvas/f10",
        ),
        ("https://e.org/iiif/ark%3A%2F12148%2Fx/canvas/1", "https://e.org/iiif/ark:/12148/x/canvas/1"),
        ("http://e.org/canvas/1", "https://e.org/canvas/1/"),
        ("https://e.org/canvas/1#xywh=1,2,3,4", "https://e.org/canvas/1"),
    ],
)
def test_ways_to_write_a_canvas(written, meant):
    assert meant in canvas_variants(written)


@pytest.mark.parametrize(
    "uri", ["https://e.org/canvas/p12", "https://e.org/c/f12", "urn:x:1", "", "relative"]
)
def test_numbers_elsewhere_are_left_alone(uri):
    assert canvas_variants(uri)[0] == uri
    assert not any(variant.endswith(("012", "0012")) for variant in canvas_variants(uri))


def test_ways_to_write_a_manifest():
    assert "https://e.org/x/manifest" in manifest_variants("http://e.org/x/manifest.json")
    assert "http://e.org/x/manifest.json/" in manifest_variants("https://e.org/x/manifest")


def test_only_the_canvas_that_is_meant_gets_another_name():
    target = [
        "http://e.org/1#xywh=1,2,3,4",
        {"type": "SpecificResource", "source": {"id": "http://e.org/1", "partOf": {"id": "http://e.org/1"}}},
        {"source": "http://e.org/2"},
    ]
    changed = retargeted({"target": target, "body": "http://e.org/1"}, "http://e.org/1", "https://e.org/1")
    assert changed["target"] == [
        "https://e.org/1#xywh=1,2,3,4",
        {"type": "SpecificResource", "source": {"id": "https://e.org/1", "partOf": {"id": "http://e.org/1"}}},
        {"source": "http://e.org/2"},
    ]
    assert changed["body"] == "http://e.org/1"


# --- for people and for machines ---


def test_lists_of_gallicapix_become_tags_with_their_confidence():
    text = "<b>Illustration</b> <small>Plant (ibm: 0.95), Tree (google: 0.8), Dog (hm: 1)</small>"
    results = model_results(text)
    document = structured(
        {"type": "Annotation", "body": {"type": "TextualBody", "value": text}, "target": "https://e.org/c"},
        results,
    )
    original, *tags = document["body"]
    assert original["value"] == text
    assert [(tag["value"], tag["rubricator:confidence"]) for tag in tags] == [
        ("Plant", 0.95),
        ("Tree", 0.8),
        ("Dog", 1.0),
    ]
    assert document["rubricator:model"] == "ibm"
    assert [agent["name"] for agent in document["generator"]] == ["ibm", "google"], "hm is a person"
    assert machine_of(results) is None, "and so the list is not made by machines alone"
    assert machine_of(results[:2]) == "google, ibm"
    assert validate({"@context": CONTEXT, **document}) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("croix [voir aussi: crucifiement]", ("croix", "voir aussi: crucifiement")),
        ("croix", None),
        ("[croix]", None),
        ("a [b] c", None),
    ],
)
def test_scope_notes(text, said):
    assert scope_note(text) == said


def test_an_ordinary_annotation_is_not_touched():
    document = {
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "A remark (see: p. 12)"},
        "target": "https://e.org/c",
    }
    assert structured(document, ()) == document


def test_an_agent_by_name_is_mended_and_a_blank_id_is_no_id():
    old = {
        "@id": "_:an1",
        "@type": "oa:Annotation",
        "on": "https://e.org/c",
        "resource": {"@type": "dctypes:Text", "chars": "x"},
        "annotatedBy": "Jane Doe",
    }
    arrival = prepare(Found(old, ""))
    assert arrival.errors == ()
    assert arrival.reading.document["creator"] == {"name": "Jane Doe"}
    assert "via" not in arrival.reading.document
    assert arrival.name.startswith("sha256:")


def test_an_annotation_without_a_target_is_about_the_canvas_it_is_filed_under():
    old = {"@type": "oa:Annotation", "resource": {"@type": "dctypes:Text", "chars": "x"}}
    arrival = prepare(Found(old, "", "https://e.org/m", "https://e.org/c"))
    assert [target.source for target in arrival.reading.targets] == ["https://e.org/c"]


# --- every sample ends as rows or as lines ---


@pytest.fixture
def library(samples, monkeypatch) -> dict[str, Path]:
    """The pages that the samples link and also hold, under their addresses; everything else is not found."""
    shelf: dict[str, Path] = {}
    for path, document in documents(samples, "iiif-cookbook", "iiif-prezi2-fixtures", "iiif-manifests-real"):
        uri = document.get("id") or document.get("@id") if isinstance(document, dict) else None
        if isinstance(uri, str):
            shelf.setdefault(uri, path)

    def answer(uri: str) -> bytes:
        if uri not in shelf:
            raise NameUnknown(host=urlsplit(uri).netloc)
        return shelf[uri].read_bytes()

    monkeypatch.setattr(annotation_pages, "_answer", answer)
    return shelf


def carrying(samples: Path) -> Iterator[tuple[Path, dict[str, Any], ManifestReading]]:
    """The manifests of the samples that carry or link annotations."""
    for path, document in documents(samples, *FOLDERS[:3]):
        if not isinstance(document, dict):
            continue
        try:
            reading = read(document, url="https://example.org/manifest")
        except UnreadableDocument:
            continue
        if isinstance(reading, ManifestReading):
            manifest = reading.manifest
            if manifest.annotations or any(canvas.annotations for canvas in manifest.canvases):
                yield path, document, reading


@pytest.mark.django_db
def test_every_annotation_that_a_sample_manifest_carries_is_a_row_or_a_line(
    samples, library, owner, finished
):
    imported = rows = 0
    for path, document, reading in carrying(samples):
        try:
            written = write_manifest(reading.manifest, document, by=owner)
        except Problem:
            continue  # without a canvas that has a size there is no manifest, and its own import says so
        pages = [page for canvas in reading.manifest.canvases for page in canvas.annotations]
        pages += reading.manifest.annotations
        source = import_annotations_of(written.manifest, reading.manifest, by=owner)
        assert source is not None
        source = finished(source)
        assert "unexpected" not in source.job.error, (path, source.job.error)
        lines = report(source)
        kept = Annotation.objects.filter(
            layer__manifest=written.manifest, layer__source_uri__startswith=source.url
        ).count()
        carried = sum(count_in(page.document) for page in pages if page.document)
        linked = {page.uri for page in pages if not page.document and page.uri}
        carried += sum(
            count_in(json.loads(library[uri].read_text("utf-8-sig"))) for uri in linked if uri in library
        )
        assert kept + left_aside(source) >= carried, path
        for uri in linked - library.keys():
            assert any(line.place == uri and line.severity == "error" for line in lines), (path, uri)
        imported += 1
        rows += kept
    assert imported > 25
    assert rows > 1000
    assert Layer.objects.filter(label__en__startswith="Annotations of").exists()


def count_in(document: Any) -> int:
    return sum(
        isinstance(item, Found) for item in contents([Piece((), {"type": "AnnotationPage", **document})])
    )


def left_aside(source: Any) -> int:
    file = ImportFolder(source).open_aside()
    if file is None:
        return 0
    with file:
        return len(json.load(file))


@pytest.mark.django_db
def test_every_sample_file_of_annotations_is_rows_or_lines(samples, library, owner, finished):
    lists = 0
    for path, document in documents(samples, *FOLDERS[:3]):
        count = sum(isinstance(item, Found) for item in contents([Piece((), document)]))
        if not count:
            continue
        source = finished(import_annotations_from_file(upload(document, path.name), by=owner))
        assert source.job.state == "done", (path, source.job.error)
        rows = Annotation.objects.count()
        assert rows + left_aside(source) >= count, path
        assert report(source)
        Annotation.objects.all().delete()
        Layer.objects.all().delete()
        lists += 1
    assert lists > 25
