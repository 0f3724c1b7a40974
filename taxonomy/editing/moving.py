"""Moves a concept, with all that is below it, to another place in the tree."""

from collections.abc import Sequence
from dataclasses import replace

from taxonomy.editing.values import CannotChange, Changed, placed, without
from taxonomy.skos.values import ConceptValue


def move(
    concept: ConceptValue,
    *,
    parent: ConceptValue | None,
    above: Sequence[str],
    siblings: Sequence[ConceptValue],
    place: int | None = None,
) -> Changed:
    """The concept below `parent` (None: at the top) at `place` among `siblings`.

    `above` are the URIs of the parent's own ancestors; `siblings` what stands below the parent already, in
    order. Further broader concepts stay, but for one that becomes the parent. Raises CannotChange: below
    itself (`loop`), below a deprecated concept (`deprecated-parent`).
    """
    if parent and (concept.uri == parent.uri or concept.uri in above):
        raise CannotChange("A concept cannot be moved below itself.", code="loop")
    if parent and parent.deprecated:
        raise CannotChange(
            "A deprecated concept cannot have narrower ones. Choose another place.", code="deprecated-parent"
        )
    further = without(concept.broader[1:], *([parent.uri] if parent else []))
    if parent is None and further:
        raise CannotChange(
            "The concept has further broader concepts. Take these away before it becomes a top concept.",
            code="polyhierarchy",
        )
    broader = (parent.uri, *further) if parent else ()
    moved = placed(replace(concept, broader=broader), siblings, place)
    return {uri: value for uri, value in moved.items() if value != concept}
