"""Pages of vocabularies: the list, the tree with search, one concept, bringing one in."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import require_curator
from accounts.roles import Person
from annotation.models import Annotation, AnnotationConcept, Layer
from annotation.permissions import visible_layers
from annotation.queries import shown_box
from frontend.forms.problems import show_on
from frontend.forms.vocabularies import VocabularyForm
from frontend.reports import report_of
from frontend.sharing import canvas_page
from frontend.views.campaigns import language, sent
from problems import Problem
from taxonomy.actions import start_vocabulary_import
from taxonomy.api import negotiation
from taxonomy.models import Concept, Label, Vocabulary, VocabularyImport
from taxonomy.permissions import get_vocabulary_for, visible_vocabularies
from taxonomy.published import FORMATS, written, written_concept
from taxonomy.queries import NARROWER, ShownConcept, concepts_of, search_concepts, show

MOST_FOUND = 50
MOST_TOP = 500
MOST_EXAMPLES = 8
# With so few top concepts their branches are open from the beginning: nobody comes to see one closed root.
FEW_TOPS = 3


@require_GET
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    """The vocabularies that the reader may see, with their sizes; one query."""
    usable = Count("concepts", filter=~Q(concepts__status=Concept.Status.DEPRECATED))
    vocabularies = visible_vocabularies(request.user).annotate(concept_count=usable)
    context = {"section": "vocabularies", "vocabularies": vocabularies}
    return render(request, "vocabularies/list.html", context)


@require_http_methods(["GET", "POST"])
def vocabulary_import(request: HttpRequest) -> HttpResponse:
    by = require_curator(request.user)
    form = VocabularyForm(sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        title = {"en": data["title_en"], "fr": data["title_fr"]}
        try:
            record = start_vocabulary_import(data["file"], slug=data["slug"], title=title, by=by)
            return redirect("vocabulary-import-progress", record.pk)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    recent = VocabularyImport.objects.filter(created_by=by).select_related("job", "vocabulary")[:8]
    context = {"section": "vocabularies", "form": form, "recent": recent}
    return render(request, "vocabularies/import.html", context, status=status)


@require_GET
def vocabulary_import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How an import goes, and what was wrong in the file."""
    by = require_curator(request.user)
    imports = VocabularyImport.objects.select_related("job", "vocabulary").filter(created_by=by)
    record = get_object_or_404(imports, pk=import_id)
    context = {
        "section": "vocabularies",
        "record": record,
        "job": record.job,
        "lines": [],
        **report_of(record.job, request.GET.get("page")),
    }
    return render(request, "vocabularies/progress.html", context)


@vary_on_headers("HX-Request", "Accept")
@require_safe
def vocabulary_detail(request: HttpRequest, slug: str) -> HttpResponseBase:
    """SKOS for programs that ask for it; for people the tree, lazily opened, or what a search finds.

    With htmx only the changed part is sent.
    """
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    to = negotiation.wanted(request)
    if to:
        return negotiation.answer(request, vocabulary, to, written(vocabulary, to), name=slug)
    q = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    found, total = search_concepts(vocabulary, None, q, language(), MOST_FOUND) if q else ([], 0)
    context = {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "q": q,
        "found": found,
        "total": total,
        "tree": [] if q else _tree(vocabulary),
    }
    if _wants_part(request):
        return render(request, "vocabularies/_concepts.html", context)
    context |= {
        "count": concepts_of(vocabulary).count(),
        "languages": _languages(vocabulary),
        "formats": FORMATS.values(),
        "campaigns": vocabulary.campaigns.filter(is_public=True).exclude(status="draft")[:6],
    }
    return render(request, "vocabularies/detail.html", context)


def _wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part that changed; for a step back in the history it wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def _tree(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The top concepts; where they are few, with their own narrower ones. At most six queries."""
    rows = concepts_of(vocabulary).annotate(children_count=NARROWER)
    top = show(rows.filter(parent=None).order_by("preorder")[:MOST_TOP], language())
    below = _children(rows, top) if len(top) <= FEW_TOPS else {}
    return [{"concept": concept, "children": below.get(concept.id)} for concept in top]


def _children(rows: QuerySet[Concept], top: Sequence[ShownConcept]) -> dict[UUID, list[ShownConcept]]:
    children = list(rows.filter(parent__in=[concept.id for concept in top]).order_by("preorder")[:MOST_TOP])
    below: dict[UUID, list[ShownConcept]] = defaultdict(list)
    for child, concept in zip(children, show(children, language()), strict=True):
        if child.parent_id:
            below[child.parent_id].append(concept)
    return below


def _languages(vocabulary: Vocabulary) -> list[str]:
    """The languages of the preferred labels, those with most labels first."""
    labels = Label.objects.filter(concept__vocabulary=vocabulary, kind=Label.Kind.PREF).exclude(
        language="und"
    )
    return list(
        labels.order_by()
        .values("language")
        .annotate(n=Count("pk"))
        .order_by("-n")
        .values_list("language", flat=True)
    )


@require_GET
def concept_children(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponse:
    """What stands directly below a concept: one branch of the tree, fetched when it is opened."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    children = concepts_of(vocabulary).filter(parent=concept_id).annotate(children_count=NARROWER)
    shown = show(children.order_by("preorder"), language())
    return render(request, "vocabularies/_branch.html", {"vocabulary": vocabulary, "concepts": shown})


@vary_on_headers("Accept")
@require_safe
def concept_detail(request: HttpRequest, slug: str, concept_id: UUID) -> HttpResponseBase:
    """SKOS for programs that ask for it; for people the concept with all that is said of it, and where it was
    seen.
    """
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    concepts = Concept.objects.filter(vocabulary=vocabulary).prefetch_related(
        "labels", "notes", "relations__target"
    )
    concept = get_object_or_404(concepts, pk=concept_id)
    to = negotiation.wanted(request)
    if to:
        parts = written_concept(vocabulary, concept, to)
        return negotiation.answer(request, vocabulary, to, parts, name=str(concept.pk))
    rows = concepts_of(vocabulary).annotate(children_count=NARROWER)
    path = Concept.objects.filter(pk__in=concept.ancestors).order_by("preorder")
    examples, seen = _examples(request.user, concept)
    shown = show([concept], language())[0]
    context = {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "concept": concept,
        "shown": shown,
        "path": show(path, language()),
        "siblings": show(rows.filter(parent=concept.parent_id).order_by("preorder")[:MOST_TOP], language()),
        "children": show(rows.filter(parent=concept).order_by("preorder")[:MOST_TOP], language()),
        "labels": _labels_by_language(concept),
        "related": show([row.target for row in concept.relations.all() if row.target], language()),
        "matches": [row for row in concept.relations.all() if not row.target],
        "examples": examples,
        "seen": seen,
    }
    return render(request, "vocabularies/concept.html", context)


def _labels_by_language(concept: Concept) -> list[dict[str, Any]]:
    """For each language its preferred and its alternative labels, the reader's language first."""
    rows: dict[str, dict[str, Any]] = {}
    for label in concept.labels.all():
        row = rows.setdefault(label.language, {"language": label.language, "pref": "", "alt": []})
        if label.kind == Label.Kind.PREF:
            row["pref"] = label.text
        elif label.kind == Label.Kind.ALT:
            row["alt"].append(label.text)
    return sorted(rows.values(), key=lambda row: (row["language"] != language(), row["language"]))


def _examples(person: Person, concept: Concept) -> tuple[list[dict[str, Any]], int]:
    """Boxes of ground truth that name the concept, with what is around them, and how many; two queries."""
    truth = visible_layers(person).filter(kind=Layer.Kind.GROUND_TRUTH)
    links = AnnotationConcept.objects.filter(
        concept=concept, annotation__layer__in=truth.values("pk"), annotation__deleted_at=None
    )
    drawn = links.filter(annotation__x__isnull=False).select_related("annotation__canvas")
    chosen = drawn.defer("annotation__document").order_by("annotation__id")[:MOST_EXAMPLES]
    shown = [
        {
            "annotation": link.annotation,
            "around": _around(link.annotation),
            "address": canvas_page(link.annotation.canvas, annotation=link.annotation),
        }
        for link in chosen
    ]
    return shown, links.count()


def _around(annotation: Annotation) -> tuple[float, float, float, float] | None:
    """The annotation's box with a margin of its own size, within the canvas; what is around a point."""
    canvas = annotation.canvas
    box = shown_box(annotation, canvas) if canvas else None
    if box is None or canvas is None:
        return None
    x, y, w, h = box.xywh
    left, top = max(0.0, x - w), max(0.0, y - h / 2)
    right, bottom = min(canvas.width, x + 2 * w), min(canvas.height, y + 1.5 * h)
    return (left, top, right - left, bottom - top)
