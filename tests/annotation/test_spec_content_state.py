"""Every example of IIIF Content State 1.0, decoded; the published encodings; and every state there and back."""

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from annotation.iiif.contentstate import (
    LONGEST,
    ContentStateError,
    Place,
    annotation_of,
    content_state,
    decode,
    encode,
    places_of,
    read_content_state,
    target_of,
)

EXAMPLES = Path(settings.SAMPLES) / "iiif-spec-examples" / "content-state_1.0"
pytestmark = pytest.mark.usefixtures("samples")

MANIFEST = Place("https://example.org/iiif/item1/manifest", "Manifest")
REGION = Place(
    "https://example.org/object1/canvas7",
    "Canvas",
    "https://example.org/object1/manifest",
    "xywh=1000,2000,1000,2000",
)
PAGE = Place(
    "https://damsssl.llgc.org.uk/iiif/2.0/4389767/canvas/4389772.json", "Canvas",
    "https://damsssl.llgc.org.uk/iiif/2.0/4389767/manifest.json",
)  # fmt: skip
MOMENT = Place(
    "https://example.org/iiif/id1/canvas1", "Canvas", "https://example.org/iiif/id1/manifest", start=14.5
)
COMPARED = tuple(
    Place(
        f"https://example.org/iiif/item{number}/canvas{canvas}",
        "Canvas",
        f"https://example.org/iiif/item{number}/manifest",
    )
    for number, canvas in ((1, 37), (2, 99))
)
MEANT = {
    1: (MANIFEST,), 2: (MANIFEST,), 3: (REGION,), 4: (REGION,), 5: (PAGE,), 6: (PAGE,), 7: (REGION,),
    8: (MOMENT,), 9: COMPARED, 10: (REGION,), 11: (REGION,),
}  # fmt: skip


def example(number: int) -> dict:
    (path,) = EXAMPLES.glob(f"{number:02}_*.json")
    return json.loads(path.read_text())


@pytest.mark.parametrize("number", sorted(MEANT))
def test_every_example_means_what_its_text_says(number):
    document = example(number)
    for written in (encode(document), json.dumps(document)):
        assert decode(written) == document
        assert read_content_state(written) == MEANT[number]


def test_no_example_is_left_out():
    assert len(list(EXAMPLES.glob("*.json"))) == len(MEANT)


@pytest.mark.parametrize("number", [2, 4, 6, 10, 11])
def test_target_bodies_are_written_as_in_the_examples(number):
    assert target_of(MEANT[number][0]) == example(number)


@pytest.mark.parametrize("number", [1, 3, 5, 7])
def test_annotations_are_written_as_in_the_examples(number):
    document = example(number)
    assert annotation_of(*MEANT[number], uri=document["id"]) == document


def test_several_targets_are_written_as_in_the_example():
    document = example(9)
    assert annotation_of(*COMPARED, uri=document["id"]) == {**document, "motivation": ["contentState"]}


def test_the_published_encoding_of_a_search_result():
    """The link of §5.4, as printed there."""
    printed = (
        "JTdCJTIyaWQlMjIlM0ElMjJodHRwcyUzQSUyRiUyRmV4YW1wbGUub3JnJTJGYWxpY2UlMkZjYW52YXM3NyUyM3h5d2glM0QxMDAwJTJD"
        "MjAwMCUyQzEwMDAlMkMyMDAwJTIyJTJDJTIydHlwZSUyMiUzQSUyMkNhbnZhcyUyMiUyQyUyMnBhcnRPZiUyMiUzQSU1QiU3QiUyMmlk"
        "JTIyJTNBJTIyaHR0cHMlM0ElMkYlMkZleGFtcGxlLm9yZyUyRmFsaWNlJTJGbWFuaWZlc3QlMjIlMkMlMjJ0eXBlJTIyJTNBJTIyTWFu"
        "aWZlc3QlMjIlN0QlNUQlN0Q"
    )
    alice = Place(
        "https://example.org/alice/canvas77", "Canvas", "https://example.org/alice/manifest", REGION.fragment
    )
    assert read_content_state(printed) == (alice,)
    assert content_state(alice) == printed


def test_plain_addresses_are_not_encoded():
    assert content_state(MANIFEST) == MANIFEST.uri
    assert read_content_state(f"  {MANIFEST.uri}\n") == (Place(MANIFEST.uri),)
    # Who encodes an address against the rule is understood all the same.
    assert read_content_state(base64.urlsafe_b64encode(b"https%3A%2F%2Fexample.org%2Fm").decode()) == (
        Place("https://example.org/m"),
    )


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ({"id": "https://e.org/r1", "type": "Range", "partOf": "https://e.org/m"}, Place("https://e.org/r1", "Range", "https://e.org/m")),
        ({"@id": "https://e.org/c", "@type": "sc:Canvas", "within": "https://e.org/m"}, Place("https://e.org/c", "Canvas", "https://e.org/m")),
        ({"id": "https://e.org/c#t=5,10", "type": "Canvas"}, Place("https://e.org/c", "Canvas", start=5, end=10)),
        ({"id": "https://e.org/c#t=,10", "type": "Canvas"}, Place("https://e.org/c", "Canvas", end=10)),
        ({"id": "https://e.org/c#xywh=percent:10,10,5,5&t=3", "type": "Canvas"}, Place("https://e.org/c", "Canvas", fragment="xywh=percent:10,10,5,5", start=3)),
        ({"id": "https://e.org/m#c1", "type": "Canvas"}, Place("https://e.org/m#c1", "Canvas")),
        ({"id": "https://e.org/m#c1#xywh=1,2,3,4"}, Place("https://e.org/m#c1", "Canvas", fragment="xywh=1,2,3,4")),
        ({"type": "SpecificResource", "source": "https://e.org/c", "selector": {"type": "FragmentSelector", "value": "xywh=1,2,3,4"}}, Place("https://e.org/c", fragment="xywh=1,2,3,4")),
        ({"type": "SpecificResource", "source": {"id": "https://e.org/c", "type": "Canvas"}, "selector": [{"type": "PointSelector", "x": 5, "y": 7}]}, Place("https://e.org/c", "Canvas", point=(5, 7))),
        ({"type": "Annotation", "motivation": "commenting", "id": "https://e.org/a", "target": "https://e.org/c"}, Place("https://e.org/a", "Annotation")),
        ({"type": "Annotation", "motivation": "contentState", "target": {"id": "https://e.org/a", "type": "Annotation"}}, Place("https://e.org/a", "Annotation")),
        ({"id": "https://e.org/c", "type": "Canvas", "partOf": [{"id": "https://e.org/col", "type": "Collection"}, {"id": "https://e.org/m", "type": "Manifest"}]}, Place("https://e.org/c", "Canvas", "https://e.org/m")),
    ],
)  # fmt: skip
def test_other_forms_are_read(state, place):
    assert read_content_state(encode(state)) == (place,)


def test_percent_are_measured_against_the_canvas():
    (place,) = places_of("https://e.org/c#xywh=percent:10,10,50,50")
    assert place.box(200, 100).xywh == (20, 10, 100, 50)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "!", "abc", "not base64 at all", "%7B", "{", "{}", "[]", "[[]]", "null", "3", "true", '"x"',
        '{"id": 5}', '{"id": "javascript:alert(1)"}', '{"id": "ftp://e.org/x"}', '{"id": "https://e.org/a b"}',
        '{"type": "Annotation", "motivation": "contentState"}', '{"type": "SpecificResource"}', '{"source": 5}',
        "[" * 2000, '{"id": NaN}', "https://e.org/" + "a" * LONGEST, "ftp://e.org/m", "\x00", "é", "\ud800",
        json.dumps(["https://e.org/m"] * 200), encode([]), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
def test_what_is_no_content_state_is_refused_in_a_sentence(text):
    with pytest.raises(ContentStateError, match=r"\.$"):
        read_content_state(text)


@given(st.text(max_size=200))
def test_nothing_else_is_raised(text):
    with suppress(ContentStateError):
        assert read_content_state(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.sampled_from(["https://e.org/x#xywh=1,2,3,4", "Annotation", "contentState", "PointSelector"]),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "type", "target", "source", "selector", "partOf", "motivation", "value", "x", "t"]), inner, max_size=5),
        max_leaves=20,
    )
)  # fmt: skip
def test_no_document_breaks_the_reader(state):
    with suppress(ContentStateError):
        assert places_of(state)


ADDRESSES = st.builds(
    "https://example.org/{}".format,
    st.text("abcdefé漢😀-._~!$&'()*+,;=:@/?", max_size=20),
)
NUMBERS = st.integers(0, 10**6).map(lambda number: number / 100)
FRAGMENTS = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(
    lambda four: "xywh=" + ",".join(f"{n:g}" for n in four)
)
CANVASES = st.builds(
    Place, ADDRESSES, st.just("Canvas"), ADDRESSES, st.just("") | FRAGMENTS,
    st.none() | st.tuples(NUMBERS, NUMBERS), st.none() | NUMBERS, st.none() | NUMBERS,
)  # fmt: skip
WHOLES = st.builds(Place, ADDRESSES, st.sampled_from(["Manifest", "Range", "Collection", "Annotation"]))


@given(CANVASES | WHOLES)
def test_every_place_comes_back(place):
    assert places_of(json.loads(json.dumps(target_of(place)))) == (place,)
    text = content_state(place)
    (read,) = read_content_state(text)
    assert read == place or (text == place.uri and read == Place(place.uri))


@given(st.lists(CANVASES | WHOLES, min_size=1, max_size=5))
def test_several_places_come_back(places):
    assert read_content_state(encode(annotation_of(*places))) == tuple(places)


@given(CANVASES)
def test_encoded_states_survive_every_further_encoding(place):
    text = encode(target_of(place))
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
