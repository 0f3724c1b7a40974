"""Reads what is asked of Content Search: words, phrases, beginnings and URIs, motivations, dates, users."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from taxonomy.folding import fold

LONGEST_QUERY = 500
MOST_TERMS = 20

_PART = re.compile(r'["“„«]\s*([^"“”„«»]*)["”»](\*?)|(\S+)')
_URI = re.compile(r"(?:https?|urn|ark|tag|doi|info):\S+", re.IGNORECASE)
# Content Search 2.0 §4.1.1: UTC, and nothing but this form.
_RANGE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
SEARCH_PARAMETERS = frozenset({"q", "motivation", "date", "user", "page"})
COMPLETION_PARAMETERS = frozenset({"q", "motivation", "date", "user", "min"})


class SearchRequestError(ValueError):
    """A request that cannot be understood: `parameter` is the one, the message a sentence."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for: words one after the other, the last perhaps only begun; or a URI.

    `text` is folded (`taxonomy.folding.fold`); it is empty for a URI, and `uri` is empty for words.
    """

    text: str = ""
    begins: bool = False
    uri: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text without their punctuation."""
        return tuple(re.findall(r"\w+", self.text))


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What annotations must be like: every term, any of the motivations, any of the ranges, any of the users.

    What is empty does not restrict. `ignored` are the parameters that were sent and mean nothing here.
    """

    q: str = ""
    terms: tuple[Term, ...] = ()
    motivations: tuple[str, ...] = ()
    dates: tuple[tuple[datetime, datetime], ...] = ()
    users: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


def read_search(parameters: Mapping[str, str], known: frozenset[str] = SEARCH_PARAMETERS) -> SearchRequest:
    """The request in a query string (Content Search 2.0 §4.1.1, 1.0 §3.2.1). Raises SearchRequestError."""
    q = parameters.get("q", "").strip()
    if len(q) > LONGEST_QUERY:
        raise SearchRequestError("q", "The query is longer than 500 characters; shorten it.")
    terms = terms_of(q)
    if len(terms) > MOST_TERMS:
        raise SearchRequestError("q", "More than 20 terms are asked for; leave some out.")
    return SearchRequest(
        q=q,
        terms=terms,
        motivations=tuple(
            word.removeprefix("oa:").removeprefix("sc:") for word in parameters.get("motivation", "").split()
        ),
        dates=tuple(_dates(parameters.get("date", ""))),
        users=tuple(parameters.get("user", "").split()),
        ignored=tuple(sorted(name for name in parameters if name not in known)),
    )


def terms_of(q: str) -> tuple[Term, ...]:
    """The terms of a query: words, "phrases in quotes", beginnings with a star at their end, URIs.

    Punctuation by itself is passed over; where there is nothing else it stays, and finds nothing.
    """
    terms = tuple(_terms(q))
    return tuple(term for term in terms if term.words or term.uri) or terms


def _terms(q: str) -> Iterator[Term]:
    for match in _PART.finditer(q):
        phrase, star, word = match.groups()
        if word and _URI.fullmatch(word):
            yield Term(uri=word)
            continue
        said = phrase if word is None else word.strip('"“”„«»')
        begins = bool(star) or said.endswith("*")
        yield Term(fold(said.rstrip("*")), begins)


def _dates(said: str) -> Iterator[tuple[datetime, datetime]]:
    for text in said.split():
        match = _RANGE.fullmatch(text)
        try:
            first, last = (_moment(match[place]) for place in (1, 2)) if match else (None, None)
        except ValueError:
            first = last = None
        if first is None or last is None:
            raise SearchRequestError(
                "date",
                "A range of dates is two moments in UTC with a slash between them: "
                "2026-01-01T00:00:00Z/2026-12-31T23:59:59Z.",
            )
        yield first, last


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
