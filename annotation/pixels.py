"""The pixels of a canvas, wherever its image is: in our own pyramid, or at its institution."""

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from django.conf import settings

from annotation.geometry import Box
from annotation.iiif import Limits, parse_request, thumbnail_url
from annotation.images import render
from annotation.models import Canvas, StoredImage
from annotation.queries import canvas_value
from fetch import fetch
from problems import Problem

Gray = npt.NDArray[np.uint8]
MAX_BYTES = 40 * 2**20
MAX_PIXELS = 40_000_000


def page_address(canvas: Canvas, *, longest: int) -> str:
    """The address of the whole image at no more than `longest` pixels a side, "" when it has none.

    Without a service, or with one that offers fixed sizes only, the image comes as large as it is.
    """
    return thumbnail_url(canvas_value(canvas), longest=longest) or ""


def page_size(canvas: Canvas, *, longest: int) -> tuple[int, int]:
    """Width and height in pixels of what `page_address` names, as far as the canvas tells."""
    width, height = canvas.image_width or canvas.width, canvas.image_height or canvas.height
    if page_address(canvas, longest=longest) == canvas.image_url:
        return max(1, round(width)), max(1, round(height))
    fitting = max(1, math.floor(min(longest, longest * width / height, width)))
    return fitting, max(1, round(height * fitting / width))


def gray_page(canvas: Canvas, *, longest: int) -> Gray:
    """The whole image in grey, `uint8 (h, w)`, at most `longest` pixels a side.

    Raises `FetchError` when the institution does not give it, `ImageRefused` when our own pyramid is damaged
    or gone, `Problem` when it is no image.
    """
    stored = StoredImage.objects.filter(canvas=canvas, state=StoredImage.State.READY).first()
    raw = _own(stored, longest) if stored else _foreign(canvas, longest)
    page = cv2.imdecode(np.frombuffer(raw, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    if page is None or page.size > MAX_PIXELS:
        raise Problem("What the image server sent is not an image that can be read.", code="not-an-image")
    gray: Gray = np.asarray(page, dtype=np.uint8)
    height, width = gray.shape
    if max(height, width) <= longest:
        return gray
    factor = longest / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _own(stored: StoredImage, longest: int) -> bytes:
    width, height = stored.width or 1, stored.height or 1
    size = "max" if max(width, height) <= longest else f"!{longest},{longest}"
    wish = parse_request(f"full/{size}/0/gray.png", width=width, height=height, limits=Limits())
    return render(Path(settings.DATA) / stored.pyramid, wish)[0]


def _foreign(canvas: Canvas, longest: int) -> bytes:
    address = page_address(canvas, longest=longest)
    if not address:
        raise Problem("The canvas has no image.", code="no-image")
    return fetch(
        address, accept="image/jpeg,image/png;q=0.9,image/*;q=0.5", max_bytes=MAX_BYTES, timeout_s=60
    ).body


def cut(page: Gray, canvas: Canvas, box: Box) -> Gray:
    """The part of a page (as `gray_page` gives it) that a box of its canvas covers; at least one pixel."""
    height, width = page.shape
    across, down = width / canvas.width, height / canvas.height
    left, top = max(0, int(box.x * across)), max(0, int(box.y * down))
    right, bottom = int(np.ceil((box.x + box.w) * across)), int(np.ceil((box.y + box.h) * down))
    return page[min(top, height - 1) : max(bottom, top + 1), min(left, width - 1) : max(right, left + 1)]
