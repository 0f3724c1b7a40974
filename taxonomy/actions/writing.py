"""Writes values of concepts into their rows, in a constant number of statements a batch."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from taxonomy.addresses import minted_id
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Note, Relation, Vocabulary
from taxonomy.skos import ConceptValue

BATCH = 2000


class ConceptWriter:
    """Writes into one vocabulary; `rows` are the concepts that the values name, by URI, as far as they exist.

    The caller holds the vocabulary's lock, and rebuilds its tree when parents or positions have changed.
    """

    def __init__(self, vocabulary: Vocabulary, rows: Mapping[str, Concept]) -> None:
        self.vocabulary = vocabulary
        self.rows = dict(rows)

    def write(self, values: Sequence[ConceptValue]) -> None:
        """Make the rows that are not there yet, bring the others up to date, describe all afresh."""
        fresh = [value for value in values if value.uri not in self.rows]
        known = [value for value in values if value.uri in self.rows]
        self._create(fresh)
        self._update(known)
        self._forget(known)
        self._describe(values)

    def _create(self, values: Sequence[ConceptValue]) -> None:
        """A parent may be made after its child: its key is known, and checked at the end of the transaction."""
        made = [self._fill(self._new(value.uri), value) for value in values]
        self.rows.update({concept.uri: concept for concept in made})
        for concept, value in zip(made, values, strict=True):
            concept.parent = self.rows[value.broader[0]] if value.broader else None
        Concept.objects.bulk_create(made, batch_size=BATCH)

    def _new(self, uri: str) -> Concept:
        """A row to be; one whose URI is ours has the id that stands in it, so that the URI leads to its page."""
        pk = minted_id(self.vocabulary.slug, uri)
        concept = Concept(vocabulary=self.vocabulary, uri=uri)
        concept.pk = pk or concept.pk
        return concept

    def _update(self, values: Sequence[ConceptValue]) -> None:
        for value in values:
            concept = self._fill(self.rows[value.uri], value)
            concept.parent = self.rows[value.broader[0]] if value.broader else None
        fields = ["notation", "status", "rank", "extra", "parent"]
        Concept.objects.bulk_update([self.rows[v.uri] for v in values], fields, batch_size=BATCH)

    @staticmethod
    def _fill(concept: Concept, value: ConceptValue) -> Concept:
        concept.notation = value.notation
        if value.deprecated:
            concept.status = Concept.Status.DEPRECATED
        elif concept.status == Concept.Status.DEPRECATED:
            concept.status = Concept.Status.ACCEPTED
        concept.rank = value.position
        concept.extra = value.extra
        return concept

    def _forget(self, values: Sequence[ConceptValue]) -> None:
        ids: list[UUID] = [self.rows[value.uri].pk for value in values]
        for model in (Label, Note, Relation):
            model._default_manager.filter(concept__in=ids).delete()

    def _describe(self, values: Sequence[ConceptValue]) -> None:
        Label.objects.bulk_create((row for v in values for row in self._labels(v)), batch_size=BATCH)
        Note.objects.bulk_create(
            (
                Note(concept=self.rows[v.uri], kind=n.kind, language=n.language, text=n.text)
                for v in values
                for n in v.notes
            ),
            batch_size=BATCH,
        )
        Relation.objects.bulk_create(
            (row for v in values for row in self._relations(v)), batch_size=BATCH, ignore_conflicts=True
        )

    def _labels(self, value: ConceptValue) -> Iterable[Label]:
        for label in value.labels:
            yield Label(
                concept=self.rows[value.uri],
                kind=label.kind,
                language=label.language,
                text=label.text,
                folded=fold(label.text),
            )

    def _relations(self, value: ConceptValue) -> Iterable[Relation]:
        concept = self.rows[value.uri]
        for kind, uri in relations_of(value):
            yield Relation(concept=concept, kind=kind, target_uri=uri, target=self.rows.get(uri))


def relations_of(value: ConceptValue) -> list[tuple[str, str]]:
    """The further broader concepts, the related ones, the matches and the replacements, as rows keep them."""
    broader = [(Relation.Kind.BROADER.value, uri) for uri in value.broader[1:]]
    related = [(Relation.Kind.RELATED.value, uri) for uri in value.related]
    replaced = [(Relation.Kind.REPLACED_BY.value, uri) for uri in value.replaced_by]
    return [*broader, *related, *((kind, uri) for kind, uri in value.matches), *replaced]
