"""Merges concepts into one: it takes over their names, narrower concepts and links; they are deprecated."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from taxonomy.editing.values import CannotChange, Changed, renumbered, without
from taxonomy.skos.values import ConceptValue, LabelValue


def merge(
    sources: Sequence[ConceptValue],
    target: ConceptValue,
    *,
    above: Sequence[str],
    around: Sequence[ConceptValue],
) -> Changed:
    """`target` with what the `sources` said; the sources deprecated where they stand, and replaced by it.

    `above` are the URIs of the target's ancestors, nearest first; `around` every concept that is narrower
    than, or related to, a source. Preferred labels of the sources become alternative ones where the target
    has its own. When the target stood below a source it takes that source's place. Raises CannotChange.
    """
    gone = tuple(source.uri for source in sources)
    _check(sources, target)
    changed: Changed = {}
    merged = _said_together(sources, target, gone)
    if set(gone) & set(above):
        merged = replace(merged, broader=_lifted(target, above, gone))
    changed[target.uri] = merged
    for other in around:
        if other.uri not in gone and other.uri != target.uri:
            changed[other.uri] = _relinked(other, gone, target.uri)
    narrower = [value for value in changed.values() if target.uri in value.broader[:1]]
    changed |= renumbered(narrower)
    for source in sources:
        changed[source.uri] = replace(source, related=(), deprecated=True, replaced_by=(target.uri,))
    return changed


def _check(sources: Sequence[ConceptValue], target: ConceptValue) -> None:
    if not sources:
        raise CannotChange("Name at least one concept to merge.", code="nothing-to-merge")
    if any(source.uri == target.uri for source in sources):
        raise CannotChange("A concept cannot be merged into itself.", code="into-itself")
    if target.deprecated:
        raise CannotChange(
            "The concept to merge into is deprecated. Choose another.", code="deprecated-target"
        )
    if any(source.deprecated for source in sources):
        raise CannotChange("A deprecated concept cannot be merged again.", code="deprecated-source")


def _said_together(
    sources: Sequence[ConceptValue], target: ConceptValue, gone: Sequence[str]
) -> ConceptValue:
    labels = dict.fromkeys(target.labels)
    texts = {(label.language, label.text) for label in target.labels}
    preferred = {label.language for label in target.labels if label.kind == "pref"}
    for label in (label for source in sources for label in source.labels):
        if (label.language, label.text) in texts:
            continue
        texts.add((label.language, label.text))
        kept = label.kind == "pref" and label.language in preferred
        labels[LabelValue("alt", label.language, label.text) if kept else label] = None
        if label.kind == "pref":
            preferred.add(label.language)
    related = [uri for concept in (target, *sources) for uri in concept.related]
    matches = [match for concept in (target, *sources) for match in concept.matches]
    notes = [note for concept in (target, *sources) for note in concept.notes]
    return replace(
        target,
        labels=tuple(labels),
        notes=tuple(dict.fromkeys(notes)),
        related=without(related, target.uri, *gone),
        matches=tuple(dict.fromkeys(matches)),
        broader=without(target.broader, *gone),
    )


def _lifted(target: ConceptValue, above: Sequence[str], gone: Sequence[str]) -> tuple[str, ...]:
    """The target's broader concepts when the highest of its ancestors that goes is passed over."""
    highest = max(index for index, uri in enumerate(above) if uri in gone)
    new = above[highest + 1 : highest + 2]
    return without((*new, *target.broader[1:]), target.uri, *gone)


def _relinked(other: ConceptValue, gone: Sequence[str], into: str) -> ConceptValue:
    swap: Mapping[str, str] = dict.fromkeys(gone, into)
    broader = without((swap.get(uri, uri) for uri in other.broader), other.uri)
    related = without((swap.get(uri, uri) for uri in other.related), other.uri)
    return replace(other, broader=broader, related=related)
