"""The parts of an answer: itself, or of a sequence the answer to each step; also of what is not validated yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.questions.reading import pointer

Answer = Mapping[str, Any]


def parts_of(answer: Answer) -> list[tuple[str, Answer]]:
    """Each part behind the name of its step, “” for the answer to a single question."""
    steps = answer.get("steps")
    if not isinstance(steps, Mapping):
        return [("", answer)]
    return [(str(name), part) for name, part in steps.items() if isinstance(part, Mapping)]


def part_of(answer: Answer, step: str) -> Answer | None:
    """The answer to one step, None where it was not asked; the whole answer for the step “”."""
    if not step:
        return answer
    found = answer.get("steps", {}).get(step)
    return found if isinstance(found, Mapping) else None


def place_of(step: str) -> str:
    """Where a part stands in its answer, as a JSON Pointer."""
    return pointer("steps", step) if step else ""


def shapes_in(answer: Answer) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every shape of a validated answer, behind its place."""
    for step, part in parts_of(answer):
        for index, shape in enumerate(part.get("shapes", ())):
            yield place_of(step) + pointer("shapes", index), shape


def concepts_in(answer: Answer) -> list[str]:
    """The concepts that a validated answer names, those of the whole before those of shapes, as often as it does."""
    found: list[str] = []
    for _step, part in parts_of(answer):
        found += part.get("concepts", ())
        found += (concept for shape in part.get("shapes", ()) for concept in shape["concepts"])
    return found


def texts_in(answer: Answer) -> list[dict[str, str]]:
    """What a validated answer says in words."""
    return [text for _step, part in parts_of(answer) for text in part.get("texts", ())]
