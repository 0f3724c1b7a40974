"""The addresses at which a region of a canvas can be had as a picture, no more than its service can do."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from annotation.geometry import Box, GeometryError, clean_number
from annotation.iiif.image import Size, image_url, to_image
from annotation.iiif.shapes import as_list
from annotation.iiif.values import CanvasValue, ImageService

# Longest sides on offer, in pixels, besides the region as large as it is.
LADDER = {"thumbnail": 200, "small": 400, "large": 1000}

Saying = Literal[
    "clipped", "rounded", "cannot-cut", "fixed-sizes", "limited", "no-service", "no-image", "size-unknown"
]


class OutsideCanvas(ValueError):
    """A region of which nothing lies on its canvas."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What an image service can do, as far as it says: cut, scale, and up to which size (pixels)."""

    cuts: bool = True
    scales: bool = True
    sizes: tuple[tuple[int, int], ...] = ()
    max_width: int | None = None
    max_height: int | None = None
    max_area: int | None = None

    def share_for(self, width: int, height: int) -> float:
        """By how much (0–1) a picture of this size must shrink to be within the limits."""
        high = self.max_height or self.max_width
        shares = [
            1.0,
            self.max_width / width if self.max_width else 1.0,
            high / height if high else 1.0,
            math.sqrt(self.max_area / (width * height)) if self.max_area else 1.0,
        ]
        return min(shares)


@dataclass(frozen=True, slots=True)
class Crop:
    """One address; `width` and `height` are pixels of what comes, None where the image's size is unknown.

    `cut` tells whether only the region comes; else it is the whole image, and the address ends in `#xywh=`.
    """

    name: str
    url: str
    width: int | None
    height: int | None
    cut: bool = True


@dataclass(frozen=True, slots=True)
class Crops:
    """What is on offer, smallest first, and what had to be said about it.

    `box` is the region on the canvas (None: all of it), `pixels` the same on the image, in whole pixels.
    """

    box: Box | None
    pixels: Box | None
    offers: tuple[Crop, ...]
    sayings: tuple[Saying, ...]


def ability_of(service: ImageService, description: Mapping[str, Any] | None = None) -> Ability:
    """What a service can do, from its profile and from its description in a manifest or its info.json.

    Image API 3.0 §5, 2.1 §5 and 1.1 §5: levels 1 and 2 cut and scale, level 0 does what it names. A service
    that says nothing is believed to be of level 1.
    """
    said = description or {}
    profile = said.get("profile", service.profile)
    profiles = profile if isinstance(profile, list) else [profile]
    limits = {**next((one for one in profiles if isinstance(one, dict)), {}), **said}
    level_0 = any(isinstance(one, str) and "level0" in one for one in [*profiles, service.profile])
    extra = {
        word
        for key in ("extraFeatures", "supports")
        for word in as_list(limits.get(key))
        if isinstance(word, str)
    }
    return Ability(
        cuts=not level_0 or "regionByPx" in extra,
        scales=not level_0 or {"sizeByW", "sizeByH"} <= extra,
        sizes=tuple(_sizes(said.get("sizes"))),
        max_width=_count(limits.get("maxWidth")),
        max_height=_count(limits.get("maxHeight")),
        max_area=_count(limits.get("maxArea")),
    )


def crops(
    canvas: CanvasValue,
    box: Box | None,
    ability: Ability | None = None,
    *,
    ladder: Mapping[str, int] = LADDER,
) -> Crops:
    """Every size at which the region (None: the whole canvas) can be had, and the region as it is meant then.

    The region is kept on the canvas and rounded outwards to whole image pixels; both are said. Raises
    OutsideCanvas.
    """
    sayings: list[Saying] = []
    kept = _kept(canvas, box, sayings) if box else None
    image, service = canvas.image, canvas.image_service
    if image is None:
        return Crops(kept, None, (), (*sayings, "no-image"))
    if not (image.width and image.height and canvas.width and canvas.height):
        return _unmeasured(canvas, kept, sayings)
    pixels = _pixels(canvas, kept, (image.width, image.height), sayings) if kept else None
    if service is None:
        offer = Crop(
            "whole", _marked(image.url or "", pixels, 1), image.width, image.height, cut=pixels is None
        )
        return Crops(kept, pixels, (offer,), (*sayings, "no-service"))
    able = ability or ability_of(service)
    if (pixels is None or able.cuts) and able.scales:
        offers = tuple(_cut(service, pixels, (image.width, image.height), able, ladder, sayings))
    else:
        offers = tuple(_whole(service, pixels, (image.width, image.height), able, sayings))
    return Crops(kept, pixels, offers, tuple(sayings))


def _kept(canvas: CanvasValue, box: Box, sayings: list[Saying]) -> Box:
    if not (canvas.width and canvas.height) or box.inside(canvas.width, canvas.height):
        return box
    left, top, right, bottom = box.xyxy
    try:
        kept = Box.from_xyxy(max(left, 0), max(top, 0), min(right, canvas.width), min(bottom, canvas.height))
    except GeometryError as error:
        raise OutsideCanvas(
            f"Nothing of the region lies on the canvas, which is {canvas.width:g} × {canvas.height:g}."
        ) from error
    sayings.append("clipped")
    return kept


def _pixels(canvas: CanvasValue, box: Box, size: tuple[int, int], sayings: list[Saying]) -> Box:
    """The region in whole pixels of the image, rounded outwards, at least one pixel, on the image."""
    exact = to_image(box, canvas)
    # A millionth of a pixel is the noise of the calculation.
    left, top = (math.floor(value + 1e-6) for value in exact.xyxy[:2])
    right, bottom = (math.ceil(value - 1e-6) for value in exact.xyxy[2:])
    left, top = min(max(left, 0), size[0] - 1), min(max(top, 0), size[1] - 1)
    right, bottom = min(max(right, left + 1), size[0]), min(max(bottom, top + 1), size[1])
    pixels = Box.from_xyxy(left, top, right, bottom)
    if any(abs(a - b) > 1e-6 for a, b in zip(pixels.xyxy, exact.xyxy, strict=True)):
        sayings.append("rounded")
    return pixels


def _cut(
    service: ImageService,
    pixels: Box | None,
    image: tuple[int, int],
    able: Ability,
    ladder: Mapping[str, int],
    sayings: list[Saying],
) -> Iterator[Crop]:
    width, height = (round(pixels.w), round(pixels.h)) if pixels else image
    share = able.share_for(width, height)
    largest = share * max(width, height)

    def offer(name: str, longest: float, size: Size) -> Crop:
        scale = longest / max(width, height)
        url = image_url(service.url, service.version, region=pixels, size=size, image_size=image)
        return Crop(name, url, max(1, round(width * scale)), max(1, round(height * scale)))

    for name, longest in ladder.items():
        if longest < largest:
            yield offer(name, longest, (longest, None) if width >= height else (None, longest))
    if share >= 1:
        yield offer("full", max(width, height), "max")
        return
    sayings.append("limited")
    longest = max(1, math.floor(largest))
    yield offer("largest", longest, (longest, None) if width >= height else (None, longest))


def _whole(
    service: ImageService,
    pixels: Box | None,
    image: tuple[int, int],
    able: Ability,
    sayings: list[Saying],
) -> Iterator[Crop]:
    """The sizes that a service of level 0 keeps ready, of the whole image."""
    if pixels is not None:
        sayings.append("cannot-cut")
    sayings.append("fixed-sizes")
    for width, height in sorted(able.sizes):
        if (width, height) != image:
            size: Size = (width, height) if service.version >= 3 else (width, None)
            url = image_url(service.url, service.version, size=size)
            yield Crop("whole", _marked(url, pixels, width / image[0]), width, height, cut=pixels is None)
    url = image_url(service.url, service.version)
    yield Crop("whole", _marked(url, pixels, 1), *image, cut=pixels is None)


def _unmeasured(canvas: CanvasValue, box: Box | None, sayings: Sequence[Saying]) -> Crops:
    """Where the size of canvas or image is not known: percent of the canvas, or the image as it is."""
    image, service = canvas.image, canvas.image_service
    assert image is not None
    if service is None or (box and not (canvas.width and canvas.height)):
        url = image.url or (image_url(service.url, service.version) if service else "")
        return Crops(
            box, None, (Crop("whole", url, None, None, cut=box is None),), (*sayings, "size-unknown")
        )
    whole = (canvas.width, canvas.height) if canvas.width and canvas.height else None
    url = image_url(service.url, service.version, region=box, canvas_size=whole)
    return Crops(box, None, (Crop("full", url, None, None),), (*sayings, "size-unknown"))


def _marked(url: str, pixels: Box | None, scale: float) -> str:
    """The address of a whole image with the region as a media fragment, in pixels of what comes."""
    if pixels is None or not url:
        return url
    numbers = (clean_number(round(value * scale, 2)) for value in pixels.xywh)
    return f"{url}#xywh={','.join(numbers)}"


def _sizes(said: Any) -> Iterator[tuple[int, int]]:
    for size in said if isinstance(said, list) else ():
        if isinstance(size, dict):
            width, height = _count(size.get("width")), _count(size.get("height"))
            if width and height:
                yield width, height


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
