"""GBIF's backbone taxonomy: names of species and higher taxa, with the classification they stand in.

https://techdocs.gbif.org/en/openapi/v1/species (suggest, match, search)
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from taxonomy.authorities import answers
from taxonomy.authorities.values import Authority, Candidate, Question, Request, Search, one_by_one

BACKBONE = "d7dddbf4-2cf0-4f39-9b2a-bb099caae36c"
SPACE = "https://www.gbif.org/species/"
RANKS = ("kingdom", "phylum", "class", "order", "family", "genus", "species")


def authority(api: str = "https://api.gbif.org/v1") -> Authority:
    def search(question: Question) -> Search:
        """Scientific names that begin so; where there are none, taxa that are called so in some language."""
        said = {"q": question.text, "limit": question.limit, "datasetKey": BACKBONE}
        answer = yield _request(f"{api}/species/suggest", said, question)
        found = answers.usable(answers.sequence(answer), _taxon)
        return found or (yield from called(question))

    def called(question: Question) -> Search:
        said = {"q": question.text, "limit": question.limit, "datasetKey": BACKBONE, "qField": "VERNACULAR"}
        answer = answers.mapping((yield _request(f"{api}/species/search", said, question)))
        return answers.usable(answers.sequence(answer.get("results")), _taxon)

    def match(question: Question) -> Search:
        """The taxon of this scientific name and what may be meant else, with GBIF's confidence (0–100)."""
        said = {"name": question.text, "verbose": "true"}
        answer = answers.mapping((yield _request(f"{api}/species/match", said, question)))
        others = answers.sequence(answer.get("alternatives") or [])
        # A name that is not known at all is placed in a kingdom or family that it may belong to: no candidate.
        is_known = answer.get("usageKey") is not None and answer.get("matchType") != "HIGHERRANK"
        found = answers.usable([*([answer] if is_known else []), *others], _taxon)
        return found[: question.limit] or (yield from called(question))

    return Authority(
        name="gbif",
        label="GBIF",
        home="https://www.gbif.org/",
        licence="CC BY 4.0",
        spaces=(SPACE, "http://www.gbif.org/species/"),
        search=search,
        match=one_by_one(match),
    )


def _request(url: str, said: Mapping[str, object], question: Question) -> Request:
    return Request(f"{url}?{urlencode(said)}", language=question.language)


def _taxon(item: Mapping[str, Any]) -> Candidate | None:
    key = item.get("usageKey", item.get("key"))
    label = answers.label(item.get("scientificName") or item.get("canonicalName"))
    if not isinstance(key, int) or isinstance(key, bool) or key < 0 or not label:
        return None
    rank = answers.text(item.get("rank"), longest=35).lower()
    above = [answers.label(item.get(one)) for one in RANKS[: RANKS.index(rank) if rank in RANKS else None]]
    path = [name for name in above if name]
    status = answers.text(item.get("status") or item.get("taxonomicStatus"), longest=60)
    return Candidate(
        uri=f"{SPACE}{key}",
        label=label,
        language="la",
        description=answers.text(
            " · ".join(part for part in (status.lower().replace("_", " "), " › ".join(path)) if part)
        ),
        score=answers.number(item.get("confidence")),
        type=rank,
        broader_label=answers.label(item.get("parent")) or (path[-1] if path else ""),
    )
