"""Edit a vocabulary: every change is one verb, logged with what stood before, and can be taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from problems import Conflict, Invalid, Missing, Stale
from taxonomy import editing
from taxonomy.actions.scheme import taken_back, write_scheme
from taxonomy.actions.tree import rebuild_tree
from taxonomy.actions.writing import ConceptWriter, relations_of
from taxonomy.addresses import concept_uri
from taxonomy.documents import around, siblings, values_of
from taxonomy.editing import CannotChange, Changed
from taxonomy.models import Concept, Grouping, Vocabulary, VocabularyChange
from taxonomy.permissions import require_manager
from taxonomy.signals import Touched, foreseeing, merged, unmerged, unsplit, was_split
from taxonomy.skos import ConceptValue
from taxonomy.skos.values import concept_from_json, concept_to_json

# Operations that people should foresee, since annotations, tasks or models hang on the concepts.
FORESEEN = ("merge", "split", "move", "deprecate")


@dataclass(frozen=True, slots=True)
class Edit:
    """The vocabulary while it is edited: locked, with the version that the editor has seen."""

    vocabulary: Vocabulary
    by: User
    seen: int | None

    def concept(self, pk: UUID) -> Concept:
        """A concept of this vocabulary. Raises `Missing`."""
        found = Concept.objects.select_related("parent").filter(vocabulary=self.vocabulary, pk=pk).first()
        if found is None:
            raise Missing("The vocabulary has no such concept.")
        return found

    def values(self, concepts: Iterable[Concept]) -> list[ConceptValue]:
        """The values of rows of this vocabulary, in their order."""
        uris = [concept.uri for concept in concepts]
        found = values_of(self.vocabulary, uris)
        return [found[uri] for uri in uris]

    def above(self, concept: Concept | None) -> list[str]:
        """URIs of a concept's ancestors, nearest first."""
        if concept is None:
            return []
        uris = dict(Concept.objects.filter(pk__in=concept.ancestors).values_list("pk", "uri"))
        return [uris[pk] for pk in reversed(concept.ancestors)]


def add_concept(
    vocabulary: Vocabulary, value: ConceptValue, *, parent: UUID | None, by: User,
    place: int | None = None, seen: int | None = None,
) -> Concept:  # fmt: skip
    """Add a concept below another (None: at the top); without a URI it gets one below the scheme's."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        above = edit.concept(parent) if parent else None
        new = value if value.uri else _with_uri(value, vocabulary)
        if Concept.objects.filter(vocabulary=vocabulary, uri=new.uri).exists():
            raise Conflict("A concept of this URI is here already.", code="uri-taken", pointer="/uri")
        below = edit.values([above])[0] if above else None
        return editing.add(new, parent=below, siblings=siblings(vocabulary, above), place=place), {
            "concept": new.uri
        }

    change = _change(vocabulary, "add", compute, by=by, seen=seen)
    return Concept.objects.get(vocabulary=vocabulary, uri=change.detail["concept"])


def describe_concept(
    concept: Concept, after: ConceptValue, *, by: User, seen: int | None = None
) -> VocabularyChange | None:
    """Give a concept these labels, notes, notation, related concepts and matches; None when nothing changes."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        (before,) = edit.values([concept])
        near = values_of(edit.vocabulary, {*before.related, *after.related} - {before.uri})
        unknown = set(after.related) - near.keys() - {before.uri}
        if unknown:
            raise Invalid("A related concept is none of this vocabulary.", pointer="/related", code="unknown")
        changed = editing.describe(before, after, around=list(near.values()))
        return changed, {"concept": before.uri}

    return _change_if_any(concept.vocabulary, "describe", compute, by=by, seen=seen)


def move_concept(
    concept: Concept, *, parent: UUID | None, by: User, place: int | None = None, seen: int | None = None
) -> VocabularyChange | None:
    """Put a concept, with all below it, below another (None: at the top); None when it stands there already."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        above = edit.concept(parent) if parent else None
        (value,) = edit.values([concept])
        changed = editing.move(
            value,
            parent=edit.values([above])[0] if above else None,
            above=edit.above(above),
            siblings=siblings(edit.vocabulary, above),
            place=place,
        )
        return changed, {"concept": value.uri, "parent": above.uri if above else None}

    return _change_if_any(concept.vocabulary, "move", compute, by=by, seen=seen)


def merge_concepts(
    sources: Sequence[Concept], target: Concept, *, by: User, seen: int | None = None
) -> VocabularyChange:
    """Merge concepts into one, which takes over names, narrower concepts, links and annotations."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        changed = editing.merge(
            edit.values(sources),
            edit.values([target])[0],
            above=edit.above(edit.concept(target.pk)),
            around=around(edit.vocabulary, sources),
        )
        return changed, {"sources": [source.uri for source in sources], "target": target.uri}

    def announce(edit: Edit) -> None:
        for grouping in Grouping.objects.filter(classes__in=sources).distinct():
            grouping.classes.add(target)
        merged.send(
            Vocabulary, vocabulary=edit.vocabulary, sources=[s.pk for s in sources], target=target.pk, by=by
        )

    return _change(target.vocabulary, "merge", compute, by=by, seen=seen, announce=announce)


def new_uri(vocabulary: Vocabulary) -> str:
    """An address for a concept to be, for who must name it before it is made."""
    return concept_uri(vocabulary.slug, uuid4())


def split_concept(
    concept: Concept, into: Sequence[ConceptValue], *, by: User,
    narrower: Mapping[str, str] | None = None, seen: int | None = None,
) -> VocabularyChange:  # fmt: skip
    """Split a concept into several; those without a URI get one. What was said with it waits to be said anew."""
    parts = [part if part.uri else _with_uri(part, concept.vocabulary) for part in into]

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        known = values_of(edit.vocabulary, [part.uri for part in parts])
        changed = editing.split(
            edit.values([concept])[0],
            [known.get(part.uri, part) for part in parts],
            siblings=siblings(edit.vocabulary, concept.parent),
            around=around(edit.vocabulary, [concept]),
            narrower=narrower,
        )
        return changed, {"concept": concept.uri, "parts": [part.uri for part in parts]}

    def announce(edit: Edit) -> None:
        rows = Concept.objects.filter(vocabulary=edit.vocabulary, uri__in=[part.uri for part in parts])
        ids = dict(rows.values_list("uri", "pk"))
        was_split.send(
            Vocabulary,
            vocabulary=edit.vocabulary,
            concept=concept.pk,
            parts=[ids[p.uri] for p in parts],
            by=by,
            change=None,
        )

    return _change(concept.vocabulary, "split", compute, by=by, seen=seen, announce=announce)


def deprecate_concept(
    concept: Concept, *, by: User, replaced_by: Sequence[Concept] = (), seen: int | None = None
) -> VocabularyChange:
    """Take a concept out of use; what is narrower moves up, and annotations keep it."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        changed = editing.deprecate(
            edit.values([concept])[0],
            around=around(edit.vocabulary, [concept]),
            replaced_by=[other.uri for other in replaced_by],
        )
        return changed, {"concept": concept.uri}

    return _change(concept.vocabulary, "deprecate", compute, by=by, seen=seen)


def restore_concept(concept: Concept, *, by: User, seen: int | None = None) -> VocabularyChange:
    """Bring a deprecated concept back into use."""

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        parent = edit.values([concept.parent])[0] if concept.parent else None
        return editing.restore(edit.values([concept])[0], parent=parent), {"concept": concept.uri}

    return _change(concept.vocabulary, "restore", compute, by=by, seen=seen)


def undo_change(change: VocabularyChange, *, by: User) -> VocabularyChange:
    """Take a change back by a change of its own; refused when what it made has been changed since.

    A concept that it added is deprecated and without a place, not deleted: somebody may have used it.
    """
    said, own = change.detail.get("concepts", {}), change.detail.get("scheme", {})
    if not (said or own) or hasattr(change, "undone_by"):
        raise Conflict("This change cannot be taken back.", code="not-undoable")
    before = {uri: pair[0] and concept_from_json(pair[0]) for uri, pair in said.items()}
    after = {uri: concept_from_json(pair[1]) for uri, pair in said.items()}

    def compute(edit: Edit) -> tuple[Changed, dict[str, Any]]:
        now = values_of(edit.vocabulary, after)
        changed = {uri: _taken_back(before[uri], after[uri], now.get(uri)) for uri in after}
        scheme = {"scheme": taken_back(edit.vocabulary, own)} if own else {}
        return changed, {"undone": change.operation, "version": change.version, **scheme}

    def announce(edit: Edit) -> None:
        if own:
            write_scheme(edit.vocabulary, {name: [after, before] for name, (before, after) in own.items()})
        touched.extend(_told(edit, change))

    touched: list[Touched] = []
    with transaction.atomic():
        undone = _change(change.vocabulary, "undo", compute, by=by, announce=announce, undoes=change)
        if touched:
            undone.detail["touched"] = [[one.kind, one.count, one.sentence] for one in touched]
            undone.save(update_fields=["detail"])
    return undone


def _told(edit: Edit, change: VocabularyChange) -> list[Touched]:
    """Tell the rooms above that a merge or split is taken back, or in force again; what they say they did."""
    first, again = _first_cause(change)
    said = {"vocabulary": edit.vocabulary, "by": edit.by}
    answers: Any = []
    if first.operation == "merge":
        *sources, target = _ids(edit.vocabulary, [*first.detail["sources"], first.detail["target"]])
        signal = merged if again else unmerged
        signal.send(Vocabulary, sources=sources, target=target, **said)
    elif first.operation == "split":
        concept, *parts = _ids(edit.vocabulary, [first.detail["concept"], *first.detail["parts"]])
        signal = was_split if again else unsplit
        answers = signal.send(Vocabulary, concept=concept, parts=parts, change=first, **said)
    touched = [touched for _receiver, answer in answers for touched in answer or []]
    return sorted(touched, key=lambda one: one.kind)


def foresee(
    vocabulary: Vocabulary, operation: str, concepts: Sequence[Concept], *, by: User
) -> list[Touched]:
    """What an operation on these concepts would touch in every room; nothing is changed."""
    require_manager(vocabulary, by)
    if operation not in FORESEEN:
        raise Invalid(f"“{operation}” is none of {', '.join(FORESEEN)}.", code="unknown-operation")
    ids = [concept.pk for concept in concepts]
    below = Concept.objects.filter(vocabulary=vocabulary, ancestors__overlap=ids).count()
    ours = [Touched("concepts", below, "Narrower concepts stand below.")] if below else []
    answers: Any = foreseeing.send(Vocabulary, vocabulary=vocabulary, operation=operation, concepts=ids)
    return [*ours, *(touched for _receiver, answer in answers for touched in answer or [])]


Compute = Callable[[Edit], tuple[Changed, dict[str, Any]]]


def _change_if_any(
    vocabulary: Vocabulary, operation: str, compute: Compute, *, by: User, seen: int | None
) -> VocabularyChange | None:
    try:
        return _change(vocabulary, operation, compute, by=by, seen=seen)
    except _NothingToDo:
        return None


class _NothingToDo(Exception):
    """The vocabulary is as it was asked to be."""


def _change(
    vocabulary: Vocabulary, operation: str, compute: Compute, *, by: User, seen: int | None = None,
    announce: Callable[[Edit], None] | None = None, undoes: VocabularyChange | None = None,
) -> VocabularyChange:  # fmt: skip
    """Permit, lock, compute, write, log, announce: one transaction for every verb."""
    require_manager(vocabulary, by)
    with transaction.atomic():
        locked = Vocabulary.objects.select_for_update().get(pk=vocabulary.pk)
        edit = Edit(locked, by, seen)
        try:
            changed, said = compute(edit)
        except CannotChange as refusal:
            raise Invalid(refusal.sentence, code=refusal.code) from refusal
        if not (changed or said.get("scheme")):
            raise _NothingToDo
        before = values_of(locked, changed)
        _refuse_stale(edit, changed)
        _write(locked, before, changed)
        change = _log(edit, operation, before, changed, said, undoes)
        if announce:
            announce(edit)
    vocabulary.version = locked.version
    return change


def _refuse_stale(edit: Edit, changed: Changed) -> None:
    """Whoever edits what somebody else has just changed is told, instead of writing over it."""
    if edit.seen is None or edit.seen >= edit.vocabulary.version:
        return
    later = edit.vocabulary.changes.filter(version__gt=edit.seen).values_list("operation", "detail")
    for operation, detail in later:
        is_untold = operation == "import" and "concepts" not in detail
        if is_untold or changed.keys() & detail.get("concepts", {}).keys():
            raise Stale("Somebody has changed this concept since you opened it. Look at it again.")


def _write(vocabulary: Vocabulary, before: dict[str, ConceptValue], changed: Changed) -> None:
    named = {uri for value in changed.values() for _kind, uri in relations_of(value)}
    named |= {uri for value in changed.values() for uri in value.broader} | changed.keys()
    rows = Concept.objects.filter(vocabulary=vocabulary, uri__in=named)
    ConceptWriter(vocabulary, dict(rows.values_list("uri", "pk"))).write(list(changed.values()), before)
    if any(_place(before.get(uri)) != _place(value) for uri, value in changed.items()):
        rebuild_tree(vocabulary)


def _place(value: ConceptValue | None) -> object:
    return value and (value.broader[:1], value.position)


def _log(
    edit: Edit, operation: str, before: dict[str, ConceptValue], changed: Changed, said: dict[str, Any],
    undoes: VocabularyChange | None,
) -> VocabularyChange:  # fmt: skip
    edit.vocabulary.version += 1
    edit.vocabulary.save(update_fields=["version", "modified_at"])
    pairs = {
        uri: [concept_to_json(before[uri]) if uri in before else None, concept_to_json(value)]
        for uri, value in changed.items()
    }
    return VocabularyChange.objects.create(
        vocabulary=edit.vocabulary,
        version=edit.vocabulary.version,
        operation=operation,
        detail={**said, "concepts": pairs},
        undoes=undoes,
        by=edit.by,
    )


def _with_uri(value: ConceptValue, vocabulary: Vocabulary) -> ConceptValue:
    return replace(value, uri=new_uri(vocabulary))


def _taken_back(before: ConceptValue | None, after: ConceptValue, now: ConceptValue | None) -> ConceptValue:
    """How a concept stood before a change; its place among its siblings is kept unless the change gave it.

    Raises `Conflict` when it no longer stands as the change left it.
    """
    moved = before is None or before.position != after.position
    if now is None or now != (after if moved else replace(after, position=now.position)):
        raise Conflict(
            "One of these concepts has been changed since. Take the later change back first.",
            code="changed-since",
        )
    if before is None:
        return replace(after, deprecated=True, broader=(), related=())
    return before if moved else replace(before, position=now.position)


def _first_cause(change: VocabularyChange) -> tuple[VocabularyChange, bool]:
    """What `change` did or took back in the first place, and whether to undo it puts that in force again."""
    again = False
    while change.undoes is not None:
        change, again = change.undoes, not again
    return change, again


def _ids(vocabulary: Vocabulary, uris: Sequence[str]) -> list[UUID]:
    found = dict(Concept.objects.filter(vocabulary=vocabulary, uri__in=uris).values_list("uri", "pk"))
    return [found[uri] for uri in uris]
