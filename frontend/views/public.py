"""The first page and the pages that say what this is."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.models import Campaign, Release
from campaigns.permissions import visible_campaigns
from campaigns.queries import totals_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """An invitation: the open campaigns, and for those who run some, their own."""
    open_now = visible_campaigns(request.user).filter(status=Campaign.Status.OPEN, is_public=True)
    campaigns = list(open_now.select_related("cover", "vocabulary")[:12])
    releases = Release.objects.filter(is_public=True, finished_at__isnull=False).select_related("campaign")[:3]
    context = {"campaigns": campaigns, "totals": totals_of(campaigns), "releases": releases}
    return render(request, "public/home.html", context)


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether this server can answer: it is up and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
