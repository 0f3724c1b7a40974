"""Compares what a file says with what is here: the dry run of an import, pure and without a word to the reader."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from taxonomy.skos.hierarchy import without_cycles
from taxonomy.skos.values import ConceptValue, VocabularyValue

Kind = Literal["conflict", "absent", "changed", "new"]
FIELDS = (
    "notation",
    "labels",
    "notes",
    "broader",
    "related",
    "matches",
    "deprecated",
    "replaced_by",
    "extra",
)
# An order that nobody sees is no difference worth a line.
_UNORDERED = ("labels", "notes", "related", "matches")


@dataclass(frozen=True, slots=True)
class Difference:
    """One concept that the file would add or change, or does not have.

    `fields` maps names of ConceptValue to what stands here and what the file says. `code` says why it is a
    conflict: `edited-here`, `deprecated-here` or `merged-here`.
    """

    kind: Kind
    uri: str
    before: ConceptValue | None
    after: ConceptValue | None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences by URI, how many concepts are the same, and the links (child, parent) that must be cut.

    A link is cut when what the file says and what is here besides would make a cycle of it.
    """

    differences: dict[str, Difference]
    unchanged: int
    cut: list[tuple[str, str]]

    def count(self, kind: Kind) -> int:
        return sum(one.kind == kind for one in self.differences.values())

    def to_write(self, *, skip_conflicts: bool) -> list[ConceptValue]:
        """The values that applying writes, in the order of the file."""
        wanted = {"new", "changed"} if skip_conflicts else {"new", "changed", "conflict"}
        return [
            one.after for one in self.differences.values() if one.kind in wanted and one.after is not None
        ]


def compare(
    here: Mapping[str, ConceptValue],
    file: VocabularyValue,
    *,
    edited: Mapping[str, ConceptValue | None],
    is_complete: bool,
) -> Comparison:
    """Compare a file with a vocabulary.

    `edited` holds, for each concept edited here since the last import, how it stood before (None: it was not
    there). What a file that is not complete never speaks of is taken from here.
    """
    values = file.concepts if is_complete else _completed(file.concepts, here)
    values, cut = _without_cycles(values, here)
    differences: dict[str, Difference] = {}
    unchanged = 0
    for value in values:
        found = _difference(here.get(value.uri), value, edited)
        if found is None:
            unchanged += 1
        else:
            differences[value.uri] = found
    inside = {value.uri for value in values}
    for uri, value in here.items():
        if uri not in inside and not value.deprecated:
            differences[uri] = Difference("absent", uri, value, None)
    return Comparison(differences, unchanged, cut)


def _difference(
    before: ConceptValue | None, after: ConceptValue, edited: Mapping[str, ConceptValue | None]
) -> Difference | None:
    if before is None:
        return Difference("new", after.uri, None, after)
    fields = dict(_fields(before, after))
    if not fields and before.position == after.position:
        return None
    code = _conflict(before, after, fields, edited)
    return Difference("conflict" if code else "changed", after.uri, before, after, fields, code)


def _fields(before: ConceptValue, after: ConceptValue) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in FIELDS:
        one, other = getattr(before, name), getattr(after, name)
        if one == other or (name in _UNORDERED and set(one) == set(other)):
            continue
        if name == "broader" and one[:1] == other[:1] and set(one) == set(other):
            continue
        yield name, (one, other)


def _conflict(
    before: ConceptValue,
    after: ConceptValue,
    fields: Mapping[str, object],
    edited: Mapping[str, ConceptValue | None],
) -> str:
    if before.deprecated and not after.deprecated:
        return "merged-here" if before.replaced_by else "deprecated-here"
    if before.uri not in edited:
        return ""
    base = edited[before.uri]
    touched = set(FIELDS) if base is None else {name for name, _pair in _fields(base, before)}
    return "edited-here" if touched & fields.keys() else ""


def _completed(
    values: Collection[ConceptValue], here: Mapping[str, ConceptValue]
) -> Collection[ConceptValue]:
    """The values with what no concept of the file speaks of taken from here, label languages one by one."""
    silent = [name for name in FIELDS if name != "labels" and not any(getattr(one, name) for one in values)]
    spoken = {label.language for one in values for label in one.labels}

    def complete(value: ConceptValue) -> ConceptValue:
        before = here.get(value.uri)
        if before is None:
            return value
        kept = tuple(label for label in before.labels if label.language not in spoken)
        taken = {name: getattr(before, name) for name in silent}
        return replace(value, labels=(*value.labels, *kept), **taken)

    return [complete(value) for value in values]


def _without_cycles(
    values: Collection[ConceptValue], here: Mapping[str, ConceptValue]
) -> tuple[Collection[ConceptValue], list[tuple[str, str]]]:
    """Cut the links of the file that make a cycle with those of concepts that it does not have."""
    inside = {value.uri: value for value in values}
    others = {uri: list(one.broader) for uri, one in here.items() if uri not in inside}
    _kept, cut = without_cycles(others | {uri: list(one.broader) for uri, one in inside.items()})
    if not cut:
        return values, []
    gone: dict[str, set[str]] = defaultdict(set)
    for child, parent in cut:
        gone[child].add(parent)
    # A link of a concept that the file does not have is cut as well: it becomes a value to write.
    extra = [here[uri] for uri in gone if uri not in inside]
    return [
        replace(one, broader=tuple(uri for uri in one.broader if uri not in gone[one.uri]))
        if one.uri in gone
        else one
        for one in (*values, *extra)
    ], cut


def same_names(values: Iterable[ConceptValue]) -> dict[tuple[str, str], list[str]]:
    """Preferred labels, with their language, that several concepts in use have."""
    first: dict[tuple[str, str], str] = {}
    shared: dict[tuple[str, str], list[str]] = {}
    for value in values:
        for label in value.labels if not value.deprecated else ():
            if label.kind == "pref":
                name = (label.language, label.text)
                # Nearly every name has one holder: no list is made for it.
                if first.setdefault(name, value.uri) != value.uri:
                    shared.setdefault(name, [first[name]]).append(value.uri)
    return shared


def same_notations(values: Iterable[ConceptValue]) -> dict[str, list[str]]:
    """Notations that several concepts in use have."""
    holders: dict[str, list[str]] = defaultdict(list)
    for value in values:
        if value.notation and not value.deprecated:
            holders[value.notation].append(value.uri)
    return {notation: uris for notation, uris in holders.items() if len(uris) > 1}


def languages_of(values: Iterable[ConceptValue]) -> set[str]:
    """The languages of a vocabulary: those in which at least half of its concepts have a preferred label."""
    counts: dict[str, int] = defaultdict(int)
    total = 0
    for value in values:
        total += 1
        for label in value.labels:
            counts[label.language] += label.kind == "pref"
    return {language for language, count in counts.items() if language != "und" and 2 * count >= total}


def without_language(values: Iterable[ConceptValue], languages: AbstractSet[str]) -> dict[str, list[str]]:
    """URIs of the concepts that miss a preferred label in one of these languages, by language."""
    found: dict[str, list[str]] = {language: [] for language in sorted(languages)}
    for value in values:
        has = {label.language for label in value.labels if label.kind == "pref"}
        for language in languages - has:
            found[language].append(value.uri)
    return {language: uris for language, uris in found.items() if uris}
