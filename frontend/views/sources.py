"""Pages of sources: the shelf of manifests, bringing one in, and looking at a canvas."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import verbs_of
from annotation.actions.annotation_layers import layers_of
from annotation.actions.annotation_sources import import_annotations_from_file, import_annotations_from_url
from annotation.actions.manifests import set_visibility
from annotation.actions.sources import import_from_file, import_from_url, import_images
from annotation.addresses import annotation_list_uri, annotation_page_uri, layer_uri, manifest_uri
from annotation.contents import said_by
from annotation.import_folder import Choices, ImportFolder
from annotation.logins import logins_of
from annotation.models import Canvas, Layer, Manifest, Origin, SourceImport
from annotation.permissions import (
    get_manifest_for,
    visible_collections,
    visible_layers,
    visible_manifests,
    writable_layers,
)
from annotation.queries import auth_value, layers_on, with_counts
from campaigns.api import shown
from frontend.beside import beside_asked
from frontend.changes import explained
from frontend.contents import contents_of, level_of
from frontend.forms.following import WatchForm
from frontend.forms.problems import show_on
from frontend.forms.sources import EXAMPLES, AnnotationsForm, FileForm, ImagesForm, UrlForm
from frontend.preloading import texts_ahead
from frontend.reports import report_of
from frontend.searching import search_in
from frontend.sharing import share_panel, wanted_on
from frontend.shown_layers import MOST_SHAPES, shapes_of
from frontend.views.campaigns import language
from frontend.views.following import open_changes
from problems import Problem
from problems.api import whole_number

MOST_COLLECTIONS = 50
MOST_WRITABLE = 50


@require_GET
def source_list(request: HttpRequest) -> HttpResponse:
    """Every manifest the reader may see, newest first."""
    first = Prefetch("canvases", queryset=Canvas.objects.filter(position=0), to_attr="first_canvases")
    manifests = visible_manifests(request.user).defer("document", "metadata").prefetch_related(first)
    page = Paginator(manifests.annotate(canvas_count=Count("canvases")), 24).get_page(request.GET.get("page"))
    canvases = Canvas.objects.filter(manifest__in=visible_manifests(request.user).values("pk")).count()
    context = {
        "section": "sources",
        "page": page,
        "canvases": canvases,
        "collections": visible_collections(request.user)[:MOST_COLLECTIONS],
        "open_changes": open_changes(request),
    }
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "POST"])
def source_import(request: HttpRequest) -> HttpResponse:
    """The ways to bring something in, on one page; `kind` says which form was sent."""
    by = require_curator(request.user)
    kind = request.POST.get("kind", "")
    forms = {
        "url": UrlForm(
            request.POST if kind == "url" else None, initial={"url": request.GET.get("url", "")[:2000]}
        ),
        "file": FileForm(request.POST, request.FILES) if kind == "file" else FileForm(),
        "images": ImagesForm(request.POST, request.FILES) if kind == "images" else ImagesForm(),
        "annotations": (
            AnnotationsForm(request.POST, request.FILES) if kind == "annotations" else AnnotationsForm()
        ),
    }
    form = forms.get(kind)
    if form is not None and form.is_valid():
        try:
            source = _begin(kind, form.cleaned_data, by=by)
            return redirect("source-import-progress", source.pk)
        except Problem as problem:
            show_on(form, problem)
    recent = (
        SourceImport.objects.filter(created_by=by)
        .select_related("job", "manifest", "collection")
        .defer("manifest__document")
    )
    context = {
        "section": "sources",
        "forms": forms,
        "examples": EXAMPLES,
        "recent": recent[:8],
        "kind": kind or "url",
    }
    return render(request, "sources/import.html", context, status=200 if form is None else 422)


def _begin(kind: str, data: dict[str, Any], *, by: User) -> SourceImport:
    if kind == "url":
        return import_from_url(data["url"], by=by)
    if kind == "file":
        return import_from_file(data["file"], by=by)
    if kind == "images":
        return import_images(data["images"], title=data["title"], rights=data["rights"], by=by)
    keeps = data["addresses"] == "keep"
    choices = Choices(label=data["label"], keeps_addresses=keeps, is_public=data["is_public"])
    if data["file"]:
        return import_annotations_from_file(data["file"], by=by, choices=choices)
    return import_annotations_from_url(data["url"], by=by, choices=choices)


@require_GET
def source_import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How an import goes, and what was wrong in the source."""
    by = require_curator(request.user)
    imports = (
        SourceImport.objects.select_related("job", "manifest", "collection")
        .defer("manifest__document")
        .filter(created_by=by)
    )
    source = get_object_or_404(imports, pk=import_id)
    context = {
        "section": "sources",
        "source": source,
        "job": source.job,
        "lines": [],
        **_of_annotations(source),
        **report_of(source.job, request.GET.get("page")),
    }
    return render(request, "sources/progress.html", context)


def _of_annotations(source: SourceImport) -> dict[str, object]:
    """The layers that an import of annotations has filled, and whether it left anything aside.

    For the import of a manifest: the import of the annotations that came with it.
    """
    if source.kind == SourceImport.Kind.ANNOTATIONS:
        layers = with_counts(layers_of(source))
        return {"layers": layers, "has_aside": ImportFolder(source).has_aside()}
    carried = SourceImport.objects.filter(kind=SourceImport.Kind.ANNOTATIONS, created_by=source.created_by)
    latest = (
        carried.filter(manifest=source.manifest_id).select_related("job")
        if source.manifest_id
        else carried.none()
    )
    return {"carried": latest.first()}


@require_GET
def source_detail(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """A manifest: what it says of itself, its contents, its canvases as a contact sheet."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    page = Paginator(manifest.canvases.order_by("position"), 48).get_page(request.GET.get("page"))
    said = said_by(manifest)
    context = {
        "section": "sources",
        "manifest": manifest,
        "page": page,
        "published": manifest_uri(manifest.pk),
        "layers": layers_on(manifest, reader=request.user),
        "is_ours": manifest.uri == manifest_uri(manifest.pk),
        "may_own": "own" in verbs_of(request.user, manifest),
        "logins": logins_of(manifest),
        "said": said,
        "contents": level_of(said, manifest),
        "search": search_in(manifest, request, language()),
        **_watch(request, manifest),
    }
    return render(request, "sources/detail.html", context)


@require_POST
def source_visibility(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Open a source to everybody, or close it to those who have a role on it."""
    is_public = request.POST.get("is_public") == "yes"
    manifest = set_visibility(manifest_id, is_public=is_public, by=request.user)
    said = _("Everybody may see this source now.") if is_public else _("This source is not public any more.")
    messages.success(request, said)
    return redirect("source", manifest.pk)


@require_GET
def source_contents(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """One level of a table of contents: as a branch of the tree that was opened, or as a page of its own."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    start = whole_number(request.GET, "from", default=0, least=0, most=1_000_000)
    level = contents_of(manifest, request.GET.get("at", ""), start)
    template = "sources/_contents.html" if request.headers.get("HX-Request") else "sources/contents.html"
    return render(request, template, {"section": "sources", "manifest": manifest, "contents": level})


def _watch(request: HttpRequest, manifest: Manifest) -> dict[str, object]:
    """The watch on a source, for its curator; nothing for everybody else and for our own images."""
    user = request.user
    if not isinstance(user, User) or not user.is_curator or manifest.created_by_id != user.pk:
        return {}
    if manifest.uri == manifest_uri(manifest.pk):
        return {}
    origin = Origin.objects.select_related("job").filter(manifest=manifest).first()
    changes = manifest.changes.filter(needs_attention=True, resolved_at=None)
    return {
        "watch_form": WatchForm(initial={"every": origin.every if origin else "never"}),
        "origin": origin,
        "job": origin.job if origin and origin.job and not origin.job.is_finished else None,
        "changes": [explained(change) for change in changes[:5]],
    }


@require_GET
@texts_ahead
def canvas_detail(request: HttpRequest, manifest_id: UUID, canvas_id: UUID) -> HttpResponse:
    """One canvas in the viewer, with the layers the reader may see."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    canvas = get_object_or_404(manifest.canvases, pk=canvas_id)
    box, annotation = wanted_on(canvas, request)
    share = share_panel(canvas, box, annotation)
    layers = list(
        visible_layers(request.user)
        .filter(annotations__canvas=canvas, annotations__deleted_at=None)
        .annotate(count=Count("annotations"))
        .order_by("created_at")
    )
    beside, not_found = beside_asked(canvas, box, request)
    context = {
        "section": "sources",
        "manifest": manifest,
        "canvas": canvas,
        "beside": beside,
        "beside_asked": request.GET.get("beside", "")[:500],
        "beside_not_found": not_found,
        "published": manifest_uri(manifest.pk),
        "auth": auth_value(canvas),
        "layers": [_addresses(layer, canvas) for layer in layers],
        "data": {
            "canvas": shown.canvas(canvas),
            "region": None,
            "marked": {"box": share["box"].xywh, "id": annotation.pk if annotation else None}
            if share["box"]
            else None,
            "layers": shapes_of(layers, canvas, language()),
        },
        "writable": writable_layers(request.user)[:MOST_WRITABLE],
        "is_cut": sum(layer.count for layer in layers) > MOST_SHAPES,
        "share": share,
        "previous": manifest.canvases.filter(position__lt=canvas.position).order_by("-position").first(),
        "next": manifest.canvases.filter(position__gt=canvas.position).order_by("position").first(),
    }
    return render(request, "sources/canvas.html", context, status=404 if not_found else 200)


@require_GET
def canvas_share(request: HttpRequest, manifest_id: UUID, canvas_id: UUID) -> HttpResponse:
    """The share panel by itself, for the region that has been chosen in the viewer."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    canvas = get_object_or_404(manifest.canvases, pk=canvas_id)
    context = {"canvas": canvas, "share": share_panel(canvas, *wanted_on(canvas, request))}
    return render(request, "sources/_share.html", context)


def _addresses(layer: Layer, canvas: Canvas) -> dict[str, object]:
    return {
        "layer": layer,
        "page": annotation_page_uri(layer, canvas),
        "list": annotation_list_uri(layer, canvas),
        "collection": layer_uri(layer.pk),
    }
