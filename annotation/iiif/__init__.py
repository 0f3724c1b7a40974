"""IIIF at our borders: reads Presentation 1–3, writes Presentation 3, speaks the Image API."""

from annotation.iiif.document import UnreadableDocument
from annotation.iiif.image import crop_url, image_url, thumbnail_url, to_canvas, to_image
from annotation.iiif.imageinfo import info
from annotation.iiif.presentation import Reading, read
from annotation.iiif.request import ImageRequest, ImageRequestError, Limits, parse_request
from annotation.iiif.values import (
    AnnotationPageReading,
    AnnotationPageReference,
    CanvasValue,
    CollectionReading,
    CollectionValue,
    ImageService,
    ImageValue,
    LabelledValue,
    LanguageMap,
    ManifestReading,
    ManifestValue,
    MemberValue,
    Problem,
    ProviderValue,
)

__all__ = [
    "AnnotationPageReading",
    "AnnotationPageReference",
    "CanvasValue",
    "CollectionReading",
    "CollectionValue",
    "ImageRequest",
    "ImageRequestError",
    "ImageService",
    "ImageValue",
    "LabelledValue",
    "LanguageMap",
    "Limits",
    "ManifestReading",
    "ManifestValue",
    "MemberValue",
    "Problem",
    "ProviderValue",
    "Reading",
    "UnreadableDocument",
    "crop_url",
    "image_url",
    "info",
    "parse_request",
    "read",
    "thumbnail_url",
    "to_canvas",
    "to_image",
]
