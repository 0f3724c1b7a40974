"""The frozen values a vocabulary is made of between a file and the database, so that codecs need no model."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from sys import intern
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]
LabelKind = Literal["pref", "alt", "hidden"]

LABEL_KINDS: tuple[LabelKind, ...] = ("pref", "alt", "hidden")
NOTE_KINDS = ("definition", "scopeNote", "example", "note", "historyNote", "editorialNote", "changeNote")
MATCH_KINDS = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
UNDETERMINED = "und"

# In characters. Longer ones are refused by name while reading, not by the database while writing.
LONGEST_URI = 500
LONGEST_NOTATION = 120
LONGEST_LANGUAGE = 35
LONGEST_LABEL = 500
LONGEST_FOLDED_LABEL = 600
LONGEST_LICENCE = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a reader found: `error` stops the import, `warning` changed the data, `info` is good to know.

    `line` counts from 1 and is None where the format has no lines to speak of; `subject` is the URI or
    label the sentence is about, or "" for the whole file.
    """

    line: int | None
    subject: str
    sentence: str
    severity: Severity
    code: str


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A label; `language` is a BCP 47 tag in canonical case, `und` where the source gave none."""

    kind: LabelKind
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class NoteValue:
    """A documentation note; `kind` is the local name of the SKOS property, one of NOTE_KINDS."""

    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ConceptValue:
    """A concept.

    `broader` names concepts of the same vocabulary, the main parent first, and never forms a cycle.
    `related` is symmetric within the vocabulary. `matches` are (kind of MATCH_KINDS, URI) pairs.
    `position` is the rank in the source, from 0. `replaced_by` names what to use instead of a deprecated
    concept (dcterms:isReplacedBy). `extra` is N-Triples: every statement about the concept
    that no other field holds, blank nodes included.
    There is at most one `pref` label a language.
    """

    uri: str
    notation: str = ""
    labels: tuple[LabelValue, ...] = ()
    notes: tuple[NoteValue, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    position: int = 0
    deprecated: bool = False
    extra: str = ""
    replaced_by: tuple[str, ...] = ()

    def display(self, language: str) -> str:
        """Return the best text to show in `language`: its preferred label, else any, else notation or URI."""
        return best_label(self.labels, language, self.notation or local_name(self.uri))


@dataclass(frozen=True, slots=True)
class CollectionValue:
    """A group of concepts that is no concept itself (SKOS Reference §9; groups and arrays of ISO 25964).

    `members` are URIs of concepts or collections, in the order of the list where `is_ordered`. `extra` is
    N-Triples: every statement about the collection that no other field holds, other types included.
    """

    uri: str
    labels: tuple[LabelValue, ...] = ()
    notes: tuple[NoteValue, ...] = ()
    members: tuple[str, ...] = ()
    is_ordered: bool = False
    extra: str = ""

    def display(self, language: str) -> str:
        """Return the best text to show in `language`, else the last part of the URI."""
        return best_label(self.labels, language, local_name(self.uri))


@dataclass(frozen=True, slots=True)
class VocabularyValue:
    """A concept scheme with its concepts in source order.

    `concepts` is a tuple where a file was read; what is written may come from the database as it is gone through.

    `uri` is None where the source names no scheme. `title` and `description` map languages to texts.
    `licence` and `source` are a URI or a sentence, "" when unknown. `extra` is N-Triples: what the file says
    about anything else (properties of its own, SKOS-XL labels). `lines` tells on which line of the file,
    from 1, a concept begins, where that is known.
    """

    uri: str | None
    title: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    source: str = ""
    concepts: Collection[ConceptValue] = ()
    problems: tuple[Problem, ...] = ()
    extra: str = ""
    description: dict[str, str] = field(default_factory=dict)
    collections: tuple[CollectionValue, ...] = ()
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_importable(self) -> bool:
        """Whether no problem is an error."""
        return all(problem.severity != "error" for problem in self.problems)


def best_label(labels: Iterable[LabelValue], language: str, otherwise: str) -> str:
    """The preferred label in a language, in a near one, without one, in English, else any, else `otherwise`."""
    preferred = {label.language: label.text for label in labels if label.kind == "pref"}
    for wanted in (language, language.split("-")[0], UNDETERMINED, "en"):
        if wanted in preferred:
            return preferred[wanted]
    base = language.split("-")[0]
    near = (text for tag, text in preferred.items() if tag.split("-")[0] == base)
    return next(near, next(iter(preferred.values()), otherwise))


def local_name(uri: str) -> str:
    """Return the last part of a URI: after `#`, else after the last `/` or `:`."""
    trimmed = uri.rstrip("/#")
    return max((trimmed.rpartition(mark)[2] for mark in "#/:"), key=lambda part: -len(part)) or uri


class Findings:
    """Collects problems in order, and sums up when one code comes too often to be read one by one."""

    def __init__(self, *, most_per_code: int = 20) -> None:
        self._most = most_per_code
        self._counts: Counter[str] = Counter()
        self._kept: list[Problem] = []

    def add(
        self, severity: Severity, code: str, sentence: str, *, subject: str = "", line: int | None = None
    ) -> None:
        """Note one problem."""
        self._counts[code] += 1
        if self._counts[code] <= self._most:
            self._kept.append(Problem(line, subject, sentence, severity, code))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was noted, with one closing sentence for each code that was cut short."""
        kept = list(self._kept)
        severities = {problem.code: problem.severity for problem in kept}
        for code, count in self._counts.items():
            if count > self._most:
                sentence = f"The same holds in {count - self._most} more places ({count} in all)."
                kept.append(Problem(None, "", sentence, severities[code], code))
        return tuple(kept)


def to_messages(value: VocabularyValue) -> Iterator[Any]:
    """Yield `value` as JSON data, as it crosses a process boundary: all but the concepts, then each of these."""
    yield {
        "uri": value.uri,
        "title": value.title,
        "licence": value.licence,
        "source": value.source,
        "extra": value.extra,
        "problems": [[p.line, p.subject, p.sentence, p.severity, p.code] for p in value.problems],
        "concepts": len(value.concepts),
        "description": value.description,
        "collections": [collection_to_json(collection) for collection in value.collections],
        "lines": value.lines,
    }
    yield from map(concept_to_json, value.concepts)


def collection_to_json(collection: CollectionValue) -> list[Any]:
    """Return one collection as JSON data, its fields in their order."""
    return [
        collection.uri,
        [[label.kind, label.language, label.text] for label in collection.labels],
        [[note.kind, note.language, note.text] for note in collection.notes],
        list(collection.members),
        collection.is_ordered,
        collection.extra,
    ]


def collection_from_json(fields: list[Any]) -> CollectionValue:
    """Return the collection that `collection_to_json` wrote."""
    uri, labels, notes, members, is_ordered, extra = fields
    return CollectionValue(
        uri=uri,
        labels=tuple(LabelValue(*each) for each in labels),
        notes=tuple(NoteValue(*each) for each in notes),
        members=tuple(members),
        is_ordered=is_ordered,
        extra=extra,
    )


def concept_to_json(concept: ConceptValue) -> list[Any]:
    """Return one concept as JSON data, its fields in their order."""
    return [
        concept.uri,
        concept.notation,
        [[label.kind, label.language, label.text] for label in concept.labels],
        [[note.kind, note.language, note.text] for note in concept.notes],
        list(concept.broader),
        list(concept.related),
        [list(match) for match in concept.matches],
        concept.position,
        concept.deprecated,
        concept.extra,
        list(concept.replaced_by),
    ]


def from_messages(messages: Iterator[Any]) -> VocabularyValue:
    """Return the value that `to_messages` wrote; KeyError, TypeError or ValueError on anything else, or less."""
    data: dict[str, Any] = next(messages, {})
    value = VocabularyValue(
        uri=data["uri"],
        title=dict(data["title"]),
        licence=data["licence"],
        source=data["source"],
        concepts=tuple(map(concept_from_json, islice(messages, data["concepts"]))),
        problems=tuple(Problem(*fields) for fields in data["problems"]),
        extra=data["extra"],
        description=dict(data["description"]),
        collections=tuple(map(collection_from_json, data["collections"])),
        lines=dict(data["lines"]),
    )
    if len(value.concepts) != data["concepts"]:
        raise ValueError("The messages end before the last concept.")
    return value


def concept_from_json(fields: list[Any]) -> ConceptValue:
    """Return the concept that `concept_to_json` wrote."""
    uri, notation, labels, notes, broader, related, matches, position, deprecated, extra, replaced_by = fields
    return ConceptValue(
        uri=uri,
        notation=notation,
        # Kinds and languages are few: every concept shares their texts.
        labels=tuple(LabelValue(intern(kind), intern(tag), text) for kind, tag, text in labels),  # type: ignore[arg-type]
        notes=tuple(NoteValue(intern(kind), intern(tag), text) for kind, tag, text in notes),
        broader=tuple(broader),
        related=tuple(related),
        matches=tuple((kind, target) for kind, target in matches),
        position=position,
        deprecated=deprecated,
        extra=extra,
        replaced_by=tuple(replaced_by),
    )
