"""Pages of what comes out of a campaign: dashboard, predictions, review, releases."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.actions.consensus import request_consensus
from campaigns.actions.predictions import best_examples, create_predictor, start_run
from campaigns.actions.releases import start_release
from campaigns.actions.review import accept_agreeing, agreeing_tasks, review_queue
from campaigns.api.outcomes.views import file_response
from campaigns.documents import ConceptNames
from campaigns.figures import (
    agreement_of,
    concept_counts,
    contributions_by_day,
    disagreements,
    ground_truth_count,
    origins_of,
    states_of,
)
from campaigns.models import Campaign, PredictionRun
from campaigns.permissions import decide, get_campaign_for, get_release_for, visible_releases
from campaigns.predictors import http, match_template
from campaigns.queries import participants_of, progress_of
from frontend.charts import bars, histogram, interval
from frontend.forms.campaigns import HttpPredictorForm, ReleaseForm, ShownRunForm, TemplateMatchForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import missing_to_open
from problems import Invalid, Problem
from taxonomy.queries import concepts_of

UNDISPUTED = 0.2


def language() -> str:
    return (get_language() or "en").split("-")[0]


@require_GET
def campaign_dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the campaign is and how well people agree, drawn and in numbers."""
    campaign = get_campaign_for(request.user, slug, "review")
    figures = agreement_of(campaign)
    days = contributions_by_day(campaign)
    concepts = concept_counts(campaign, language())
    context = {
        "campaign": campaign,
        "manage": decide(request.user, campaign, "manage"),
        "progress": progress_of(campaign),
        "states": states_of(campaign),
        "missing": missing_to_open(campaign),
        "figures": figures,
        "figure": interval(figures.value, figures.interval),
        "pairs": _pairs(campaign, figures),
        "days": days,
        "days_chart": bars([(day.isoformat(), count) for day, count in days[-30:]]),
        "concepts": concepts,
        "concepts_chart": bars([(row.label, row.contributions) for row in concepts[:12]]),
        "disagreement_chart": histogram(disagreements(campaign), bins=10),
        "origins": origins_of(campaign),
        "participants": participants_of(campaign)[:20],
        "waiting": review_queue(campaign).count(),
        "ground_truth": ground_truth_count(campaign),
    }
    return render(request, "campaigns/dashboard.html", context)


def _pairs(campaign: Campaign, figures: object) -> list[dict[str, object]]:
    """F1 of every two people who met on a canvas, most meetings first; boxes only."""
    boxes = getattr(figures, "boxes", None)
    if boxes is None:
        return []
    names = {str(row["id"]): row["pseudonym"] for row in participants_of(campaign)}
    rows = [
        {"a": names.get(str(pair.a), "?"), "b": names.get(str(pair.b), "?"), "figures": pair.figures}
        for pair in boxes.pairs
    ]
    return sorted(rows, key=lambda row: -row["figures"].canvases)[:30]  # type: ignore[attr-defined]


@require_POST
def campaign_consensus(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign_for(request.user, slug, "manage")
    request_consensus(campaign, by=require_user(request.user))
    messages.success(request, _("The answers are being merged."))
    return redirect("campaign-dashboard", campaign.slug)


@ensure_csrf_cookie
@require_GET
def campaign_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The review: the most disputed task first; undisputed ones can be accepted together."""
    campaign = get_campaign_for(request.user, slug, "review")
    context = {
        "campaign": campaign,
        "waiting": review_queue(campaign).count(),
        "undisputed": agreeing_tasks(campaign, at_most=UNDISPUTED).count(),
        "limit": UNDISPUTED,
    }
    return render(request, "campaigns/review.html", context)


@require_POST
def campaign_accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept every waiting task whose answers hardly differ."""
    campaign = get_campaign_for(request.user, slug, "review")
    count = accept_agreeing(campaign, at_most=UNDISPUTED, by=require_user(request.user))
    messages.success(request, _("%(count)d tasks were accepted.") % {"count": count})
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
    runs = PredictionRun.objects.filter(predictor__campaign=campaign).select_related("predictor", "job")
    context = {
        "campaign": campaign,
        "forms": forms,
        "runs": runs,
        "shown": ShownRunForm(campaign=campaign, initial={"run": campaign.shown_run_id}),
        "has_examples": bool(best_examples(campaign, per_concept=1)) if campaign.question_kind == "locate" else False,
    }
    return render(request, "campaigns/predictions.html", context, status=422 if form is not None else 200)


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
    predictor = create_predictor(campaign, kind=kind, name=name, version=version, configuration=configuration, by=user)
    return start_run(predictor, label_map=label_map, by=user)


def _label_map(campaign: Campaign, lines: str) -> dict[str, str]:
    """`class = notation` a line; a line that names no concept of the campaign is refused with its number."""
    by_notation = {c.notation: str(c.pk) for c in concepts_of(campaign.vocabulary, campaign.branch) if c.notation}
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
    form = ReleaseForm(request.POST or None, initial={"rights": campaign.rights, "is_public": campaign.is_public})
    if request.method == "POST" and form.is_valid():
        try:
            release = start_release(campaign, by=require_user(request.user), **form.cleaned_data)
            return redirect("release", release.pk)
        except Problem as problem:
            show_on(form, problem)
    context = {
        "campaign": campaign,
        "form": form,
        "releases": campaign.releases.select_related("job"),
        "ground_truth": ground_truth_count(campaign),
        "states": states_of(campaign),
    }
    return render(request, "campaigns/releases.html", context, status=422 if form.is_bound else 200)


@require_GET
def release_list(request: HttpRequest) -> HttpResponse:
    releases = visible_releases(request.user).filter(finished_at__isnull=False).select_related("campaign")
    return render(request, "releases/list.html", {"releases": releases[:200]})


@require_GET
def release_detail(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release: what is in it, its files with their checksums, how to cite and to fetch it."""
    release = get_release_for(request.user, release_id)
    counts = release.manifest.get("counts", {})
    chart = bars([(row["label"], row["count"]) for row in counts.get("concepts", [])[:20]])
    context = {"release": release, "campaign": release.campaign, "counts": counts, "chart": chart, "job": release.job}
    return render(request, "releases/detail.html", context)


@require_GET
def release_file(request: HttpRequest, release_id: UUID, name: str) -> FileResponse:
    return file_response(get_release_for(request.user, release_id), name)
