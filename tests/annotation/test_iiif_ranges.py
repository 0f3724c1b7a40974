"""Tables of contents that break the letter: circles, strangers, repetitions, depth, other orders; and back."""

import json
from typing import Any

import pytest

from annotation.iiif import CanvasReference, RangeReference, RangeValue, read
from annotation.iiif.ranges import MAX_RANGE_DEPTH
from annotation.iiif.write import manifest
from tests.annotation.documents import astray, canvas_3, manifest_3

E = "https://example.org"
ONE, TWO = f"{E}/c/1", f"{E}/c/2"


def book(*structures: Any, **changes: Any) -> dict[str, Any]:
    return manifest_3(canvas_3(id=ONE), canvas_3(id=TWO), structures=list(structures), **changes)


def old(name: str, **content: Any) -> dict[str, Any]:
    """A range of version 2."""
    return {"@id": f"{E}/{name}", "@type": "sc:Range", "label": name, **content}


def shape(item: Any) -> Any:
    """A range as its last step and what is in it; a canvas as its last step and its fragment."""
    if isinstance(item, RangeValue):
        return (item.uri.removeprefix(f"{E}/"), [shape(below) for below in item.items])
    if isinstance(item, RangeReference):
        return f"→ {item.uri}"
    return item.uri[-1] + (item.fragment or "")


def read_book(*structures: Any, **changes: Any):
    document = book(*structures, **changes)
    reading = read(document)
    assert astray(reading, document) == []
    sentences = [
        problem.sentence for problem in reading.problems if problem.pointer.startswith("/structures")
    ]
    return reading.manifest, sentences


def test_flat_lists_of_version_2_become_a_tree():
    value, said = read_book(
        old("top", viewingHint="top", ranges=[f"{E}/a", f"{E}/b"]),
        old("a", canvases=[ONE, f"{TWO}#xywh=0,0,10,10"]),
        old("b", members=[{"@id": f"{E}/b1", "@type": "sc:Range"}, {"@id": TWO, "@type": "sc:Canvas"}]),
        old("b1", canvases=[ONE], contentLayer=f"{E}/layer"),
    )
    assert [shape(top) for top in value.structures] == [
        ("top", [("a", ["1", "2xywh=0,0,10,10"]), ("b", [("b1", ["1"]), "2"])])
    ]
    assert value.structures[0].behavior == ("top",)
    assert value.structures[0].items[1].items[0].supplementary.kind == "AnnotationCollection"
    assert said == []


def test_a_child_may_name_its_parent_instead():
    value, said = read_book(old("a", canvases=[ONE]), old("a1", within=f"{E}/a", canvases=[TWO]))
    assert [shape(top) for top in value.structures] == [("a", ["1", ("a1", ["2"])])]
    assert said == []


def test_circles_and_repetitions_are_cut_and_said():
    value, said = read_book(old("a", ranges=[f"{E}/b"]), old("b", ranges=[f"{E}/a"], canvases=[ONE]))
    assert [shape(top) for top in value.structures] == [("a", [("b", ["1"])])]
    assert [sentence[:40] for sentence in said] == [
        "The range is not reached from the top, b",
        "The range stands elsewhere already; it i",
    ]
    value, said = read_book(
        old("a", ranges=[f"{E}/c", f"{E}/a"]),
        old("b", ranges=[f"{E}/c"], canvases=[ONE]),
        old("c", canvases=[TWO]),
    )
    assert [shape(top) for top in value.structures] == [("a", [("c", ["2"])]), ("b", ["1"])]
    assert len(said) == 2


def test_a_chain_without_end_is_cut_and_nothing_is_lost():
    count = 10 * MAX_RANGE_DEPTH
    chain = [old(f"r{n}", ranges=[f"{E}/r{n + 1}"], canvases=[ONE]) for n in range(count)]
    chain[-1]["ranges"] = []
    value, said = read_book(*chain)
    assert len(value.structures) == 10
    assert len(said) == 9
    document = manifest(value)
    assert read(json.dumps(document)).manifest.structures == value.structures


def test_what_is_no_range_is_left_out_and_what_is_nameless_gets_a_name():
    nameless = {"type": "Range", "label": {"en": ["N"]}, "items": [{"id": ONE, "type": "Canvas"}]}
    value, said = read_book(7, {"type": "Canvas", "id": ONE}, nameless, old("a", canvases=[None, {}, ONE]))
    assert [shape(top) for top in value.structures] == [("m#range-2", ["1"]), ("a", ["1"])]
    assert said.count("A range is expected here; this is left out.") == 2
    assert "The range has no identifier; one is made from its place." in said
    assert said.count("This is neither a canvas nor a range; it is left out.") == 2


def test_strangers_are_kept_by_name_and_said():
    stranger = {"id": f"{E}/elsewhere", "type": "Range", "label": {"en": ["Elsewhere"]}}
    value, said = read_book(old("a", items=[stranger, {"id": f"{E}/c/9", "type": "Canvas"}]))
    assert value.structures[0].items[0] == RangeReference(f"{E}/elsewhere", {"en": ["Elsewhere"]})
    assert value.structures[0].items[1] == CanvasReference(f"{E}/c/9")
    assert said == [
        "The range is not in this manifest; only its name is kept.",
        "1 canvases of the range are none of the manifest's canvases.",
    ]


def test_content_that_comes_after_a_reference_is_found():
    inner = {
        "id": f"{E}/b",
        "type": "Range",
        "label": {"en": ["B"]},
        "items": [{"id": ONE, "type": "Canvas"}],
    }
    value, said = read_book({"id": f"{E}/b", "type": "Range"}, old("a", items=[inner]))
    assert [shape(top) for top in value.structures] == [("a", [("b", ["1"])])]
    assert said == []


def test_parts_of_canvases_in_every_writing():
    def part(selector: Any) -> dict[str, Any]:
        return {"type": "SpecificResource", "source": ONE, "selector": selector}

    point = {"type": "PointSelector", "t": 12.5}
    value, _said = read_book(
        old(
            "a",
            items=[part({"type": "FragmentSelector", "value": "t=1,2"}), part(point), f"{TWO}#t=3", part([])],
        )
    )
    assert value.structures[0].items == (
        CanvasReference(ONE, "t=1,2"), CanvasReference(ONE, selector=point), CanvasReference(TWO, "t=3"),
        CanvasReference(ONE),
    )  # fmt: skip
    assert read(manifest(value)).manifest.structures == value.structures


def test_a_range_without_anything_published_is_not_published():
    silent = canvas_3(id=TWO, body={"id": f"{E}/i.jpg", "type": "Image"})
    del silent["width"], silent["height"]
    document = manifest_3(
        canvas_3(id=ONE), silent, structures=[old("a", canvases=[TWO]), old("b", canvases=[ONE, TWO])],
        start={"id": TWO, "type": "Canvas"},
    )  # fmt: skip
    value = read(document).manifest
    assert value.start == CanvasReference(TWO)
    published = manifest(value)
    assert [top["id"] for top in published["structures"]] == [f"{E}/b"]
    assert published["structures"][0]["items"] == [{"id": ONE, "type": "Canvas"}]
    assert "start" not in published


def test_an_odd_property_costs_a_range_its_description_and_nothing_else():
    odd = old(
        "a", canvases=[ONE], service=[{"id": f"{E}/s", "type": 7}], metadata=[{"label": "x", "value": "y"}]
    )
    published = manifest(read(book(odd)).manifest)
    assert published["structures"] == [
        {"id": f"{E}/a", "type": "Range", "label": {"none": ["a"]}, "items": [{"id": ONE, "type": "Canvas"}]}
    ]


def test_a_second_sequence_is_another_order():
    def canvas(uri: str) -> dict[str, Any]:
        return {"@id": uri, "@type": "sc:Canvas", "label": uri, "width": 10, "height": 10, "images": []}

    document = {
        "@context": "http://iiif.io/api/presentation/2/context.json", "@id": f"{E}/m", "@type": "sc:Manifest",
        "label": "m",
        "sequences": [
            {"canvases": [canvas(ONE), canvas(TWO)], "viewingHint": "paged", "viewingDirection": "right-to-left",
             "startCanvas": TWO, "rendering": {"@id": f"{E}/book.pdf", "format": "application/pdf", "label": "PDF"}},
            {"@id": f"{E}/s2", "label": "Backwards", "canvases": [TWO, canvas(ONE), f"{E}/c/9"]},
            {"@id": f"{E}/s3", "@type": "sc:Sequence"},
            {"canvases": [ONE, TWO]},
        ],
    }  # fmt: skip
    reading = read(document)
    value = reading.manifest
    assert (value.behavior, value.viewing_direction, value.start) == (
        ("paged",), "right-to-left", CanvasReference(TWO),
    )  # fmt: skip
    assert [(link.uri, link.kind, link.label) for link in value.rendering] == [
        (f"{E}/book.pdf", "Text", {"none": ["PDF"]})
    ]
    assert [(shape(other), other.behavior) for other in value.structures] == [
        (("s2", ["2", "1"]), ("sequence",))
    ]
    assert [problem.pointer for problem in reading.problems if problem.pointer.startswith("/sequences/")][-2:] == [
        "/sequences/1/canvases", "/sequences/2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "structures", [{}, "x", 5, [[]], {"@type": "sc:Range", "@id": f"{E}/a", "canvases": ONE}]
)
def test_structures_of_any_kind_cost_no_canvas(structures):
    document = {**book(), "structures": structures}
    reading = read(document)
    assert len(reading.manifest.canvases) == 2
    assert astray(reading, document) == []
    assert any(problem.pointer.startswith("/structures") for problem in reading.problems)
