"""Addresses of images, crops and thumbnails: a crop is a URL, never a copy."""

import math

from annotation.geometry import Box, clean_number
from annotation.iiif.values import CanvasValue, ImageService

Size = tuple[int | None, int | None] | str


def image_url(
    service: str,
    version: int,
    *,
    region: Box | None = None,
    size: Size = "max",
    fmt: str = "jpg",
    canvas_size: tuple[float, float] | None = None,
    image_size: tuple[int, int] | None = None,
) -> str:
    """A Image API 1, 2 or 3 request for a region of a canvas that its image covers wholly.

    `region` is in canvas units; give `canvas_size` and `image_size` when the two can differ: the region is
    then scaled, rounded outwards to pixels and kept on the image. With a canvas size only, percent are asked
    for. `size` is "max", `(w, h)`, `(w, None)`, `(None, h)` or a text like "!400,400".
    """
    part = "full" if region is None else _region(region, canvas_size, image_size)
    quality = "native" if version == 1 else "default"
    return f"{service.rstrip('/')}/{part}/{_size(size, version)}/0/{quality}.{fmt}"


def to_image(box: Box, canvas: CanvasValue) -> Box:
    """From canvas units to pixels of the canvas's first image, heeding where it is placed and what is cut
    from it.

    Raises ValueError when the size of canvas or image is not known.
    """
    image = canvas.image
    if image is None or not (image.width and image.height and canvas.width and canvas.height):
        raise ValueError("The size of the canvas or of its image is not known.")
    placed = image.placed or Box(0, 0, canvas.width, canvas.height)
    taken = image.taken or Box(0, 0, image.width, image.height)
    sx, sy = taken.w / placed.w, taken.h / placed.h
    moved = Box(box.x - placed.x, box.y - placed.y, box.w, box.h).scaled(sx, sy)
    return Box(moved.x + taken.x, moved.y + taken.y, moved.w, moved.h)


def to_canvas(box: Box, canvas: CanvasValue) -> Box | None:
    """From pixels of the canvas's first image to canvas units: the inverse of `to_image`, never clipped.

    None where the size of the image is not known.
    """
    image = canvas.image
    if image is None or not (image.width and image.height and canvas.width and canvas.height):
        return None
    placed = image.placed or Box(0, 0, canvas.width, canvas.height)
    taken = image.taken or Box(0, 0, image.width, image.height)
    moved = Box(box.x - taken.x, box.y - taken.y, box.w, box.h).scaled(placed.w / taken.w, placed.h / taken.h)
    return Box(moved.x + placed.x, moved.y + placed.y, moved.w, moved.h)


def crop_url(canvas: CanvasValue, box: Box, *, longest: int | None = None, fmt: str = "jpg") -> str | None:
    """The address of one region of a canvas, at most `longest` pixels on its long side; None without a
    service.

    Where image and canvas differ in a way the document does not tell, percent of the canvas are asked for.
    """
    service = canvas.image_service
    if service is None or canvas.image is None:
        return None
    known = bool(canvas.image_width and canvas.image_height and canvas.width and canvas.height)
    area = to_image(box, canvas) if known else box
    size: Size = "max"
    if longest and max(area.w, area.h) > longest:
        size = (longest, None) if area.w >= area.h else (None, longest)
    if known:
        pixels = (canvas.image_width or 0, canvas.image_height or 0)
        return image_url(service.url, service.version, region=area, size=size, fmt=fmt, image_size=pixels)
    whole = (canvas.width, canvas.height) if canvas.width and canvas.height else None
    return image_url(service.url, service.version, region=area, size=size, fmt=fmt, canvas_size=whole)


def thumbnail_url(canvas: CanvasValue, *, longest: int = 400) -> str | None:
    """A small picture of the canvas: its own thumbnail, else one from its service, else the whole image."""
    if canvas.thumbnail:
        return canvas.thumbnail
    service, image = canvas.image_service, canvas.image
    if service is None or image is None or _fixed_sizes_only(service):
        return canvas.image_url
    width, height = (
        (image.width, image.height) if image.width and image.height else (canvas.width, canvas.height)
    )
    if not width or not height:
        return image_url(service.url, service.version, size=f"!{longest},{longest}")
    # Only `w,` is promised by every service of level 1 and up, in all versions.
    fitting = max(1, math.floor(min(longest, longest * width / height, width)))
    return image_url(service.url, service.version, size=(fitting, None))


def _fixed_sizes_only(service: ImageService) -> bool:
    return "level0" in (service.profile or "")


def _region(region: Box, canvas_size: tuple[float, float] | None, image_size: tuple[int, int] | None) -> str:
    if canvas_size and not image_size:
        share = region.scaled(100 / canvas_size[0], 100 / canvas_size[1]).clean(4)
        return "pct:" + ",".join(clean_number(value) for value in share.xywh)
    if canvas_size and image_size:
        region = region.scaled(image_size[0] / canvas_size[0], image_size[1] / canvas_size[1])
    # The millionth keeps 29.999999999 and 30 the same pixel.
    left, top = (max(0, math.floor(value + 1e-6)) for value in region.xyxy[:2])
    right, bottom = (math.ceil(value - 1e-6) for value in region.xyxy[2:])
    if image_size:
        left, top = min(left, image_size[0] - 1), min(top, image_size[1] - 1)
        right, bottom = min(right, image_size[0]), min(bottom, image_size[1])
    return f"{left},{top},{max(1, right - left)},{max(1, bottom - top)}"


def _size(size: Size, version: int) -> str:
    if isinstance(size, str):
        # Image API 2.0 and 1 do not know “max”.
        return ("max" if version >= 3 else "full") if size in ("max", "full") else size
    width, height = size
    return f"{'' if width is None else width},{'' if height is None else height}"
