"""W3C Web Annotation Protocol: layers as containers, their pages, single annotations, our terms."""

from annotation.api.w3c.containers import LayerView
from annotation.api.w3c.context import ContextView
from annotation.api.w3c.single import AnnotationView

__all__ = ["AnnotationView", "ContextView", "LayerView"]
