"""The log of a vocabulary as sentences: who did what to which concepts, and what stood there before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from taxonomy.models import Concept, Label, Note, Relation, Vocabulary, VocabularyChange
from taxonomy.queries import labels_in
from taxonomy.skos import ConceptValue
from taxonomy.skos.values import collection_from_json, concept_from_json, local_name

# A change of order or a merge may touch hundreds of concepts; nobody reads more than the first.
MOST_CONCEPTS = 12
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a change has altered: texts that went and texts that came."""

    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Altered:
    """A concept that a change has altered; `id` is None when it is not here any more."""

    id: UUID | None
    label: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    version: int
    operation: str
    sentence: str
    by: str
    at: datetime
    altered: tuple[Altered, ...]
    more: int
    can_be_undone: bool
    undone_in: int | None


class Names:
    """What to call the concepts that changes name by URI, in a language; three queries for any number."""

    def __init__(self, vocabulary: Vocabulary, uris: Iterable[str], language: str) -> None:
        rows = Concept.objects.filter(vocabulary=vocabulary, uri__in=set(uris))
        self.ids: dict[str, UUID] = dict(rows.values_list("uri", "pk"))
        self._labels = labels_in(self.ids.values(), language)

    def of(self, uri: str) -> str:
        pk = self.ids.get(uri)
        return (pk and self._labels.get(pk)) or local_name(uri)


def entries(vocabulary: Vocabulary, changes: Sequence[VocabularyChange], language: str) -> list[Entry]:
    """Changes (with `by`, `undoes` and `undone_by` fetched) as lines; two queries more."""
    pairs = {change.pk: _pairs(change) for change in changes}
    named = {uri for change in changes for uri in _named(change, pairs[change.pk])}
    names = Names(vocabulary, named, language)
    return [_entry(change, pairs[change.pk], names) for change in changes]


Pair = tuple[ConceptValue | None, ConceptValue]


def _pairs(change: VocabularyChange) -> dict[str, Pair]:
    said: dict[str, Any] = change.detail.get("concepts") or {}
    return {
        uri: (concept_from_json(before) if before else None, concept_from_json(after))
        for uri, (before, after) in said.items()
    }


def _named(change: VocabularyChange, pairs: dict[str, Pair]) -> Iterator[str]:
    detail = change.detail
    yield from pairs
    for key in ("concept", "parent", "target"):
        if isinstance(detail.get(key), str):
            yield detail[key]
    for key in ("sources", "parts"):
        yield from detail.get(key) or ()
    for pair in pairs.values():
        for value in filter(None, pair):
            yield from (*value.broader, *value.related, *value.replaced_by)


def _entry(change: VocabularyChange, pairs: dict[str, Pair], names: Names) -> Entry:
    altered = [
        Altered(names.ids.get(uri), names.of(uri), found)
        for uri, (before, after) in pairs.items()
        if (found := tuple(differences(before, after, names)))
    ]
    own = tuple(_of_itself(change.detail.get("scheme", {})))
    if own:
        altered.insert(0, Altered(None, _("The vocabulary itself"), own))
    undone = getattr(change, "undone_by", None)
    return Entry(
        version=change.version,
        operation=change.operation,
        sentence=sentence(change, names),
        by=change.by.public_name if change.by else _("somebody who has left"),
        at=change.at,
        altered=tuple(altered[:MOST_CONCEPTS]),
        more=max(0, len(altered) - MOST_CONCEPTS),
        can_be_undone=bool(pairs or own) and undone is None,
        undone_in=undone.version if undone else None,
    )


def _of_itself(said: dict[str, list[Any]]) -> Iterator[Difference]:
    """What an import changed of what the vocabulary says of itself; its collections by their names."""
    words = {
        "title": _("Title"), "description": _("Description"), "licence": _("Licence"), "source": _("Source"),
        "collections": _("Collections"), "extra": _("Further statements"),
    }  # fmt: skip
    for name, pair in said.items():
        before, after = (tuple(_texts(name, side)) for side in pair)
        yield Difference(words[name], before, after)


def _texts(name: str, said: Any) -> Iterator[str]:
    if name == "collections":
        values = (collection_from_json(one) for one in said)
        for one in values:
            number = ngettext("%(n)d member", "%(n)d members", len(one.members)) % {"n": len(one.members)}
            yield f"{one.display(get_language() or 'en')}, {number}"
    elif isinstance(said, dict):
        yield from (f"{text} ({language})" for language, text in said.items())
    elif said:
        yield str(said)[:LONGEST]


def sentence(change: VocabularyChange, names: Names) -> str:
    """What a change did, in one sentence."""
    detail = change.detail
    if change.operation == "import":
        return _imported(detail)
    if change.operation == "undo":
        return _("Took change %(version)s back") % {"version": detail.get("version", "")}
    facts = {
        "concept": names.of(detail.get("concept") or ""),
        "target": names.of(detail.get("target") or ""),
        "parent": names.of(detail["parent"]) if detail.get("parent") else "",
        "several": _listed(names.of(uri) for uri in detail.get("sources") or detail.get("parts") or ()),
    }
    if change.operation == "move" and not facts["parent"]:
        return _("Moved “%(concept)s” to the top") % facts
    templates = {
        "add": _("Added “%(concept)s”"),
        "describe": _("Changed what is said about “%(concept)s”"),
        "move": _("Moved “%(concept)s” below “%(parent)s”"),
        "merge": _("Merged %(several)s into “%(target)s”"),
        "split": _("Split “%(concept)s” into %(several)s"),
        "deprecate": _("Took “%(concept)s” out of use"),
        "restore": _("Brought “%(concept)s” back into use"),
    }
    template = templates.get(change.operation)
    return template % facts if template else change.operation


def _imported(detail: dict[str, Any]) -> str:
    new, changed = int(detail.get("new") or 0), int(detail.get("changed") or 0)
    first = ngettext("Imported %(n)d new concept", "Imported %(n)d new concepts", new) % {"n": new}
    then = ngettext("%(n)d changed one", "%(n)d changed ones", changed) % {"n": changed}
    return f"{first}, {then}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": name} for name in names)


def differences(before: ConceptValue | None, after: ConceptValue, names: Names) -> Iterator[Difference]:
    """What differs between two states of a concept; a place among siblings that shifts is not told."""
    old = before or ConceptValue(after.uri)
    yield from _labels(old, after)
    yield from _notes(old, after)
    yield from _set(_("Notation"), [old.notation], [after.notation])
    yield from _set(_("Broader"), *(_names(value.broader, names) for value in (old, after)))
    yield from _set(_("Related"), *(_names(value.related, names) for value in (old, after)))
    yield from _set(_("Replaced by"), *(_names(value.replaced_by, names) for value in (old, after)))
    kinds = dict(Relation.Kind.choices)
    yield from _set(
        _("Matches"),
        *([f"{kinds[kind]} {uri}" for kind, uri in value.matches] for value in (old, after)),
    )
    if old.deprecated != after.deprecated:
        words = {False: _("in use"), True: _("out of use")}
        yield Difference(_("Status"), (words[old.deprecated],), (words[after.deprecated],))


def _names(uris: Iterable[str], names: Names) -> list[str]:
    return [names.of(uri) for uri in uris]


def _labels(old: ConceptValue, new: ConceptValue) -> Iterator[Difference]:
    kinds: dict[str, Any] = dict(Label.Kind.choices)
    keys = dict.fromkeys((label.kind, label.language) for label in (*old.labels, *new.labels))
    for kind, language in keys:
        sides = [
            [label.text for label in value.labels if (label.kind, label.language) == (kind, language)]
            for value in (old, new)
        ]
        yield from _set(f"{kinds[kind]} ({language})", *sides)


def _notes(old: ConceptValue, new: ConceptValue) -> Iterator[Difference]:
    kinds: dict[str, Any] = dict(Note.Kind.choices)
    keys = dict.fromkeys((note.kind, note.language) for note in (*old.notes, *new.notes))
    for kind, language in keys:
        sides = [
            [note.text for note in value.notes if (note.kind, note.language) == (kind, language)]
            for value in (old, new)
        ]
        yield from _set(f"{kinds[kind]} ({language})", *sides)


def _set(what: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Difference]:
    """The texts that only one side has."""
    old, new = [text for text in before if text], [text for text in after if text]
    gone, come = tuple(t for t in old if t not in new), tuple(t for t in new if t not in old)
    if gone or come:
        yield Difference(what, gone, come)
