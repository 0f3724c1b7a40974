"""The process that reads one untrusted image: few rights, little memory, little time, then it ends.

Started as `python -m annotation.images.child SOURCE TARGET MAX_PIXELS`; prints one JSON object, either the
facts or `{"code": …, "facts": {…}}` of a refusal.
"""

import contextlib
import hashlib
import json
import resource
import struct
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from annotation.images.facts import FORMATS, TILE_SIDE
from annotation.images.refusals import (
    Damaged,
    ImageRefused,
    NotAnImage,
    PixelsNotUnderstood,
    TooLargeInOnePiece,
    TooManyPixels,
)
from annotation.images.vips import VipsImage, failure, vips

LIMITS = {
    "RLIMIT_AS": 4 * 2**30,
    "RLIMIT_CPU": 150,
    "RLIMIT_FSIZE": 2 * 2**30,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_CORE": 0,
}
READ = tuple(name for name in FORMATS if name != "MPO")  # Pillow finds MPO by way of JPEG
JPEG_QUALITY = 92
STRIP = 512
# JPEG 2000: start of codestream and of the SIZ segment, where it must be, and pixels to decode at once.
SIZ = b"\xff\x4f\xff\x51"
HEAD_BYTES = 4 * 2**20
MAX_PIECE = 64_000_000
WHITE = {"uchar": 255, "ushort": 65_535}


def limit_itself() -> None:
    """Take rights away from this process; what a system does not know or allow is left out."""
    for name, most in LIMITS.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))


def read_header(source: Path, max_pixels: int) -> str:
    """The format, by Pillow's name; what is no image or too large is refused before any pixel is read."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, just below
    try:
        with warnings.catch_warnings(), Image.open(source, formats=READ) as image:
            warnings.simplefilter("ignore")
            check_size(*image.size, max_pixels)
            return str(image.format)
    except UnidentifiedImageError as error:
        raise NotAnImage from error
    except (OSError, ValueError, SyntaxError, OverflowError, KeyError, TypeError, IndexError) as error:
        raise Damaged(reason=str(error)[:120]) from error


def check_size(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise TooManyPixels(width=width, height=height, limit_mp=max_pixels // 1_000_000)


def load(source: Path, kind: str) -> VipsImage:
    """The upright image, still in its own colours; one that breaks off fails when its pixels are read."""
    if kind == "JPEG2000":
        return from_pillow(source)
    image_type = vips().Image
    loaders = {"PNG": image_type.pngload, "WEBP": image_type.webpload, "TIFF": image_type.tiffload}
    open_as = loaders.get(kind, image_type.jpegload)
    image = open_as(str(source), access="sequential", fail_on="error")
    if image.get_typeof("orientation") and image.get("orientation") != 1:
        # A turned image is read out of order, hence not as a stream.
        image = open_as(str(source), access="random", fail_on="error").autorot()
    return image


def from_pillow(source: Path) -> VipsImage:
    """JPEG 2000, which the bundled libvips does not read."""
    try:
        with Image.open(source, formats=("JPEG2000",)) as image:
            check_piece(source, *image.size)
            image.load()
            profile = image.info.get("icc_profile")
            deep = image.mode.startswith("I")
            readable = image if deep or image.mode in {"L", "LA", "RGB", "RGBA"} else image.convert("RGB")
            pixels = in_strips(readable)
    except (OSError, ValueError, SyntaxError) as error:
        raise Damaged(reason=str(error)[:120]) from error
    if deep:
        pixels = np.clip(pixels, 0, 65_535).astype(np.uint16)
    found = vips().Image.new_from_array(np.ascontiguousarray(pixels))
    grey = found.bands < 3
    found = found.copy(
        interpretation=("grey16" if grey else "rgb16") if deep else ("b-w" if grey else "srgb")
    )
    if profile:
        found = found.copy()
        found.set_type(vips().GValue.blob_type, "icc-profile-data", profile)
    return found


def check_piece(source: Path, width: int, height: int) -> None:
    """Refuse a JPEG 2000 file of which too much has to be decoded at once: that takes 20 bytes a pixel.

    A file in tiles is decoded one by one, which takes 7. Tile sizes stand in the SIZ marker segment, the first
    of the codestream (ISO/IEC 15444-1, A.5.1); without one that can be found, the image is one piece.
    """
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    start = head.find(SIZ)
    if 0 <= start <= len(head) - 40:
        tile_w, tile_h = struct.unpack_from(">II", head, start + 24)
        width, height = min(width, tile_w), min(height, tile_h)
    if width * height > MAX_PIECE:
        raise TooLargeInOnePiece(width=width, height=height, limit_mp=MAX_PIECE // 1_000_000)


def in_strips(image: Image.Image) -> "np.ndarray[Any, Any]":
    """The pixels as an array; taken over strip by strip, because all at once they are copied twice."""
    width, height = image.size
    first = np.asarray(image.crop((0, 0, 1, 1)))
    pixels = np.empty((height, width, *first.shape[2:]), first.dtype)
    for top in range(0, height, STRIP):
        bottom = min(top + STRIP, height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, width, bottom)))
    return pixels


def to_srgb(image: VipsImage) -> VipsImage:
    """8-bit sRGB or grey without transparency, whatever came."""
    if image.format not in WHITE or image.interpretation in {"multiband", "fourier", "histogram"}:
        raise PixelsNotUnderstood(kind=f"{image.bands} × {image.format}, {image.interpretation}")
    white = WHITE[image.format]
    if image.hasalpha():
        paper = 0 if image.interpretation == "cmyk" else white
        image = image.flatten(background=[paper], max_alpha=white)
    if image.get_typeof("icc-profile-data"):
        # A profile that does not fit its pixels is common, and the pixels are good without it.
        with contextlib.suppress(failure()):
            return image.icc_transform(
                "srgb", embedded=True, intent="relative", black_point_compensation=True
            )
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", intent="relative")
    return image.colourspace("b-w" if image.bands == 1 else "srgb")


def save(image: VipsImage, target: Path) -> None:
    """A pyramid of JPEG tiles, without the metadata of the source (it may say where it was taken)."""
    image.tiffsave(
        str(target),
        tile=True,
        tile_width=TILE_SIDE,
        tile_height=TILE_SIDE,
        pyramid=True,
        compression="jpeg",
        Q=JPEG_QUALITY,
        keep="none",
    )


def convert(source: Path, target: Path, max_pixels: int) -> dict[str, object]:
    kind = read_header(source, max_pixels)
    try:
        image = load(source, kind)
        # The header that counts is the one that libvips read.
        check_size(image.width, image.height, max_pixels)
        image = to_srgb(image)
        save(image, target)
    except failure() as error:
        raise Damaged(reason=" ".join(str(error).split())[-120:]) from error
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"width": image.width, "height": image.height, "format": FORMATS[kind], "sha256": digest}


def main(arguments: list[str]) -> None:
    limit_itself()
    source, target, max_pixels = arguments
    try:
        said: dict[str, object] = convert(Path(source), Path(target), int(max_pixels))
    except ImageRefused as refusal:
        said = {"code": refusal.code, "facts": dict(refusal.facts)}
    except MemoryError:
        said = {"code": "too-demanding", "facts": {}}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(sys.argv[1:])
