"""Texts that people write, as bodies of W3C annotations, and read from these again."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from annotation.models import Annotation
from annotation.webanno import TextBody
from annotation.webanno.terms import PREFIX, as_list
from campaigns.models import Campaign
from campaigns.quality.texts import Text
from campaigns.questions.describe import DESCRIBING, PURPOSES


def body_of(text: Text | None, question: Mapping[str, Any]) -> TextBody | None:
    """A text as a body, with the purpose that the settings of the question give it."""
    if text is None:
        return None
    return TextBody(text.value, text.language, question.get("purpose", DESCRIBING), _direction(text.value))


def question_of(campaign: Campaign, step: str) -> Mapping[str, Any]:
    """The settings of the question that something answers: of a sequence those of its step."""
    if not step:
        whole: Mapping[str, Any] = campaign.question
        return whole
    steps: list[dict[str, Any]] = campaign.question.get("steps", [])
    found: Mapping[str, Any] = next((one["question"] for one in steps if one["name"] == step), {})
    return found


def of_step(step: str) -> dict[str, str] | None:
    """What a document says of the step that it belongs to."""
    return {"step": step} if step else None


def step_on(row: Annotation) -> str:
    """The step of a sequence that an annotation of one of our layers belongs to."""
    return str(row.document.get(f"{PREFIX}:step", ""))


def _direction(value: str) -> str | None:
    """“rtl” where the first letter with a direction runs so (Unicode UAX #9, P2)."""
    for sign in value:
        way = unicodedata.bidirectional(sign)
        if way in ("L", "R", "AL"):
            return None if way == "L" else "rtl"
    return None


def text_on(row: Annotation) -> Text | None:
    """What was written, of an annotation of one of our layers; None for one that names concepts."""
    for body in as_list(row.document.get("body")):
        if isinstance(body, dict) and body.get("type") == "TextualBody" and body.get("purpose") in PURPOSES:
            return Text(body["value"], body.get("language", "und"))
    return None
