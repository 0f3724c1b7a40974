"""Pages that match concepts to authorities elsewhere: look one up, or answer what was found for all of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import require_user
from frontend.forms.matching import LookUpForm, MatchForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import language
from problems import Problem
from taxonomy.actions.lookups import KINDS, LookUp, look_up_concept, match_concept
from taxonomy.actions.matching import accept_candidate, decline_all, match_vocabulary
from taxonomy.folding import fold
from taxonomy.lookups import authorities
from taxonomy.models import Concept, MatchCandidate, Vocabulary
from taxonomy.permissions import get_vocabulary_for
from taxonomy.queries import languages_of, show

RUNS = 6
NONE = "none"


def _may_wait(languages: list[str]) -> list[str]:
    """The languages to choose from, the reader's own first."""
    return list(dict.fromkeys([language(), *languages]))


@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "POST"])
def concept_lookup(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """Look a concept up at an authority; with htmx only the part that changed. POST matches it to what was found."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    by = require_user(request.user)
    rows = Concept.objects.filter(vocabulary=vocabulary).select_related("vocabulary")
    concept = get_object_or_404(rows, pk=concept_id)
    if request.method == "POST":
        return _match(request, concept, by)
    shown = show([concept], language())[0]
    tags = concept.labels.exclude(language="und").values_list("language", flat=True)
    languages = _may_wait(sorted(set(tags)))
    start = {"q": shown.label, "language": languages[0]}
    form = LookUpForm(request.GET if "authority" in request.GET else None, languages=languages, initial=start)
    found = _looked_up(form, concept, by) if form.is_bound and form.is_valid() else None
    context = {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "concept": concept,
        "shown": shown,
        "form": form,
        "kinds": KINDS,
        "lookup": found,
        "candidates": _marked(found, concept) if found else [],
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "vocabularies/_lookup.html" if part else "vocabularies/lookup.html", context)


def _looked_up(form: LookUpForm, concept: Concept, by: User) -> LookUp | None:
    said = form.cleaned_data
    try:
        return look_up_concept(concept, said["authority"], q=said["q"], language=said["language"], by=by)
    except Problem as problem:
        show_on(form, problem)
        return None


def _marked(found: LookUp, concept: Concept) -> list[dict[str, Any]]:
    """The candidates, with what tells them apart: the very same name, and matches that are there already."""
    names = {label.folded for label in concept.labels.all()} | {fold(found.q)}
    matches = {row.target_uri: row.get_kind_display() for row in concept.relations.all()}
    return [
        {"candidate": one, "is_same": fold(one.label) in names, "match": matches.get(one.uri)}
        for one in found.candidates
    ]


def _match(request: HttpRequest, concept: Concept, by: User) -> HttpResponse:
    try:
        change = match_concept(
            concept, uri=request.POST.get("uri", ""), kind=request.POST.get("kind", ""), by=by
        )
    except Problem as problem:
        messages.error(request, _(str(problem.detail)))
        return redirect("concept-lookup", concept.vocabulary.slug, concept.pk)
    said = (
        _("The match is made; it can be taken back in the log.") if change else _("It is so matched already.")
    )
    messages.success(request, said)
    return redirect("concept", concept.vocabulary.slug, concept.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def matching_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """One concept and its candidates at a time; POST answers and goes on with the next."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    if request.method == "POST":
        _answer(request, vocabulary)
        page = request.POST.get("page", "")
        address = reverse("matching", args=[slug])
        return redirect(f"{address}?page={page}" if page.isascii() and page.isdigit() else address)
    return _queue(request, vocabulary, MatchForm(languages=_may_wait(languages_of(vocabulary))))


@require_POST
def matching_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask an authority about every concept that has no match to it yet."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    form = MatchForm(request.POST, languages=_may_wait(languages_of(vocabulary)))
    if form.is_valid():
        said = form.cleaned_data
        try:
            match_vocabulary(
                vocabulary, said["authority"], language=said["language"], by=require_user(request.user)
            )
            return redirect("matching", slug)
        except Problem as problem:
            show_on(form, problem)
    return _queue(request, vocabulary, form, status=422)


def _queue(
    request: HttpRequest, vocabulary: Vocabulary, form: MatchForm, *, status: int = 200
) -> HttpResponse:
    waiting = vocabulary.match_candidates.filter(state=MatchCandidate.State.WAITING)
    pairs = waiting.order_by("concept__preorder", "concept", "authority")
    page = Paginator(pairs.values("concept", "authority").distinct(), 1).get_page(request.GET.get("page"))
    known = {name: one.label for name, one in authorities().items()}
    context: dict[str, Any] = {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "form": form,
        "page": page,
        "kinds": KINDS,
        "none": NONE,
        "runs": [
            {"run": run, "label": known.get(run.authority, run.authority)}
            for run in vocabulary.match_runs.select_related("job")[:RUNS]
        ],
    }
    for pair in page:
        candidates = list(
            waiting.filter(concept=pair["concept"], authority=pair["authority"]).order_by("place")
        )
        concept = vocabulary.concepts.get(pk=pair["concept"])
        names = {label.folded for label in concept.labels.all()}
        context |= {
            "shown": show([concept], language())[0],
            "authority": known.get(pair["authority"], pair["authority"]),
            "candidates": [{"candidate": one, "is_same": fold(one.label) in names} for one in candidates],
        }
    return render(request, "vocabularies/matching.html", context, status=status)


def _answer(request: HttpRequest, vocabulary: Vocabulary) -> None:
    """Accept the chosen candidate, or decline them all; what cannot be done is said on the next page."""
    by = require_user(request.user)
    rows = vocabulary.match_candidates.select_related("vocabulary")
    given = request.POST.get("candidate", "")
    try:
        candidate = rows.filter(pk=UUID(given)).first()
    except ValueError:
        candidate = None
    if candidate is None:
        messages.error(request, _("Choose one of the candidates first."))
        return
    try:
        if request.POST.get("answer") == NONE:
            decline_all(vocabulary, candidate.concept_id, authority=candidate.authority, by=by)
            messages.success(request, _("None of them was it."))
        else:
            accept_candidate(candidate, kind=request.POST.get("answer", ""), by=by)
            messages.success(request, _("Matched to “%(label)s”.") % {"label": candidate.label})
    except Problem as problem:
        messages.error(request, _(str(problem.detail)))
