"""Addresses with a key, by which a viewer's plug-in writes into one layer: made, listed, ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require_user
from annotation.actions.keys import end_layer_key, layer_keys, make_layer_key
from annotation.addresses import plugin_uri
from annotation.permissions import WRITTEN_BY_HAND, get_layer_for
from frontend.forms.keys import KeyForm
from frontend.forms.problems import show_on
from problems import Problem


@never_cache
@require_http_methods(["GET", "POST"])
def key_list(request: HttpRequest, layer_id: UUID) -> HttpResponse:
    """The keys of a layer; a new one's address is shown in the answer to its form and never again."""
    layer = get_layer_for(request.user, layer_id, "contribute")
    by = require_user(request.user)
    form = KeyForm(request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = make_layer_key(layer, by=by, **form.cleaned_data)
            address, form = plugin_uri(layer.pk, secret), KeyForm()
        except Problem as problem:
            show_on(form, problem)
    context = {
        "section": "sources",
        "layer": layer,
        "form": form,
        "keys": layer_keys(layer, reader=by),
        "address": address,
        "is_writable": layer.kind in WRITTEN_BY_HAND,
    }
    return render(request, "layers/keys.html", context, status=422 if form.is_bound else 200)


@require_POST
def key_revoke(request: HttpRequest, layer_id: UUID, key_id: int) -> HttpResponse:
    layer = get_layer_for(request.user, layer_id, "contribute")
    end_layer_key(layer, key_id, by=require_user(request.user))
    messages.success(request, _("The address is closed; viewers that used it are refused from now on."))
    return redirect("layer-keys", layer.pk)
