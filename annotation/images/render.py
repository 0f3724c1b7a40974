"""Cuts, scales, turns, colours and encodes what an Image API request asks for, from a pyramid (level 2)."""

import functools
from pathlib import Path
from typing import Protocol

from annotation.images.refusals import Damaged, FileMissing, NotOffered
from annotation.images.vips import VipsImage, failure, open_level, vips

MAX_OUTPUT_PIXELS = 50_000_000
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
WHITE = 255
BITONAL_THRESHOLD = 128


class Wish(Protocol):
    """What `annotation.iiif.ImageRequest` says: pixels of the full image, applied in the order of the API."""

    @property
    def region(self) -> tuple[int, int, int, int]:
        """x, y, w, h, wholly on the image."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height after scaling, before rotation."""

    @property
    def mirrored(self) -> bool:
        """Whether to mirror left and right before turning."""

    @property
    def rotation(self) -> float:
        """Degrees clockwise."""

    @property
    def quality(self) -> str:
        """default, color, gray or bitonal."""

    @property
    def format(self) -> str:
        """jpg, png or webp."""


def render(path: Path, request: Wish) -> tuple[bytes, str]:
    """The encoded image and its media type; `path` is a pyramid written by `convert`.

    Raises `NotOffered` for a format or size beyond what is served, `FileMissing` or `Damaged` when the
    pyramid is not what it should be. Image API 3.0 §4 and 2.1 §4.
    """
    width, height = request.size
    if request.format not in MEDIA_TYPES:
        raise NotOffered(wish=request.format)
    if width < 1 or height < 1 or width * height > MAX_OUTPUT_PIXELS:
        raise NotOffered(wish=f"{width} × {height}")
    try:
        levels = _levels(path, path.stat().st_mtime_ns)
        image = _scaled(path, levels, request.region, request.size)
        image = _turned(
            image, mirrored=request.mirrored, rotation=request.rotation % 360, format=request.format
        )
        return _encoded(_coloured(image, request.quality), request), MEDIA_TYPES[request.format]
    except FileNotFoundError as error:
        raise FileMissing from error
    except failure() as error:
        raise Damaged(reason=" ".join(str(error).split())[-120:]) from error


@functools.lru_cache(maxsize=2_000)
def _levels(path: Path, _written_ns: int) -> tuple[tuple[int, int], ...]:
    """Width and height of each level, the largest first."""
    first = open_level(path, 0)
    count = first.get("n-pages") if first.get_typeof("n-pages") else 1
    rest = (open_level(path, level) for level in range(1, count))
    return ((first.width, first.height), *((image.width, image.height) for image in rest))


def choose_level(
    levels: tuple[tuple[int, int], ...], region: tuple[int, int, int, int], size: tuple[int, int]
) -> int:
    """The smallest level that still has a pixel for each one asked for, give or take one at the edge."""
    needed_w = size[0] * levels[0][0] / region[2]
    needed_h = size[1] * levels[0][1] / region[3]
    fitting = [level for level, (w, h) in enumerate(levels) if w + 1 >= needed_w and h + 1 >= needed_h]
    return max(fitting, default=0)


def _scaled(
    path: Path, levels: tuple[tuple[int, int], ...], region: tuple[int, int, int, int], size: tuple[int, int]
) -> VipsImage:
    level = choose_level(levels, region, size)
    width, height = levels[level]
    left, right = _span(region[0], region[2], levels[0][0], width)
    top, bottom = _span(region[1], region[3], levels[0][1], height)
    image = open_level(path, level).crop(left, top, right - left, bottom - top)
    if (image.width, image.height) == size:
        return image
    enlarged = size[0] > image.width or size[1] > image.height
    # A lone pixel has no neighbours for a smooth kernel.
    kernel = "nearest" if min(image.width, image.height) < 2 else "cubic" if enlarged else "lanczos3"
    return image.resize(size[0] / image.width, vscale=size[1] / image.height, kernel=kernel)


def _span(start: int, length: int, full: int, scaled: int) -> tuple[int, int]:
    """Where `start` and its end fall on a level that is `scaled` long, never empty."""
    begin = min(round(start * scaled / full), scaled - 1)
    return begin, max(begin + 1, min(round((start + length) * scaled / full), scaled))


def _turned(image: VipsImage, *, mirrored: bool, rotation: float, format: str) -> VipsImage:  # noqa: A002 the API's word
    if mirrored:
        image = image.fliphor()
    if rotation % 90:
        # The corners that appear are empty where the format knows emptiness, else paper.
        image = image.addalpha() if format != "jpg" else image
        background = [0] * image.bands if format != "jpg" else [WHITE] * image.bands
        return image.copy_memory().rotate(rotation, background=background)
    return image if rotation == 0 else image.rot(f"d{rotation:.0f}")


def _coloured(image: VipsImage, quality: str) -> VipsImage:
    if quality not in {"gray", "bitonal"}:
        return image
    grey = image.colourspace("b-w")
    if quality == "gray":
        return grey
    ink = (grey.extract_band(0) >= BITONAL_THRESHOLD).copy(interpretation="b-w")
    return ink.bandjoin(grey.extract_band(1)) if grey.hasalpha() else ink


def _encoded(image: VipsImage, request: Wish) -> bytes:
    if request.format == "png":
        bits = 1 if request.quality == "bitonal" and not image.hasalpha() else 8
        found = image.pngsave_buffer(compression=4, bitdepth=bits, keep="none")
    elif request.format == "webp":
        found = image.webpsave_buffer(Q=82, effort=2, keep="none")
    else:
        found = image.jpegsave_buffer(Q=86, keep="none")
    return bytes(found)


def warm_up() -> None:
    """Load libvips now, for a process that would rather pay before its first request than during it."""
    vips()
