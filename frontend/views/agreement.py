"""The report of agreement on a page: of a campaign as it stands, and of a release as it was."""

from uuid import UUID

import orjson
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import require_user
from campaigns.actions.agreeing import request_agreement
from campaigns.agreement_report import named_report
from campaigns.agreement_stored import since_then, stored_report
from campaigns.formats import agreement
from campaigns.models import Campaign, PredictionRun, ReleaseFile
from campaigns.permissions import get_campaign_for, get_release_for
from campaigns.triangulation import A_PAGE, catalogues_of, differences, run_for
from frontend.agreement import drawn
from frontend.views.campaigns import place_of
from frontend.views.outcomes import grouping_asked
from problems import Missing
from taxonomy.models import Grouping


@require_GET
def campaign_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """How well people agree, with every method named: to read and to print."""
    campaign = get_campaign_for(request.user, slug, "review")
    grouping = grouping_asked(request, campaign)
    language = (get_language() or "en").split("-")[0]
    row = stored_report(campaign, grouping)
    context = {
        **place_of(request, campaign, "dashboard"),
        "grouping": grouping,
        "stored": row,
        "job": row.job if row else None,
    }
    if row is None or row.as_of is None:
        return render(request, "agreement/waiting.html", context)
    report = named_report(campaign, row.report, language)
    context |= {**drawn(report), "since": since_then(campaign, row)}
    return render(request, "agreement/report.html", context)


@require_POST
def campaign_agreement_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the report made, in the background."""
    campaign = get_campaign_for(request.user, slug, "review")
    grouping = _grouping(campaign, request.POST.get("grouping", ""))
    request_agreement(campaign, grouping, by=require_user(request.user))
    address = reverse("campaign-agreement", args=[campaign.slug])
    return redirect(f"{address}?grouping={grouping.pk}" if grouping else address)


def _grouping(campaign: Campaign, asked: str) -> Grouping | None:
    rows = Grouping.objects.filter(vocabulary=campaign.vocabulary)
    return next((row for row in rows if str(row.pk) == asked), None)


@require_GET
def release_agreement(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The same as the release keeps it."""
    release = get_release_for(request.user, release_id)
    file = ReleaseFile.objects.filter(release=release, format=agreement.NAME).first()
    if file is None or release.finished_at is None:
        raise Missing(_("This release holds no report of agreement."))
    with default_storage.open(str(file.content.name), "rb") as content:
        report = orjson.loads(content.read())
    context = {
        "section": "releases",
        "release": release,
        "campaign": release.campaign,
        "file": file,
        **drawn(report),
    }
    return render(request, "agreement/report.html", context)


@require_GET
def campaign_triangulation(request: HttpRequest, slug: str) -> HttpResponse:
    """The images on which catalogue, model and people say different things, most different first."""
    campaign = get_campaign_for(request.user, slug, "review")
    run = run_for(campaign, request.GET.get("run", ""))
    number = min(max(_whole(request.GET.get("page", "1")), 1), 10_000)
    queue = differences(
        campaign,
        request.user,
        run=run,
        language=(get_language() or "en").split("-")[0],
        offset=(number - 1) * A_PAGE,
    )
    context = {
        **place_of(request, campaign, "dashboard"),
        "queue": queue,
        "run": run,
        "runs": PredictionRun.objects.of(campaign).select_related("predictor")[:30],
        "catalogues": catalogues_of(campaign, request.user),
        "number": number,
        "before": number - 1,
        "after": number + 1 if queue.count > number * A_PAGE else 0,
    }
    return render(request, "agreement/triangulation.html", context)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
