"""Image addresses and Image API requests, against the rules of versions 1, 2.1 and 3.0."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box
from annotation.iiif import (
    CanvasValue,
    ImageRequestError,
    ImageService,
    ImageValue,
    Limits,
    crop_url,
    image_url,
    info,
    parse_request,
    thumbnail_url,
)

BASE = "https://e.org/i"


@pytest.mark.parametrize(
    ("version", "options", "expected"),
    [
        (3, {}, "full/max/0/default.jpg"),
        (2, {}, "full/full/0/default.jpg"),
        (1, {}, "full/full/0/native.jpg"),
        (3, {"region": Box(10.4, 20, 30, 40)}, "10,20,31,40/max/0/default.jpg"),
        (3, {"size": (200, None), "fmt": "webp"}, "full/200,/0/default.webp"),
        (2, {"size": (None, 50)}, "full/,50/0/default.jpg"),
        (3, {"size": "!200,300"}, "full/!200,300/0/default.jpg"),
        (
            3,
            {"region": Box(10, 20, 30, 40), "canvas_size": (100, 100), "image_size": (1000, 500)},
            "100,100,300,200/max/0/default.jpg",
        ),
        (
            3,
            {"region": Box(90, 90, 30, 40), "canvas_size": (100, 100), "image_size": (50, 50)},
            "45,45,5,5/max/0/default.jpg",
        ),
        (3, {"region": Box(10, 20, 30, 40), "canvas_size": (200, 100)}, "pct:5,20,15,40/max/0/default.jpg"),
    ],
)
def test_image_addresses(version, options, expected):
    assert image_url(BASE + "/", version, **options) == f"{BASE}/{expected}"


def canvas(**changes):
    image = ImageValue(f"{BASE}.jpg", ImageService(BASE, 3, changes.pop("profile", "level2")), 2000, 1000)
    return CanvasValue("https://e.org/c", 0, {}, 1000.0, 500.0, changes.pop("image", image), **changes)


def test_crops_are_addressed_in_image_pixels():
    assert crop_url(canvas(), Box(10, 20, 30, 40)) == f"{BASE}/20,40,60,80/max/0/default.jpg"
    assert crop_url(canvas(), Box(10, 20, 30, 40), longest=50) == f"{BASE}/20,40,60,80/,50/0/default.jpg"
    assert crop_url(canvas(image=None), Box(1, 1, 1, 1)) is None


def test_thumbnails():
    assert thumbnail_url(canvas(), longest=400) == f"{BASE}/full/400,/0/default.jpg"
    assert thumbnail_url(canvas(thumbnail="https://e.org/t.jpg")) == "https://e.org/t.jpg"
    assert thumbnail_url(canvas(profile="level0")) == f"{BASE}.jpg"
    tall = ImageValue(None, ImageService(BASE, 2), 100, 1000)
    assert thumbnail_url(canvas(image=tall), longest=400) == f"{BASE}/full/40,/0/default.jpg"


def ask(path, *, width=300, height=200, **options):
    return parse_request(path, width=width, height=height, **options)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("full", (0, 0, 300, 200)),
        ("square", (50, 0, 200, 200)),
        ("125,15,120,140", (125, 15, 120, 140)),
        ("pct:41.6,7.5,40,70", (125, 15, 120, 140)),
        ("125,15,200,200", (125, 15, 175, 185)),
        ("pct:41.6,7.5,66.6,100", (125, 15, 175, 185)),
    ],
)
def test_the_regions_of_the_specification(region, expected):
    # Image API 3.0 §4.1 shows these on its image of 300 × 200 pixels.
    assert ask(f"{region}/max/0/default.jpg").region == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("max", (300, 200)),
        ("150,", (150, 100)),
        (",150", (225, 150)),
        ("pct:50", (150, 100)),
        ("225,100", (225, 100)),
        ("!225,100", (150, 100)),
        ("!3000,3000", (300, 200)),
        ("^360,", (360, 240)),
        ("^,240", (360, 240)),
        ("^pct:120", (360, 240)),
        ("^360,360", (360, 360)),
        ("^!360,360", (360, 240)),
        ("^max", (300, 200)),
    ],
)
def test_the_sizes_of_the_specification(size, expected):
    assert ask(f"full/{size}/0/default.jpg").size == expected


def test_limits_hold():
    limits = Limits(max_width=100, formats=("jpg",))
    assert ask("full/max/0/default.jpg", limits=limits).size == (100, 66)
    assert ask("full/!150,150/0/default.jpg", limits=limits).size == (100, 66)
    assert ask("0,0,30,20/^max/0/default.jpg", limits=limits).size == (100, 66)
    with pytest.raises(ImageRequestError, match="larger than this server gives"):
        ask("full/150,/0/default.jpg", limits=limits)
    small = ask("full/max/0/default.jpg", limits=Limits(max_area=600))
    assert small.size[0] * small.size[1] <= 600


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("full/max/0", 400),
        ("full/max/0/default", 400),
        ("full/max/0/default.jpg/more", 400),
        ("300,0,10,10/max/0/default.jpg", 400),
        ("0,0,0,10/max/0/default.jpg", 400),
        ("pct:0,0,0,10/max/0/default.jpg", 400),
        ("-1,0,10,10/max/0/default.jpg", 400),
        ("1.5,0,10,10/max/0/default.jpg", 400),
        ("1,2,3/max/0/default.jpg", 400),
        ("all/max/0/default.jpg", 400),
        ("full/full/0/default.jpg", 400),
        ("full/301,/0/default.jpg", 400),
        ("full/pct:101/0/default.jpg", 400),
        ("full/0,/0/default.jpg", 400),
        ("full/,/0/default.jpg", 400),
        ("full/!100,/0/default.jpg", 400),
        ("full/pct:0.01/0/default.jpg", 400),
        ("full/large/0/default.jpg", 400),
        ("full/max/361/default.jpg", 400),
        ("full/max/-90/default.jpg", 400),
        ("full/max/north/default.jpg", 400),
        ("full/max/0/sepia.jpg", 400),
        ("full/max/0/default.tif", 400),
        ("full/max/0/default.exe", 400),
    ],
)
def test_wrong_requests_get_their_status_and_a_sentence(path, status):
    with pytest.raises(ImageRequestError, match=r"\.$") as refused:
        ask(path)
    assert refused.value.status == status


def test_a_server_that_does_not_enlarge_says_501():
    with pytest.raises(ImageRequestError) as refused:
        ask("full/^600,/0/default.jpg", limits=Limits(upscaling=False))
    assert refused.value.status == 501


@pytest.mark.parametrize(
    ("path", "mirrored", "rotation"),
    [("0", False, 0), ("90", False, 90), ("!180.0", True, 180), ("360", False, 0), ("22.50", False, 22.5)],
)
def test_rotations(path, mirrored, rotation):
    request = ask(f"full/max/{path}/gray.png")
    assert (request.mirrored, request.rotation, request.quality, request.format) == (
        mirrored,
        rotation,
        "gray",
        "png",
    )


@pytest.mark.parametrize(
    ("path", "version", "canonical"),
    [
        ("full/300,200/0.0/color.jpg", 3, "full/max/0/default.jpg"),
        ("pct:0,0,100,100/150,/0/default.jpg", 3, "full/150,100/0/default.jpg"),
        ("0,0,30,20/^60,/!0/default.jpg", 3, "0,0,30,20/^60,40/!0/default.jpg"),
        ("full/max/!.50/default.png", 3, "full/max/!0.5/default.png"),
        ("full/max/345.0/default.png", 3, "full/max/345/default.png"),
        ("full/max/0/default.jpg", 2, "full/full/0/default.jpg"),
        ("full/pct:50/0/default.jpg", 2, "full/150,/0/default.jpg"),
        ("full/150,150/0/default.jpg", 2, "full/150,150/0/default.jpg"),
        ("full/full/0/default.jpg", 2, "full/full/0/default.jpg"),
        ("full/600,/0/default.jpg", 2, "full/600,/0/default.jpg"),
    ],
)
def test_the_canonical_form(path, version, canonical):
    assert ask(path, version=version).canonical == canonical


@pytest.mark.parametrize(
    ("path", "version", "canonical"),
    [
        ("0,0,30,20/^max/0/default.jpg", 3, "0,0,30,20/^max/0/default.jpg"),
        ("0,0,30,20/^100,66/0/default.jpg", 3, "0,0,30,20/^max/0/default.jpg"),
        # 2.1 §4.2: until version 3 the canonical form of `max` is `w,`.
        ("full/max/0/default.jpg", 2, "full/100,66/0/default.jpg"),
        ("0,0,300,150/max/0/default.jpg", 2, "0,0,300,150/100,/0/default.jpg"),
    ],
)
def test_the_canonical_form_within_limits(path, version, canonical):
    assert ask(path, version=version, limits=Limits(max_width=100)).canonical == canonical


@given(
    st.integers(1, 4000),
    st.integers(1, 4000),
    st.sampled_from(["full", "square", "0,0,50,50", "10,10,9999,9999", "pct:10,10,50,50", "pct:99,99,50,50"]),
    st.sampled_from(["max", "^max", "20,", "^,70", "!30,90", "^!90,90", "pct:33.3", "^300,10"]),
    st.sampled_from([None, Limits(max_width=64), Limits(max_width=90, max_height=40), Limits(max_area=2000)]),
)
def test_what_is_granted_lies_on_the_image_and_within_the_limits(width, height, region, size, limits):
    try:
        request = ask(f"{region}/{size}/0/default.jpg", width=width, height=height, limits=limits)
    except ImageRequestError:
        return
    x, y, w, h = request.region
    assert x >= 0
    assert y >= 0
    assert 0 < w <= width - x
    assert 0 < h <= height - y
    assert min(request.size) >= 1
    if limits and limits.max_width:
        assert request.size[0] <= limits.max_width
        assert request.size[1] <= (limits.max_height or limits.max_width)
    if limits and limits.max_area:
        assert request.size[0] * request.size[1] <= limits.max_area or min(request.size) == 1
    again = ask(request.canonical, width=width, height=height, limits=limits)
    assert (again.region, again.size, again.canonical) == (request.region, request.size, request.canonical)


def test_info_of_both_versions():
    three = info(
        BASE, width=6000, height=4000, limits=Limits(max_area=4_000_000, formats=("jpg", "png", "webp"))
    )
    assert (three["id"], three["type"], three["profile"], three["maxArea"]) == (
        BASE,
        "ImageService3",
        "level2",
        4_000_000,
    )
    assert three["extraFormats"] == ["webp"]
    assert three["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4, 8, 16]}]
    assert all(size["width"] * size["height"] <= 4_000_000 for size in three["sizes"])
    two = info(BASE, width=600, height=400, version=2)
    assert (two["@id"], two["profile"][0]) == (BASE, "http://iiif.io/api/image/2/level2.json")
    assert "regionSquare" in two["profile"][1]["supports"]
    json.dumps([two, three])


@pytest.mark.parametrize("version", [2, 3])
def test_every_size_of_an_info_is_granted(version):
    document = info(BASE, width=1234, height=777, version=version)
    for size in document["sizes"]:
        path = f"full/{size['width']},{size['height']}/0/default.jpg"
        assert parse_request(path, width=1234, height=777, version=version).size == (
            size["width"],
            size["height"],
        )
