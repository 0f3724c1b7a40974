"""The page on which several people annotate a canvas in one layer at the same time."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.roles import verbs_of
from annotation.addresses import layer_uri
from annotation.models import Canvas, Layer
from annotation.permissions import get_layer_for, get_seen_canvas_for, require_own_kind
from campaigns.api import shown
from frontend.preloading import texts_ahead
from taxonomy.permissions import visible_vocabularies


@require_GET
@texts_ahead
def scriptorium(request: HttpRequest, layer_id: UUID, canvas_id: UUID) -> HttpResponse:
    """A layer on a canvas, live: with tools for who may write, to look at for who may read."""
    layer = get_layer_for(request.user, layer_id, "view")
    require_own_kind(layer)
    canvas = get_seen_canvas_for(request.user, canvas_id)
    context = {
        "section": "sources",
        "layer": layer,
        "canvas": canvas,
        "may_write": "contribute" in verbs_of(request.user, layer),
        "data": _data(request, layer, canvas),
    }
    return render(request, "layers/scriptorium.html", context)


def _data(request: HttpRequest, layer: Layer, canvas: Canvas) -> dict[str, Any]:
    """What the element begins with; everything that changes comes from its `changes`."""
    # One that others chose may be hidden from whoever asks.
    vocabulary = (
        layer.vocabulary_id and visible_vocabularies(request.user).filter(pk=layer.vocabulary_id).first()
    )
    return {
        "canvas": shown.canvas(canvas),
        "manifest": canvas.manifest.uri,
        "changes": reverse("api-layer-changes", args=[layer.pk, canvas.pk]),
        "container": reverse("w3c-layer", args=[layer.pk]),
        # Ids are absolute, and the address that one works at may be another than the public one.
        "layer": {"id": str(layer.pk), "uri": layer_uri(layer.pk), "title": layer.label},
        "vocabulary": vocabulary.slug if vocabulary else None,
        "similar": reverse("api-alike", args=[layer.pk, canvas.pk]),
        "tree": reverse("api-layer-concept-tree", args=[layer.pk]) if vocabulary else None,
        "before": _before(layer, canvas),
    }


def _before(layer: Layer, canvas: Canvas) -> dict[str, Any] | None:
    """The page before this one, where the same layer may say something that is worth copying; one query."""
    pages = Canvas.objects.filter(manifest=canvas.manifest_id, position__lt=canvas.position)
    page = pages.only("pk", "width", "height").order_by("-position").first()
    if page is None:
        return None
    changes = reverse("api-layer-changes", args=[layer.pk, page.pk])
    return {"changes": changes, "size": [page.width, page.height]}
