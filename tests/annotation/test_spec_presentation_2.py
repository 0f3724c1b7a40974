"""IIIF Presentation 2.1 by its official fixtures: what is right is accepted, what is wrong is named."""

import json
from dataclasses import asdict

import jsonschema
import pytest

from annotation.iiif import (
    AnnotationPageReading,
    CollectionReading,
    ManifestReading,
    UnreadableDocument,
    read,
)
from annotation.iiif.write import manifest
from tests.annotation.documents import HERE, astray, differences, errors, files, read_all

# Number of the fault → where it stands, and words of the sentence that names it. What is no IIIF document at
# all has no place.
FAULTS = {
    0: (None, "not valid JSON"),
    1: (None, "it has no type"),
    2: (None, "it has no type"),
    3: (None, "it has no type"),
    4: (None, "it has no type"),
    5: (None, "it has no type"),
    6: (None, "its type is “fish”"),
    7: ("/id", "no identifier"),
    8: ("/@id", "“fish” is not an HTTP(S) URI"),
    9: ("", "The manifest has no label"),
    10: ("/label", "a number, not a string"),
    11: ("", "neither sequences"),
    12: ("/sequences", "no canvas"),
    13: ("/sequences/0", "The sequence is not an object"),
    14: ("/sequences", "A list is expected"),
    15: ("/sequences/0/@type", "A sequence is expected here, not “fish”"),
    16: ("/sequences", "A list is expected"),
    17: ("/sequences/0", "The first sequence has no canvases"),
    18: ("/sequences/0/canvases", "The sequence is empty"),
    19: ("/sequences/0/canvases", "A list is expected"),
    20: ("/sequences/0/canvases/0", "The canvas is not an object"),
    21: ("/sequences/0/canvases", "A list is expected"),
    22: ("/sequences/0/canvases/0", "The canvas has no identifier"),
    23: ("/sequences/0/canvases/0/@id", "“asdf” is not an HTTP(S) URI"),
    24: ("/sequences/0/canvases/0", "The canvas has no label"),
    25: ("/sequences/0/canvases/0/label", "a number, not a string"),
    26: ("/sequences/0/canvases/0", "does not tell its width and height"),
    27: ("/sequences/0/canvases/0/height", "written as a text"),
    28: ("/sequences/0/canvases/0", "does not tell its width and height"),
    29: ("/sequences/0/canvases/0/width", "written as a text"),
    30: ("/sequences/0/canvases/0/images", "A list is expected here (painting annotation)"),
    31: ("/sequences/0/canvases/0/images/0", "The painting annotation is not an object"),
    32: ("/sequences/0/canvases/0/images", "A list is expected here (painting annotation)"),
    33: ("/sequences/0/canvases/0/images/0", "no motivation"),
    34: ("/sequences/0/canvases/0/images/0/motivation", "not painting"),
    35: ("/sequences/0/canvases/0/images/0/on", "does not say what it targets"),
    36: ("/sequences/0/canvases/0/images/0/on", "does not say what it targets"),
    37: ("/sequences/0/canvases/0/images/0", "no body"),
    38: ("/sequences/0/canvases/0/images/0/resource", "neither an object nor an address"),
    39: ("/sequences/0/canvases/0/images/0/resource", "no type"),
    40: ("/sequences/0/canvases/0/images/0/resource", "not a still image"),
    41: ("/sequences/0/canvases/0/images/0/resource", "neither an address nor a service"),
    42: ("/sequences/0/canvases/0/images/0/resource", "“asdf” is relative"),
    43: ("/sequences/0/canvases/0/images/0/resource/height", "not a whole number"),
    44: ("/sequences/0/canvases/0/images/0/resource/width", "not a whole number"),
    45: ("/description", "markup that IIIF does not allow (plain, x, y)"),
    46: ("/description", "no value"),
    47: ("/description", "onmouseover"),
    48: ("/description", "script"),
    49: ("/description", "a comment"),
    50: ("/viewingDirection", "none of the four"),
    51: ("/sequences/0/startCanvas", "none of the canvases"),
}


@pytest.fixture(scope="module")
def folder(samples):
    return samples / "iiif-prezi2-fixtures"


@pytest.fixture(scope="module")
def fixtures(folder):
    return read_all(folder / "fixtures")


def test_all_fixtures_are_accepted(fixtures):
    kinds = {
        kind: sum(isinstance(reading, kind) for reading in fixtures.values())
        for kind in (ManifestReading, CollectionReading, AnnotationPageReading)
    }
    # 55 manifests, and a sequence of its own that is read as one.
    assert list(kinds.values()) == [56, 1, 10]
    assert {path: errors(reading) for path, reading in fixtures.items() if errors(reading)} == {}


def test_every_manifest_of_them_is_published_valid_and_whole(samples, fixtures):
    schema = jsonschema.Draft7Validator(
        json.loads((samples / "iiif-prezi3-schema" / "iiif_3_0.json").read_text())
    )
    wrong = {}
    for path, reading in fixtures.items():
        if isinstance(reading, ManifestReading):
            document = manifest(reading.manifest)
            again = asdict(read(json.dumps(document)).manifest)
            said = asdict(reading.manifest) | {"version": 3, "behavior": (), "services": (), "logo": None}
            found = [fault.message[:200] for fault in schema.iter_errors(document)]
            if found := [*found, *differences(said, again)]:
                wrong[path.parent.name] = found
    assert wrong == {}


def test_the_list_of_faults_is_the_official_one(folder):
    official = json.loads((folder / "errors" / "collection.json").read_bytes())["manifests"]
    assert [int(entry["label"].partition(":")[0]) for entry in official] == list(FAULTS)
    assert len(FAULTS) == 52


@pytest.mark.parametrize(("number", "fault"), FAULTS.items())
def test_a_deliberate_fault_is_named_where_it_stands(folder, number, fault):
    content = (folder / "errors" / str(number) / "manifest.json").read_bytes()
    pointer, words = fault
    if pointer is None:
        with pytest.raises(UnreadableDocument, match=r"\.$") as refused:
            read(content, url=HERE)
        assert words in str(refused.value)
        return
    reading = read(content, url=HERE)
    assert [found for found in reading.problems if found.pointer == pointer and words in found.sentence]
    assert astray(reading, json.loads(content)) == []


def test_a_sound_fixture_is_not_accused_of_the_faults(folder, fixtures):
    """What names the faults is silent about what is right."""
    words = {words for pointer, words in FAULTS.values() if pointer is not None}
    accused = {
        path.parent.name: problem.sentence
        for path, reading in fixtures.items()
        for problem in reading.problems
        if any(word in problem.sentence for word in words)
    }
    # The official validator rejects it too (validator_baseline.tsv).
    assert accused == {"65": "The start canvas is none of the canvases."}


def test_no_fixture_was_forgotten(folder, fixtures):
    assert list(fixtures) == files(folder / "fixtures")
