"""What the verbs of editing share: their answer, their refusal, and the order of siblings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from taxonomy.skos.values import ConceptValue

Changed = dict[str, ConceptValue]


class CannotChange(ValueError):
    """The change would break the thesaurus; the message is a sentence, `code` is stable."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def without(uris: Iterable[str], *gone: str) -> tuple[str, ...]:
    """The URIs but for some, each once, in their order."""
    return tuple(uri for uri in dict.fromkeys(uris) if uri not in gone)


def renumbered(siblings: Sequence[ConceptValue]) -> Changed:
    """Siblings in this order; only those whose position has to change."""
    changed = {}
    least = 0
    for sibling in siblings:
        position = max(sibling.position, least)
        if position != sibling.position:
            changed[sibling.uri] = replace(sibling, position=position)
        least = position + 1
    return changed


def placed(concept: ConceptValue, siblings: Sequence[ConceptValue], place: int | None) -> Changed:
    """The concept among its siblings at `place` (0 first, None last), and the siblings that move for it."""
    order = [sibling for sibling in siblings if sibling.uri != concept.uri]
    at = len(order) if place is None else max(0, min(place, len(order)))
    before = order[at - 1].position + 1 if at else 0
    mine = replace(concept, position=before)
    return {mine.uri: mine, **renumbered([*order[:at], mine, *order[at:]])}
