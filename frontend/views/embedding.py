"""`/embed/`: how a source comes on somebody’s own page, to try and to copy; and the layers our own pages ask for."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from annotation.addresses import manifest_uri
from annotation.models import Canvas
from annotation.permissions import get_seen_canvas_for, visible_layers, visible_manifests
from frontend.embedding import script_address, snippet
from frontend.shown_layers import shapes_of
from frontend.views.campaigns import language

LONGEST = 2000


@require_GET
def embed(request: HttpRequest) -> HttpResponse:
    """A form for the address of a manifest, the element live below it, and the code of that."""
    manifest = request.GET.get("manifest", "").strip()[:LONGEST]
    canvas = request.GET.get("canvas", "").strip()[:LONGEST]
    problem = bool(manifest) and not manifest.startswith(("http://", "https://"))
    example = not manifest
    if example:
        newest = visible_manifests(AnonymousUser()).only("pk").first()
        manifest = manifest_uri(newest.pk) if newest else ""
    context = {
        "manifest": manifest,
        "canvas": canvas,
        "is_example": example,
        "problem": problem,
        "script": script_address(),
        "snippet": snippet(manifest=manifest, canvas=canvas) if manifest and not problem else "",
    }
    return render(request, "sources/embed.html", context, status=422 if problem else 200)


@require_GET
def canvas_layers(request: HttpRequest, canvas_id: UUID) -> HttpResponse:
    """The layers on a canvas that the reader may see, as the viewer takes them; five queries.

    Who may read a layer may know where it speaks; who may read none there needs to see the canvas itself.
    """
    standing = {"annotations__canvas": canvas_id, "annotations__deleted_at": None}
    layers = list(visible_layers(request.user).filter(**standing).distinct().order_by("created_at"))
    canvas = Canvas.objects.get(pk=canvas_id) if layers else get_seen_canvas_for(request.user, canvas_id)
    return JsonResponse({"layers": shapes_of(layers, canvas, language())})
