"""Changes what is said about a concept: labels, notes, notation, related concepts, matches."""

from collections.abc import Sequence
from dataclasses import replace

from taxonomy.editing.values import CannotChange, Changed, without
from taxonomy.skos.values import (
    LABEL_KINDS,
    LONGEST_LABEL,
    LONGEST_LANGUAGE,
    LONGEST_NOTATION,
    LONGEST_URI,
    MATCH_KINDS,
    NOTE_KINDS,
    ConceptValue,
)


def describe(before: ConceptValue, after: ConceptValue, *, around: Sequence[ConceptValue] = ()) -> Changed:
    """The concept with the labels, notes, notation, related and matches of `after`; its place stays.

    `around` are the concepts that it was or becomes related to: `skos:related` is symmetric, so they change
    with it. Raises CannotChange as `checked` does, and when it is related to itself.
    """
    said = checked(
        replace(
            before,
            notation=after.notation,
            labels=after.labels,
            notes=after.notes,
            related=without(after.related),
            matches=tuple(dict.fromkeys(after.matches)),
        )
    )
    if said.uri in said.related:
        raise CannotChange("A concept cannot be related to itself.", code="related-to-itself")
    changed = {said.uri: said} if said != before else {}
    for other in around:
        if other.uri in said.related and said.uri not in other.related:
            changed[other.uri] = replace(other, related=(*other.related, said.uri))
        elif other.uri not in said.related and said.uri in other.related:
            changed[other.uri] = replace(other, related=without(other.related, said.uri))
    return changed


def checked(concept: ConceptValue) -> ConceptValue:
    """The concept, if it can be kept: one preferred label a language, at least one; nothing too long.

    Raises CannotChange (SKOS Reference §5.4, integrity condition S14).
    """
    preferred = [label.language for label in concept.labels if label.kind == "pref"]
    if not preferred:
        raise CannotChange("A concept needs at least one preferred label.", code="no-label")
    if len(set(preferred)) < len(preferred):
        raise CannotChange("A concept has one preferred label a language.", code="two-preferred-labels")
    for label in concept.labels:
        if label.kind not in LABEL_KINDS or not label.text.strip() or len(label.language) > LONGEST_LANGUAGE:
            raise CannotChange("A label has a kind, a language and a text.", code="bad-label")
        if len(label.text) > LONGEST_LABEL:
            raise CannotChange(f"A label may have up to {LONGEST_LABEL} characters.", code="label-too-long")
    if len(concept.notation) > LONGEST_NOTATION:
        raise CannotChange(
            f"A notation may have up to {LONGEST_NOTATION} characters.", code="notation-too-long"
        )
    if any(note.kind not in NOTE_KINDS or not note.text.strip() for note in concept.notes):
        raise CannotChange("A note has a kind that SKOS knows, and a text.", code="bad-note")
    if any(kind not in MATCH_KINDS or not 0 < len(uri) <= LONGEST_URI for kind, uri in concept.matches):
        raise CannotChange("A match has a kind that SKOS knows, and the URI of a concept.", code="bad-match")
    return replace(concept, labels=tuple(dict.fromkeys(concept.labels)))
