"""Pages of groupings: a vocabulary's views of itself as a few classes, made, looked at, downloaded, deleted."""

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_user
from accounts.roles import verbs_of
from campaigns.formats.csv_table import safe
from campaigns.grouped import Distribution, counts_for, distribution, get_grouping, living_classes
from frontend import charts
from frontend.forms.groupings import GroupingForm, counted_campaigns
from frontend.forms.problems import show_on
from frontend.views.campaigns import language
from problems import Problem
from taxonomy.actions.groupings import classes_by, delete_grouping, save_grouping
from taxonomy.models import Concept, Grouping, Vocabulary
from taxonomy.permissions import get_vocabulary_for
from taxonomy.queries import labels_in

MOST_BARS = 40
# A page with more boxes to tick than this is of no use to anybody: then the upper levels are offered.
DEEPEST_DRAWN = 8
MOST_CHOICES = 1000


@require_GET
def grouping_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The groupings of a vocabulary with the number of their classes."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    rows = Grouping.objects.filter(vocabulary=vocabulary).annotate(size=Count("classes"))
    context = {**_place(request, vocabulary), "groupings": rows}
    return render(request, "vocabularies/groupings.html", context)


@require_http_methods(["GET", "POST"])
def grouping_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a rule, look at what it gives (GET), keep it (POST)."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    data = request.POST if request.method == "POST" else request.GET
    chosen = data.getlist("concepts")
    form = GroupingForm(
        data if "kind" in data else None,
        initial={"kind": "at-least", "least": 100},
        campaigns=counted_campaigns(request.user, vocabulary),
        language=language(),
    )
    found = None
    if form.is_bound and form.is_valid():
        try:
            counts = counts_for(request.user, {"campaign": form.cleaned_data["campaign"]})
            rule = form.rule(chosen)
            classes = classes_by(vocabulary, rule, counts)
            found = distribution(vocabulary, classes, counts, language())
            if request.method == "POST":
                titles = {code: form.cleaned_data[f"title_{code}"] for code in ("en", "fr")}
                row = save_grouping(
                    vocabulary, title=titles, rule=rule, classes=classes, by=require_user(request.user)
                )
                return redirect("vocabulary-grouping", slug, row.pk)
        except Problem as problem:
            show_on(form, problem)
    context = {
        **_place(request, vocabulary),
        "form": form,
        "choices": _choices(vocabulary, chosen),
        **_drawn(found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "vocabularies/grouping_new.html", context, status=status)


@require_GET
def grouping_detail(request: HttpRequest, slug: str, grouping_id: UUID) -> HttpResponse:
    """The class table of a grouping, over the ground truth of a campaign when one is chosen."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    grouping = get_grouping(vocabulary, grouping_id)
    campaigns = counted_campaigns(request.user, vocabulary)
    context = {
        **_place(request, vocabulary),
        "grouping": grouping,
        "campaigns": campaigns,
        "campaign": _campaign(request, [one.slug for one in campaigns]),
        **_drawn(_counted(request, vocabulary, grouping, [one.slug for one in campaigns])),
    }
    return render(request, "vocabularies/grouping.html", context)


@require_GET
def grouping_table(request: HttpRequest, slug: str, grouping_id: UUID) -> HttpResponse:
    """Original → regrouped as CSV, a line for each concept that was given."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    grouping = get_grouping(vocabulary, grouping_id)
    slugs = [one.slug for one in counted_campaigns(request.user, vocabulary)]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    for row in _counted(request, vocabulary, grouping, slugs).lines():
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    answer = HttpResponse("\ufeff" + table.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-classes.csv"'
    return answer


@require_POST
def grouping_delete(request: HttpRequest, slug: str, grouping_id: UUID) -> HttpResponse:
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    delete_grouping(get_grouping(vocabulary, grouping_id), by=require_user(request.user))
    messages.success(request, _("The grouping is deleted; releases keep the classes they were written with."))
    return redirect("vocabulary-groupings", slug)


def _place(request: HttpRequest, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "may_manage": "manage" in verbs_of(request.user, vocabulary),
    }


def _campaign(request: HttpRequest, known: list[str]) -> str:
    """The campaign that is asked for, among those that may be counted; the first when none is."""
    asked = request.GET.get("campaign", "")
    return asked if asked in known else next(iter(known), "")


def _counted(
    request: HttpRequest, vocabulary: Vocabulary, grouping: Grouping, known: list[str]
) -> Distribution:
    counts = counts_for(request.user, {"campaign": _campaign(request, known)})
    return distribution(vocabulary, living_classes(grouping), counts, language())


def _drawn(found: Distribution | None) -> dict[str, Any]:
    """The classes as bars, the largest first, and as a table."""
    if found is None:
        return {"found": None}
    rows = sorted(found.rows, key=lambda row: -row.total)
    bars = [(found.labels.get(row.concept, "?"), row.total, row.own) for row in rows[:MOST_BARS]]
    return {
        "found": found.as_json(),
        "chart": charts.lanes(bars) if found.covered else None,
        "more": max(0, len(rows) - MOST_BARS),
    }


def _choices(vocabulary: Vocabulary, chosen: list[str]) -> list[dict[str, Any]]:
    """The concepts to tick in the order of the tree, each with how deep it stands; deeper than drawn as drawn."""
    rows = list(
        Concept.objects.filter(vocabulary=vocabulary)
        .exclude(status=Concept.Status.DEPRECATED)
        .order_by("preorder")
    )
    depth = max((row.depth for row in rows), default=0)
    while len(rows) > MOST_CHOICES and depth:
        rows, depth = [row for row in rows if row.depth < depth], depth - 1
    labels = labels_in([row.pk for row in rows], language())
    return [
        {
            "id": row.pk,
            "label": labels.get(row.pk) or row.notation or row.uri,
            "is_chosen": str(row.pk) in chosen,
            "depth": min(row.depth, DEEPEST_DRAWN),
        }
        for row in rows[:MOST_CHOICES]
    ]
