"""The JSON examples cut out of the IIIF specifications: each is read here, or assigned to the specification that
reads it.
"""

import json

import pytest

from annotation.iiif import (
    AnnotationPageReading,
    CanvasReference,
    CollectionReading,
    ManifestReading,
    RangeValue,
    UnreadableDocument,
    read,
)
from annotation.iiif.findings import Findings
from annotation.iiif.services import image_service
from tests.annotation.documents import HERE, astray

# Folder → how many examples, and whose they are. A folder or file that is not here fails the last test.
PRESENTATION = {"presentation_2.1": 27, "presentation_3.0": 10}
IMAGE = {"image_1.0": 1, "image_2.0": 1, "image_2.1": 5, "image_3.0": 8}
ELSEWHERE = {
    "auth_2.0": (7, "Authorization Flow 2"),
    "content-state_1.0": (11, "Content State 1"),
    "discovery_1.0": (11, "Change Discovery 1"),
    "search_1.0": (11, "Content Search 1"),
    "search_2.0": (10, "Content Search 2"),
}

MANIFESTS = {
    "presentation_2.1": ["01", "02", "03", "06", "12", "25", "27"],
    "presentation_3.0": ["02", "03", "04", "10"],
}
COLLECTIONS = {"presentation_2.1": ["09", "13", "14"], "presentation_3.0": ["01"]}
# Fragments that the specification shortened so far that something is missing: what is said of them.
SHORTENED = {
    ("presentation_2.1", "01"): "The first sequence has no canvases.",
    ("presentation_2.1", "02"): "The canvas does not tell its width and height, and neither does its image.",
    ("presentation_2.1", "03"): "The painting annotation has no body; there is no image.",
    ("presentation_2.1", "06"): "The manifest has no canvas that could be read.",
    ("presentation_2.1", "14"): "The collection lists nothing.",
    ("presentation_2.1", "25"): "The manifest has neither sequences (version 2) nor items (version 3).",
    ("presentation_3.0", "02"): "The canvas does not tell its width and height, and neither does its image.",
    ("presentation_3.0", "04"): "The manifest has no canvas that could be read.",
}


def examples(samples, folder):
    return sorted((samples / "iiif-spec-examples" / folder).glob("*.json"))


def example(samples, folder, number):
    (path,) = (samples / "iiif-spec-examples" / folder).glob(f"{number}_*.json")
    return read(path.read_bytes(), url=HERE)


def kind_expected(folder, number):
    if number in MANIFESTS[folder]:
        return ManifestReading
    return CollectionReading if number in COLLECTIONS[folder] else AnnotationPageReading


@pytest.mark.parametrize("folder", PRESENTATION)
def test_every_example_of_presentation_is_read_for_what_it_is(samples, folder):
    for path in examples(samples, folder):
        reading = read(path.read_bytes(), url=HERE)
        number = path.name[:2]
        assert isinstance(reading, kind_expected(folder, number)), path.name
        said = [problem.sentence for problem in reading.problems if problem.severity == "error"]
        expected = SHORTENED.get((folder, number))
        assert (expected in said) if expected else not said, (path.name, said)
        assert astray(reading, json.loads(path.read_bytes())) == []


def test_the_complete_examples_say_all_that_they_say(samples):
    old = example(samples, "presentation_2.1", "27").manifest
    new = example(samples, "presentation_3.0", "10").manifest
    assert [canvas.uri[-2:] for canvas in old.canvases] == ["p1", "p2", "p3"]
    assert (old.version, old.nav_date, old.behavior) == (2, "1856-01-01T00:00:00Z", ("paged",))
    assert [link.kind for link in old.rendering] == ["Text"]
    assert [link.uri for link in old.part_of] == ["http://example.org/collections/books/"]
    assert [(page.label, page.uri[-2:]) for page in old.structures] == [({"none": ["Introduction"]}, "r1")]
    assert old.structures[0].items[2].fragment == "xywh=0,0,750,300"
    assert new.start is not None
    assert new.start.uri == new.canvases[1].uri
    assert [agent.label["en"] for agent in new.provider] == [["Example Organization"]]
    assert new.provider[0].logos[0].service is not None
    assert new.provider[0].see_also[0].kind == "Dataset"
    assert new.accompanying is None
    assert [service["@type"] for service in new.shared_services] == ["AuthCookieService1"]
    (introduction,) = new.structures[0].items
    assert isinstance(introduction, RangeValue)
    assert introduction.items[1] == CanvasReference(new.canvases[1].uri, "xywh=0,0,750,300")
    assert introduction.supplementary is not None
    assert introduction.supplementary.kind == "AnnotationCollection"


def test_paged_collections_lead_on(samples):
    head = example(samples, "presentation_2.1", "13").collection
    page = example(samples, "presentation_2.1", "14").collection
    assert (head.total, head.first) == (9316290, "http://example.org/iiif/collection/c1")
    assert page.next == "http://example.org/iiif/collection/c2"
    assert page.members == ()


@pytest.mark.parametrize("folder", IMAGE)
def test_info_json_of_every_version_is_read_as_a_service(samples, folder):
    """As a manifest may embed it. Version 1.0 tells a name instead of an address, so that alone it is none."""
    version = int(folder.removeprefix("image_")[0])
    read_in_full = 0
    for path in examples(samples, folder):
        document = json.loads(path.read_bytes())
        service = image_service(document, Findings(None), "/service")
        if isinstance(document, dict) and (document.get("id") or document.get("@id")):
            assert service is not None, path.name
            assert service.version == version, path.name
            assert (service.width, service.height) == (document.get("width"), document.get("height"))
            read_in_full += 1
        else:
            assert service is None, path.name
    assert read_in_full or version == 1


@pytest.mark.parametrize(("folder", "of"), ELSEWHERE.items())
def test_examples_of_other_specifications_are_theirs(samples, folder, of):
    """They are tested with their specification; here each is recognised as no manifest, or read as one at
    least without a crash.
    """
    count, _specification = of
    paths = examples(samples, folder)
    assert len(paths) == count
    for path in paths:
        try:
            assert not isinstance(read(path.read_bytes(), url=HERE), CollectionReading), path.name
        except UnreadableDocument as refusal:
            assert str(refusal).startswith("The JSON is no manifest"), path.name  # noqa: PT017


def test_no_example_is_passed_over(samples):
    expected = {**PRESENTATION, **IMAGE, **{folder: count for folder, (count, _of) in ELSEWHERE.items()}}
    found = {
        folder.name: len(list(folder.glob("*.json")))
        for folder in (samples / "iiif-spec-examples").iterdir()
        if folder.is_dir()
    }
    assert found == expected
    assert sum(found.values()) == 102
