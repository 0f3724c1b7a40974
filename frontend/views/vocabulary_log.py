"""Pages of what happened to a vocabulary: its history with undo, and its frozen versions."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.permissions import require_user
from frontend.forms.problems import show_on
from frontend.forms.thesaurus import VersionForm
from frontend.views.campaigns import language, sent
from frontend.views.concepts import frame
from frontend.views.thesaurus import concept_in, shown_as
from frontend.vocabulary_history import entries
from problems import Missing, Problem
from taxonomy.actions import editing, freeze_vocabulary
from taxonomy.addresses import version_uri
from taxonomy.api.negotiation import TURTLE, prefers_turtle
from taxonomy.models import Concept, Vocabulary, VocabularyVersion
from taxonomy.permissions import get_vocabulary_for

A_PAGE = 20


@require_GET
def vocabulary_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that happened to a vocabulary, newest first."""
    return _history(request, get_vocabulary_for(request.user, slug, "view"), None)


@require_GET
def concept_history(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """What happened to one concept."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    return _history(request, vocabulary, concept_in(vocabulary, concept_id))


def _history(request: HttpRequest, vocabulary: Vocabulary, concept: Concept | None) -> HttpResponse:
    changes = vocabulary.changes.select_related("by", "undoes", "undone_by")
    if concept is not None:
        changes = changes.filter(detail__concepts__has_key=concept.uri)
    page = Paginator(changes, A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, vocabulary),
        "concept": concept,
        "shown": concept and shown_as(concept),
        "page": page,
        "entries": entries(vocabulary, list(page), language()),
    }
    return render(request, "vocabularies/history.html", context)


@require_POST
def vocabulary_undo(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Take a change back, and show the history it came from again."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    change = vocabulary.changes.select_related("vocabulary").filter(version=version).first()
    if change is None:
        raise Missing("The vocabulary has no change of this number.")
    try:
        undone = editing.undo_change(change, by=require_user(request.user))
    except Problem as problem:
        messages.error(request, _(str(problem.detail)))
    else:
        followed = [f"{_(sentence)} ({count})" for _kind, count, sentence in undone.detail.get("touched", ())]
        messages.success(request, " ".join([_("The change is taken back."), *followed]))
    concept = request.POST.get("concept")
    if concept:
        return redirect("concept-history", slug, concept_in(vocabulary, concept).pk)
    return redirect("vocabulary-history", slug)


@require_http_methods(["GET", "POST"])
def vocabulary_versions(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen versions, each with the address to cite; who looks after the vocabulary freezes another."""
    verb = "manage" if request.method == "POST" else "view"
    vocabulary = get_vocabulary_for(request.user, slug, verb)
    form = VersionForm(sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = freeze_vocabulary(
                vocabulary, note=form.cleaned_data["note"], by=require_user(request.user)
            )
        except Problem as problem:
            show_on(form, problem)
            status = problem.status
        else:
            messages.success(request, _("The version is frozen and can be cited."))
            return redirect("vocabulary-version", slug, made.number)
    context = {
        **frame(request, vocabulary),
        "form": form,
        "versions": [_cited(version, slug) for version in vocabulary.versions.select_related("created_by")],
    }
    return render(request, "vocabularies/versions.html", context, status=status)


def _cited(version: VocabularyVersion, slug: str) -> dict[str, object]:
    return {"version": version, "uri": version_uri(slug, version.number)}


@require_safe
def vocabulary_version(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """A frozen version at its address: a page for people, the Turtle as it was for programs."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    version = vocabulary.versions.select_related("created_by").filter(number=number).first()
    if version is None:
        raise Missing("The vocabulary has no version of this number.")
    if prefers_turtle(request):
        response: HttpResponseBase = FileResponse(
            version.turtle.open("rb"), content_type=f"{TURTLE}; charset=utf-8"
        )
        response["ETag"] = f'"{version.sha256}"'
        response["Access-Control-Allow-Origin"] = "*"
    else:
        later = vocabulary.changes.filter(version__gt=version.version).count()
        context = {**frame(request, vocabulary), **_cited(version, slug), "later": later}
        response = render(request, "vocabularies/version.html", context)
    patch_vary_headers(response, ["Accept"])
    return response
