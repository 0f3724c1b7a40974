"""What is painted on a canvas and how large things really are: read, kept, given on, and filled in for old rows."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from annotation.actions.sources import import_from_file
from annotation.iiif import ManifestReading, PhysicalScale, read
from annotation.models import Canvas
from annotation.painted import painted_images, physical_scale
from tests.annotation.conftest import p3_canvas, p3_manifest, upload

PHYSDIM = {
    "@context": "http://iiif.io/api/annex/services/physdim/1/context.json",
    "profile": "http://iiif.io/api/annex/services/physdim",
    "physicalScale": 0.05,
    "physicalUnits": "mm",
}


def canvas_of(manifest: dict[str, Any]) -> Any:
    reading = read(manifest)
    assert isinstance(reading, ManifestReading)
    return reading.manifest.canvases[0], reading.problems


def scaled(at: str, **said: object) -> dict[str, Any]:
    """A manifest whose physical dimensions are said by itself, its canvas, its image or its image's service."""
    manifest = p3_manifest(pages=1)
    service = {**PHYSDIM, **said}
    canvas = manifest["items"][0]
    body = canvas["items"][0]["items"][0]["body"]
    if at == "manifest":
        manifest["service"] = [service]
    elif at == "canvas":
        canvas["service"] = service
    elif at == "image":
        body["service"].append(service)
    else:
        body["service"][0]["service"] = [service]
    return manifest


@pytest.mark.parametrize(
    ("at", "factor"), [("manifest", 0.05), ("canvas", 0.05), ("image", 0.1), ("service", 0.1)]
)
def test_a_scale_is_found_wherever_it_stands_and_counts_in_canvas_units(at: str, factor: float) -> None:
    """The image has twice the pixels of its canvas, so that a unit is two of them."""
    canvas, problems = canvas_of(scaled(at))
    assert canvas.scale == PhysicalScale(pytest.approx(factor), "mm")
    assert not any("physical" in problem.sentence for problem in problems)


def test_the_canvas_knows_better_than_the_manifest() -> None:
    manifest = scaled("canvas", physicalScale=2, physicalUnits="CM ")
    manifest["service"] = PHYSDIM
    assert canvas_of(manifest)[0].scale == PhysicalScale(2.0, "cm")


def test_an_image_that_is_placed_and_cut_scales_by_what_is_seen_of_it() -> None:
    manifest = scaled("image")
    painting = manifest["items"][0]["items"][0]["items"][0]
    painting["target"] += "#xywh=100,100,500,700"
    painting["body"] = {
        "type": "SpecificResource",
        "source": painting["body"],
        "selector": {"type": "ImageApiSelector", "region": "0,0,1000,1400"},
    }
    assert canvas_of(manifest)[0].scale.factor == pytest.approx(0.05 * 1000 / 500)


@pytest.mark.parametrize(
    "odd",
    [
        {"physicalScale": 0}, {"physicalScale": -1}, {"physicalScale": True}, {"physicalScale": "wide"},
        {"physicalScale": float("inf")}, {"physicalScale": None}, {"physicalScale": "nan"}, {"physicalScale": 10**400}, {"physicalUnits": "furlong"},
        {"physicalUnits": None}, {"physicalUnits": ["mm"]},
    ],
)  # fmt: skip
def test_a_scale_that_makes_no_sense_is_said_and_left_out(odd: dict[str, object]) -> None:
    canvas, problems = canvas_of(scaled("canvas", **odd))
    assert canvas.scale is None
    (said,) = [problem for problem in problems if "physical" in problem.sentence]
    assert (said.severity, said.pointer) == ("warning", "/items/0/service")


def test_the_official_fixture_has_its_scale(samples: Path) -> None:
    file = samples / "iiif-manifests-real" / "presentation-2" / "iiif-fixture-manifest-with-dimensions.json"
    assert canvas_of(json.loads(file.read_text()))[0].scale == PhysicalScale(0.0025, "in")


# --- kept and given on -------------------------------------------------------------------------------


def brought(manifest: object, owner: Any, finished: Any) -> Canvas:
    source = finished(import_from_file(upload(manifest), by=owner))
    return source.manifest.canvases.get(position=0)


def recipe(samples: Path, name: str) -> Any:
    return json.loads((samples / "iiif-cookbook" / name / "manifest.json").read_text())


def labels(image: dict[str, Any]) -> list[str]:
    return [next(iter(choice["label"].values()), [""])[0] for choice in image["choices"]]


@pytest.mark.django_db
def test_a_choice_has_its_alternatives_with_the_default_first(owner, finished, samples: Path) -> None:
    canvas = brought(recipe(samples, "0033-choice"), owner, finished)
    (image,) = painted_images(canvas)
    assert image["place"] is None
    assert labels(image) == ["Natural Light", "X-Ray"]
    assert image["choices"][0]["service"] == canvas.image_service
    assert {choice["version"] for choice in image["choices"]} == {3}


@pytest.mark.django_db
def test_images_painted_together_have_their_places(owner, finished, samples: Path) -> None:
    canvas = brought(recipe(samples, "0036-composition-from-multiple-images"), owner, finished)
    page, miniature = painted_images(canvas)
    assert (page["place"], miniature["place"]) == (None, [3949, 994, 1091, 1232])
    assert page["choices"][0]["service"] == canvas.image_service
    assert labels(miniature)[0].startswith("Miniature")
    assert (miniature["choices"][0]["width"], miniature["choices"][0]["height"]) == (2138, 2414)


@pytest.mark.django_db
def test_every_painted_image_keeps_its_own_choices(owner, finished) -> None:
    manifest = p3_manifest(pages=1)
    page = manifest["items"][0]["items"][0]["items"]
    page[0]["body"] = {"type": "Choice", "items": [page[0]["body"], other("red")]}
    inset = {"type": "Choice", "items": [other("open"), other("shut")]}
    page.append({**page[0], "id": "x:2", "body": inset, "target": page[0]["target"] + "#xywh=1,2,30,40"})
    first, second = painted_images(brought(manifest, owner, finished))
    assert (labels(first), labels(second)) == (["", "red"], ["open", "shut"])
    assert second["place"] == [1, 2, 30, 40]


def other(name: str) -> dict[str, Any]:
    url = f"https://example.org/{name}.jpg"
    return {"id": url, "type": "Image", "label": {"en": [name]}, "width": 10, "height": 10}


@pytest.mark.django_db
def test_one_image_is_a_list_of_one_also_for_rows_that_kept_nothing_more(owner, finished) -> None:
    canvas = brought(p3_manifest(pages=1), owner, finished)
    (image,) = painted_images(canvas)
    canvas.extra = {}
    assert painted_images(canvas) == [image]
    assert image["choices"][0] | {"label": {}} == {
        "service": canvas.image_service, "version": 3, "url": canvas.image_url, "width": 2000, "height": 2800,
        "auth": None, "label": {}, "part": None, "rotation": None,
    }  # fmt: skip
    canvas.image_service = canvas.image_url = ""
    assert painted_images(canvas) == []
    assert physical_scale(canvas) is None


@pytest.mark.django_db
def test_old_rows_get_their_scale(owner, finished) -> None:
    manifest = p3_manifest(pages=2)
    manifest["items"][1] = {**p3_canvas("https://example.org/iiif/book", 2), "service": PHYSDIM}
    canvas = brought(manifest, owner, finished)
    canvases = Canvas.objects.filter(manifest=canvas.manifest).order_by("position")
    for row in canvases:
        row.extra.pop("scale", None)
        row.save()
    importlib.import_module("annotation.migrations.0011_physical_scales").fill(apps, None)
    assert [physical_scale(row) for row in canvases.all()] == [None, {"factor": 0.05, "units": "mm"}]
    assert "profile" in canvases[1].extra
