"""Wikidata: its search as one types for people, the reconciliation service of its community for many at once.

https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities and https://wikidata.reconci.link/
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from taxonomy.authorities import answers
from taxonomy.authorities.reconciliation import AT_ONCE, matcher
from taxonomy.authorities.values import Authority, Candidate, Question, Request, Search, Unusable

SPACE = "http://www.wikidata.org/entity/"


def authority(
    api: str = "https://www.wikidata.org/w/api.php", reconciliation: str = "https://wikidata.reconci.link"
) -> Authority:
    def search(question: Question) -> Search:
        answer = answers.mapping((yield _request(api, question)))
        if complaint := answers.inside(answer, "error", "info"):
            raise Unusable(answers.label(complaint))
        return answers.usable(answers.sequence(answer.get("search")), _candidate)

    return Authority(
        name="wikidata",
        label="Wikidata",
        home="https://www.wikidata.org/",
        licence="CC0 1.0",
        spaces=(SPACE, "https://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/"),
        search=search,
        match=matcher(lambda language: f"{reconciliation}/{_tag(language)}/api", lambda given: SPACE + given),
        at_once=AT_ONCE,
    )


def _tag(language: str) -> str:
    """A code that Wikidata knows: the language alone, since it refuses regions that it does not list."""
    primary = language.split("-")[0].lower()
    return "en" if primary == "und" else primary


def _request(api: str, question: Question) -> Request:
    said = {
        "action": "wbsearchentities", "format": "json", "type": "item", "search": question.text,
        "language": _tag(question.language), "uselang": _tag(question.language), "limit": question.limit,
    }  # fmt: skip
    return Request(f"{api}?{urlencode(said)}", language=question.language)


def _candidate(item: Mapping[str, Any]) -> Candidate | None:
    uri = answers.web_address(item.get("concepturi"))
    shown = item.get("display")
    label = answers.label(answers.inside(shown, "label", "value") or item.get("label") or item.get("id"))
    if not uri or not label:
        return None
    return Candidate(
        uri=uri,
        label=label,
        language=answers.text(answers.inside(shown, "label", "language"), longest=35) or "und",
        description=answers.text(answers.inside(shown, "description", "value") or item.get("description")),
    )
