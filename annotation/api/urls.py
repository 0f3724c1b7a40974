"""Addresses of sources and layers in the API."""

from django.urls import path

from annotation.api import views

urlpatterns = [
    path("manifests/", views.ManifestListView.as_view(), name="manifest-list"),
    path("manifests/<uuid:manifest_id>/", views.ManifestView.as_view(), name="manifest-detail"),
    path("manifests/<uuid:manifest_id>/canvases/", views.CanvasListView.as_view(), name="manifest-canvases"),
    path("layers/", views.LayerListView.as_view(), name="layer-list"),
    path("imports/", views.ImportsView.as_view(), name="imports"),
    path("imports/<uuid:import_id>/", views.ImportView.as_view(), name="import-detail"),
]
