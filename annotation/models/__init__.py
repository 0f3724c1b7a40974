"""Where things were said and what was said: sources, canvases, images, layers, annotations."""

from annotation.models.annotations import (
    Annotation,
    AnnotationConcept,
    AnnotationDeparture,
    AnnotationRevision,
    Layer,
    LayerGroupObjectPermission,
    LayerUserObjectPermission,
)
from annotation.models.following import CollectionMember, Every, Origin, SourceChange, SourceCollection
from annotation.models.images import StoredImage
from annotation.models.sources import Canvas, Manifest, ManifestUserObjectPermission, SourceImport

__all__ = [
    "Annotation",
    "AnnotationConcept",
    "AnnotationDeparture",
    "AnnotationRevision",
    "Canvas",
    "CollectionMember",
    "Every",
    "Layer",
    "LayerGroupObjectPermission",
    "LayerUserObjectPermission",
    "Manifest",
    "ManifestUserObjectPermission",
    "Origin",
    "SourceChange",
    "SourceCollection",
    "SourceImport",
    "StoredImage",
]
