"""Pages of a campaign's webhooks: made with a secret shown once, tried, changed, and the log of their messages."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import require_user
from campaigns.actions.webhooks import (
    change_webhook,
    deliver_again,
    make_webhook,
    ping_webhook,
    remove_webhook,
)
from campaigns.models import Webhook, WebhookDelivery
from campaigns.permissions import get_campaign_for, get_webhook_for
from frontend.forms.problems import show_on
from frontend.forms.webhooks import WebhookForm
from frontend.views.campaigns import place_of
from problems import Problem

A_PAGE = 50


@require_http_methods(["GET", "POST"])
def campaign_webhooks(request: HttpRequest, slug: str) -> HttpResponse:
    """The webhooks of a campaign and the form for a new one, whose secret is on the answer alone."""
    campaign = get_campaign_for(request.user, slug, "manage")
    form = WebhookForm(request.POST if request.method == "POST" else None)
    made: Webhook | None = None
    if form.is_bound and form.is_valid():
        try:
            made = make_webhook(campaign, **form.cleaned_data, by=require_user(request.user))
            form = WebhookForm()
        except Problem as problem:
            show_on(form, problem)
    waiting = Count("deliveries", filter=Q(deliveries__state=WebhookDelivery.State.WAITING))
    context = {
        **place_of(request, campaign, "watch"),
        "form": form,
        "made": made,
        "webhooks": campaign.webhooks.annotate(waiting_count=waiting),
    }
    response = render(request, "campaigns/webhooks.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def webhook_detail(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """One webhook with the log of its messages; the form changes where and about what it is told."""
    webhook = get_webhook_for(request.user, slug, webhook_id)
    initial = {"url": webhook.url, "events": webhook.events}
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            change_webhook(webhook, form.cleaned_data, by=require_user(request.user))
            messages.success(request, _("The changes are kept."))
            return redirect("webhook", slug, webhook_id)
        except Problem as problem:
            show_on(form, problem)
    page = Paginator(webhook.deliveries.order_by("-created_at", "-id"), A_PAGE)
    context = {
        **place_of(request, webhook.campaign, "watch"),
        "webhook": webhook,
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "events": [label for name, label in Webhook.Event.choices if name in webhook.events],
    }
    return render(request, "campaigns/webhook.html", context, status=422 if form.is_bound else 200)


@require_POST
def webhook_step(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """Try it, switch it on or off, remove it: the button that was pressed says which."""
    webhook = get_webhook_for(request.user, slug, webhook_id)
    by = require_user(request.user)
    match request.POST.get("step"):
        case "ping":
            ping_webhook(webhook)
            messages.success(request, _("A message is on its way. Load the page again to see how it went."))
        case "on":
            change_webhook(webhook, {"is_on": True}, by=by)
            messages.success(request, _("The webhook is on again. What waited is sent now."))
        case "off":
            change_webhook(webhook, {"is_on": False}, by=by)
            messages.success(request, _("The webhook is off. What happens meanwhile it is not told."))
        case "remove":
            remove_webhook(webhook)
            messages.success(request, _("The webhook is removed, with the log of its messages."))
            return redirect("campaign-webhooks", slug)
    return redirect("webhook", slug, webhook_id)


@require_POST
def webhook_again(request: HttpRequest, slug: str, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send a message once more."""
    deliver_again(get_webhook_for(request.user, slug, webhook_id), delivery_id)
    messages.success(request, _("The message is on its way again."))
    return redirect("webhook", slug, webhook_id)
