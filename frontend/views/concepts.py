"""Pages to read a vocabulary: the tree with search, a branch of it, one concept."""

import re
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import may_curate
from accounts.roles import Person, verbs_of
from annotation.models import Annotation, AnnotationConcept, Layer
from annotation.permissions import visible_layers
from annotation.queries import shown_box
from frontend.sharing import canvas_page
from frontend.thesaurus import TreeReader
from frontend.views.campaigns import language
from frontend.views.vocabulary_lists import collections_with, counted, offered
from taxonomy.actions import last_fetched
from taxonomy.api import negotiation
from taxonomy.facets import facets_of
from taxonomy.models import Concept, Label, Note, Proposal, Relation, Vocabulary
from taxonomy.permissions import get_vocabulary_for
from taxonomy.published import FORMATS, written, written_concept
from taxonomy.queries import ShownConcept, concepts_of, show

# Shown first among the formats: what a thesaurus or a table program opens.
READ_BY_MANY = ("turtle", "jsonld", "rdfxml", "csv")
MOST_EXAMPLES = 8
A_YEAR_S = 31_536_000
# A region by an image service: its address ends as IIIF Image API 2 and 3 (section 2.1) end it.
_IMAGE = re.compile(r"https://[^\s\"'<>]+/(default|native)\.(jpg|png|webp|gif)")


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
    groups = facets_of(vocabulary)
    context = {**frame(request, vocabulary), **offered(vocabulary, groups, request.GET)}
    if not (context["q"] or context["facet"]):
        context["tree"] = tree_reader(request, vocabulary).top()
    if wants_part(request):
        return render(request, "vocabularies/_concepts.html", context)
    context |= {
        "count": concepts_of(vocabulary).count(),
        "languages": _languages(vocabulary),
        "formats": sorted(FORMATS.values(), key=lambda one: one.name not in READ_BY_MANY),
        "groups": counted(vocabulary, groups),
        "campaigns": vocabulary.campaigns.filter(is_public=True).exclude(status="draft")[:6],
        "last_version": vocabulary.versions.first(),
        **_updating(request.user, vocabulary, may_manage=context["may_manage"]),
    }
    return _remembering(request, render(request, "vocabularies/detail.html", context))


def frame(request: HttpRequest, vocabulary: Vocabulary) -> dict[str, Any]:
    """What every page of a vocabulary shows around its own: may one change it, and what waits for whoever may."""
    may_manage = "manage" in verbs_of(request.user, vocabulary)
    return {
        "section": "vocabularies",
        "vocabulary": vocabulary,
        "may_manage": may_manage,
        "waiting": vocabulary.proposals.filter(state=Proposal.State.WAITING).count() if may_manage else 0,
        "everything": shows_everything(request),
    }


def _updating(person: Person, vocabulary: Vocabulary, *, may_manage: bool) -> dict[str, Any]:
    """Whether the person may bring the vocabulary up to date, and from which address, if any."""
    if not (may_manage and may_curate(person)):
        return {}
    last = last_fetched(vocabulary)
    return {"may_import": True, "fetched_from": last.url if last else ""}


def tree_reader(request: HttpRequest, vocabulary: Vocabulary) -> TreeReader:
    return TreeReader(vocabulary, request.user, language(), everything=shows_everything(request))


def shows_everything(request: HttpRequest) -> bool:
    """Whether deprecated concepts are shown too: as just asked for, else as the cookie remembers."""
    return request.GET.get("deprecated", request.COOKIES.get("deprecated", "")) == "1"


def _remembering(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    wanted = request.GET.get("deprecated")
    if wanted == "1":
        response.set_cookie("deprecated", "1", max_age=A_YEAR_S, samesite="Lax", httponly=True)
    elif wanted is not None:
        response.delete_cookie("deprecated")
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part that changed; for a step back in the history it wants the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


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
    branch = tree_reader(request, vocabulary).below(concept_id)
    context = {"vocabulary": vocabulary, "nodes": branch.nodes, "more": branch.more}
    return render(request, "vocabularies/_branch.html", context)


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
    examples, seen = _examples(request.user, concept)
    path = Concept.objects.filter(pk__in=concept.ancestors).order_by("preorder")
    context = {
        **frame(request, vocabulary),
        "concept": concept,
        "current": concept.pk,
        "shown": show([concept], language())[0],
        "path": show(path, language()),
        "tree": tree_reader(request, vocabulary).around(concept),
        "labels": _labels_by_language(concept),
        "notes": [note for note in concept.notes.all() if note.kind != Note.Kind.EXAMPLE],
        "shown_by": _shown_by(request.user, concept),
        "relations": _relations(concept),
        "matches": [row for row in concept.relations.all() if not row.target],
        "examples": examples,
        "seen": seen,
        "groups": collections_with(vocabulary, concept),
    }
    return _remembering(request, render(request, "vocabularies/concept.html", context))


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


def _relations(concept: Concept) -> list[tuple[str, list[ShownConcept]]]:
    """Further broader, related and replacing concepts of the vocabulary, each kind with its name."""
    targets = {row.pk: row.target for row in concept.relations.all() if row.target}
    shown = dict(zip(targets, show(targets.values(), language()), strict=True))
    named = {
        Relation.Kind.BROADER: str(Relation.Kind.BROADER.label),
        Relation.Kind.RELATED: _("See also"),
        Relation.Kind.REPLACED_BY: str(Relation.Kind.REPLACED_BY.label),
    }
    found = [
        (name, [shown[row.pk] for row in concept.relations.all() if row.kind == kind and row.pk in shown])
        for kind, name in named.items()
    ]
    return [(name, several) for name, several in found if several]


def _shown_by(person: Person, concept: Concept) -> list[dict[str, Any]]:
    """The examples among its notes; with a picture where they name one, or an annotation the reader may see.

    One query.
    """
    notes = [note for note in concept.notes.all() if note.kind == Note.Kind.EXAMPLE]
    ids = {note.pk: _annotation_id(note.text) for note in notes}
    rows = (
        Annotation.objects.filter(
            pk__in=[pk for pk in ids.values() if pk], deleted_at=None, layer__in=visible_layers(person)
        )
        .select_related("canvas")
        .defer("document")
    )
    found = {row.pk: row for row in rows if row.canvas}
    examples = []
    for note in notes:
        pk = ids[note.pk]
        annotation = found.get(pk) if pk else None
        around = _around(annotation) if annotation else None
        image = note.text.strip() if _IMAGE.fullmatch(note.text.strip()) else ""
        examples.append({"note": note, "annotation": annotation, "around": around, "image": image})
    return examples


def _annotation_id(text: str) -> UUID | None:
    """The id at the end of an annotation's address; None in anything else."""
    try:
        return UUID(text.strip().rstrip("/").rpartition("/")[2])
    except ValueError:
        return None


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
        if link.annotation.canvas
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
