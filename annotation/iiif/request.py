"""Reads Image API 3.0 and 2.1 requests against the image they are made for: what to cut, scale, turn and
encode.
"""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

QUALITIES = ("default", "color", "gray", "bitonal")

_INTEGERS = re.compile(r"(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})")
_DECIMAL = r"(\d{1,9}(?:\.\d{0,12})?|\.\d{1,12})"
_PERCENTS = re.compile(rf"pct:{_DECIMAL},{_DECIMAL},{_DECIMAL},{_DECIMAL}")
_SIDES = re.compile(r"(\d{1,9})?,(\d{1,9})?")
_PERCENT = re.compile(rf"pct:{_DECIMAL}")
_ROTATION = re.compile(rf"(!?){_DECIMAL}")


class ImageRequestError(ValueError):
    """A request that gets no image: `status` is 400 (wrong) or 501 (right, but not offered here)."""

    def __init__(self, sentence: str, *, status: Literal[400, 501] = 400) -> None:
        super().__init__(sentence)
        self.status: Literal[400, 501] = status


@dataclass(frozen=True, slots=True)
class Limits:
    """What the server gives at most, in pixels of the answer, and whether it enlarges at all."""

    max_width: int | None = None
    max_height: int | None = None
    max_area: int | None = None
    upscaling: bool = True
    formats: tuple[str, ...] = ("jpg", "png")

    def scale_for(self, width: int, height: int) -> float:
        """The largest factor by which this size may be multiplied; infinity without limits."""
        factors = [math.inf]
        if self.max_width:
            # A server that names only a width means it for both sides (Image API 3.0 §5.3).
            factors += [self.max_width / width, (self.max_height or self.max_width) / height]
        elif self.max_height:
            factors.append(self.max_height / height)
        if self.max_area:
            factors.append(math.sqrt(self.max_area / (width * height)))
        return min(factors)


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """The work in the order of the specification: cut `region`, scale to `size`, mirror, rotate, colour,
    encode.

    `region` is x, y, w, h in pixels of the full image, wholly on it; `size` the width and height before
    rotation; `rotation` in degrees clockwise, 0 ≤ rotation < 360; `canonical` the path that the canonical
    Link header names.
    """

    region: tuple[int, int, int, int]
    size: tuple[int, int]
    mirrored: bool
    rotation: float
    quality: str
    format: str
    canonical: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing has to be scaled: the size asked for is that of the region."""
        return self.region[2:] == self.size


def parse_request(
    path: str, *, width: int, height: int, version: Literal[2, 3] = 3, limits: Limits | None = None
) -> ImageRequest:
    """Read `region/size/rotation/quality.format` (percent-decoded) for an image of `width` × `height` pixels.

    Follows Image API 3.0 §4, or 2.1 §4 with `version=2`. Raises ImageRequestError.
    """
    limits = limits or Limits()
    parts = path.strip("/").split("/")
    if len(parts) != 4 or "." not in parts[3]:
        raise ImageRequestError("An image request has the form region/size/rotation/quality.format.")
    quality, _, fmt = parts[3].rpartition(".")
    region = _region(parts[0], width, height)
    size = _size(parts[1], region[2], region[3], version, limits)
    mirrored, rotation = _rotation(parts[2])
    _check_output(quality, fmt, limits.formats)
    canonical = "/".join(
        (
            "full" if region == (0, 0, width, height) else ",".join(map(str, region)),
            _canonical_size(size, region, version, limits),
            f"{'!' if mirrored else ''}{_plain(rotation)}",
            # The default quality is colour here, and the specification wants one name for one image.
            f"{'default' if quality == 'color' else quality}.{fmt}",
        )
    )
    return ImageRequest(region, size, mirrored, rotation, quality, fmt, canonical)


def _region(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if match := _INTEGERS.fullmatch(text):
        x, y, w, h = (int(number) for number in match.groups())
    elif match := _PERCENTS.fullmatch(text):
        px, py, pw, ph = (float(number) for number in match.groups())
        if pw == 0 or ph == 0:
            raise ImageRequestError(f"The region “{text}” has no area.")
        x, y = round(px * width / 100), round(py * height / 100)
        w, h = max(1, round(pw * width / 100)), max(1, round(ph * height / 100))
    else:
        raise ImageRequestError(
            f"The region “{text[:80]}” is not understood: full, square, x,y,w,h or pct:x,y,w,h are."
        )
    if w == 0 or h == 0:
        raise ImageRequestError(f"The region “{text}” has no area.")
    if x >= width or y >= height:
        raise ImageRequestError(f"The region “{text}” lies outside the image of {width} × {height} pixels.")
    return x, y, min(w, width - x), min(h, height - y)


def _size(text: str, w: int, h: int, version: int, limits: Limits) -> tuple[int, int]:
    """The size asked for, for a region of `w` × `h`."""
    if version == 2:
        size, may_enlarge = _asked(text, w, h, limits, wide="full"), limits.upscaling
    else:
        size, may_enlarge = (
            _asked(text.removeprefix("^"), w, h, limits, enlarge=text[:1] == "^"),
            text[:1] == "^",
        )
    if size[0] < 1 or size[1] < 1:
        raise ImageRequestError(f"The size “{text}” leaves less than one pixel.")
    if size[0] > w or size[1] > h:
        if not may_enlarge:
            hint = "; write ^ before the size to have it enlarged" if version == 3 else ""
            raise ImageRequestError(f"The size “{text}” is larger than the region of {w} × {h} pixels{hint}.")
        if not limits.upscaling:
            raise ImageRequestError("This server does not enlarge images.", status=501)
    # Half a pixel is forgiven: the factor comes from a division.
    if limits.scale_for(*size) < 1 - 0.5 / max(size):
        raise ImageRequestError(f"The size “{text}” is larger than this server gives.")
    return size


def _asked(
    text: str, w: int, h: int, limits: Limits, *, enlarge: bool = False, wide: str = "max"
) -> tuple[int, int]:
    if text == "full" and wide == "full":
        return w, h
    if text == "max":
        most = limits.scale_for(w, h)
        return _scaled(w, h, most if enlarge and most < math.inf else min(1.0, most))
    if match := _PERCENT.fullmatch(text):
        return round(w * float(match[1]) / 100), round(h * float(match[1]) / 100)
    confined = text[:1] == "!"
    match = _SIDES.fullmatch(text.removeprefix("!"))
    if match is None or not (match[1] or match[2]) or (confined and not (match[1] and match[2])):
        raise ImageRequestError(
            f"The size “{text[:80]}” is not understood: {wide}, w,h or w, or ,h or !w,h or pct:n are."
        )
    wanted_w, wanted_h = (int(side) if side else None for side in match.groups())
    if wanted_w == 0 or wanted_h == 0:
        raise ImageRequestError(f"The size “{text}” has no area.")
    if wanted_w is None:
        return round(w * (wanted_h or 0) / h), wanted_h or 0
    if wanted_h is None:
        return wanted_w, round(h * wanted_w / w)
    if not confined:
        return wanted_w, wanted_h
    most = min(wanted_w / w, wanted_h / h, limits.scale_for(w, h))
    return _scaled(w, h, most if enlarge else min(1.0, most))


def _scaled(w: int, h: int, factor: float) -> tuple[int, int]:
    """Not beyond the factor, and at least one pixel."""
    # A limit must hold exactly, hence the floor; the millionth absorbs the division.
    if factor == 1:
        return w, h
    return max(1, math.floor(w * factor + 1e-6)), max(1, math.floor(h * factor + 1e-6))


def _rotation(text: str) -> tuple[bool, float]:
    match = _ROTATION.fullmatch(text)
    degrees = float(match[2]) if match else math.inf
    if match is None or degrees > 360:
        raise ImageRequestError(
            f"The rotation “{text[:80]}” is not a number from 0 to 360, with or without “!”."
        )
    return match[1] == "!", degrees % 360


def _plain(number: float) -> str:
    """Without exponent, trailing zeros or a needless point (Image API 3.0 §4.7)."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


def _check_output(quality: str, fmt: str, formats: Collection[str]) -> None:
    if quality not in QUALITIES:
        raise ImageRequestError(f"The quality “{quality[:80]}” is not one of {', '.join(QUALITIES)}.")
    if fmt not in formats:
        # Also for those that the specification names: 400 is what it asks for (3.0 §4.5, 2.1 §4.5).
        raise ImageRequestError(f"The format “{fmt[:20]}” is not one of {', '.join(formats)}.")


def _canonical_size(
    size: tuple[int, int], region: tuple[int, int, int, int], version: int, limits: Limits
) -> str:
    """Image API 3.0 §4.8 and 2.1 §4.7."""
    w, h = region[2:]
    width, height = size
    if version == 3:
        if size == _asked("max", w, h, limits):
            return "max"
        enlarged = width > w or height > h
        if enlarged and size == _asked("max", w, h, limits, enlarge=True):
            return "^max"
        return f"{'^' if enlarged else ''}{width},{height}"
    if size == (w, h):
        return "full"
    return f"{width}," if round(h * width / w) == height else f"{width},{height}"
