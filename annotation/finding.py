"""Finds annotations by their words and by the labels of the concepts they name, as far as a reader may see."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

import orjson
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import BooleanField, Case, Count, DateTimeField, F, Func, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.roles import Person
from annotation.addresses import annotation_uri
from annotation.iiif.quotes import Quote, quotes
from annotation.iiif.searchrequest import SearchRequest, Term
from annotation.iiif.searchresults import FoundTerm, Match
from annotation.models import Annotation, AnnotationConcept, Canvas, Manifest
from annotation.permissions import visible_layers, visible_manifests
from annotation.webanno import texts
from taxonomy.folding import fold
from taxonomy.models import Concept, Label
from taxonomy.queries import label_maps

MOST_COMPLETIONS = 20
# A beginning that more annotations share is too short to be counted; the terms are then given uncounted.
MOST_READ = 10_000
_WORDS = SearchVector("words", config="simple")
_LABEL = SearchVector("folded", config="simple")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: in one manifest, on one canvas of it, or in everything that the reader may see."""

    reader: Person
    manifest: Manifest | None = None
    canvas: Canvas | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One annotation of a page of results, and where in it (or in the labels of its concepts) the words are."""

    annotation: Annotation
    own: tuple[Quote, ...]
    labels: tuple[Quote, ...]

    def matches(self) -> list[Match]:
        """Its own words if they were found, else the labels that led to it."""
        uri = annotation_uri(self.annotation)
        if self.own:
            return [Match(((uri, quote),)) for quote in self.own]
        return [Match(((uri, quote),), "contextualizing") for quote in self.labels]


def matching(scope: Scope, request: SearchRequest) -> QuerySet[Annotation]:
    """The annotations that a request describes, in the order of the canvases and from top to bottom.

    One query when there are terms, to learn which of them are labels at all.
    """
    rows = _narrowed(_in(scope), request)
    said, called = _sorted_out(request.terms)
    if said:
        rows = rows.alias(vector=_WORDS).filter(vector=reduce(and_, said))
    for term in called:
        rows = rows.filter(pk__in=_about(term, scope))
    return rows.order_by("canvas__manifest_id", "canvas__position", "y", "x", "created_at", "pk")


def with_quotes(rows: QuerySet[Annotation], terms: Sequence[Term]) -> list[Found]:
    """A page of what `matching` gives, ready to be written; two queries."""
    page = list(rows.select_related("canvas__manifest").defer("canvas__manifest__document"))
    labels = _labels_of([row.pk for row in page]) if terms and page else {}
    return [
        Found(
            annotation=row,
            own=tuple(quote for text in texts(row.document) for quote in quotes(text, terms)),
            labels=tuple(quote for text in labels.get(row.pk, ()) for quote in quotes(text, terms)),
        )
        for row in page
    ]


def completions(scope: Scope, request: SearchRequest, *, least: int = 1) -> list[FoundTerm]:
    """Words and labels in the scope that begin with `request.q`, the most frequent, by alphabet; two queries.

    `least` is how often a term must occur. What looks like a URI completes to URIs of concepts.
    """
    rows = _narrowed(_in(scope), request)
    start = fold(request.q)
    if request.terms and request.terms[0].uri:
        found = _concepts_from(rows, request.q, least)
    elif not start:
        return []
    else:
        found = _labels_from(rows, start, least)
        known = {fold(term.value) for term in found}
        found += [term for term in _words_from(rows, start, least) if term.value not in known]
    often = sorted(found, key=lambda term: (-(term.count or MOST_READ), term.value))[:MOST_COMPLETIONS]
    return sorted(often, key=lambda term: fold(term.value))


# --- what is looked through -----------------------------------------------------------------------


def _in(scope: Scope) -> QuerySet[Annotation]:
    rows = Annotation.objects.filter(
        deleted_at=None, layer__in=visible_layers(scope.reader).order_by().values("pk")
    )
    if scope.canvas:
        return rows.filter(canvas=scope.canvas)
    if scope.manifest:
        return rows.filter(canvas__manifest=scope.manifest)
    return rows.filter(canvas__manifest__in=visible_manifests(scope.reader).order_by().values("pk"))


def _narrowed(rows: QuerySet[Annotation], request: SearchRequest) -> QuerySet[Annotation]:
    """By motivation, date and user; an annotation that does not say what is asked for does not match."""
    if request.motivations:
        wanted = Q(motivations__overlap=list(request.motivations))
        if "non-painting" in request.motivations:
            wanted |= ~Q(motivations__contained_by=["painting"])
        rows = rows.filter(wanted)
    if request.dates:
        within = Q()
        for first, last in request.dates:
            within |= Q(said_at__range=(first, last))
        rows = rows.alias(said_at=_SAID_AT).filter(within)
    if request.users:
        rows = rows.filter(_says("$.creator[*] ? (@ == $uris[*] || @.id == $uris[*])", request.users))
    return rows


_CREATED = KeyTextTransform("created", "document")
# A document may say a time that no database can hold; it then says none.
_SAID_AT = Case(
    When(
        Func(_CREATED, Value("timestamptz"), function="pg_input_is_valid", output_field=BooleanField()),
        then=Cast(_CREATED, DateTimeField()),
    ),
    output_field=DateTimeField(),
)


def _says(path: str, uris: Sequence[str]) -> Func:
    """Whether the document has something at a JSON path in which `$uris` stands for addresses."""
    variables = orjson.dumps({"uris": list(uris)}).decode()
    return Func(
        F("document"),
        Value(path),
        Value(variables),
        template="jsonb_path_exists(%(expressions)s)",
        output_field=BooleanField(),
    )


def _sorted_out(terms: Sequence[Term]) -> tuple[list[SearchQuery], list[Term]]:
    """The terms that only annotations can say, as queries of their index; and those that labels say too."""
    queries = [_query(term) for term in terms]
    asked = [
        Label.objects.order_by()
        .alias(vector=_LABEL)
        .filter(vector=query)
        .annotate(place=Value(place))
        .values_list("place", flat=True)[:1]
        for place, query in enumerate(queries)
        if query
    ]
    labels = set(asked[0].union(*asked[1:], all=True)) if asked else set()
    said = [query for place, query in enumerate(queries) if query and place not in labels]
    called = [term for place, term in enumerate(terms) if queries[place] is None or place in labels]
    return said, called


def _about(term: Term, scope: Scope) -> QuerySet[Any, Any]:
    """The ids of annotations that say a term, or name a concept with a label in any language that does.

    A union, so that each half can use its own index.
    """
    if term.uri:
        named = AnnotationConcept.objects.filter(concept__uri=term.uri).values("annotation_id")
        bodies = "$.body[*] ? (@ == $uris[*] || @.**.id == $uris[*] || @.**.source == $uris[*])"
        return _in(scope).filter(_says(bodies, [term.uri])).values("pk").union(named)
    query = _query(term)
    if query is None:
        return Annotation.objects.none().values("pk")
    said = Annotation.objects.filter(deleted_at=None).alias(vector=_WORDS).filter(vector=query)
    labelled = Label.objects.order_by().alias(vector=_LABEL).filter(vector=query).values("concept_id")
    named = AnnotationConcept.objects.order_by().filter(concept__in=labelled).values("annotation_id")
    return said.values("pk").union(named)


def _query(term: Term) -> SearchQuery | None:
    """The words of a term one after the other, as the database asks for them."""
    lexemes = [f"'{word}'" for word in term.text.replace("\\", " ").replace("'", " ").split()]
    if not term.words or not lexemes:
        return None
    asked = " <-> ".join(lexemes) + (":*" if term.begins else "")
    return SearchQuery(asked, search_type="raw", config="simple")


def _labels_of(ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """Annotation → the labels of its concepts in every language; one query."""
    rows = (
        AnnotationConcept.objects.filter(annotation__in=ids)
        .order_by("position", "concept__labels__kind", "concept__labels__language")
        .values_list("annotation_id", "concept__labels__text")
    )
    labels: dict[UUID, list[str]] = defaultdict(list)
    for pk, text in rows:
        if text:
            labels[pk].append(text)
    return labels


# --- completing -----------------------------------------------------------------------------------


def _words_from(rows: QuerySet[Annotation], start: str, least: int) -> list[FoundTerm]:
    """Single words of the annotations; a start of several words completes to labels only."""
    query = _query(Term(start, begins=True))
    if query is None or " " in start:
        return []
    said = rows.alias(vector=_WORDS).filter(vector=query).order_by().values("words")[: MOST_READ + 1]
    inner, parameters = said.query.sql_with_params()
    counted = (
        f"WITH said AS MATERIALIZED ({inner})"  # noqa: S608 - Django's own SQL
        " SELECT word.lexeme, count(*), (SELECT count(*) FROM said)"
        " FROM said, unnest(to_tsvector('simple', said.words)) AS word"
        " WHERE starts_with(word.lexeme, %s) GROUP BY word.lexeme HAVING count(*) >= %s"
        " ORDER BY count(*) DESC, word.lexeme LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(counted, [*parameters, start, least, MOST_COMPLETIONS])
        found = cursor.fetchall()
    return [FoundTerm(word, count if read <= MOST_READ else None) for word, count, read in found]


def _labels_from(rows: QuerySet[Annotation], start: str, least: int) -> list[FoundTerm]:
    """Labels of the concepts that are named, with a word that begins so."""
    query = _query(Term(start, begins=True))
    if query is None:
        return []
    labels = Label.objects.order_by().alias(vector=_LABEL).filter(vector=query)
    counts = _counts(rows, labels.values("concept_id"), least)
    named = labels.filter(concept__in=counts).order_by("text", "language")
    said: dict[str, tuple[str, str, dict[UUID, int]]] = {}
    for text, language, pk in named.values_list("text", "language", "concept_id"):
        said.setdefault(fold(text), (text, language, {}))[2][pk] = counts[pk]
    return [
        FoundTerm(text, sum(by_concept.values()), language=_tag(language))
        for text, language, by_concept in said.values()
    ]


def _concepts_from(rows: QuerySet[Annotation], start: str, least: int) -> list[FoundTerm]:
    concepts = Concept.objects.order_by().filter(uri__startswith=start)
    counts = _counts(rows, concepts.values("pk"), least)
    labels = label_maps(counts)
    uris = dict(concepts.filter(pk__in=counts).values_list("pk", "uri"))
    return [
        FoundTerm(uri, counts[pk], label={tag: [text] for tag, text in labels.get(pk, {}).items()})
        for pk, uri in uris.items()
    ]


def _counts(rows: QuerySet[Annotation], concepts: QuerySet[Any, Any], least: int) -> dict[UUID, int]:
    """How many of the annotations name each of the concepts, for the most frequent of them."""
    links = AnnotationConcept.objects.order_by().filter(
        concept__in=concepts, annotation__in=rows.order_by().values("pk")
    )
    counted = links.values("concept_id").annotate(count=Count("pk")).filter(count__gte=least)
    return dict(counted.order_by("-count").values_list("concept_id", "count")[: 10 * MOST_COMPLETIONS])


def _tag(language: str) -> str | None:
    return None if language == "und" else language
