"""Writes what a file says into a vocabulary: one transaction, one change of the log, undone like an edit if small."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant, verbs_of
from problems import Conflict, Invalid, Refused
from taxonomy.actions.scheme import Said, collections_anew, said_anew, write_scheme
from taxonomy.actions.tree import rebuild_tree
from taxonomy.actions.writing import ConceptWriter
from taxonomy.addresses import vocabulary_uri
from taxonomy.comparing import Comparison, compare
from taxonomy.documents import CHUNK, described, value_of, values_of
from taxonomy.models import Vocabulary, VocabularyChange
from taxonomy.skos import ConceptValue, VocabularyValue
from taxonomy.skos.values import collection_from_json, concept_from_json, concept_to_json

# An import that touches more than this is logged by its counts alone, and cannot be undone at a stroke.
MOST_UNDOABLE = 2000


class ChangedMeanwhile(Exception):
    """The vocabulary is no longer what somebody looked at before they said yes."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: how many concepts came, changed, stayed, or are no longer in the source."""

    vocabulary: Vocabulary
    new: int
    changed: int
    unchanged: int
    absent: int
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """A vocabulary as it is: ids and values of its concepts by URI, and those edited since the last import."""

    ids: dict[str, UUID]
    values: dict[str, ConceptValue]
    edited: dict[str, ConceptValue | None]

    def compared_with(self, value: VocabularyValue, *, is_complete: bool) -> Comparison:
        return compare(self.values, value, edited=self.edited, is_complete=is_complete)


def look(vocabulary: Vocabulary | None) -> Here:
    """Read a vocabulary for a comparison; a constant number of queries."""
    if vocabulary is None:
        return Here({}, {}, {})
    here = Here({}, {}, _edited(vocabulary))
    for row in described(vocabulary.concepts.all()).iterator(chunk_size=CHUNK):
        value = value_of(row)
        here.ids[value.uri], here.values[value.uri] = row[0], value
    return here


def _edited(vocabulary: Vocabulary) -> dict[str, ConceptValue | None]:
    """How each concept stood before it was first edited since the last import; None: it was not there.

    Edits that the last import left standing against the file count as well.
    """
    last = vocabulary.changes.filter(operation="import").first()
    found = {uri: _value(said) for uri, said in (last.detail.get("kept", {}) if last else {}).items()}
    later = vocabulary.changes.filter(version__gt=last.version if last else 0).order_by("version")
    for detail in later.values_list("detail", flat=True):
        for uri, (before, _after) in detail.get("concepts", {}).items():
            found.setdefault(uri, _value(before))
    return found


def _value(said: list[object] | None) -> ConceptValue | None:
    return concept_from_json(said) if said else None


def apply_vocabulary(
    value: VocabularyValue, *, slug: str, title: Mapping[str, str], by: User,
    is_complete: bool = True, skip_conflicts: bool = False, source: str = "", seen: int | None = None,
) -> Applied:  # fmt: skip
    """Write what a file says into the vocabulary of this slug, made if there is none, in one transaction.

    Concepts are recognised by URI. Concepts that the file no longer has are kept (annotations may use
    them) and counted as absent. With `skip_conflicts` what was edited here stays as it is.
    `seen` is the version that was looked at before: raises `ChangedMeanwhile` when it is no longer the present one.
    """
    require_curator(by)
    if not value.is_importable or not value.concepts:
        raise Invalid("The file has faults that must be mended first; see the report.", code="not-importable")
    with transaction.atomic():
        vocabulary = _made(value, slug=slug, by=by)
        if seen not in (None, vocabulary.version):
            raise ChangedMeanwhile
        here = look(vocabulary)
        comparison = here.compared_with(value, is_complete=is_complete)
        touched = comparison.to_write(skip_conflicts=skip_conflicts)
        ConceptWriter(vocabulary, here.ids).write(touched, here.values)
        said = said_anew(vocabulary, value, title=title, source=source)
        said |= collections_anew(vocabulary, value.collections, is_complete=is_complete)
        is_new = not vocabulary.title
        write_scheme(vocabulary, said)
        applied = _counted(vocabulary, comparison, skip_conflicts=skip_conflicts)
        if touched or said:
            rebuild_tree(vocabulary)
            # One that this import makes keeps its title: to take that away would leave it without a name.
            kept = {name: pair for name, pair in said.items() if not is_new or name == "collections"}
            _log(applied, here, comparison, touched, kept, skip_conflicts=skip_conflicts, by=by)
    return applied


def existing(value: VocabularyValue, *, slug: str, by: User) -> Vocabulary | None:
    """The vocabulary that a file would bring up to date. Raises `Conflict` or `Refused` where it may not."""
    uri = value.uri or vocabulary_uri(slug)
    if Vocabulary.objects.filter(uri=uri).exclude(slug=slug).exists():
        raise Conflict(f"The scheme {uri} is already here under another name.", code="scheme-exists")
    found = Vocabulary.objects.filter(slug=slug).first()
    require_no_other(found, by)
    if found and value.uri and value.uri != found.uri:
        raise Conflict(
            f"“{slug}” is the scheme {found.uri}, but the file describes {value.uri}. "
            "Choose another short name.",
            code="another-scheme",
        )
    return found


def require_no_other(vocabulary: Vocabulary | None, by: User) -> None:
    """Refuse to bring a file into a vocabulary that the person does not look after."""
    if vocabulary is not None and "manage" not in verbs_of(by, vocabulary):
        raise Refused("A vocabulary of this name exists, and you do not look after it. Choose another name.")


def _made(value: VocabularyValue, *, slug: str, by: User) -> Vocabulary:
    """The row of the vocabulary, locked; imports of one vocabulary follow each other."""
    existing(value, slug=slug, by=by)
    defaults = {"uri": value.uri or vocabulary_uri(slug), "created_by": by}
    row, made = Vocabulary.objects.get_or_create(slug=slug, defaults=defaults)
    if made:
        grant(by, row, Role.OWNER)
    return Vocabulary.objects.select_for_update().get(pk=row.pk)


def _counted(vocabulary: Vocabulary, comparison: Comparison, *, skip_conflicts: bool) -> Applied:
    conflicts = comparison.count("conflict")
    return Applied(
        vocabulary=vocabulary,
        new=comparison.count("new"),
        changed=comparison.count("changed") + (0 if skip_conflicts else conflicts),
        unchanged=comparison.unchanged,
        absent=comparison.count("absent"),
        kept=conflicts if skip_conflicts else 0,
    )


def _is_small(touched: list[ConceptValue], said: Said) -> bool:
    """Whether all that an import changed fits into its line of the log."""
    members = sum(len(collection_from_json(one).members) for one in chain(*said.get("collections", ())))
    return len(touched) <= MOST_UNDOABLE and members <= 10 * MOST_UNDOABLE


def _log(
    applied: Applied, here: Here, comparison: Comparison, touched: list[ConceptValue], said: Said, *,
    skip_conflicts: bool, by: User,
) -> None:  # fmt: skip
    vocabulary = applied.vocabulary
    vocabulary.version += 1
    vocabulary.save(update_fields=["version", "modified_at"])
    detail: dict[str, object] = {
        "new": applied.new, "changed": applied.changed, "absent": applied.absent,
    }  # fmt: skip
    if said and _is_small(touched, said):
        detail["scheme"] = said
    if touched and _is_small(touched, said):
        after = values_of(vocabulary, [value.uri for value in touched])
        detail["concepts"] = {
            uri: [concept_to_json(here.values[uri]) if uri in here.values else None, concept_to_json(value)]
            for uri, value in after.items()
        }
    if skip_conflicts:
        kept = [uri for uri, one in comparison.differences.items() if one.kind == "conflict"]
        bases = {uri: here.edited.get(uri) for uri in kept}
        detail["kept"] = {uri: concept_to_json(base) if base else None for uri, base in bases.items()}
    VocabularyChange.objects.create(
        vocabulary=vocabulary, version=vocabulary.version, operation="import", detail=detail, by=by
    )
