"""IIIF Presentation 3 by its Cookbook: every recipe is read, and published again without losing anything."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import jsonschema
import pytest

from annotation.iiif import ManifestReading, RangeValue, read
from annotation.iiif.write import manifest
from tests.annotation.documents import astray, differences, errors, files, read_all


@pytest.fixture(scope="module")
def recipes(samples):
    return read_all(samples / "iiif-cookbook")


@pytest.fixture(scope="module")
def manifests(recipes):
    """Path → manifest as read, and as published again."""
    return {
        path: (reading.manifest, manifest(reading.manifest))
        for path, reading in recipes.items()
        if isinstance(reading, ManifestReading)
    }


def test_all_recipes_are_read_without_an_error(recipes):
    assert len(recipes) == 110
    assert Counter(type(reading).__name__ for reading in recipes.values()) == {
        "ManifestReading": 84,
        "CollectionReading": 5,
        "AnnotationPageReading": 21,
    }
    assert {path.parent.name: errors(reading) for path, reading in recipes.items() if errors(reading)} == {}


def test_every_pointer_leads_into_the_recipe(recipes):
    wrong = {path: astray(reading, json.loads(path.read_bytes())) for path, reading in recipes.items()}
    assert {path: pointers for path, pointers in wrong.items() if pointers} == {}


def test_every_manifest_is_published_valid(samples, manifests):
    schema = jsonschema.Draft7Validator(
        json.loads((samples / "iiif-prezi3-schema" / "iiif_3_0.json").read_text())
    )
    wrong = {
        path.parent.name: next(schema.iter_errors(document), None)
        for path, (_, document) in manifests.items()
    }
    assert {name: fault.message[:300] for name, fault in wrong.items() if fault} == {}
    assert len(manifests) == 84


def test_what_is_published_says_what_was_read(manifests):
    """By our own reading: canvases, images, choices, ranges, links, texts, rights, services, places."""
    lost = {}
    for path, (value, document) in manifests.items():
        again = asdict(read(json.dumps(document)).manifest)
        said = asdict(value) | {"version": 3}
        if found := list(differences(said, again)):
            lost[path.parent.name] = found[:5]
    assert lost == {}


def named(node: Any, kind: str) -> list[str]:
    """The ids of everything of a type in a document, in order, however deep; references too."""
    if isinstance(node, list):
        return [uri for item in node for uri in named(item, kind)]
    if not isinstance(node, dict):
        return []
    own = [node["id"].rstrip("/")] if node.get("type") == kind and "id" in node else []
    return own + [uri for value in node.values() for uri in named(value, kind)]


@pytest.mark.parametrize(
    "kind", ["Canvas", "Range", "Image", "Video", "Sound", "ImageService3", "TextualBody"]
)
def test_nothing_named_is_lost(manifests, kind):
    """By the documents alone, whatever our reading makes of them."""
    seen = 0
    for path, (_value, document) in manifests.items():
        received = json.loads(path.read_bytes())
        if "sequences" not in received:
            assert set(named(document, kind)) >= set(named(received, kind)), path
            seen += len(named(received, kind))
    assert seen or kind == "TextualBody"


def test_annotation_pages_stay_where_they_were(manifests):
    embedded = 0
    for path, (_value, document) in manifests.items():
        received = json.loads(path.read_bytes())
        for before, after in zip(received.get("items", []), document["items"], strict="items" in received):
            pages = [(page["id"], page.get("items")) for page in before.get("annotations", [])]
            assert [(page["id"], page.get("items")) for page in after.get("annotations", [])] == pages, path
            embedded += sum(items is not None for _uri, items in pages)
    assert embedded >= 15


def test_the_table_of_contents_of_recipe_24(manifests):
    (value,) = [value for path, (value, _) in manifests.items() if path.parent.name == "0024-book-4-toc"]
    (contents,) = value.structures
    assert contents.label == {"en": ["Table of Contents"]}
    chapters = [item for item in contents.items if isinstance(item, RangeValue)]
    assert [len(chapter.items) for chapter in chapters] == [2, 2]
    assert all(item.uri in {canvas.uri for canvas in value.canvases} for item in chapters[0].items)


def test_no_recipe_was_forgotten(samples, recipes):
    assert list(recipes) == files(samples / "iiif-cookbook")
