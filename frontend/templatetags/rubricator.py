"""What templates need: the right language of a text, crops as URLs, numbers set well."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

from annotation.geometry import Box
from annotation.models import Canvas
from annotation.queries import crop_url

register = template.Library()


@register.filter
def lang(texts: Mapping[str, Any] | None) -> str:
    """The text of a language map (ours or IIIF's) in the reader's language, else English, else any."""
    if not texts:
        return ""
    wanted = (get_language() or "en").split("-")[0]
    for key in (wanted, "en", "none", "und", *texts):
        value = texts.get(key)
        if value:
            return value if isinstance(value, str) else " ".join(str(part) for part in value)
    return ""


@register.simple_tag
def crop(canvas: Canvas, longest: int = 400, box: Iterable[float] | None = None) -> str:
    """The address of a picture of the canvas, or of a box of it, at most `longest` pixels a side."""
    return crop_url(canvas, Box(*box) if box else None, longest=longest)


@register.filter
def share(value: float | None) -> str:
    """A share of 0 to 1 as a whole per cent with the language's own spacing; a dash when unknown."""
    if value is None:
        return "–"
    space = "\u202f" if (get_language() or "en").startswith("fr") else ""
    return f"{number_format(value * 100, 0)}{space}%"


@register.filter
def figure(value: float | None, digits: int = 2) -> str:
    """A statistic with fixed decimals; a dash when it cannot be computed."""
    return "–" if value is None else number_format(value, digits, force_grouping=True)


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping at a key held in a variable."""
    return mapping.get(key)
