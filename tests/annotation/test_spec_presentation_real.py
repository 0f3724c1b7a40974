"""IIIF Presentation as institutions really write it: imported by the job, reported, published again valid."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.actions.sources import import_from_file
from annotation.iiif import (
    AnnotationPageReading,
    CollectionReading,
    ManifestReading,
    RangeReference,
    RangeValue,
    UnreadableDocument,
    read,
)
from annotation.iiif.write import NotPublishable, manifest
from tests.annotation.conftest import report, upload
from tests.annotation.documents import HERE, astray, errors, files, read_all

# The one that is sound alone: it has no canvas that a box could stand on.
SOUND_ONLY = "accompanying-canvas.json"


@pytest.fixture(scope="module")
def folder(samples):
    return samples / "iiif-manifests-real"


@pytest.fixture(scope="module")
def readings(folder):
    return read_all(folder)


@pytest.fixture(scope="module")
def faults(samples):
    """What the JSON Schema of Presentation 3 says against a document."""
    schema = json.loads((samples / "iiif-prezi3-schema" / "iiif_3_0.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    return lambda document: [fault.message[:200] for fault in validator.iter_errors(document)]


def test_all_of_them_are_read_without_an_error(readings):
    kinds = [ManifestReading, CollectionReading, AnnotationPageReading]
    assert [sum(isinstance(reading, kind) for reading in readings.values()) for kind in kinds] == [46, 10, 5]
    assert {path.name: errors(reading) for path, reading in readings.items() if errors(reading)} == {}


def test_every_pointer_leads_into_the_document(readings):
    wrong = {path.name: astray(reading, json.loads(path.read_bytes())) for path, reading in readings.items()}
    assert {name: pointers for name, pointers in wrong.items() if pointers} == {}


@pytest.mark.django_db
def test_each_is_imported_by_the_job_with_a_report(folder, readings, owner, finished, api, faults):
    """Rows in the database and a sentence for every problem; and what came in is served again, valid."""
    outcomes = {}
    for path in readings:
        reading = read(path.read_bytes())
        source = finished(import_from_file(upload(path.read_bytes(), path.name), by=owner))
        lines = [line.sentence for line in report(source)]
        assert [problem.sentence for problem in reading.problems if problem.sentence not in lines] == [], path
        assert "unexpected" not in source.job.error, path
        outcomes[path] = "imported" if source.manifest else source.job.error or source.job.state
        if not isinstance(reading, ManifestReading) or source.manifest is None:
            continue
        rows = list(source.manifest.canvases.order_by("position").values_list("uri", "width", "height"))
        canvases = [canvas for canvas in reading.manifest.canvases if canvas.width and canvas.height]
        assert rows == [(canvas.uri, canvas.width, canvas.height) for canvas in canvases], path
        assert source.manifest.label == reading.manifest.label
        assert f"{len(canvases)} canvases were read." in lines
        served = api.get(f"/iiif/presentation/{source.manifest.pk}/manifest")
        assert served.status_code == 200, path
        assert faults(served.json()) == [], path
    manifests = {path: said for path, said in outcomes.items() if isinstance(readings[path], ManifestReading)}
    refused = {path.name: said for path, said in manifests.items() if said != "imported"}
    assert list(refused) == [SOUND_ONLY]
    assert "no canvas that annotations could stand on" in refused[SOUND_ONLY]
    assert len(outcomes) == 61


def depth(value: RangeValue) -> int:
    return 1 + max((depth(item) for item in value.items if isinstance(item, RangeValue)), default=0)


def nodes(value: RangeValue) -> int:
    return 1 + sum(nodes(item) for item in value.items if isinstance(item, RangeValue))


def named(node: object) -> set[str]:
    """The ids of ranges that a document defines or lists, in either version."""
    if isinstance(node, list):
        return {uri for item in node for uri in named(item)}
    if not isinstance(node, dict):
        return set()
    own = str(node.get("type") or node.get("@type")).endswith("Range")
    uri = {node.get("id") or node.get("@id")} if own else set()
    return uri | {found for item in node.values() for found in named(item)}


def uris(value: RangeValue | RangeReference) -> set[str]:
    inside = value.items if isinstance(value, RangeValue) else ()
    below = [uris(item) for item in inside if isinstance(item, RangeValue | RangeReference)]
    return {value.uri}.union(*below)


def test_every_range_has_its_place_in_one_tree(readings):
    seen = 0
    for path, reading in readings.items():
        if isinstance(reading, ManifestReading):
            placed = set().union(*map(uris, reading.manifest.structures))
            assert placed == named(json.loads(path.read_bytes()).get("structures", [])), path
            seen += len(placed)
    assert seen > 140


@pytest.mark.parametrize(
    ("name", "tops", "levels", "ranges"),
    [
        ("sbb-test.json", 1, 4, 13),
        ("nls-manifest.json", 40, 1, 40),
        ("princeton-manifest.json", 1, 2, 32),
        ("iiif.lib.harvard.edu__manifests__drs:48309543.json", 1, 3, 44),
        ("bodleian.json", 1, 1, 1),
    ],
)
def test_tables_of_contents_have_their_shape(readings, name, tops, levels, ranges):
    (structures,) = [reading.manifest.structures for path, reading in readings.items() if path.name == name]
    assert len(structures) == tops
    assert max(map(depth, structures)) == levels
    assert sum(map(nodes, structures)) == ranges


def test_real_manifests_give_what_a_campaign_needs(folder):
    loc = read((folder / "presentation-2" / "loc.json").read_bytes()).manifest
    assert loc.version == 2
    assert all(canvas.width and canvas.height and canvas.image_service for canvas in loc.canvases)
    wellcome = read((folder / "presentation-3" / "wellcome-p3.json").read_bytes()).manifest
    assert wellcome.version == 3
    assert wellcome.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert [agent.label["en"] for agent in wellcome.provider] == [
        ["Wellcome Collection"]
    ] or wellcome.provider
    assert {link.media_type for link in wellcome.rendering} >= {"application/pdf"}
    assert [canvas.position for canvas in wellcome.canvases] == list(range(len(wellcome.canvases)))


def test_no_file_was_forgotten(folder, readings):
    assert list(readings) == files(folder)
    assert len(readings) == 61


# --- mutations ---

# Small ones, so that a mutation meets something that matters.
SUBJECTS = [
    "iiif-manifests-real/presentation-2/sbb-test.json",
    "iiif-manifests-real/presentation-2/body-choice.json",
    "iiif-manifests-real/presentation-2/paginated-collection.json",
    "iiif-manifests-real/presentation-3/has-part.json",
    "iiif-manifests-real/presentation-3/start-canvas.json",
    "iiif-manifests-real/presentation-3/accompanying-canvas.json",
    "iiif-cookbook/0024-book-4-toc/manifest.json",
    "iiif-cookbook/0036-composition-from-multiple-images/manifest.json",
    "iiif-cookbook/0234-provider/manifest.json",
    "iiif-cookbook/0154-geo-extension/manifest.json",
]
SCALARS: list[object] = [
    None, True, 0, -1, 10**30, 0.5, 1e308, "", " ", "x", "http://[x", "https://e.org/1", "sc:Range", "Range", "Canvas",
    "Choice", "SpecificResource", "#xywh=1,1,1,1", "xywh=percent:0,0,10,10", "\u0000", {}, [], [[]],
]  # fmt: skip
NAMES = ["@id", "id", "type", "items", "ranges", "canvases", "body", "service", "label", "@value", "within"]


class Dice:
    """Choices out of a list of numbers, so that the same numbers make the same document."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers, self._at = numbers, 0

    def of(self, things: list[Any]) -> Any:
        self._at += 1
        return things[self._numbers[self._at % len(self._numbers)] * self._at % len(things)]


def mutated(node: object, dice: Dice) -> object:
    """The document with one thing changed, somewhere in it."""
    if not isinstance(node, dict | list) or not node or dice.of(list(range(9))) == 0:
        around = [[node], [node, node], {"@id": node, "items": node, "value": node}]
        return dice.of([*SCALARS, *around])
    if isinstance(node, list):
        index = dice.of(list(range(len(node))))
        return [mutated(item, dice) if place == index else item for place, item in enumerate(node)]
    key = dice.of(list(node))
    change = dice.of(["deeper", "deeper", "deeper", "drop", "rename"])
    if change == "drop":
        return {name: value for name, value in node.items() if name != key}
    if change == "rename":
        other = dice.of(NAMES)
        return {(other if name == key else name): value for name, value in node.items()}
    return {name: mutated(value, dice) if name == key else value for name, value in node.items()}


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SUBJECTS),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=30),
    st.integers(1, 3),
)
def test_no_mutation_of_a_real_document_raises_anything_unforeseen(samples, faults, subject, numbers, times):
    document = load(samples / subject)
    dice = Dice(numbers)
    for _ in range(times):
        document = mutated(document, dice)
    if not isinstance(document, dict):
        return
    try:
        reading = read(document, url=HERE)
    except UnreadableDocument:
        return
    assert astray(reading, document) == []
    if isinstance(reading, ManifestReading):
        try:
            published = manifest(reading.manifest)
        except NotPublishable:
            return
        assert faults(published) == []


def load(path: Path) -> object:
    return json.loads(path.read_bytes())
