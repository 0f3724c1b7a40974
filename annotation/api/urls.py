"""Addresses of sources and layers in the API."""

from django.urls import path

from annotation.api import exports, views

urlpatterns = [
    path("manifests/", views.ManifestListView.as_view(), name="api-manifest-list"),
    path("manifests/<uuid:manifest_id>/", views.ManifestView.as_view(), name="api-manifest-detail"),
    path(
        "manifests/<uuid:manifest_id>/canvases/", views.CanvasListView.as_view(), name="api-manifest-canvases"
    ),
    path("layers/", views.LayerListView.as_view(), name="api-layer-list"),
    path("layers/<uuid:layer_id>/export/", exports.LayerExportView.as_view(), name="api-layer-export"),
    path("imports/", views.ImportsView.as_view(), name="api-imports"),
    path("imports/<uuid:import_id>/", views.ImportView.as_view(), name="api-import-detail"),
    path(
        "imports/<uuid:import_id>/left-aside/",
        views.LeftAsideView.as_view(),
        name="api-import-left-aside",
    ),
]
