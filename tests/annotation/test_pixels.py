"""The pixels of a canvas and the addresses of its crops, wherever the image is."""

import io

import numpy as np
import pytest
from PIL import Image

from annotation import pixels
from annotation.actions.sources import import_images
from annotation.geometry import Box
from annotation.models import Canvas
from annotation.pixels import cut, gray_page, page_address
from annotation.queries import crop_url
from fetch import Fetched
from problems import Problem
from tests.annotation.conftest import upload

pytestmark = pytest.mark.django_db
SERVICE = "https://images.example.org/iiif/p1"


def canvas(**fields) -> Canvas:
    known = {"width": 1000, "height": 500, "image_width": 2000, "image_height": 1000}
    return Canvas(**{**known, "image_service": SERVICE, "image_service_version": 2, **fields})


def half_black() -> bytes:
    page = np.full((400, 800), 255, dtype=np.uint8)
    page[:, :400] = 0
    raw = io.BytesIO()
    Image.fromarray(page).save(raw, "PNG")
    return raw.getvalue()


def test_addresses_ask_only_for_what_every_service_gives():
    assert page_address(canvas(), longest=800) == f"{SERVICE}/full/800,/0/default.jpg"
    assert (
        page_address(canvas(image_width=500, image_height=250), longest=800)
        == f"{SERVICE}/full/500,/0/default.jpg"
    )
    fixed = canvas(extra={"profile": "level0"}, image_url="https://images.example.org/p1.jpg")
    assert page_address(fixed, longest=800) == "https://images.example.org/p1.jpg"
    assert crop_url(fixed, Box(1, 2, 3, 4)) == "https://images.example.org/p1.jpg"
    assert page_address(canvas(image_service="", image_url=""), longest=800) == ""


def test_a_crop_is_scaled_from_canvas_to_image():
    assert crop_url(canvas(), Box(10, 20, 30, 40)) == f"{SERVICE}/20,40,60,80/full/0/default.jpg"
    assert crop_url(canvas(), Box(0, 0, 900, 400)) == f"{SERVICE}/0,0,1800,800/400,/0/default.jpg"
    unknown = canvas(image_width=None, image_height=None)
    assert "pct:1,4,3,8" in crop_url(unknown, Box(10, 20, 30, 40))
    placed = canvas(extra={"placed": [500, 0, 500, 500]}, image_width=1000, image_height=1000)
    assert crop_url(placed, Box(500, 0, 50, 50)) == f"{SERVICE}/0,0,100,100/full/0/default.jpg"


def test_pixels_of_an_upload_come_from_its_pyramid(owner, finished):
    source = finished(import_images([upload(half_black(), "half.png")], title="Half", by=owner))
    page = gray_page(source.manifest.canvases.get(), longest=200)
    assert page.shape == (100, 200)
    assert page.dtype == np.uint8
    assert page[:, :90].max() < 20
    assert page[:, 110:].min() > 235


def test_pixels_from_an_institution_are_fetched_and_reduced(monkeypatch):
    asked = []

    def fetch(url, **options):
        asked.append(url)
        return Fetched(url, 200, {}, half_black(), "image/png", None, None)

    monkeypatch.setattr(pixels, "fetch", fetch)
    page = gray_page(canvas(), longest=200)
    assert (page.shape, asked) == ((100, 200), [f"{SERVICE}/full/200,/0/default.jpg"])
    corner = cut(page, canvas(), Box(500, 0, 500, 250))
    assert corner.shape == (50, 100)
    assert corner.min() > 200
    assert cut(page, canvas(), Box(999.9, 499.9, 0.1, 0.1)).size >= 1
    assert cut(page, canvas(), Box(2000, 900, 5, 5)).size >= 1, "outside: the nearest pixel"


def test_what_is_no_image_is_said_so(monkeypatch):
    monkeypatch.setattr(
        pixels, "fetch", lambda url, **o: Fetched(url, 200, {}, b"<xml/>", "image/png", None, None)
    )
    with pytest.raises(Problem, match="not an image"):
        gray_page(canvas(), longest=200)
    with pytest.raises(Problem, match="no image"):
        gray_page(canvas(image_service="", image_url=""), longest=200)
