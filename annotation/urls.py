"""Addresses that the standards prescribe: Presentation, Image, and Web Annotation."""

from django.urls import path
from django.urls.resolvers import URLPattern

from annotation.api import iiif, image, sas, w3c


def _simple_annotation_server(before: str, name: str) -> list[URLPattern]:
    """The addresses of the plug-ins below `…/annotation`, which is what they are configured with."""
    return [
        path(f"{before}/annotation/search", sas.SearchView.as_view(), name=f"{name}-search"),
        path(f"{before}/annotation/create", sas.CreateView.as_view(), name=f"{name}-create"),
        path(f"{before}/annotation/update", sas.UpdateView.as_view(), name=f"{name}-update"),
        # Mirador 2 adds the id to the path.
        path(
            f"{before}/annotation/update/<path:name>", sas.UpdateView.as_view(), name=f"{name}-update-named"
        ),
        path(f"{before}/annotation/destroy", sas.DestroyView.as_view(), name=f"{name}-destroy"),
    ]


urlpatterns = [
    path(
        "iiif/presentation/<uuid:manifest_id>/manifest",
        iiif.ManifestDocumentView.as_view(),
        name="iiif-manifest",
    ),
    path(
        "iiif/annotations/<uuid:layer_id>/<uuid:canvas_id>",
        iiif.AnnotationPageView.as_view(),
        name="iiif-annotation-page",
    ),
    path("iiif/image/<uuid:image_id>", image.ImageBaseView.as_view(), name="iiif-image"),
    path("iiif/image/<uuid:image_id>/info.json", image.ImageInfoView.as_view(), name="iiif-image-info"),
    path(
        "iiif/image/<uuid:image_id>/<path:parameters>",
        image.ImagePixelsView.as_view(),
        name="iiif-image-pixels",
    ),
    path("w3c/context.json", w3c.ContextView.as_view(), name="w3c-context"),
    path("w3c/<uuid:layer_id>/", w3c.LayerView.as_view(), name="w3c-layer"),
    path("w3c/<uuid:layer_id>/<uuid:annotation_id>", w3c.AnnotationView.as_view(), name="w3c-annotation"),
    *_simple_annotation_server("sas/<uuid:layer_id>", "sas"),
    *_simple_annotation_server("sas/<uuid:layer_id>/<str:key>", "sas-key"),
]
