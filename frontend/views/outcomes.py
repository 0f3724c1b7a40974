"""Pages of what comes out of a campaign: dashboard, predictions, review, releases."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.actions.consensus import request_consensus
from campaigns.actions.predictors import best_examples, create_predictor, start_run
from campaigns.actions.releases import start_release
from campaigns.actions.sweeping import accept_agreeing
from campaigns.api.outcomes.downloads import file_response
from campaigns.credits import credited_for
from campaigns.documents import ConceptNames
from campaigns.figures import ground_truth_count, states_of
from campaigns.models import Campaign, Evaluation, PredictionBatch, PredictionRun
from campaigns.permissions import (
    decide,
    get_campaign_for,
    get_release_for,
    manageable_runs,
    visible_evaluations,
    visible_releases,
)
from campaigns.predictors import http, match_template
from campaigns.questions import get_kind
from campaigns.reviewing import agreeing_tasks
from frontend.dashboard import UNDISPUTED, dashboard_of
from frontend.evaluating import listed
from frontend.forms.predictions import HttpPredictorForm, ShownRunForm, TemplateMatchForm
from frontend.forms.problems import show_on
from frontend.forms.releases import ReleaseForm
from frontend.preloading import texts_ahead
from frontend.views.campaigns import place_of, sent
from frontend.views.jobs import last_lines
from problems import Invalid, Problem
from taxonomy.models import Grouping
from taxonomy.queries import concepts_of, labels_in
from work.models import Job

MOST_RUNS = 30


def language() -> str:
    return (get_language() or "en").split("-")[0]


@require_GET
def campaign_dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the campaign is and how well people agree, drawn and in numbers."""
    campaign = get_campaign_for(request.user, slug, "review")
    context = {
        **place_of(request, campaign, "dashboard"),
        **dashboard_of(
            campaign, language(), grouping_asked(request, campaign), by=require_user(request.user)
        ),
        "webhooks_off": campaign.webhooks.filter(off_at__isnull=False),
    }
    return render(request, "campaigns/dashboard.html", context)


def grouping_asked(request: HttpRequest, campaign: Campaign) -> Grouping | None:
    """The grouping that the address names, if it is one of the campaign's vocabulary."""
    asked = request.GET.get("grouping", "")
    rows = Grouping.objects.filter(vocabulary=campaign.vocabulary)
    return next((row for row in rows if str(row.pk) == asked), None)


@require_POST
def campaign_consensus(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign_for(request.user, slug, "manage")
    request_consensus(campaign, by=require_user(request.user))
    messages.success(request, _("The answers are being merged."))
    return redirect("campaign-dashboard", campaign.slug)


@ensure_csrf_cookie
@require_GET
@texts_ahead
def campaign_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The review: the most disputed task first; undisputed ones can be accepted together."""
    campaign = get_campaign_for(request.user, slug, "review")
    undisputed = agreeing_tasks(campaign, at_most=UNDISPUTED, by=require_user(request.user)).count()
    context = {
        **place_of(request, campaign, "review"),
        "undisputed": undisputed,
        "limit": UNDISPUTED,
        "task": _uuid(request.GET.get("task", "")),
    }
    return render(request, "campaigns/review.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
def campaign_accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept every waiting task whose answers hardly differ."""
    campaign = get_campaign_for(request.user, slug, "review")
    count = accept_agreeing(campaign, at_most=UNDISPUTED, by=require_user(request.user))
    sentence = ngettext("%(count)d task was accepted.", "%(count)d tasks were accepted.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("campaign-review", campaign.slug)


@require_http_methods(["GET", "POST"])
def campaign_predictions(request: HttpRequest, slug: str) -> HttpResponse:
    """Runs of models with their progress, and two ways to start one."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    kind = request.POST.get("kind", "")
    forms = {
        match_template.KIND: TemplateMatchForm(request.POST if kind == match_template.KIND else None),
        http.KIND: HttpPredictorForm(request.POST if kind == http.KIND else None),
    }
    form = forms.get(kind)
    if form is not None and form.is_valid():
        try:
            _start(campaign, kind, form.cleaned_data, by)
            return redirect("campaign-predictions", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    runs = PredictionRun.objects.of(campaign).select_related("predictor", "job")
    runs = runs.prefetch_related(Prefetch("evaluations", listed(Evaluation.objects.all())))
    failed = Count("batches", filter=Q(batches__state=PredictionBatch.State.FAILED), distinct=True)
    context = {
        **place_of(request, campaign, "predictions"),
        "forms": forms,
        "runs": runs.annotate(found=Count("predictions", distinct=True), failed=failed)[:MOST_RUNS],
        "shown": ShownRunForm(campaign=campaign, initial={"run": campaign.shown_run_id}),
        "kind": kind,
        "has_examples": (draws := get_kind(campaign.question_kind).TRAITS.draws)
        and bool(best_examples(campaign, per_concept=1)),
        "notations": _notations(campaign),
        "groupings": list(Grouping.objects.filter(vocabulary=campaign.vocabulary_id)),
        "has_boxes": draws,
        "released": list(campaign.releases.filter(finished_at__isnull=False).order_by("-number")[:MOST_RUNS]),
    }
    return render(request, "campaigns/predictions.html", context, status=422 if form is not None else 200)


def _notations(campaign: Campaign) -> list[tuple[str, str]]:
    """Notation and label of the first concepts, for whoever maps a model's classes to them; two queries."""
    concepts = (
        concepts_of(campaign.vocabulary, campaign.branch).exclude(notation="").order_by("preorder")[:40]
    )
    notations = dict(concepts.values_list("pk", "notation"))
    labels = labels_in(notations, language())
    return [(notation, labels.get(pk, "")) for pk, notation in notations.items()]


def _start(campaign: Campaign, kind: str, data: dict[str, object], by: object) -> PredictionRun:
    user = require_user(by)  # type: ignore[arg-type]
    if kind == match_template.KIND:
        examples = best_examples(campaign, per_concept=int(str(data["examples"])))
        configuration: dict[str, object] = {
            "threshold": data["threshold"],
            "examples": [str(pk) for pk in examples],
        }
        name, version, label_map = "Find more like this", match_template.VERSION, {}
    else:
        label_map = _label_map(campaign, str(data["labels"]))
        configuration = {"url": data["url"], "labels": sorted(label_map)}
        name, version = str(data["name"]), str(data["version"])
    predictor = create_predictor(
        campaign, kind=kind, name=name, version=version, configuration=configuration, by=user
    )
    return start_run(predictor, label_map=label_map, by=user)


def _label_map(campaign: Campaign, lines: str) -> dict[str, str]:
    """`class = notation` a line; a line that names no concept of the campaign is refused with its number."""
    by_notation = {
        c.notation: str(c.pk) for c in concepts_of(campaign.vocabulary, campaign.branch) if c.notation
    }
    names = ConceptNames.of_campaign(campaign)
    found: dict[str, str] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        label, _equals, notation = (part.strip() for part in line.partition("="))
        concept = by_notation.get(notation or label)
        if not label:
            continue
        if concept is None or concept not in names:
            raise Invalid(
                _("Line %(number)d: the campaign has no concept “%(notation)s”.")
                % {"number": number, "notation": notation or label},
                pointer="/labels",
            )
        found[label] = concept
    return found


@require_POST
def campaign_shown_run(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose whose predictions contributors see."""
    campaign = get_campaign_for(request.user, slug, "manage")
    form = ShownRunForm(request.POST, campaign=campaign)
    if form.is_valid():
        configure_campaign(campaign, {"shown_run": form.cleaned_data["run"]}, by=require_user(request.user))
        messages.success(request, _("The changes are kept."))
    return redirect("campaign-predictions", campaign.slug)


@require_http_methods(["GET", "POST"])
def campaign_releases(request: HttpRequest, slug: str) -> HttpResponse:
    """The releases of a campaign, and the form for the next one."""
    campaign = get_campaign_for(request.user, slug, "manage")
    initial = {"rights": campaign.rights, "is_public": campaign.is_public}
    form = ReleaseForm(sent(request), initial=initial, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            release = start_release(campaign, by=require_user(request.user), **form.cleaned_data)
            return redirect("release", release.pk)
        except Problem as problem:
            show_on(form, problem)
    states = states_of(campaign)
    context = {
        **place_of(request, campaign, "releases"),
        "form": form,
        "releases": campaign.releases.select_related("job"),
        "ground_truth": ground_truth_count(campaign),
        "states": states,
        "undecided": states["open"] + states["retired"],
    }
    return render(request, "campaigns/releases.html", context, status=422 if form.is_bound else 200)


@require_GET
def release_list(request: HttpRequest) -> HttpResponse:
    """The finished releases that the reader may see, newest first."""
    releases = visible_releases(request.user).filter(finished_at__isnull=False).select_related("campaign")
    page = Paginator(releases.order_by("-finished_at"), 30).get_page(request.GET.get("page"))
    return render(request, "releases/list.html", {"section": "releases", "page": page})


@require_GET
def release_detail(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release: what is in it, its files with their checksums, how to cite and to fetch it."""
    release = get_release_for(request.user, release_id)
    counts = release.manifest.get("counts", {})
    context = {
        "section": "releases",
        "release": release,
        "campaign": release.campaign,
        "counts": counts,
        "concepts": _concepts_of(counts),
        "decided": release.manifest.get("provenance", {}),
        "files": release.files.all(),
        "credited": credited_for(release),
        "offered": next((file for file in release.files.all() if file.format == "w3c"), None),
        "evaluations": listed(visible_evaluations(request.user).filter(release=release, participant=None))[
            :MOST_RUNS
        ],
        "sees_people": decide(request.user, release.campaign, "manage").allowed,
        "runs": (runs := _runs_for(request, release.campaign)),
        "groupings": list(Grouping.objects.filter(vocabulary=release.campaign.vocabulary_id)) if runs else [],
        "job": release.job,
        "lines": last_lines(release.job) if release.job and not release.finished_at else [],
        "address": f"{settings.SITE_URL}{reverse('release', args=[release.pk])}",
        "api": f"{settings.SITE_URL}{reverse('api-release', args=[release.pk])}",
    }
    return render(request, "releases/detail.html", context)


def _runs_for(request: HttpRequest, campaign: Campaign) -> list[PredictionRun]:
    """The ended runs of the release's campaign that the reader may have evaluated."""
    runs = manageable_runs(request.user).filter(predictor__campaign=campaign, job__state=Job.State.DONE)
    return list(runs.select_related("predictor")[:MOST_RUNS])


def _concepts_of(counts: dict[str, Any]) -> list[dict[str, object]]:
    """The commonest concepts of a release with their labels of today in the reader's language; one query."""
    rows = counts.get("concepts", [])[:20]
    labels = labels_in([UUID(row["id"]) for row in rows], language())
    return [{**row, "label": labels.get(UUID(row["id"]), row["label"])} for row in rows]


@require_GET
def release_file(request: HttpRequest, release_id: UUID, name: str) -> HttpResponseBase:
    """One file of a release, for everybody who may see the release."""
    return file_response(get_release_for(request.user, release_id), name, headers=request.headers)
