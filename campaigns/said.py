"""Reads what people have said as it counts now: the answers stay as they were given, merged concepts count together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from campaigns.questions.parts import concepts_in
from taxonomy.heirs import heirs_of
from taxonomy.succession import counted_as

Answer = Mapping[str, Any]


def counted_answers(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The answers, each concept that was merged away replaced by its heir; `heirs_of` tells how many queries."""
    named = {UUID(concept) for answer in answers for concept in named_concepts(answer)}
    heirs = {str(gone): str(heir) for gone, heir in heirs_of(named).items()}
    return [in_force(answer, heirs) for answer in answers]


def named_concepts(answer: Answer) -> list[str]:
    """The concepts of an answer in its normal form, as the kinds of question keep it."""
    return concepts_in(answer)


def in_force(answer: Answer, heirs: Mapping[str, str]) -> dict[str, Any]:
    """One answer with its concepts as they count; `heirs`: id of a concept merged away → id of what it became."""
    if not heirs:
        return dict(answer)
    read = dict(answer)
    if "steps" in answer:
        read["steps"] = {name: in_force(part, heirs) for name, part in answer["steps"].items()}
    if "concepts" in answer:
        read["concepts"] = counted_as(answer["concepts"], heirs)
    if "shapes" in answer:
        read["shapes"] = [
            {**shape, "concepts": counted_as(shape["concepts"], heirs)} for shape in answer["shapes"]
        ]
    return read


def counted_votes(votes: Iterable[Mapping[str, Any]], heirs: Mapping[UUID, UUID]) -> list[dict[str, Any]]:
    """Votes of a merged answer, those for concepts that have become one added up, most voted first."""
    sums: dict[str, int] = {}
    for vote in votes:
        concept = str(heirs.get(UUID(vote["concept"]), vote["concept"]))
        sums[concept] = sums.get(concept, 0) + vote["count"]
    # Sorting is stable: what has equally many votes stays in its order.
    return [{"concept": pk, "count": count} for pk, count in sorted(sums.items(), key=lambda one: -one[1])]
