"""Cuts, scales, turns, colours and encodes what an Image API request asks for, from a pyramid (level 2)."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from annotation.images.refusals import Damaged, FileMissing, NotOffered
from annotation.images.vips import VipsImage, failure, open_level, vips

MAX_OUTPUT_PIXELS = 50_000_000
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
WHITE = 255
BITONAL_THRESHOLD = 128
ENOUGH = 0.97


Levels = tuple[tuple[int, int], ...]


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


@dataclass(frozen=True, slots=True)
class _Pyramid:
    """A file of `convert` as it was written last; `levels` are width and height, the largest first."""

    path: Path
    written_ns: int
    levels: Levels

    @classmethod
    def at(cls, path: Path) -> "_Pyramid":
        written_ns = path.stat().st_mtime_ns
        return cls(path, written_ns, _levels(path, written_ns))

    def open(self, level: int) -> VipsImage:
        return open_level(self.path, self.written_ns, level)


@functools.lru_cache(maxsize=2_000)
def _levels(path: Path, written_ns: int) -> Levels:
    first = open_level(path, written_ns, 0)
    count = first.get("n-pages") if first.get_typeof("n-pages") else 1
    opened = (open_level(path, written_ns, level) for level in range(count))
    return tuple((image.width, image.height) for image in opened)


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
        pyramid = _Pyramid.at(path)
        image = _scaled(pyramid, request.region, request.size)
        image = _turned(
            image, mirrored=request.mirrored, rotation=request.rotation % 360, format=request.format
        )
        return _encoded(_coloured(image, request.quality), request), MEDIA_TYPES[request.format]
    except FileNotFoundError as error:
        raise FileMissing from error
    except failure() as error:
        raise Damaged(reason=" ".join(str(error).split())[-120:]) from error


def choose_level(levels: Levels, region: tuple[int, int, int, int], size: tuple[int, int]) -> int:
    """The smallest level that still has a pixel for each one asked for.

    Three per cent may lack: a viewer rounds the size of a tile at the edge up, a level is rounded down.
    """
    needed_w = ENOUGH * size[0] * levels[0][0] / region[2]
    needed_h = ENOUGH * size[1] * levels[0][1] / region[3]
    fitting = [level for level, (w, h) in enumerate(levels) if w >= needed_w and h >= needed_h]
    return max(fitting, default=0)


def _scaled(pyramid: _Pyramid, region: tuple[int, int, int, int], size: tuple[int, int]) -> VipsImage:
    level = choose_level(pyramid.levels, region, size)
    full, (width, height) = pyramid.levels[0], pyramid.levels[level]
    left, right = _span(region[0], region[2], full[0], width)
    top, bottom = _span(region[1], region[3], full[1], height)
    image = pyramid.open(level).crop(left, top, right - left, bottom - top)
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
