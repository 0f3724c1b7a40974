"""Crop addresses: what a service can do, what had to be clipped or rounded, and by which sentence it is said."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box
from annotation.iiif import CanvasValue, ImageService, ImageValue
from annotation.iiif.crops import Ability, OutsideCanvas, ability_of, crops
from annotation.models import Canvas, Manifest

BASE = "https://example.org/image"
SITE = "http://localhost:8000"


def canvas(
    version=3,
    profile="level2",
    *,
    size=(1000, 1400),
    image=(2000, 2800),
    service=True,
    url="https://example.org/a.jpg",
):
    behind = ImageService(BASE, version, profile) if service else None
    return CanvasValue("https://example.org/c", 0, {}, *size, image=ImageValue(url, behind, *image))


def urls(found):
    return [offer.url.removeprefix(BASE) for offer in found.offers]


@pytest.mark.parametrize(
    ("version", "full", "quality"), [(3, "max", "default"), (2, "full", "default"), (1, "full", "native")]
)
def test_every_version_gets_its_own_words(version, full, quality):
    found = crops(canvas(version, "level1"), Box(100, 200, 750, 250))
    assert urls(found) == [
        f"/200,400,1500,500/{size}/0/{quality}.jpg" for size in ("200,", "400,", "1000,", full)
    ]
    assert [(offer.width, offer.height) for offer in found.offers] == [
        (200, 67),
        (400, 133),
        (1000, 333),
        (1500, 500),
    ]
    assert found.sayings == ()


def test_a_high_region_is_measured_by_its_height():
    assert urls(crops(canvas(), Box(0, 0, 100, 400)))[0] == "/0,0,200,800/,200/0/default.jpg"


def test_what_is_smaller_than_a_size_is_not_blown_up():
    found = crops(canvas(), Box(0, 0, 50, 50))
    assert [(offer.name, offer.width) for offer in found.offers] == [("full", 100)]


def test_the_whole_canvas_is_offered_whole():
    assert urls(crops(canvas(), None))[-1] == "/full/max/0/default.jpg"


def test_limits_are_kept_and_said():
    description = {
        "profile": [
            "http://iiif.io/api/image/2/level2.json",
            {"maxWidth": 1200, "supports": ["regionSquare"]},
        ]
    }
    able = ability_of(ImageService(BASE, 2), description)
    found = crops(canvas(2), None, able)
    assert found.sayings == ("limited",)
    # maxHeight is maxWidth where it is not said (Image API 2.1 §5.2).
    assert (found.offers[-1].name, found.offers[-1].width, found.offers[-1].height) == ("largest", 857, 1200)
    assert urls(found)[-1] == "/full/,1200/0/default.jpg"
    wide = ability_of(ImageService(BASE, 3, "level2"), {"maxWidth": 900, "maxHeight": 9000, "maxArea": 10**9})
    assert crops(canvas(), None, wide).offers[-1].width == 900
    small = Ability(max_area=10_000)
    assert all(
        o.width * o.height <= 10_000 for o in crops(canvas(), None, small, ladder={"wanted": 50}).offers
    )


@pytest.mark.parametrize(("version", "size"), [(3, "500,700"), (2, "500,")])
def test_level_0_offers_what_it_keeps_ready(version, size):
    able = ability_of(
        ImageService(BASE, version, "level0"),
        {"sizes": [{"width": 500, "height": 700}, {"width": 2000, "height": 2800}]},
    )
    found = crops(canvas(version), Box(100, 200, 300, 400), able)
    assert found.sayings == ("cannot-cut", "fixed-sizes")
    whole = "max" if version == 3 else "full"
    assert urls(found) == [
        f"/full/{size}/0/default.jpg#xywh=50,100,150,200",
        f"/full/{whole}/0/default.jpg#xywh=200,400,600,800",
    ]
    assert not any(offer.cut for offer in found.offers)
    assert (
        ability_of(ImageService(BASE, 3, "level0"), {"extraFeatures": ["regionByPx", "sizeByW", "sizeByH"]})
        == Ability()
    )


def test_a_static_image_is_whole_with_its_region_marked():
    found = crops(canvas(service=False), Box(100, 200, 300, 400))
    assert [offer.url for offer in found.offers] == ["https://example.org/a.jpg#xywh=200,400,600,800"]
    assert found.sayings == ("no-service",)
    assert crops(canvas(service=False), None).offers[0].url == "https://example.org/a.jpg"


def test_no_image_is_said():
    assert crops(CanvasValue("https://example.org/c", 0, {}, 10, 10), Box(1, 1, 2, 2)).sayings == (
        "no-image",
    )


def test_unknown_sizes_ask_for_percent():
    found = crops(canvas(image=(None, None)), Box(100, 140, 500, 700))
    assert urls(found) == ["/pct:10,10,50,50/max/0/default.jpg"]
    assert found.sayings == ("size-unknown",)


def test_regions_are_rounded_outwards_and_clipped_with_a_word():
    found = crops(canvas(), Box(100.3, 200.3, 10.2, 10.2))
    assert (found.pixels.xywh, found.sayings) == ((200, 400, 21, 21), ("rounded",))
    out = crops(canvas(), Box(-50, 1300, 100, 200))
    assert (out.box.xywh, out.sayings) == ((0, 1300, 50, 100), ("clipped",))
    with pytest.raises(OutsideCanvas, match=r"1000 × 1400\.$"):
        crops(canvas(), Box(2000, 0, 10, 10))


@given(
    st.floats(-500, 1500), st.floats(-500, 1900), st.floats(0.001, 2000), st.floats(0.001, 2000),
    st.integers(1, 5000), st.integers(1, 5000),
)  # fmt: skip
def test_no_region_leaves_the_image_or_loses_a_pixel(x, y, w, h, width, height):
    try:
        found = crops(canvas(image=(width, height)), Box(x, y, w, h))
    except OutsideCanvas:
        assert x >= 1000 or y >= 1400 or x + w <= 0 or y + h <= 0
        return
    left, top, right, bottom = found.pixels.xyxy
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    sx = width / 1000
    assert left <= max(0, x) * sx + 1e-4 or left == width - 1
    assert right >= min(1000, x + w) * sx - 1e-4
    assert all(value == math.floor(value) for value in found.pixels.xywh)
    assert [offer.width for offer in found.offers] == sorted(offer.width for offer in found.offers)


# --- over REST ------------------------------------------------------------------------------------


@pytest.fixture
def crop(db, api, manifest):
    Manifest.objects.update(is_public=True)
    page = manifest.canvases.get(position=0)
    return lambda **parameters: api.get(f"/api/v1/canvases/{page.pk}/crop/", parameters)


@pytest.mark.django_db
def test_the_api_offers_sizes_and_says_what_was_clipped(crop, manifest, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        answer = crop(xywh="900,100,200.5,50")
    found = answer.json()
    assert found["xywh"] == [900, 100, 100, 50]
    assert found["pixels"] == [1800, 200, 200, 100]
    assert [note["code"] for note in found["notes"]] == ["clipped"]
    assert found["notes"][0]["detail"].endswith(".")
    assert found["sizes"][-1]["url"].endswith("/1800,200,200,100/max/0/default.jpg")


@pytest.mark.django_db
def test_a_size_leads_to_the_picture(crop):
    answer = crop(xywh="percent:0,0,50,50", size="300")
    assert answer.status_code == 303
    assert answer["Location"].endswith("/0,0,1000,1400/,300/0/default.jpg")


@pytest.mark.django_db
def test_limits_are_read_from_the_manifest(crop, manifest):
    uri = f"{manifest.uri.removesuffix('/manifest')}/image/1"
    for document in (
        {"items": [{"id": manifest.canvases.get(position=0).uri, "items": [{"service": [{"id": uri, "maxWidth": 500}]}]}]},
        {"sequences": [{"canvases": [{"@id": manifest.canvases.get(position=0).uri, "images": [
            {"resource": {"service": {"@id": f"{uri}/", "profile": ["level2", {"maxWidth": 500}]}}}]}]}]},
    ):  # fmt: skip
        Manifest.objects.update(document=document)
        found = crop().json()
        assert found["sizes"][-1]["height"] == 500, document
        assert [note["code"] for note in found["notes"]] == ["limited"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({"xywh": "1,2,3"}, 400, "bad-xywh"),
        ({"xywh": "a,b,c,d"}, 400, "bad-xywh"),
        ({"xywh": "0,0,0,5"}, 400, "bad-xywh"),
        ({"xywh": "1e300,0,1e300,5"}, 422, "outside-canvas"),
        ({"xywh": "5000,0,10,10"}, 422, "outside-canvas"),
        ({"size": "0"}, 400, "bad-size"),
        ({"size": "huge"}, 400, "bad-size"),
    ],
)
def test_what_is_no_region_is_a_problem(crop, parameters, status, code):
    answer = crop(**parameters)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.django_db
def test_a_canvas_without_an_image_has_no_picture(crop, manifest):
    Canvas.objects.update(image_service="", image_url="")
    assert crop().json()["sizes"] == []
    assert crop(size="100").status_code == 404


@pytest.mark.django_db
def test_our_own_uploads_know_their_limits(api, owner, finished):
    from annotation.actions.sources import import_images
    from tests.annotation.conftest import picture

    manifest = finished(import_images([picture(size=(600, 400))], title="One", by=owner)).manifest
    api.force_authenticate(owner)
    page = manifest.canvases.get()
    for offer in api.get(f"/api/v1/canvases/{page.pk}/crop/", {"xywh": "10,10,300,300"}).json()["sizes"]:
        assert api.get(offer["url"].removeprefix(SITE)).status_code == 200
