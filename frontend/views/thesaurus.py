"""Pages on which a vocabulary is changed: add, describe, move, merge, split, take out of use, bring back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from frontend.forms.problems import show_on
from frontend.forms.thesaurus import ConceptForm, NewConceptForm, SplitForm
from frontend.operations import OPERATIONS, Asked, Operation, titled
from frontend.views.campaigns import language, sent
from frontend.views.concepts import frame, wants_part
from frontend.views.vocabulary_lists import MOST_FOUND
from frontend.vocabulary_history import Names, differences
from problems import Missing, Problem, Stale
from taxonomy.actions import editing
from taxonomy.actions.editing import FORESEEN
from taxonomy.documents import values_of
from taxonomy.models import Concept, Label, Vocabulary
from taxonomy.permissions import get_vocabulary_for
from taxonomy.queries import ShownConcept, search_concepts, show
from taxonomy.skos import ConceptValue, LabelValue


def concept_in(vocabulary: Vocabulary, pk: UUID | str) -> Concept:
    """A concept of the vocabulary by an id that may be anything. Raises `Missing`."""
    try:
        found = (
            Concept.objects.select_related("vocabulary", "parent")
            .filter(vocabulary=vocabulary, pk=pk)
            .first()
        )
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise Missing("The vocabulary has no such concept.")
    return found


def shown_as(concept: Concept) -> ShownConcept:
    return show([concept], language())[0]


@require_http_methods(["GET", "POST"])
def concept_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new concept at the top, or below the one that `parent` names."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    asked = request.GET.get("parent") or request.POST.get("parent")
    parent = concept_in(vocabulary, asked) if asked else None
    form = NewConceptForm(
        sent(request), initial={"language": language(), "label": request.GET.get("label", "")}
    )
    if request.method == "POST" and form.is_valid():
        by = require_user(request.user)
        try:
            made = editing.add_concept(vocabulary, form.value(), parent=parent.pk if parent else None, by=by)
        except Problem as problem:
            show_on(form, problem)
        else:
            messages.success(request, _("The concept is added."))
            again = request.POST.get("then") == "again"
            if again:
                return redirect(f"{request.path}?parent={parent.pk}" if parent else request.path)
            return redirect("concept", slug, made.pk)
    context = {
        **frame(request, vocabulary),
        "form": form,
        "parent": parent and shown_as(parent),
        "languages": known_languages(vocabulary),
    }
    return render(request, "vocabularies/add.html", context, status=_status(request))


def known_languages(vocabulary: Vocabulary) -> list[str]:
    """The languages that its labels are in."""
    labels = Label.objects.filter(concept__vocabulary=vocabulary).exclude(language="und")
    return list(labels.order_by("language").values_list("language", flat=True).distinct())


def _status(request: HttpRequest) -> int:
    """A form that is shown again was not accepted."""
    return 422 if request.method == "POST" else 200


@require_http_methods(["GET", "POST"])
def concept_edit(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """All that is said of a concept, its languages side by side.

    Whoever saves what somebody else has changed meanwhile is shown both, and decides.
    """
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    concept = concept_in(vocabulary, concept_id)
    value = values_of(vocabulary, [concept.uri])[concept.uri]
    related = _related(vocabulary, value)
    form = ConceptForm(value, related, seen=vocabulary.version, data=sent(request))
    theirs: list[Any] = []
    status = _status(request)
    if request.method == "POST" and form.is_valid():
        try:
            editing.describe_concept(concept, form.after(), by=require_user(request.user), seen=form.seen())
        except Stale:
            theirs = _against(vocabulary, value, form.after())
            status = Stale.status
        except Problem as problem:
            show_on(form.plain, problem)
        else:
            messages.success(request, _("The concept is saved."))
            return redirect("concept", slug, concept.pk)
    context = {
        **frame(request, vocabulary),
        "concept": concept,
        "shown": shown_as(concept),
        "form": form,
        "theirs": theirs,
        "seen": vocabulary.version if theirs else form.plain["seen"].value(),
        "languages": known_languages(vocabulary),
    }
    return render(request, "vocabularies/edit.html", context, status=status)


def _related(vocabulary: Vocabulary, value: ConceptValue) -> list[tuple[str, str]]:
    names = Names(vocabulary, value.related, language())
    return [(uri, names.of(uri)) for uri in value.related]


def _against(vocabulary: Vocabulary, theirs: ConceptValue, yours: ConceptValue) -> list[Any]:
    """What differs between the concept as it stands now and as the form says it."""
    names = Names(
        vocabulary, {*theirs.related, *yours.related, *theirs.broader, *theirs.replaced_by}, language()
    )
    return list(differences(theirs, yours, names))


def changing(name: str) -> Callable[..., HttpResponse]:
    """The page of one operation: choose the other concept, see what it touches, confirm."""
    operation = OPERATIONS[name]

    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        concept = concept_in(vocabulary, concept_id)
        chosen = request.POST.get("target") or request.GET.get("target")
        target = concept_in(vocabulary, chosen) if chosen else None
        problem = None
        if request.method == "POST":
            try:
                return _done(request, operation, concept, target)
            except Problem as refusal:
                problem = refusal
        return _asking(request, operation, concept, target, problem)

    return view


def _done(
    request: HttpRequest, operation: Operation, concept: Concept, target: Concept | None
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    asked = Asked(
        concept, target, request.POST, int(seen) if seen.isdecimal() else None, require_user(request.user)
    )
    result = operation.act(asked)
    messages.success(request, str(operation.done))
    return redirect("concept", concept.vocabulary.slug, result.pk)


def _asking(
    request: HttpRequest,
    operation: Operation,
    concept: Concept,
    target: Concept | None,
    problem: Problem | None,
) -> HttpResponse:
    vocabulary = concept.vocabulary
    q = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    found, total = search_concepts(vocabulary, None, q, language(), MOST_FOUND) if q else ([], 0)
    part = {
        "vocabulary": vocabulary,
        "q": q,
        "found": [one for one in found if one.id != concept.pk],
        "total": total,
        "operation": operation,
    }
    if wants_part(request):
        return render(request, "vocabularies/_targets.html", part)
    shown = shown_as(concept)
    top = bool(request.GET.get("top") or request.POST.get("top"))
    is_ready = bool(target or top) or operation.wants in ("perhaps", "nothing")
    context = {
        **frame(request, vocabulary),
        **part,
        "concept": concept,
        "shown": shown,
        "title": titled(operation, shown.label),
        "target": target and shown_as(target),
        "top": top and target is None,
        "is_ready": is_ready,
        "touched": foreseen(request, operation.name, concept) if is_ready else [],
        "problem": problem,
    }
    status = problem.status if problem else 200
    return render(request, "vocabularies/change.html", context, status=status)


def foreseen(request: HttpRequest, name: str, concept: Concept) -> list[dict[str, Any]]:
    """What a change would touch, in the reader's language; nothing for those that touch the concept alone."""
    if name not in FORESEEN:
        return []
    touched = editing.foresee(concept.vocabulary, name, [concept], by=require_user(request.user))
    return [{"kind": one.kind, "count": one.count, "sentence": _(one.sentence)} for one in touched]


concept_move = changing("move")
concept_merge = changing("merge")
concept_deprecate = changing("deprecate")
concept_restore = changing("restore")
concept_relate = changing("relate")


@require_http_methods(["GET", "POST"])
def concept_split(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """Name the parts that take a concept's place, and say what goes below which."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    concept = concept_in(vocabulary, concept_id)
    children = show(
        concept.children.exclude(status=Concept.Status.DEPRECATED).order_by("preorder"), language()
    )
    narrower = [(child.uri, child.label) for child in children]
    form = SplitForm(sent(request), narrower=narrower, initial={"language": language()})
    if request.method == "POST" and form.is_valid():
        try:
            _split(request, concept, form)
        except Problem as problem:
            show_on(form, problem)
        else:
            messages.success(
                request, _("The concept is split. What was said with it keeps it until somebody decides.")
            )
            return redirect("concept", slug, concept.pk)
    context = {
        **frame(request, vocabulary),
        "concept": concept,
        "shown": shown_as(concept),
        "form": form,
        "touched": foreseen(request, "split", concept),
        "languages": known_languages(vocabulary),
    }
    return render(request, "vocabularies/split.html", context, status=_status(request))


def _split(request: HttpRequest, concept: Concept, form: SplitForm) -> None:
    labels = form.labels()
    uris = {number: editing.new_uri(concept.vocabulary) for number in labels}
    parts = [
        ConceptValue(uris[number], labels=(LabelValue("pref", form.cleaned_data["language"], label),))
        for number, label in labels.items()
    ]
    first = uris[min(uris)]
    narrower = {uri: uris.get(int(form.cleaned_data[name]), first) for name, uri in form.narrower.items()}
    seen = request.POST.get("seen", "")
    editing.split_concept(
        concept, parts, narrower=narrower, by=require_user(request.user),
        seen=int(seen) if seen.isdecimal() else None,
    )  # fmt: skip
