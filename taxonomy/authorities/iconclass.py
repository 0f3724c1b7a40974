"""Iconclass, the classification of what pictures show: a search gives notations, a second request their texts.

https://iconclass.org/docs (`/api/search`, `/json`) and https://iconclass.org/help/lod (addresses)
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from taxonomy.authorities import answers
from taxonomy.authorities.values import Authority, Candidate, Question, Request, Search, one_by_one

SPACE = "http://iconclass.org/"
# In which the whole classification exists; other languages are looked up in English.
LANGUAGES = frozenset({"en", "de", "fr", "it"})
MOST_WORDS = 6


def authority(site: str = "https://iconclass.org") -> Authority:
    def search(question: Question) -> Search:
        language = question.language.split("-")[0]
        language = language if language in LANGUAGES else "en"
        said = {"q": question.text, "lang": language, "size": question.limit, "page": 1}
        query = urlencode({**said, "sort": "rank", "keys": 0})
        answer = answers.mapping((yield Request(f"{site}/api/search?{query}", language=language)))
        given = [answers.text(one, longest=120) for one in answers.sequence(answer.get("result"))]
        notations = [one for one in given if one][: question.limit]
        if not notations:
            return []
        query = urlencode({"notation": notations}, doseq=True)
        texts = answers.mapping((yield Request(f"{site}/json?{query}", language=language)))
        items = [item for item in answers.sequence(texts.get("result")) if item is not None]
        return answers.usable(items, lambda item: _candidate(item, language))

    return Authority(
        name="iconclass",
        label="Iconclass",
        home="https://iconclass.org/",
        licence="CC0 1.0",
        spaces=(SPACE, "https://iconclass.org/"),
        search=search,
        match=one_by_one(search),
    )


def _candidate(item: Mapping[str, Any], language: str) -> Candidate | None:
    notation = answers.text(item.get("n"), longest=120)
    said = language if answers.label(answers.inside(item, "txt", language)) else "en"
    label = answers.label(answers.inside(item, "txt", said))
    # Parentheses stand in addresses as they are; a plus sign and spaces do not.
    uri = answers.web_address(SPACE + quote(notation, safe="()"))
    if not notation or not label or not uri:
        return None
    words = answers.inside(item, "kw", said)
    keywords = [answers.text(one) for one in words[:MOST_WORDS]] if isinstance(words, list) else []
    return Candidate(
        uri=uri,
        label=label,
        language=said,
        description=answers.text(" · ".join(filter(None, [notation, ", ".join(filter(None, keywords))]))),
        broader_label=_above(item.get("p"), notation),
    )


def _above(path: object, notation: str) -> str:
    """The notation directly above, of the path from the top."""
    above = [answers.text(one) for one in path] if isinstance(path, list) else []
    return answers.label(above[-2]) if len(above) > 1 and above[-1] == notation else ""
