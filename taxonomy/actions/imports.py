"""Bring a vocabulary in, or bring one up to date from its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant, verbs_of
from problems import Conflict, Invalid, Refused
from taxonomy.actions.tree import rebuild_tree
from taxonomy.actions.writing import ConceptWriter, relations_of
from taxonomy.addresses import vocabulary_uri
from taxonomy.documents import detailed, value_of
from taxonomy.models import Vocabulary, VocabularyChange, VocabularyImport
from taxonomy.skos import ConceptValue, VocabularyValue
from work.actions import request_job

FORMATS = {
    ".ttl": VocabularyImport.Format.TURTLE,
    ".nt": VocabularyImport.Format.TURTLE,
    ".rdf": VocabularyImport.Format.RDFXML,
    ".xml": VocabularyImport.Format.RDFXML,
    ".jsonld": VocabularyImport.Format.JSONLD,
    ".csv": VocabularyImport.Format.CSV,
}
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
    """Keep the uploaded file and queue its reading; the ending of its name tells the format."""
    require_curator(by)
    name = file.name or ""
    kind = FORMATS.get(name[name.rfind(".") :].lower())
    if kind is None:
        raise Invalid(
            "Send a file that ends in .ttl, .rdf, .jsonld (SKOS) or .csv.",
            pointer="/file",
            code="unknown-format",
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
        applied = _write(vocabulary, value.concepts)
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


def _write(vocabulary: Vocabulary, values: tuple[ConceptValue, ...]) -> Applied:
    """Write what is new or has changed, and leave alone what is the same."""
    rows = {concept.uri: concept for concept in detailed(vocabulary.concepts.all())}
    before = {uri: _fingerprint(value_of(concept)) for uri, concept in rows.items()}
    touched = [value for value in values if before.get(value.uri) != _fingerprint(value)]
    ConceptWriter(vocabulary, rows).write(touched)
    new = sum(value.uri not in before for value in touched)
    return Applied(
        vocabulary=vocabulary,
        new=new,
        changed=len(touched) - new,
        unchanged=len(values) - len(touched),
        absent=len(before.keys() - {value.uri for value in values}),
    )


def _vocabulary(value: VocabularyValue, *, slug: str, title: Mapping[str, str], by: User) -> Vocabulary:
    """The row of the vocabulary, locked; imports of one vocabulary follow each other."""
    uri = value.uri or vocabulary_uri(slug)
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


Fingerprint = tuple[object, ...]


def _fingerprint(value: ConceptValue) -> Fingerprint:
    """Everything of a concept that an import may change, in a comparable form."""
    return (
        value.notation,
        value.deprecated,
        value.position,
        value.extra,
        value.broader[0] if value.broader else None,
        frozenset(value.labels),
        frozenset(value.notes),
        frozenset(relations_of(value)),
    )
