"""Sources to test with: manifests as uploads, images made on the spot, a layer with annotations."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Layer, Manifest, SourceImport
from annotation.webanno import build
from tests.taxonomy.conftest import bring, clefs
from work.actions import run_job
from work.models import JobLine

__all__ = ["bring", "clefs"]
Finished = Callable[[SourceImport], SourceImport]


def p3_manifest(uri: str = "https://example.org/iiif/book", pages: int = 3) -> dict[str, Any]:
    """A small Presentation 3 manifest with image services of version 3."""
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{uri}/manifest",
        "type": "Manifest",
        "label": {"en": ["A book"], "fr": ["Un livre"]},
        "rights": "http://creativecommons.org/publicdomain/zero/1.0/",
        "items": [p3_canvas(uri, number) for number in range(1, pages + 1)],
    }


def p3_canvas(uri: str, number: int, *, width: int = 1000, height: int = 1400) -> dict[str, Any]:
    canvas = f"{uri}/canvas/{number}"
    service = {"id": f"{uri}/image/{number}", "type": "ImageService3", "profile": "level2"}
    image = {"id": f"{uri}/image/{number}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg"}
    painting = {
        "id": f"{canvas}/painting",
        "type": "Annotation",
        "motivation": "painting",
        "target": canvas,
        "body": {**image, "width": 2000, "height": 2800, "service": [service]},
    }
    page = {"id": f"{canvas}/page", "type": "AnnotationPage", "items": [painting]}
    return {
        "id": canvas,
        "type": "Canvas",
        "label": {"none": [str(number)]},
        "width": width,
        "height": height,
        "items": [page],
    }


def upload(document: object, name: str = "manifest.json") -> SimpleUploadedFile:
    """Bytes, or anything as JSON, as a file sent by a form."""
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return SimpleUploadedFile(name, content)


def picture(
    name: str = "page.png", size: tuple[int, int] = (300, 200), colour: str = "white"
) -> SimpleUploadedFile:
    raw = io.BytesIO()
    Image.new("RGB", size, colour).save(raw, "PNG")
    return SimpleUploadedFile(name, raw.getvalue())


@pytest.fixture
def finished() -> Finished:
    """Do the job of an import, as a worker would, and look at it again."""

    def do(source: SourceImport) -> SourceImport:
        assert source.job is not None
        run_job(str(source.job.pk))
        return SourceImport.objects.select_related("job", "manifest").get(pk=source.pk)

    return do


def report(source: SourceImport) -> list[JobLine]:
    assert source.job is not None
    return list(source.job.lines.all())


@pytest.fixture
def manifest(owner: User) -> Manifest:
    """A private manifest of Olga’s with two canvases."""
    manifest = Manifest.objects.create(
        uri="https://example.org/iiif/book/manifest",
        label={"en": ["A book"]},
        document=p3_manifest(pages=2),
        is_public=False,
        created_by=owner,
    )
    grant(owner, manifest, Role.OWNER)
    for number in (1, 2):
        Canvas.objects.create(
            manifest=manifest,
            uri=f"https://example.org/iiif/book/canvas/{number}",
            position=number - 1,
            width=1000,
            height=1400,
            image_service=f"https://example.org/iiif/book/image/{number}",
            image_service_version=3,
            image_width=2000,
            image_height=2800,
            extra={"profile": "level2"},
        )
    return manifest


def make_layer(by: User, **fields: object) -> Layer:
    layer = Layer.objects.create(
        label={"en": "Notes", "fr": "Notes"}, kind="imported", created_by=by, **fields
    )
    grant(by, layer, Role.OWNER)
    return layer


def annotate(layer: Layer, canvas: Canvas, count: int = 1, **extension: object) -> list[Annotation]:
    """So many boxes on a canvas."""
    ids = [uuid4() for _ in range(count)]
    add_annotations(
        [
            NewAnnotation(
                id=pk,
                layer=layer,
                canvas=canvas,
                document=_document(canvas, Box(10 + place, 20, 30, 40), extension),
                motivations=("tagging",),
                box=Box(10 + place, 20, 30, 40),
            )
            for place, pk in enumerate(ids)
        ]
    )
    return list(Annotation.objects.filter(pk__in=ids).order_by("created_at", "id"))


def _document(canvas: Canvas, box: Box, extension: dict[str, object]) -> dict[str, Any]:
    document = build(
        id="urn:uuid:x",
        canvas=canvas.uri,
        manifest=canvas.manifest.uri,
        box=box,
        comment="look",
        extension=extension,
    )
    return {key: value for key, value in document.items() if key != "id"}
