"""Addresses that the standards prescribe: Presentation, Image, and Web Annotation."""

from django.urls import path

from annotation.api import exports, iiif, image, w3c

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
    path(
        "iiif/annotations/<uuid:layer_id>/<uuid:canvas_id>/list",
        exports.AnnotationListView.as_view(),
        name="iiif-annotation-list",
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
]
