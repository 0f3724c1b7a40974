"""A campaign from a definition that came as a file: looked at first, then made; and campaigns as templates."""

from typing import Any

import orjson
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_curator
from campaigns.actions.definitions import campaign_from, offer_as_template
from campaigns.api.definitions import read_definition
from campaigns.definition_preview import Preview, preview_of
from campaigns.permissions import get_campaign_for
from frontend.forms.definitions import DefinitionFileForm, StartForm
from frontend.forms.problems import show_on
from problems import Problem
from problems.api import parse_json


@require_http_methods(["GET", "POST"])
def campaign_from_file(request: HttpRequest) -> HttpResponse:
    """A file is sent, what it would make is shown, and with an address it is made: three steps, one page."""
    by = require_curator(request.user)
    if "definition" in request.POST:
        return _start(request, by)
    form = DefinitionFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            definition = read_definition(parse_json(form.cleaned_data["file"].read()))
        except Problem as problem:
            _tell_all(form, problem)
        else:
            return _show(request, _start_form(definition), preview_of(definition, by=by))
    return _page(request, {"file_form": form}, failed=form.is_bound)


def _start_form(definition: dict[str, Any]) -> StartForm:
    said = orjson.dumps(definition, default=str).decode()
    return StartForm(initial={"definition": said, "slug": slugify(definition.get("slug", ""))[:60]})


def _start(request: HttpRequest, by: User) -> HttpResponse:
    """Make the campaign from what was shown."""
    form = StartForm(request.POST)
    try:
        definition = read_definition(parse_json(request.POST.get("definition", "").encode()))
    except Problem as problem:
        empty = DefinitionFileForm(request.POST, None)
        _tell_all(empty, problem)
        return _page(request, {"file_form": empty}, failed=True)
    if form.is_valid():
        try:
            campaign, missing = campaign_from(definition, slug=form.cleaned_data["slug"], by=by)
        except Problem as problem:
            show_on(form, problem)
        else:
            messages.success(request, _("The draft is made from the definition."))
            if missing:
                said = ngettext(
                    "%(count)d source is not here; its images are not in it.",
                    "%(count)d sources are not here; their images are not in it.",
                    len(missing),
                )
                messages.warning(request, said % {"count": len(missing)})
            return redirect("campaign-edit", campaign.slug)
    return _show(request, form, preview_of(definition, by=by), failed=True)


def _tell_all(form: forms.Form, problem: Problem) -> None:
    """Every fault with its place in the file, as a sentence."""
    for fault in problem.faults:
        place = f"{fault.pointer}: " if fault.pointer else ""
        form.add_error("file", f"{place}{_(fault.detail)}")
    if not problem.faults:
        form.add_error("file", _(str(problem.detail)))


def _show(request: HttpRequest, form: StartForm, preview: Preview, *, failed: bool = False) -> HttpResponse:
    return _page(request, {"form": form, "preview": preview}, failed=failed)


def _page(request: HttpRequest, context: dict[str, object], *, failed: bool) -> HttpResponse:
    status = 422 if failed else 200
    return render(request, "campaigns/from_file.html", {"section": "campaigns", **context}, status=status)


@require_POST
def campaign_template(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer the campaign as a template (`offered`), or no longer."""
    campaign = get_campaign_for(request.user, slug, "own")
    offered = "offered" in request.POST
    offer_as_template(campaign, offered=offered)
    messages.success(
        request,
        _("Others who see this campaign can begin from its settings now.")
        if offered
        else _("The campaign is no longer a template."),
    )
    return redirect("campaign-edit", slug)
