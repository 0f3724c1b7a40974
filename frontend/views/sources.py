"""Pages of sources: the shelf of manifests, bringing one in, and looking at a canvas."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_curator
from annotation.actions.sources import import_from_file, import_from_url, import_images
from annotation.addresses import annotation_page_uri, manifest_uri
from annotation.models import Canvas, Layer, SourceImport
from annotation.permissions import get_manifest_for, visible_layers, visible_manifests
from frontend.forms.problems import show_on
from frontend.forms.sources import EXAMPLES, FileForm, ImagesForm, UrlForm
from problems import Problem


@require_GET
def source_list(request: HttpRequest) -> HttpResponse:
    """Every manifest the reader may see, newest first."""
    first = Prefetch("canvases", queryset=Canvas.objects.filter(position=0), to_attr="first_canvases")
    manifests = visible_manifests(request.user).defer("document", "metadata").prefetch_related(first)
    page = Paginator(manifests.annotate(canvas_count=Count("canvases")), 24).get_page(request.GET.get("page"))
    return render(request, "sources/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def source_import(request: HttpRequest) -> HttpResponse:
    """Three ways to bring a source in, on one page; `kind` says which form was sent."""
    by = require_curator(request.user)
    kind = request.POST.get("kind", "")
    forms = {
        "url": UrlForm(request.POST if kind == "url" else None),
        "file": FileForm(request.POST, request.FILES) if kind == "file" else FileForm(),
        "images": ImagesForm(request.POST, request.FILES) if kind == "images" else ImagesForm(),
    }
    form = forms.get(kind)
    if form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            if kind == "url":
                source = import_from_url(data["url"], by=by)
            elif kind == "file":
                source = import_from_file(data["file"], by=by)
            else:
                source = import_images(data["images"], title=data["title"], rights=data["rights"], by=by)
            return redirect("source-import-progress", source.pk)
        except Problem as problem:
            show_on(form, problem)
    recent = SourceImport.objects.filter(created_by=by).select_related("job", "manifest")[:8]
    status = 422 if form is not None else 200
    context = {"forms": forms, "examples": EXAMPLES, "recent": recent, "kind": kind or "url"}
    return render(request, "sources/import.html", context, status=status)


@require_GET
def source_import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How an import goes, and what was wrong in the source."""
    by = require_curator(request.user)
    imports = SourceImport.objects.select_related("job", "manifest").filter(created_by=by)
    source = get_object_or_404(imports, pk=import_id)
    return render(request, "sources/progress.html", {"source": source, "job": source.job})


@require_GET
def source_detail(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """A manifest: what it says of itself, its canvases as a contact sheet."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    page = Paginator(manifest.canvases.order_by("position"), 48).get_page(request.GET.get("page"))
    context = {"manifest": manifest, "page": page, "published": manifest_uri(manifest.pk)}
    return render(request, "sources/detail.html", context)


@require_GET
def canvas_detail(request: HttpRequest, manifest_id: UUID, canvas_id: UUID) -> HttpResponse:
    """One canvas in the viewer, with the layers the reader may see."""
    manifest = get_manifest_for(request.user, manifest_id, "view")
    canvas = get_object_or_404(manifest.canvases, pk=canvas_id)
    layers = (
        visible_layers(request.user)
        .filter(annotations__canvas=canvas, annotations__deleted_at=None)
        .annotate(count=Count("annotations"))
        .order_by("created_at")
    )
    context = {
        "manifest": manifest,
        "canvas": canvas,
        "layers": [_layer(layer, canvas) for layer in layers],
        "previous": manifest.canvases.filter(position__lt=canvas.position).order_by("-position").first(),
        "next": manifest.canvases.filter(position__gt=canvas.position).order_by("position").first(),
    }
    return render(request, "sources/canvas.html", context)


def _layer(layer: Layer, canvas: Canvas) -> dict[str, object]:
    return {"layer": layer, "page": annotation_page_uri(layer, canvas)}
