"""Reads what came back from elsewhere: any JSON gives what can be used of it, or `Unusable`."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from taxonomy.authorities.values import LONGEST_DESCRIPTION, LONGEST_LABEL, LONGEST_URI, Candidate, Unusable

# What PostgreSQL cannot keep or a page cannot show: controls and lone surrogates.
_UNKEEPABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object; raises Unusable for anything else."""
    if not isinstance(value, dict):
        raise Unusable
    return value


def sequence(value: object) -> list[Any]:
    """A JSON array; raises Unusable for anything else."""
    if not isinstance(value, list):
        raise Unusable
    return value


def inside(value: object, *path: str) -> object:
    """What stands at a path of names; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value: object, *, longest: int = LONGEST_DESCRIPTION) -> str:
    """Words on one line, with … where they were cut; "" for anything but text and numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    words = " ".join(_UNKEEPABLE.sub(" ", str(value)).split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def label(value: object) -> str:
    return text(value, longest=LONGEST_LABEL)


def number(value: object) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def web_address(value: object) -> str:
    """A URI that leads into the web and that a match can keep; "" for anything else."""
    known = isinstance(value, str) and len(value) <= LONGEST_URI and _WEB.fullmatch(value)
    return str(value) if known else ""


def usable(items: Iterable[Any], read: Callable[[Mapping[str, Any]], Candidate | None]) -> list[Candidate]:
    """The candidates that can be read, each URI once; raises Unusable when there are items but none can be."""
    given = list(items)
    found = {one.uri: one for item in given if isinstance(item, dict) and (one := read(item))}
    if given and not found:
        raise Unusable
    return list(found.values())
