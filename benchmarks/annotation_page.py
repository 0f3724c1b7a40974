"""A page of 5,000 boxes as viewers fetch it, beside the bare `orjson.dumps` of the same documents."""

import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
from django.test import Client
from django.urls import reverse

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Canvas, Layer
from annotation.queries import annotations_on, as_document
from annotation.webanno import ConceptBody, build
from benchmarks.cost import counting
from benchmarks.ground import call, log
from benchmarks.seed import make_canvases, make_person

BOXES = 5_000
ROUNDS = 15


def measure() -> dict[str, Any]:
    """Seed in one process, fetch in another: a page, its size, its queries, and the physical limit."""
    log(f"seeding {BOXES} boxes on a canvas")
    seeded = call("benchmarks.annotation_page:seed").result
    log(f"fetching the page {ROUNDS} times")
    done = call("benchmarks.annotation_page:fetch", **seeded)
    return {
        "boxes": BOXES,
        **done.result,
        "rss_before_mb": done.rss_before_mb,
        "rss_peak_mb": done.rss_peak_mb,
    }


def seed() -> dict[str, str]:
    """A public layer with the boxes of a contribution: a concept, who, when, and our own properties."""
    owner = make_person("curator", is_curator=True)
    canvas = make_canvases(1, owner).canvases.get()
    layer = Layer.objects.create(label={"en": "Truth"}, kind="ground-truth", is_public=True, created_by=owner)
    add_annotations([_box(layer, canvas, number) for number in range(BOXES)])
    return {"layer": str(layer.pk), "canvas": str(canvas.pk)}


def _box(layer: Layer, canvas: Canvas, number: int) -> NewAnnotation:
    box = Box(number % 97 * 20 + 0.25, number // 97 * 30 + 0.5, 18, 27)
    document = build(
        id="urn:uuid:0",
        canvas=canvas.uri,
        manifest="https://example.org/iiif/1/manifest",
        box=box,
        concepts=[ConceptBody(f"https://example.org/signs/{number % 30}", f"sign {number % 30}", "en")],
        creator={"id": "https://example.org/people/1", "type": "Person", "name": "Quiet Otter"},
        generator={"id": "https://example.org", "type": "Software", "name": "Rubricator"},
        extension={"origin": "drawn", "support": 0.75, "method": "boxes matched and merged"},
    )
    document.pop("id")
    return NewAnnotation(
        id=uuid4(), layer=layer, canvas=canvas, document=document, motivations=("tagging",), box=box
    )  # fmt: skip


def fetch(layer: str, canvas: str) -> dict[str, Any]:
    """The median of the rounds, in the process that the web server is: no socket, no other client."""
    client, url = Client(), reverse("iiif-annotation-page", args=[layer, canvas])
    with counting() as statements:
        response = client.get(url)
    assert response.status_code == 200, response.content[:500]
    documents = [
        as_document(row) for row in annotations_on(Layer.objects.get(pk=layer), Canvas.objects.get(pk=canvas))
    ]
    assert len(orjson.loads(response.content)["items"]) == len(documents) == BOXES
    page_s = _median(lambda: client.get(url))
    again_s = _median(lambda: client.get(url, headers={"If-None-Match": response["ETag"]}))
    dumps_s = _median(lambda: orjson.dumps(documents))
    return {
        "milliseconds": round(page_s * 1000, 1),
        "milliseconds_not_modified": round(again_s * 1000, 1),
        "bytes": len(response.content),
        "statements": statements.count,
        "orjson_dumps_ms": round(dumps_s * 1000, 2),
        "orjson_dumps_bytes": len(orjson.dumps(documents)),
        "times_orjson_dumps": round(page_s / dumps_s, 1),
    }


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
