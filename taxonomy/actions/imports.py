"""Bring a vocabulary in, or bring one up to date from its source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant, verbs_of
from problems import Conflict, Invalid, Refused
from taxonomy.actions.tree import rebuild_tree
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Note, Relation, Vocabulary, VocabularyChange, VocabularyImport
from taxonomy.skos import ConceptValue, VocabularyValue
from work.actions import request_job

FORMATS = {".ttl": VocabularyImport.Format.TURTLE, ".csv": VocabularyImport.Format.CSV}
BATCH = 2000
MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: how many concepts came, changed, stayed, or are no longer in the source."""

    vocabulary: Vocabulary
    new: int
    changed: int
    unchanged: int
    absent: int


def start_vocabulary_import(
    file: "UploadedFile[Any]", *, slug: str, title: Mapping[str, str], by: User
) -> VocabularyImport:
    """Keep the uploaded file and queue its reading; Turtle (.ttl) or CSV (.csv)."""
    require_curator(by)
    name = file.name or ""
    kind = FORMATS.get(name[name.rfind(".") :].lower())
    if kind is None:
        raise Invalid(
            "Send a file that ends in .ttl (SKOS Turtle) or .csv.", pointer="/file", code="unknown-format"
        )
    if not file.size:
        raise Invalid("The file is empty.", pointer="/file", code="empty")
    if file.size > MAX_BYTES:
        raise Invalid("A vocabulary may have up to 64 MB.", pointer="/file", code="too-large")
    slug = slugify(slug or name.rsplit(".", 1)[0])[:60]
    if not slug:
        raise Invalid("Give the vocabulary a short name for its address.", pointer="/slug", code="blank")
    _require_manager(Vocabulary.objects.filter(slug=slug).first(), by)
    with transaction.atomic():
        record = VocabularyImport(
            slug=slug, title={k: v for k, v in title.items() if v}, format=kind, created_by=by
        )
        record.file.save(f"{record.pk}.{kind.value}", file, save=False)
        record.save()
        record.job = request_job("taxonomy.import", record.pk, by=by, queue="default")
        record.save(update_fields=["job"])
    return record


def _require_manager(vocabulary: Vocabulary | None, by: User) -> None:
    if vocabulary is not None and "manage" not in verbs_of(by, vocabulary):
        raise Refused("A vocabulary of this name exists, and you do not look after it. Choose another name.")


def apply_vocabulary(value: VocabularyValue, *, slug: str, title: Mapping[str, str], by: User) -> Applied:
    """Write what a file says into the vocabulary of this slug, made if there is none, in one transaction.

    Concepts are recognised by URI. Concepts that the file no longer has are kept (annotations may use
    them) and counted as absent.
    """
    require_curator(by)
    if not value.is_importable or not value.concepts:
        raise Invalid("The file has faults that must be mended first; see the report.", code="not-importable")
    with transaction.atomic():
        vocabulary = _vocabulary(value, slug=slug, title=title, by=by)
        applied = _Writer(vocabulary, value.concepts).write()
        if applied.new or applied.changed:
            rebuild_tree(vocabulary)
            vocabulary.version += 1
            vocabulary.save(update_fields=["version", "modified_at"])
            VocabularyChange.objects.create(
                vocabulary=vocabulary,
                version=vocabulary.version,
                operation="import",
                detail={"new": applied.new, "changed": applied.changed, "absent": applied.absent},
                by=by,
            )
    return applied


def _vocabulary(value: VocabularyValue, *, slug: str, title: Mapping[str, str], by: User) -> Vocabulary:
    """The row of the vocabulary, locked; imports of one vocabulary follow each other."""
    uri = value.uri or f"{settings.SITE_URL}/vocab/{slug}/"
    if Vocabulary.objects.filter(uri=uri).exclude(slug=slug).exists():
        raise Conflict(f"The scheme {uri} is already here under another name.", code="scheme-exists")
    row, made = Vocabulary.objects.get_or_create(slug=slug, defaults={"uri": uri, "created_by": by})
    if made:
        grant(by, row, Role.OWNER)
    _require_manager(row, by)
    vocabulary = Vocabulary.objects.select_for_update().get(pk=row.pk)
    if value.uri and value.uri != vocabulary.uri:
        raise Conflict(
            f"“{slug}” is the scheme {vocabulary.uri}, but the file describes {value.uri}. "
            "Choose another short name.",
            code="another-scheme",
        )
    vocabulary.title = dict(title) or dict(value.title) or vocabulary.title or {"und": slug}
    vocabulary.licence, vocabulary.source, vocabulary.extra = value.licence, value.source, value.extra
    vocabulary.save()
    return vocabulary


class _Writer:
    """Writes the concepts of one file in a constant number of statements a batch."""

    def __init__(self, vocabulary: Vocabulary, values: tuple[ConceptValue, ...]) -> None:
        self.vocabulary = vocabulary
        self.values = values
        detailed = vocabulary.concepts.prefetch_related("labels", "notes", "relations")
        self.rows = {concept.uri: concept for concept in detailed.select_related("parent")}
        self.before = {uri: _fingerprint(concept) for uri, concept in self.rows.items()}

    def write(self) -> Applied:
        after = {value.uri: _fingerprint_of(value) for value in self.values}
        fresh = [value for value in self.values if value.uri not in self.rows]
        touched = [v for v in self.values if v.uri in self.rows and self.before[v.uri] != after[v.uri]]
        self._create(fresh)
        self._update(touched)
        self._describe([*fresh, *touched])
        return Applied(
            vocabulary=self.vocabulary,
            new=len(fresh),
            changed=len(touched),
            unchanged=len(self.values) - len(fresh) - len(touched),
            absent=len(self.rows) - len(self.values),
        )

    def _create(self, values: list[ConceptValue]) -> None:
        """Parents may come after their children in the file, so `parent` is set in `_update`."""
        made = [self._fill(Concept(vocabulary=self.vocabulary, uri=value.uri), value) for value in values]
        Concept.objects.bulk_create(made, batch_size=BATCH)
        self.rows.update({concept.uri: concept for concept in made})
        with_parent = [v for v in values if v.broader]
        for value in with_parent:
            self.rows[value.uri].parent = self.rows[value.broader[0]]
        Concept.objects.bulk_update([self.rows[v.uri] for v in with_parent], ["parent"], batch_size=BATCH)

    def _update(self, values: list[ConceptValue]) -> None:
        for value in values:
            concept = self._fill(self.rows[value.uri], value)
            concept.parent = self.rows[value.broader[0]] if value.broader else None
        fields = ["notation", "status", "rank", "extra", "parent"]
        Concept.objects.bulk_update([self.rows[v.uri] for v in values], fields, batch_size=BATCH)

    @staticmethod
    def _fill(concept: Concept, value: ConceptValue) -> Concept:
        concept.notation = value.notation
        concept.status = Concept.Status.DEPRECATED if value.deprecated else Concept.Status.ACCEPTED
        concept.rank = value.position
        concept.extra = value.extra
        return concept

    def _describe(self, values: list[ConceptValue]) -> None:
        """Labels, notes and relations of new and changed concepts are written afresh."""
        ids: list[UUID] = [self.rows[value.uri].pk for value in values]
        for model in (Label, Note, Relation):
            model._default_manager.filter(concept__in=ids).delete()
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
        for kind, uri in _relations_of(value):
            yield Relation(concept=concept, kind=kind, target_uri=uri, target=self.rows.get(uri))


def _relations_of(value: ConceptValue) -> list[tuple[str, str]]:
    broader = [(Relation.Kind.BROADER.value, uri) for uri in value.broader[1:]]
    related = [(Relation.Kind.RELATED.value, uri) for uri in value.related]
    return [*broader, *related, *((kind, uri) for kind, uri in value.matches)]


Fingerprint = tuple[object, ...]


def _fingerprint_of(value: ConceptValue) -> Fingerprint:
    """Everything of a concept that an import may change, in a comparable form."""
    return (
        value.notation,
        value.deprecated,
        value.position,
        value.extra,
        value.broader[0] if value.broader else None,
        frozenset((label.kind, label.language, label.text) for label in value.labels),
        frozenset((note.kind, note.language, note.text) for note in value.notes),
        frozenset(_relations_of(value)),
    )


def _fingerprint(concept: Concept) -> Fingerprint:
    return (
        concept.notation,
        concept.status == Concept.Status.DEPRECATED,
        concept.rank,
        concept.extra,
        concept.parent.uri if concept.parent else None,
        frozenset((label.kind, label.language, label.text) for label in concept.labels.all()),
        frozenset((note.kind, note.language, note.text) for note in concept.notes.all()),
        frozenset((relation.kind, relation.target_uri) for relation in concept.relations.all()),
    )
