"""Tiles through the Image API, beside the same libvips calls bare: the same tiles, in the same process order."""

import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, cast

import numpy as np
from django.conf import settings
from PIL import Image

from annotation.images import convert
from annotation.images.vips import vips
from annotation.models import Canvas, Manifest, SourceImport, StoredImage
from benchmarks.ground import log, web_server
from benchmarks.seed import make_person
from config.embedded.house import WEB_THREADS, WEB_WORKERS

SIDE = 8_000
TILE = 512
TILES = 600
CLIENTS = WEB_WORKERS * WEB_THREADS
Place = tuple[int, int, int]


def measure() -> dict[str, Any]:
    """Tiles a second through our server (with session-less clients, all at once) and by libvips alone."""
    log(f"making a page of {SIDE} × {SIDE} pixels")
    pyramid = Path(settings.DATA) / "pyramids" / "page.tif"
    image_id = _page(pyramid)
    places = list(islice(_places(), TILES))
    log("libvips alone")
    bare = _race(places, lambda: _bare(pyramid))
    log("through the server")
    with web_server() as (port, _pid):
        _race(places[: CLIENTS * 4], lambda: _over_http(port, image_id))  # each worker opens the file once
        served = _race(places, lambda: _over_http(port, image_id))
    return {
        "image_megapixels": SIDE * SIDE // 1_000_000,
        "tiles": TILES,
        "clients": CLIENTS,
        "bare": bare,
        "served": served,
        "share_of_bare": round(served["tiles_a_second"] / bare["tiles_a_second"], 2),
    }


def _page(pyramid: Path) -> str:
    """A page with fine texture, so that JPEG has real work; public, as an upload."""
    pyramid.parent.mkdir(parents=True, exist_ok=True)
    source = pyramid.with_suffix(".jpg")
    patch = np.random.default_rng(7).integers(90, 250, (1_000, 1_000, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(patch).resize((2_000, 2_000), Image.Resampling.BICUBIC))
    Image.fromarray(np.tile(soft, (SIDE // 2_000, SIDE // 2_000, 1))).save(source, quality=90)
    convert(source, pyramid)
    by = make_person("curator", is_curator=True)
    manifest = Manifest.objects.create(uri="https://example.org/m", document={}, created_by=by)
    image = StoredImage.objects.create(
        source=SourceImport.objects.create(kind="images", manifest=manifest, created_by=by),
        canvas=Canvas.objects.create(
            manifest=manifest, uri="https://example.org/c", position=0, width=SIDE, height=SIDE
        ),
        state=StoredImage.State.READY,
        pyramid=str(pyramid.relative_to(settings.DATA)),
        width=SIDE,
        height=SIDE,
    )
    return str(image.pk)


def _places() -> Iterator[Place]:
    """x, y and scale factor of tiles as a reader meets them: mostly near, some of the overview."""
    random = np.random.default_rng(11)
    while True:
        factor = int(random.choice([1, 1, 1, 2, 2, 4, 8]))
        reach = TILE * factor
        x, y = (int(value) * reach for value in random.integers(0, SIDE // reach, 2))
        yield x, y, factor


def _over_http(port: int, image_id: str) -> Callable[[Place], int]:
    """A client with a connection of its own, as a browser has several."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(place: Place) -> int:
        x, y, factor = place
        reach = TILE * factor
        connection.request(
            "GET", f"/iiif/image/{image_id}/{x},{y},{reach},{reach}/{TILE},{TILE}/0/default.jpg"
        )
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content[:200]
        return len(content)

    return get


def _bare(pyramid: Path) -> Callable[[Place], int]:
    """The calls that such a tile comes to: open a level, crop, encode. The level fits, so nothing is scaled."""
    levels = [vips().Image.tiffload(str(pyramid), page=level) for level in range(4)]

    def cut(place: Place) -> int:
        x, y, factor = place
        level = levels[factor.bit_length() - 1]
        tile = level.crop(x // factor, y // factor, TILE, TILE)
        return len(cast("bytes", tile.jpegsave_buffer(Q=86, keep="none")))

    return cut


def _race(places: list[Place], make_client: Callable[[], Callable[[Place], int]]) -> dict[str, Any]:
    """All places by `CLIENTS` threads at once: tiles a second, and how long a tile took."""
    waiting: SimpleQueue[Place] = SimpleQueue()
    for place in places:
        waiting.put(place)
    took: list[float] = []
    sizes: list[int] = []

    def work() -> None:
        client = make_client()
        while True:
            try:
                place = waiting.get_nowait()
            except Empty:
                return
            began = time.perf_counter()
            sizes.append(client(place))
            took.append(time.perf_counter() - began)

    threads = [threading.Thread(target=work) for _client in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    assert len(took) == len(places), "a client failed; its reason stands above"
    middle, slow = np.percentile(took, [50, 95])
    return {
        "tiles_a_second": round(len(places) / seconds, 1),
        "ms_median": round(float(middle) * 1000, 1),
        "ms_p95": round(float(slow) * 1000, 1),
        "mean_kb": round(sum(sizes) / len(sizes) / 1000, 1),
    }
