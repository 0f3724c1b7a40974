"""The normal form of what a campaign says to people: steps of its tutorial, questions with answers, goals."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.reading import read_tag
from problems import Invalid

MOST_STEPS = 30
MOST_QUESTIONS = 100
MOST_GOALS = 5
MOST_SHAPES = 200
MOST_CORNERS = 1_000
LONGEST = 5_000
Entry = dict[str, Any]


def read_steps(value: Any, place: str = "/tutorial") -> list[Entry]:
    """Steps as `{id, text, canvas, region, example}`; raises `Invalid` with the place of the first fault.

    `text`: language → Markdown. `canvas`: a canvas' UUID or None. `region`: `[x, y, w, h]` in canvas space, None for
    the whole. `example`: `{nothing_here, shapes: [{box, points, concepts}], concepts}` or None.
    """
    return [_step(row, f"{place}/{at}") for at, row in enumerate(_rows(value, MOST_STEPS, place))]


def read_questions(value: Any, place: str = "/faq") -> list[Entry]:
    """Questions with answers as `{id, question, answer}`, both language → text (the answer Markdown)."""
    found = []
    for at, row in enumerate(_rows(value, MOST_QUESTIONS, place)):
        here = f"{place}/{at}"
        asked = read_texts(row.get("question"), f"{here}/question")
        found.append(
            {
                "id": _id(row.get("id"), f"{here}/id"),
                "question": asked,
                "answer": read_texts(row.get("answer"), f"{here}/answer"),
            }
        )
    return found


def read_goals(value: Any, place: str = "/goals") -> list[Entry]:
    """Goals as `{count, on}`: so many accepted items by a day, `YYYY-MM-DD`."""
    found = []
    for at, row in enumerate(_list(value, MOST_GOALS, place)):
        count, day = row.get("count"), row.get("on")
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 10**9:
            raise Invalid(
                _("A goal is a number of accepted items."), pointer=f"{place}/{at}/count", code="bad-goal"
            )
        try:
            found.append({"count": count, "on": date.fromisoformat(str(day)).isoformat()})
        except ValueError:
            raise Invalid(_("A goal has a day."), pointer=f"{place}/{at}/on", code="bad-goal") from None
    return found


def _list(value: Any, most: int, place: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise Invalid(_("Give a list of entries."), pointer=place, code="not-a-list")
    if len(value) > most:
        raise Invalid(_("At most %(most)d entries.") % {"most": most}, pointer=place, code="too-many")
    return value


def _rows(value: Any, most: int, place: str) -> Sequence[Mapping[str, Any]]:
    """A list of entries that have ids of their own."""
    rows = _list(value, most, place)
    ids = [str(row.get("id")) for row in rows]
    if len(set(ids)) < len(ids):
        raise Invalid(_("Each entry has an id of its own."), pointer=place, code="same-id")
    return rows


def _step(row: Mapping[str, Any], place: str) -> Entry:
    canvas = None if row.get("canvas") is None else _id(row["canvas"], f"{place}/canvas")
    region = None if row.get("region") is None else _box(row["region"], f"{place}/region")
    example = None if row.get("example") is None else _example(row["example"], f"{place}/example")
    if canvas is None and (region is not None or example is not None):
        raise Invalid(_("An example stands on an image."), pointer=f"{place}/canvas", code="no-canvas")
    return {
        "id": _id(row.get("id"), f"{place}/id"),
        "text": read_texts(row.get("text"), f"{place}/text"),
        "canvas": canvas,
        "region": region,
        "example": example,
    }


def _example(value: Any, place: str) -> Entry:
    if not isinstance(value, Mapping):
        raise Invalid(_("This is no answer."), pointer=place, code="bad-example")
    shapes = value.get("shapes") or []
    if not isinstance(shapes, list) or len(shapes) > MOST_SHAPES:
        raise Invalid(
            _("At most %(most)d entries.") % {"most": MOST_SHAPES}, pointer=f"{place}/shapes", code="too-many"
        )
    return {
        "nothing_here": value.get("nothing_here") is True,
        "shapes": [_shape(one, f"{place}/shapes/{at}") for at, one in enumerate(shapes)],
        "concepts": _concepts(value.get("concepts") or [], f"{place}/concepts"),
        **({"texts": _texts(value["texts"], f"{place}/texts")} if value.get("texts") else {}),
    }


def _texts(value: Any, place: str) -> list[Entry]:
    """What is written in the example, where the question asks for texts."""
    given: list[Any] = value if isinstance(value, list) and len(value) <= MOST_SHAPES else [None]
    for at, one in enumerate(given):
        fine = (
            isinstance(one, Mapping)
            and isinstance(one.get("value"), str)
            and isinstance(one.get("language"), str)
        )
        if not fine or len(one["value"]) > LONGEST or len(one["language"]) > 35:
            raise Invalid(_("This is no answer."), pointer=f"{place}/{at}", code="bad-example")
    return [{"value": one["value"].strip(), "language": one["language"]} for one in given]


def _shape(value: Any, place: str) -> Entry:
    if not isinstance(value, Mapping):
        raise Invalid(_("This is no answer."), pointer=place, code="bad-example")
    return {
        "box": _box(value.get("box"), f"{place}/box"),
        "points": _points(value.get("points") or [], f"{place}/points"),
        "concepts": _concepts(value.get("concepts") or [], f"{place}/concepts"),
    }


def _points(value: Any, place: str) -> list[list[float]]:
    pairs: list[Any] = value if isinstance(value, list) and len(value) <= MOST_CORNERS else [None]
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 and _finite(pair) for pair in pairs):
        raise Invalid(
            _("Corners are pairs [x, y] in the units of their image, at most %(most)d.")
            % {"most": MOST_CORNERS},
            pointer=place,
            code="bad-points",
        )
    return [[float(x), float(y)] for x, y in pairs]


def _concepts(value: Any, place: str) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_SHAPES:
        raise Invalid(_("Give a list of entries."), pointer=place, code="not-a-list")
    return [_id(one, f"{place}/{at}") for at, one in enumerate(value)]


def _id(value: Any, place: str) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise Invalid(_("An id is a UUID."), pointer=place, code="bad-id") from None


def _box(value: Any, place: str) -> list[float]:
    numbers = list(value) if isinstance(value, list | tuple) else []
    if len(numbers) != 4 or not _finite(numbers) or numbers[2] <= 0 or numbers[3] <= 0:
        raise Invalid(
            _("A region is [x, y, width, height] in the units of its image."), pointer=place, code="bad-box"
        )
    return [float(one) for one in numbers]


def _finite(numbers: Sequence[Any]) -> bool:
    # A truth value is an int to Python and no number to anybody else.
    return all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in numbers
    )


def read_texts(value: Any, place: str) -> dict[str, str]:
    """Texts by language, trimmed, empty ones left out; raises `Invalid` when none is left."""
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise Invalid(_("Give the text by language."), pointer=place, code="not-a-language-map")
    for language, text in value.items():
        if read_tag(language) is None:
            raise Invalid(
                _("A language is a tag such as “en” or “pt-BR”."), pointer=place, code="bad-language"
            )
        if len(text) > LONGEST:
            raise Invalid(_("This text is too long."), pointer=f"{place}/{language}", code="too-long")
    said = {language: text.strip() for language, text in value.items() if text.strip()}
    if not said:
        raise Invalid(_("Write a text in at least one language."), pointer=place, code="no-text")
    return said
