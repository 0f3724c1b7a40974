"""Release files: what is written says what was decided, streams, and is read by others' tools."""

import contextlib
import csv
import hashlib
import io
import json
import tracemalloc
from datetime import UTC, datetime

import pytest
from pycocotools.coco import COCO

from annotation.geometry import Box
from campaigns.formats import (
    FORMATS,
    Again,
    GroundTruth,
    Measured,
    ReleasedCanvas,
    ReleasedConcept,
    ReleasedItem,
    WrittenFile,
    csv_table,
    release_manifest,
    w3c,
    why_not,
)
from campaigns.formats.coco import read

SERVICE = "https://gallica.bnf.fr/iiif/ark:/12148/btv1b84539771/f12"
CANVAS = "https://gallica.bnf.fr/iiif/ark:/12148/btv1b84539771/canvas/f12"


def canvas(number, **changes):
    return ReleasedCanvas(
        **{
            "id": f"canvas-{number}",
            "uri": CANVAS if number == 1 else f"https://example.org/canvas/p{number}",
            "manifest": "https://example.org/manifest",
            "label": {"none": [f"f. {number}v"]},
            "width": 1200.0,
            "height": 1800.5,
            "image_service": SERVICE if number == 1 else "",
            "image_service_version": 2,
            "image_url": "https://example.org/full.jpg",
            **changes,
        }
    )


def item(number, place, box=(10, 20.5, 30, 40), concepts=("c-f",), **changes):
    document = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"https://example.org/a/{number}",
        "extra": "é",
    }
    return ReleasedItem(
        **{
            "annotation": f"a-{number}",
            "canvas": f"canvas-{place}",
            "box": Box(*box) if box else None,
            "concepts": tuple(concepts),
            "support": 2,
            "seen": 3,
            "decided_by": "Iris",
            "status": "accepted",
            "document": document,
            **changes,
        }
    )


CONCEPTS = [
    ReleasedConcept(id="clef", uri="https://example.org/clef", labels={"en": "clef", "fr": "clé"}),
    ReleasedConcept(
        id="c-f", uri="https://example.org/f", labels={"en": "F clef", "fr": "clé de fa"}, parent="clef"
    ),
    ReleasedConcept(
        id="c-g", uri="https://example.org/g", labels={"fr": "=clé de sol"}, notation="G", parent="clef"
    ),
]


def release(**changes):
    return GroundTruth(
        **{
            "campaign": "clefs",
            "title": {"en": "Clefs", "fr": "Clés"},
            "number": 3,
            "uri": "https://example.org/releases/clefs/3",
            "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
            "created_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
            "concepts": CONCEPTS,
            "canvases": [canvas(1), canvas(2), canvas(3)],
            "items": [
                item(1, 1),
                item(2, 1, concepts=("c-f", "c-g")),
                item(3, 3, box=None, concepts=("c-g",)),
            ],
            "provenance": {"method": "complete link"},
            **changes,
        }
    )


def text(name, value):
    return b"".join(FORMATS[name].write(value)).decode()


def load_with_pycocotools(path):
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_every_format_has_the_same_shape():
    assert {name: fmt.NAME for name, fmt in FORMATS.items()} == {
        name: name for name in ("w3c", "coco", "csv", "pairs", "agreement")
    }
    assert len({fmt.SUFFIX for fmt in FORMATS.values()}) == len(FORMATS)
    empty = release(canvases=[], items=[], concepts=[])
    for fmt in FORMATS.values():
        assert fmt.LABEL
        assert fmt.MEDIA_TYPE
        assert b"".join(fmt.write(empty))


def test_coco_is_what_pycocotools_reads(tmp_path):
    path = tmp_path / "clefs.json"
    path.write_bytes(b"".join(FORMATS["coco"].write(release())))
    coco = load_with_pycocotools(path)
    assert [c["name"] for c in coco.loadCats(coco.getCatIds())] == ["clef", "F clef", "=clé de sol"]
    assert [c["supercategory"] for c in coco.loadCats(coco.getCatIds())] == ["", "clef", "clef"]
    image = coco.loadImgs(1)[0]
    assert (image["width"], image["height"], image["canvas"]) == (1200, 1800.5, CANVAS)
    assert image["coco_url"] == f"{SERVICE}/full/full/0/default.jpg"
    boxes = coco.loadAnns(coco.getAnnIds())
    assert [(b["annotation"], b["category_id"], b["image_id"]) for b in boxes] == [
        ("a-1", 2, 1),
        ("a-2", 2, 1),
        ("a-2", 3, 1),
    ]
    assert boxes[0]["bbox"] == [10, 20.5, 30, 40]
    assert boxes[0]["area"] == 1200
    assert (boxes[0]["support"], boxes[0]["seen"], boxes[0]["decided_by"]) == (2, 3, "Iris")
    assert coco.loadImgs(3)[0]["tags"] == [3]
    assert "tags" not in image


def test_coco_reads_what_it_wrote():
    found = read(text("coco", release()))
    assert found.problems == ()
    assert [c.parent for c in found.categories] == [None, "clef", "clef"]
    assert [b.box for b in found.boxes] == [Box(10, 20.5, 30, 40)] * 3
    assert found.images[1].extra["canvas_id"] == "canvas-2"


def test_coco_names_are_told_apart_and_boxes_without_label_have_a_category():
    twins = [
        ReleasedConcept(id="one", uri="https://example.org/1", labels={"en": "cross"}, notation="25"),
        ReleasedConcept(id="two", uri="https://example.org/2", labels={"en": "cross"}),
    ]
    found = json.loads(text("coco", release(concepts=twins, items=[item(1, 1, concepts=())])))
    assert [c["name"] for c in found["categories"]] == [
        "cross (25)",
        "cross (https://example.org/2)",
        "(unlabelled)",
    ]
    assert found["annotations"][0]["category_id"] == 3


@pytest.mark.parametrize("wrong", [item(1, 9), item(1, 1, concepts=("unknown",))])
def test_coco_refuses_what_is_not_of_the_release(wrong):
    with pytest.raises(ValueError, match="not part of the release"):
        text("coco", release(items=[wrong]))


def test_the_table():
    content = text("csv", release())
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))
    assert content.startswith("\ufeffannotation,manifest,ark,view,")
    assert [row["annotation"] for row in rows] == ["a-1", "a-2", "a-2", "", "a-3"]
    first, third, nothing, tag = rows[0], rows[2], rows[3], rows[4]
    assert (first["ark"], first["view"], first["canvas_label"]) == ("ark:/12148/btv1b84539771", "12", "f. 1v")
    assert [first[key] for key in ("x", "y", "width", "height")] == ["10", "20.5", "30", "40"]
    assert first["iiif"].startswith(f"{SERVICE}/pct:0.8333,1.138")
    assert first["iiif"].endswith("/full/0/default.jpg")
    assert (third["category_name"], third["notation"], third["concept"]) == (
        "'=clé de sol",
        "G",
        "https://example.org/g",
    )
    assert (nothing["canvas"], nothing["status"], nothing["x"]) == (
        "https://example.org/canvas/p2",
        "nothing here",
        "",
    )
    assert (tag["x"], tag["category_name"], tag["iiif"]) == (
        "",
        "'=clé de sol",
        "https://example.org/full.jpg",
    )


def test_crops_in_pixels_where_the_image_is_known():
    known = canvas(1, image_width=2400, image_height=3601, image_service_version=3)
    assert known.crop_url(Box(10, 20, 30, 40)) == f"{SERVICE}/20,40,60,80/max/0/default.jpg"
    assert canvas(2).crop_url(Box(1, 1, 5, 5)) == ""


@pytest.mark.parametrize(
    "text_",
    ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
def test_cells_that_a_spreadsheet_could_run_are_disarmed(text_):
    assert csv_table.safe(text_) == "'" + text_
    assert csv_table.safe("a" + text_) == "a" + text_
    content = text("csv", release(items=[item(1, 1, decided_by=text_)]))
    assert (
        next(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))["decided_by"]
        == "'" + text_
    )


def test_w3c_pages():
    *pages, collection = json.loads(text("w3c", release()))
    assert [len(page["items"]) for page in pages] == [2, 0, 1]
    assert pages[0]["items"][0] == {"id": "https://example.org/a/1", "extra": "é"}
    assert pages[0]["id"] == w3c.page_id(release(), "canvas-1") == collection["first"]
    assert collection["last"] == pages[-1]["id"]
    assert (collection["type"], collection["total"], collection["id"]) == (
        "AnnotationCollection",
        3,
        release().uri,
    )
    assert all(page["partOf"][0]["id"] == collection["id"] for page in pages)


def test_items_in_another_order_are_refused():
    mixed = release(items=[item(3, 3), item(1, 1)])
    for name in ("w3c", "csv"):
        with pytest.raises(ValueError, match="order of the canvases"):
            text(name, mixed)


def test_what_can_be_read_once_only_is_refused():
    with pytest.raises(TypeError, match="Again"):
        release(items=iter([]))
    with pytest.raises(ValueError, match="time zone"):
        release(created_at=datetime(2026, 1, 1))  # noqa: DTZ001
    again = Again(lambda: iter([1, 2]))
    assert list(again) == list(again) == [1, 2]


def test_the_manifest_counts_and_hashes():
    value = release(note="first that is complete")
    files = []
    for name, fmt in FORMATS.items():
        if why_not(name, value):
            continue
        measured = Measured(fmt.write(value))
        content = b"".join(measured)
        assert measured.sha256 == hashlib.sha256(content).hexdigest()
        assert measured.size == len(content)
        files.append(
            WrittenFile(f"clefs-3{fmt.SUFFIX}", name, fmt.MEDIA_TYPE, measured.size, measured.sha256)
        )
    manifest = release_manifest(value, files)
    assert json.loads(json.dumps(manifest)) == manifest
    counts = manifest["counts"]
    assert (counts["canvases"], counts["canvases_with_nothing"], counts["boxes"], counts["tags"]) == (
        3,
        1,
        2,
        1,
    )
    assert [(c["label"], c["count"]) for c in counts["concepts"]] == [("F clef", 2), ("=clé de sol", 2)]
    assert counts["status"] == {"accepted": 3}
    assert [file["name"] for file in manifest["files"]] == [
        "clefs-3.agreement.json",
        "clefs-3.coco.json",
        "clefs-3.csv",
        "clefs-3.w3c.json",
    ]
    assert manifest["provenance"] == {"method": "complete link"}


@pytest.mark.parametrize("name", ["coco", "csv", "w3c"])
def test_thirty_thousand_boxes_stream(name):
    pages, per_page = 1000, 30
    value = release(
        canvases=Again(lambda: (canvas(n) for n in range(pages))),
        items=Again(lambda: (item(n, n // per_page) for n in range(pages * per_page))),
    )
    tracemalloc.start()
    try:
        size = largest = 0
        for piece in FORMATS[name].write(value):
            size, largest = size + len(piece), max(largest, len(piece))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 1_500_000
    assert largest < 200_000
    assert peak < size / 2
