"""My page: what I have done, also before I signed in, my tokens, my settings."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import change_settings, create_token, revoke_token
from accounts.permissions import require_user
from annotation.actions.keys import layers_of_keys
from campaigns.actions import Adopted, adopt_visits
from campaigns.api.visitors import forget_visitor, read_visitor
from campaigns.figures import participations_of
from frontend.forms.me import SettingsForm, TokenForm
from frontend.forms.problems import show_on
from frontend.visits import visits_here
from problems import Problem
from taxonomy.queries import proposals_of


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """My work campaign by campaign, and my settings, which the form on the page changes."""
    user = require_user(request.user)
    kept = {name: getattr(user, name) for name in ("pseudonym", "language", "orcid", "is_credited")}
    form = SettingsForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(by=user, **form.cleaned_data)
            messages.success(request, _("Your settings are saved."))
            return redirect("profile")
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "participations": participations_of(user),
        "proposals": proposals_of(user),
        "visits": visits_here(request),
    }
    return render(request, "me/page.html", context, status=status)


@require_POST
def visits_adopt(request: HttpRequest) -> HttpResponse:
    """Make mine what was done in this browser before I signed in."""
    user = require_user(request.user)
    response = redirect("profile")
    try:
        adopted = adopt_visits(user, read_visitor(request), public_name="public_name" in request.POST)
    except Problem as problem:
        messages.error(request, str(problem.detail))
        return response
    messages.success(request, _told(adopted))
    forget_visitor(response)
    return response


def _told(adopted: Adopted) -> str:
    if not adopted.campaigns:
        return _("There was nothing left to take over.")
    mine = ngettext("%(count)d image is yours now.", "%(count)d images are yours now.", adopted.images)
    if not adopted.twice:
        return mine % {"count": adopted.images}
    again = ngettext(
        "You had done %(count)d of them already; your second answer is kept and does not count.",
        "You had done %(count)d of them already; your second answers are kept and do not count.",
        adopted.twice,
    )
    return f"{mine % {'count': adopted.images}} {again % {'count': adopted.twice}}"


@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """My API tokens; a new one's secret is shown in the answer to its form and never again."""
    user = require_user(request.user)
    form = TokenForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = create_token(by=user, **form.cleaned_data)
            form = TokenForm()
        except Problem as problem:
            show_on(form, problem)
    status = 422 if form.is_bound else 200
    tokens = list(user.api_tokens.all())
    layers = layers_of_keys(tokens, reader=user)
    context = {
        "form": form,
        "tokens": [
            {"token": token, "is_live": token.is_live(timezone.now()), "layer": layers.get(token.pk)}
            for token in tokens
        ],
        "secret": secret,
        "site": settings.SITE_URL,
    }
    return render(request, "me/tokens.html", context, status=status)


@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_token(token_id, by=require_user(request.user))
    messages.success(request, _("The token is revoked; programs that used it are refused from now on."))
    return redirect("token-list")
