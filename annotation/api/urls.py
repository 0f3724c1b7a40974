"""Addresses of sources and layers in the API."""

from django.urls import path

from annotation.api import exports, following, layers, news, views
from annotation.api.crops import CropView

urlpatterns = [
    path("manifests/", views.ManifestListView.as_view(), name="api-manifest-list"),
    path("manifests/<uuid:manifest_id>/", views.ManifestView.as_view(), name="api-manifest-detail"),
    path(
        "manifests/<uuid:manifest_id>/canvases/", views.CanvasListView.as_view(), name="api-manifest-canvases"
    ),
    path("layers/", layers.LayerListView.as_view(), name="api-layer-list"),
    path("layers/<uuid:layer_id>/", layers.LayerDetailView.as_view(), name="api-layer-detail"),
    path("layers/<uuid:layer_id>/people/", layers.LayerPeopleView.as_view(), name="api-layer-people"),
    path(
        "layers/<uuid:layer_id>/people/<str:username>/",
        layers.LayerPersonView.as_view(),
        name="api-layer-person",
    ),
    path(
        "layers/<uuid:layer_id>/canvases/<uuid:canvas_id>/changes/",
        news.LayerNewsView.as_view(),
        name="api-layer-changes",
    ),
    path("canvases/<uuid:canvas_id>/crop/", CropView.as_view(), name="api-canvas-crop"),
    path(
        "manifests/<uuid:manifest_id>/watch/",
        following.ManifestWatchView.as_view(),
        name="api-manifest-watch",
    ),
    path("collections/", following.CollectionListView.as_view(), name="api-collection-list"),
    path(
        "collections/<uuid:collection_id>/", following.CollectionView.as_view(), name="api-collection-detail"
    ),
    path(
        "collections/<uuid:collection_id>/members/",
        following.CollectionMembersView.as_view(),
        name="api-collection-members",
    ),
    path(
        "collections/<uuid:collection_id>/crawl/", following.CrawlView.as_view(), name="api-collection-crawl"
    ),
    path("changes/", following.ChangeListView.as_view(), name="api-change-list"),
    path("changes/<uuid:change_id>/resolve/", following.ResolveView.as_view(), name="api-change-resolve"),
    path("layers/<uuid:layer_id>/export/", exports.LayerExportView.as_view(), name="api-layer-export"),
    path("imports/", views.ImportsView.as_view(), name="api-imports"),
    path("imports/<uuid:import_id>/", views.ImportView.as_view(), name="api-import-detail"),
    path(
        "imports/<uuid:import_id>/left-aside/",
        views.LeftAsideView.as_view(),
        name="api-import-left-aside",
    ),
]
