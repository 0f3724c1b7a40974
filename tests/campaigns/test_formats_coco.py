"""Reading COCO as other people write it."""

import json
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box
from campaigns.formats.coco import CocoError, read


def test_two_flavours_of_the_same_boxes(samples):
    folder = samples / "label-formats" / "same_boxes_100"
    truth = Counter()
    for path in (folder / "pascalvoc_format").glob("*.xml"):
        for thing in ET.parse(path).getroot().iter("object"):
            frame = thing.find("bndbox")
            left, top, right, bottom = (
                float(frame.find(key).text) for key in ("xmin", "ymin", "xmax", "ymax")
            )
            truth[path.stem, thing.find("name").text, left, top, right - left, bottom - top] += 1
    for name in ("coco_format_v1/instances_default.json", "coco_format_v2/instances_v2.json"):
        found = read((folder / name).read_bytes())
        assert found.problems == ()
        assert (len(found.images), len(found.boxes), len(found.categories)) == (100, 273, 20)
        assert {category.parent for category in found.categories} == {None}
        images = {image.id: image.name.removesuffix(".jpg") for image in found.images}
        names = {category.id: category.name for category in found.categories}
        boxes = Counter((images[b.image], names[b.category], *b.box.xywh) for b in found.boxes)
        assert boxes == truth


@pytest.mark.parametrize(("name", "images", "boxes"), [("animal-folder", 8, 36), ("ampullae-folder", 9, 74)])
def test_alchemical_illustrations(samples, name, images, boxes):
    found = read((samples / "boxes-hab-alchemy" / "coco" / f"{name}.json").read_bytes())
    assert len(found.images) == images
    assert (len(found.boxes), found.problems) == (boxes, ())


def test_medieval_pages_keep_what_they_say_about_themselves(samples):
    found = read((samples / "images-htromance-latin" / "small" / "coco.json").read_bytes())
    assert (len(found.images), len(found.categories)) == (40, 9)
    assert (len(found.boxes), found.problems) == (234, ())
    assert found.images[0].extra["iiif_canvas"].startswith("https://gallica.bnf.fr/")


def document(**annotation):
    return {
        "images": [
            {"id": 1, "file_name": "a_jpg.rf.1.jpg", "width": 100, "height": 50, "extra": {"name": "a.jpg"}}
        ],
        "categories": [
            {"id": 0, "name": "Ornements", "supercategory": "none"},
            {"id": 1, "name": "Lettrine", "supercategory": "Ornements"},
        ],
        "annotations": [{"id": 7, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], **annotation}],
    }


def test_the_empty_root_of_roboflow_is_dropped_and_the_original_name_kept():
    found = read(document())
    assert [(c.name, c.parent) for c in found.categories] == [("Lettrine", None)]
    assert found.images[0].name == "a.jpg"
    assert len(read(document(category_id=0)).categories) == 2


def test_a_detection_has_its_score():
    (box,) = read(document(score=0.5, iscrowd=1)).boxes
    assert (box.score, box.is_crowd, box.box) == (0.5, True, Box(0, 0, 10, 10))


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"bbox": [0, 0, 101, 10]}, "/annotations/0/bbox", "leaves its image"),
        ({"bbox": [-1, 0, 10, 10]}, "/annotations/0/bbox", "leaves its image"),
        ({"bbox": [0, 0, 0, 10]}, "/annotations/0/bbox", "above zero"),
        ({"bbox": [0, 0, 10]}, "/annotations/0", "four numbers"),
        ({"bbox": None}, "/annotations/0", "four numbers"),
        ({"bbox": ["a", 0, 1, 1]}, "/annotations/0", "four numbers"),
        ({"bbox": [float("nan"), 0, 1, 1]}, "/annotations/0/bbox", "finite"),
        ({"image_id": 9}, "/annotations/0", "names 9"),
        ({"category_id": 9}, "/annotations/0", "names 9"),
        ({"category_id": float("inf")}, "/annotations/0", "needs"),
    ],
)
def test_each_fault_is_reported_at_its_place(changes, pointer, words):
    found = read(document(**changes))
    assert found.boxes == ()
    (problem,) = found.problems
    assert (problem.pointer, problem.severity) == (pointer, "error")
    assert words in problem.sentence


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"images": []}', "[" * 100_000, b"\xff"])
def test_what_is_no_coco_is_refused(content):
    with pytest.raises(CocoError):
        read(content)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "name", "bbox", "image_id", "width", "file_name", "height"]), inner
        )
    ),
    max_leaves=10,
)


@given(*[st.lists(anything, max_size=4)] * 3)
def test_nothing_breaks_the_reader(images, categories, annotations):
    found = read(
        json.loads(json.dumps({"images": images, "categories": categories, "annotations": annotations}))
    )
    assert len(found.boxes) <= len(annotations)
