"""Takes a concept out of use without forgetting it, and brings it back."""

from collections.abc import Sequence
from dataclasses import replace

from taxonomy.editing.values import CannotChange, Changed, without
from taxonomy.skos.values import ConceptValue


def deprecate(
    concept: ConceptValue, *, around: Sequence[ConceptValue], replaced_by: Sequence[str] = ()
) -> Changed:
    """The concept out of use; what is narrower moves up to its parent. It keeps its own place and names.

    `around` is what is narrower. `replaced_by` names what to use instead. Raises CannotChange.
    """
    if concept.deprecated:
        raise CannotChange("The concept is deprecated already.", code="deprecated-already")
    if concept.uri in replaced_by:
        raise CannotChange("A concept cannot be replaced by itself.", code="into-itself")
    changed: Changed = {}
    for other in around:
        if concept.uri not in other.broader:
            continue
        up = [
            uri
            for broader in other.broader
            for uri in (concept.broader[:1] if broader == concept.uri else [broader])
        ]
        changed[other.uri] = replace(other, broader=without(up, other.uri))
    return {**changed, concept.uri: replace(concept, deprecated=True, replaced_by=tuple(replaced_by))}


def restore(concept: ConceptValue, *, parent: ConceptValue | None) -> Changed:
    """The concept in use again, below the parent that it kept. Raises CannotChange."""
    if not concept.deprecated:
        raise CannotChange("The concept is in use.", code="in-use")
    if parent and parent.deprecated:
        raise CannotChange("The broader concept is deprecated. Restore that first.", code="deprecated-parent")
    return {concept.uri: replace(concept, deprecated=False, replaced_by=())}
