"""Addresses that the standards prescribe: Presentation, Image, and Web Annotation."""

from django.urls import URLPattern, path

from annotation.api import auth, discovery, exports, iiif, image, sas, search, w3c


def image_service(prefix: str, name: str, *, version: int) -> list[URLPattern]:
    """The three addresses of an image service: base, info.json, pixels."""
    base, told = f"{prefix}<uuid:image_id>", {"version": version}
    return [
        path(base, image.ImageBaseView.as_view(), told, name=name),
        path(f"{base}/info.json", image.ImageInfoView.as_view(), told, name=f"{name}-info"),
        path(f"{base}/<path:parameters>", image.ImagePixelsView.as_view(), told, name=f"{name}-pixels"),
    ]


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
    path("iiif/presentation/collection", iiif.CollectionView.as_view(), name="iiif-collection"),
    path(
        "iiif/presentation/collection/<int:part>",
        iiif.CollectionView.as_view(),
        name="iiif-collection-part",
    ),
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
    path("iiif/auth/probe/<uuid:image_id>", auth.ProbeView.as_view(), name="iiif-auth-probe"),
    *image_service("iiif/image/", "iiif-image", version=3),
    *image_service("iiif/image/with/<str:admitted>/", "iiif-image-with", version=3),
    *image_service("iiif/image/2/", "iiif-image-2", version=2),
    *image_service("iiif/image/2/with/<str:admitted>/", "iiif-image-2-with", version=2),
    path("iiif/search/", search.SearchView.as_view(), name="iiif-search-all"),
    path("iiif/search/<uuid:manifest_id>", search.SearchView.as_view(), name="iiif-search"),
    path(
        "iiif/search/<uuid:manifest_id>/<uuid:canvas_id>",
        search.SearchView.as_view(),
        name="iiif-search-canvas",
    ),
    path("iiif/search/1/", search.SearchView1.as_view(), name="iiif-search-all-1"),
    path("iiif/search/1/<uuid:manifest_id>", search.SearchView1.as_view(), name="iiif-search-1"),
    path(
        "iiif/search/1/<uuid:manifest_id>/<uuid:canvas_id>",
        search.SearchView1.as_view(),
        name="iiif-search-canvas-1",
    ),
    path("iiif/autocomplete/", search.CompletionView.as_view(), name="iiif-autocomplete-all"),
    path("iiif/autocomplete/<uuid:manifest_id>", search.CompletionView.as_view(), name="iiif-autocomplete"),
    path("iiif/autocomplete/1/", search.CompletionView1.as_view(), name="iiif-autocomplete-all-1"),
    path(
        "iiif/autocomplete/1/<uuid:manifest_id>",
        search.CompletionView1.as_view(),
        name="iiif-autocomplete-1",
    ),
    path("iiif/discovery/", discovery.StreamView.as_view(), name="iiif-discovery"),
    path("iiif/discovery/<int:number>", discovery.StreamPageView.as_view(), name="iiif-discovery-page"),
    path("w3c/context.json", w3c.ContextView.as_view(), name="w3c-context"),
    path("w3c/<uuid:layer_id>/", w3c.LayerView.as_view(), name="w3c-layer"),
    path("w3c/<uuid:layer_id>/<uuid:annotation_id>", w3c.AnnotationView.as_view(), name="w3c-annotation"),
    *_simple_annotation_server("sas/<uuid:layer_id>", "sas"),
    *_simple_annotation_server("sas/<uuid:layer_id>/<str:key>", "sas-key"),
]
