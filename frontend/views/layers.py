"""Pages of layers: which there are, how programs reach one, who may do what in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_user
from accounts.roles import Person, verbs_of
from annotation.actions.layers import change_layer, create_layer, delete_layer, give_role
from annotation.addresses import annotation_page_uri, layer_uri
from annotation.models import Layer
from annotation.permissions import WRITTEN_BY_HAND, get_layer_for, visible_layers, visible_manifests
from annotation.queries import count_of, counts_of, pages_of, people_of
from frontend.forms.layers import LayerForm, LayerPersonForm
from frontend.forms.problems import show_on
from problems import Problem

PAGE = 24


@require_http_methods(["GET", "POST"])
def layer_list(request: HttpRequest) -> HttpResponse:
    """Every layer that the reader may see, newest first, and the form for one of their own."""
    form = None
    if request.method == "POST":
        by = require_user(request.user)
        form = LayerForm(request.POST, person=by)
        layer = _made(form, by)
        if layer is not None:
            messages.success(request, _("The layer is there. It is empty and yours."))
            return redirect("layer", layer.pk)
    elif isinstance(request.user, User):
        form = LayerForm(person=request.user)
    layers = visible_layers(request.user).select_related("manifest").defer("manifest__document")
    page = Paginator(layers.order_by("-created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    counts = counts_of(page.object_list)
    context = {
        "section": "sources",
        "page": page,
        "rows": [{"layer": layer, "count": counts.get(layer.pk, 0)} for layer in page],
        "form": form,
    }
    return render(request, "layers/list.html", context, status=422 if form and form.is_bound else 200)


def _made(form: LayerForm, by: User) -> Layer | None:
    if not form.is_valid():
        return None
    try:
        return create_layer(by=by, **form.values())
    except Problem as problem:
        show_on(form, problem)
    return None


@require_http_methods(["GET", "POST"])
def layer_detail(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """A layer: its addresses, where it speaks, its people; the form renames it or changes its public."""
    layer = get_layer_for(request.user, layer_id, "manage" if request.method == "POST" else "view")
    if request.method == "GET":
        return _page(request, layer)
    by = require_user(request.user)
    form = LayerForm(request.POST, person=by, layer=layer)
    if form.is_valid():
        try:
            change_layer(layer, by=by, **form.values())
            messages.success(request, _("The layer is changed."))
            return redirect("layer", layer.pk)
        except Problem as problem:
            layer.refresh_from_db()
            show_on(form, problem)
    return _page(request, layer, {"form": form}, status=422)


@require_POST
def layer_people(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """Give somebody a role on the layer, or take it away."""
    layer = get_layer_for(request.user, layer_id, "own")
    form = LayerPersonForm(request.POST)
    if form.is_valid():
        role, who = form.cleaned_data["role"], form.cleaned_data["who"]
        try:
            give_role(layer, who, role, by=require_user(request.user))
            messages.success(request, _("The role is given.") if role else _("The role is taken away."))
            return redirect("layer", layer.pk)
        except Problem as problem:
            show_on(form, problem)
    return _page(request, layer, {"person_form": form}, status=422)


@require_http_methods(["GET", "POST"])
def layer_delete(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """Ask once more, then delete the layer with its annotations."""
    layer = get_layer_for(request.user, layer_id, "own")
    if request.method == "POST":
        delete_layer(layer, by=require_user(request.user))
        messages.success(request, _("The layer is deleted."))
        return redirect("layer-list")
    context = {"section": "sources", "layer": layer, "count": count_of(layer)}
    return render(request, "layers/delete.html", context)


def _page(
    request: HttpRequest, layer: Layer, forms: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    canvases = Paginator(pages_of(layer), PAGE).get_page(request.GET.get("page"))
    manifests = {canvas.manifest_id for canvas in canvases}
    seen = set(visible_manifests(request.user).filter(pk__in=manifests).values_list("pk", flat=True))
    may = _may(request.user, layer)
    context = {
        "section": "sources",
        "layer": layer,
        "count": count_of(layer),
        "uri": layer_uri(layer.pk),
        "page": canvases,
        "places": [
            {
                "canvas": canvas,
                "uri": annotation_page_uri(layer, canvas),
                "is_seen": canvas.manifest_id in seen,
            }
            for canvas in canvases
        ],
        "may": may,
        "is_by_hand": layer.kind in WRITTEN_BY_HAND,
        "people": people_of(layer) if may["manage"] else [],
        "form": LayerForm(person=require_user(request.user), layer=layer) if may["manage"] else None,
        "person_form": LayerPersonForm() if may["own"] else None,
        **(forms or {}),
    }
    return render(request, "layers/detail.html", context, status=status)


def _may(person: Person, layer: Layer) -> dict[str, bool]:
    """What the page offers: nothing that would be refused when it is pressed."""
    held = verbs_of(person, layer)
    by_hand = layer.kind in WRITTEN_BY_HAND
    return {verb: by_hand and verb in held for verb in ("contribute", "manage", "own")}
