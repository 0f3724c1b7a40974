"""What a client prefers to be told about a container (W3C Web Annotation Protocol §4.2, RFC 7240)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.request import parse_http_list

from django.utils.http import parse_header_parameters

MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"

_REPRESENTATION = re.compile(r'\s*return\s*=\s*"?representation"?\s*(;|$)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`iris`: annotations by their addresses only; `minimal`: no page embedded; `applied`: as was asked."""

    iris: bool = False
    minimal: bool = False
    applied: bool = False


def preferred(prefer: str, query: Mapping[str, str]) -> Preferences:
    """What is to be sent for a `Prefer` header, and a query in which `iris` may have been settled already.

    Preferences that are unknown, or contradict each other, are ignored, as both standards want it.
    """
    included = _included(prefer)
    asked = {IRIS, DESCRIPTIONS} & included
    contents = asked if len(asked) == 1 else set()
    settled = query.get("iris")
    iris = settled == "1" if settled in ("0", "1") else contents == {IRIS}
    minimal = MINIMAL in included
    return Preferences(iris, minimal, applied=minimal or bool(contents and (IRIS in contents) == iris))


def _included(prefer: str) -> set[str]:
    """The IRIs of `include` in every `return=representation` of the header."""
    found: set[str] = set()
    for preference in parse_http_list(prefer):
        if _REPRESENTATION.match(preference):
            _name, parameters = parse_header_parameters(preference)
            found.update(parameters.get("include", "").split())
    return found
