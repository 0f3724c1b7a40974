"""What is known of an image once it has been converted, and the limits it was held to."""

from dataclasses import dataclass

MAX_PIXELS = 100_000_000
TILE_SIDE = 256
# Formats that are read, by Pillow's names; MPO is what many phones write into a .jpg.
FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp", "TIFF": "tiff", "JPEG2000": "jp2"}


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Width and height in pixels as shown (EXIF orientation applied); format and SHA-256 of the source."""

    width: int
    height: int
    format: str
    sha256: str
