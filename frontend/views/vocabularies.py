"""Pages of vocabularies: the list, the tree with search, one concept, bringing one in."""

from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_curator
from frontend.forms.problems import show_on
from frontend.forms.vocabularies import VocabularyForm
from problems import Problem
from taxonomy.actions import start_vocabulary_import
from taxonomy.models import Concept, VocabularyImport
from taxonomy.permissions import get_vocabulary_for, visible_vocabularies
from taxonomy.queries import concepts_of, search_concepts, show

MOST_FOUND = 50


def language() -> str:
    return (get_language() or "en").split("-")[0]


@require_GET
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    vocabularies = visible_vocabularies(request.user).annotate(concept_count=Count("concepts"))
    return render(request, "vocabularies/list.html", {"vocabularies": vocabularies})


@require_http_methods(["GET", "POST"])
def vocabulary_import(request: HttpRequest) -> HttpResponse:
    by = require_curator(request.user)
    form = VocabularyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        title = {"en": data["title_en"], "fr": data["title_fr"]}
        try:
            record = start_vocabulary_import(data["file"], slug=data["slug"], title=title, by=by)
            return redirect("vocabulary-import-progress", record.pk)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    return render(request, "vocabularies/import.html", {"form": form}, status=status)


@require_GET
def vocabulary_import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    by = require_curator(request.user)
    imports = VocabularyImport.objects.select_related("job", "vocabulary").filter(created_by=by)
    record = get_object_or_404(imports, pk=import_id)
    return render(request, "vocabularies/progress.html", {"record": record, "job": record.job})


@require_GET
def vocabulary_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The tree, lazily opened, or what a search finds; with htmx only the changed part is sent."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    q = request.GET.get("q", "")[:200].replace("\x00", "")
    found, total = search_concepts(vocabulary, None, q, language(), MOST_FOUND) if q.strip() else ([], 0)
    top = concepts_of(vocabulary).filter(parent=None).annotate(children_count=Count("children")).order_by("preorder")
    context = {
        "vocabulary": vocabulary,
        "q": q,
        "found": found,
        "total": total,
        "count": vocabulary.concepts.count(),
        "top": [] if q.strip() else show(top[:500], language()),
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "vocabularies/_concepts.html" if partial else "vocabularies/detail.html", context)


@require_GET
def concept_children(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """What stands directly below a concept: one branch of the tree, fetched when it is opened."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    children = concepts_of(vocabulary).filter(parent=concept_id).annotate(children_count=Count("children"))
    shown = show(children.order_by("preorder"), language())
    return render(request, "vocabularies/_branch.html", {"vocabulary": vocabulary, "concepts": shown})


@require_GET
def concept_detail(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    concepts = Concept.objects.filter(vocabulary=vocabulary).prefetch_related("labels", "notes", "relations__target")
    concept = get_object_or_404(concepts, pk=concept_id)
    children = concepts_of(vocabulary).filter(parent=concept).annotate(children_count=Count("children"))
    path = Concept.objects.filter(pk__in=concept.ancestors).order_by("preorder")
    context = {
        "vocabulary": vocabulary,
        "concept": concept,
        "shown": show([concept], language())[0],
        "path": show(path, language()),
        "children": show(children.order_by("preorder")[:500], language()),
    }
    return render(request, "vocabularies/concept.html", context)
