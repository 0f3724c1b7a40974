"""Adds a concept below another or at the top."""

from collections.abc import Sequence
from dataclasses import replace

from taxonomy.editing.describing import checked
from taxonomy.editing.values import CannotChange, Changed, placed
from taxonomy.skos.values import ConceptValue


def add(
    concept: ConceptValue,
    *,
    parent: ConceptValue | None,
    siblings: Sequence[ConceptValue],
    place: int | None = None,
) -> Changed:
    """The new concept among `siblings` (what stands below `parent` already, in order) at `place`, None last.

    Raises CannotChange: without a label (`no-label`), below a deprecated concept (`deprecated-parent`), with
    the label of a sibling (`label-of-sibling`).
    """
    if parent and parent.deprecated:
        raise CannotChange(
            "A deprecated concept cannot have narrower ones. Choose another place.", code="deprecated-parent"
        )
    new = checked(replace(concept, broader=(parent.uri,) if parent else ()))
    taken = {label for sibling in siblings for label in _preferred(sibling)}
    for label in _preferred(new):
        if label in taken:
            raise CannotChange(
                f"“{label[1]}” stands here already. Give the new concept another label, or use that one.",
                code="label-of-sibling",
            )
    return placed(new, siblings, place)


def _preferred(concept: ConceptValue) -> set[tuple[str, str]]:
    return {(label.language, label.text) for label in concept.labels if label.kind == "pref"}
