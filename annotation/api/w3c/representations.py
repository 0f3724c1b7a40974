"""The forms in which a container or an annotation is given, and the choice among them by `Accept`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.http.request import MediaType

from annotation.api.negotiation import ANNOTATION_PROFILE
from annotation.webanno.rdf import turtle
from problems import NotAcceptable


@dataclass(frozen=True, slots=True)
class Representation:
    """A form: `suffix` sets its ETags apart from those of the others, as strong ones must be."""

    kind: str
    media_type: str
    suffix: str
    write: Callable[[Mapping[str, Any]], bytes]

    def etag(self, version: str) -> str:
        return f'"{version}{self.suffix}"'


JSON_LD = Representation("application/ld+json", ANNOTATION_PROFILE, "", orjson.dumps)
JSON = Representation("application/json", "application/json", "-json", orjson.dumps)
TURTLE = Representation("text/turtle", "text/turtle; charset=utf-8", "-turtle", turtle)
OFFERED = (JSON_LD, JSON, TURTLE)


def chosen(accept: str | None) -> Representation:
    """The form that the `Accept` header likes best, ours first among equals; without one, JSON-LD.

    A profile is a wish within JSON-LD and decides nothing. Raises `NotAcceptable` when none is liked.
    """
    if not (accept or "").strip():
        return JSON_LD
    ranges = [MediaType(part) for part in str(accept).split(",") if part.strip()]
    best = max(OFFERED, key=lambda offered: _quality(offered, ranges))
    if _quality(best, ranges) == 0:
        names = ", ".join(offered.kind for offered in OFFERED)
        raise NotAcceptable(
            "This is available as JSON-LD, JSON and Turtle; the request accepts none of them.",
            extra={"available": names},
        )
    return best


def _quality(offered: Representation, ranges: list[MediaType]) -> float:
    """What the most specific range that fits says (RFC 9110 §12.5.1)."""
    main, _, sub = offered.kind.partition("/")
    fitting = [
        (wanted.main_type != "*", wanted.sub_type != "*", wanted.quality)
        for wanted in ranges
        if wanted.main_type in ("*", main) and wanted.sub_type in ("*", sub)
    ]
    return max(fitting, default=(False, False, 0.0))[2]
