"""Splits a concept into several that take its place; it is deprecated, and people decide what was meant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from taxonomy.editing.describing import checked
from taxonomy.editing.values import CannotChange, Changed, placed, without
from taxonomy.skos.values import ConceptValue


def split(
    concept: ConceptValue,
    into: Sequence[ConceptValue],
    *,
    siblings: Sequence[ConceptValue],
    around: Sequence[ConceptValue],
    narrower: Mapping[str, str] | None = None,
) -> Changed:
    """The parts beside the concept, which is deprecated where it stands and replaced by them.

    `into` are at least two; those without `broader` of their own stand beside the concept. `siblings` are the
    concept and its siblings in order; `around` what is narrower than it or related to it; `narrower` tells
    for a narrower concept below which part it goes (the first where it does not). Raises CannotChange.
    """
    parts = [checked(part) for part in into]
    if len({part.uri for part in parts}) < 2 or any(part.uri == concept.uri for part in parts):
        raise CannotChange("A concept is split into at least two others.", code="too-few-parts")
    if concept.deprecated:
        raise CannotChange("A deprecated concept cannot be split.", code="deprecated-source")
    beside = [sibling for sibling in siblings if sibling.uri != concept.uri]
    place = next((n for n, sibling in enumerate(siblings) if sibling.uri == concept.uri), None)
    changed: Changed = {}
    for part in reversed(parts):
        here = part if part.broader else replace(part, broader=concept.broader)
        order = [changed.get(sibling.uri, sibling) for sibling in beside if sibling.uri != part.uri]
        changed |= placed(here, order, place)
        beside = sorted((changed.get(one.uri, one) for one in [*order, here]), key=_position)
    uris = [part.uri for part in parts]
    for other in around:
        changed[other.uri] = _relinked(changed.get(other.uri, other), concept.uri, uris, narrower or {})
    gone = replace(concept, related=(), deprecated=True, replaced_by=tuple(uris))
    return {**changed, concept.uri: gone}


def _position(value: ConceptValue) -> int:
    return value.position


def _relinked(
    other: ConceptValue, gone: str, parts: Sequence[str], narrower: Mapping[str, str]
) -> ConceptValue:
    chosen = narrower.get(other.uri, parts[0])
    if chosen not in parts:
        raise CannotChange("A narrower concept goes below one of the parts.", code="unknown-part")
    broader = without((chosen if uri == gone else uri for uri in other.broader), other.uri)
    return replace(other, broader=broader, related=without(other.related, gone))
