"""Addresses of sources and layers in the API."""

from django.urls import path

from annotation.api import following, views

urlpatterns = [
    path("manifests/", views.ManifestListView.as_view(), name="api-manifest-list"),
    path("manifests/<uuid:manifest_id>/", views.ManifestView.as_view(), name="api-manifest-detail"),
    path(
        "manifests/<uuid:manifest_id>/canvases/", views.CanvasListView.as_view(), name="api-manifest-canvases"
    ),
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
    path("layers/", views.LayerListView.as_view(), name="api-layer-list"),
    path("imports/", views.ImportsView.as_view(), name="api-imports"),
    path("imports/<uuid:import_id>/", views.ImportView.as_view(), name="api-import-detail"),
]
