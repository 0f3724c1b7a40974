"""Which version of an annotation the client has seen, by `If-Match` and our ETags."""

import re

from django.utils.http import parse_etags
from rest_framework.request import Request

from annotation.models import Annotation
from problems import NeedsPrecondition

_OURS = re.compile(r'"(\d{1,9})(?:-[a-z]+)?"')
NEVER = 0  # revisions count from 1


def seen_revision(request: Request, annotation: Annotation) -> int | None:
    """The revision that `If-Match` names, the current one if it is among them; None for `*`.

    What names none of ours (a weak ETag never does: RFC 9110 §13.1.1) gives a revision that is never current.
    Raises `NeedsPrecondition` without the header.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise NeedsPrecondition(
            "Send If-Match with the ETag of the annotation as you have read it, so that nobody’s work is lost."
        )
    if header.strip() == "*":
        return None
    named = {int(match[1]) for tag in parse_etags(header) if (match := _OURS.fullmatch(tag))}
    return annotation.revision if annotation.revision in named else max(named, default=NEVER)
