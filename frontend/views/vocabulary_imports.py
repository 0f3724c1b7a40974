"""Pages for bringing a vocabulary in: the form, the dry run, and the decision."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_curator, require_user
from frontend.forms.problems import show_on
from frontend.forms.vocabularies import VocabularyForm
from frontend.reports import report_of
from frontend.views.campaigns import sent
from problems import Problem
from taxonomy.actions import (
    apply_import,
    bring_up_to_date,
    discard_import,
    start_remote_import,
    start_vocabulary_import,
)
from taxonomy.models import ImportFinding, VocabularyImport
from taxonomy.permissions import get_vocabulary_for

LINES = 50


@require_http_methods(["GET", "POST"])
def vocabulary_import(request: HttpRequest) -> HttpResponse:
    """A file, or the address of one; what comes of it is shown before anything is changed."""
    by = require_curator(request.user)
    files = request.FILES if request.method == "POST" else None
    form = VocabularyForm(sent(request), files, initial={"slug": request.GET.get("slug", "")})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("vocabulary-import-progress", _start(form.cleaned_data, by).pk)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    recent = _own(by)[:8]
    context = {"section": "vocabularies", "form": form, "recent": recent}
    return render(request, "vocabularies/import.html", context, status=status)


def _start(data: dict[str, Any], by: User) -> VocabularyImport:
    title = {"en": data["title_en"], "fr": data["title_fr"]}
    if data["file"]:
        return start_vocabulary_import(data["file"], slug=data["slug"], title=title, by=by)
    return start_remote_import(data["url"], slug=data["slug"], title=title, by=by)


def _own(by: User) -> QuerySet[VocabularyImport]:
    return VocabularyImport.objects.filter(created_by=by).select_related("job", "vocabulary")


@require_GET
def vocabulary_import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How an import stands: what it would do, worst first, and what was wrong in the file."""
    by = require_curator(request.user)
    record = get_object_or_404(_own(by), pk=import_id)
    kind = request.GET.get("kind", "")
    findings = record.findings.all()
    if kind in ImportFinding.Kind.values:
        findings = findings.filter(kind=kind)
    context = {
        "section": "vocabularies",
        "record": record,
        "job": record.job,
        "lines": [],
        "kind": kind,
        "tally": _tally(record),
        "findings": Paginator(findings, LINES).get_page(request.GET.get("page")),
        **report_of(record.job, request.GET.get("page")),
    }
    return render(request, "vocabularies/progress.html", context)


def _tally(record: VocabularyImport) -> list[tuple[str, str, int]]:
    """Each kind of line with its name and how many there are, worst first."""
    counts = dict(record.counts)
    counts["changed"] = counts.get("changed", 0) + counts.get("described", 0)
    return [(kind.value, str(kind.label), counts.get(kind.value, 0)) for kind in ImportFinding.Kind]


@require_POST
def vocabulary_import_apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Apply what was shown, all of it or without the conflicts."""
    by = require_curator(request.user)
    record = get_object_or_404(_own(by), pk=import_id)
    apply_import(record, by=by, skip_conflicts=bool(request.POST.get("skip_conflicts")))
    return redirect("vocabulary-import-progress", record.pk)


@require_POST
def vocabulary_import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Give the import up."""
    by = require_curator(request.user)
    record = get_object_or_404(_own(by), pk=import_id)
    discard_import(record, by=by)
    return redirect("vocabulary-import")


@require_POST
def vocabulary_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Fetch a vocabulary anew from its address and show what has changed there."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    record = bring_up_to_date(vocabulary, by=require_user(request.user))
    return redirect("vocabulary-import-progress", record.pk)
