"""Authorities that concepts can be matched to: one file each, which builds requests and reads answers.

A new one is a sibling file with a function `authority`, its line here, and a row in `docs/authorities.md`.
"""

from collections.abc import Callable

from taxonomy.authorities import aat, gbif, gnd, iconclass, wikidata
from taxonomy.authorities.reconciliation import service
from taxonomy.authorities.values import Authority, Candidate, Match, Question, Request, Search, Unusable

AUTHORITIES: dict[str, Callable[[], Authority]] = {
    "wikidata": wikidata.authority,
    "gbif": gbif.authority,
    "aat": aat.authority,
    "gnd": gnd.authority,
    "iconclass": iconclass.authority,
}

__all__ = [
    "AUTHORITIES",
    "Authority",
    "Candidate",
    "Match",
    "Question",
    "Request",
    "Search",
    "Unusable",
    "service",
]
