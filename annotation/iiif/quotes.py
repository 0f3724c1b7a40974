"""Finds in a text as it was written what was looked for in folded form, with the words around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotation.iiif.searchrequest import Term
from taxonomy.folding import fold

CONTEXT_CHARACTERS = 40
MOST_QUOTES = 20
# Letters with the marks that may follow them as characters of their own, and soft hyphens.
_WORD = re.compile(
    "[\\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad]+"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A W3C TextQuoteSelector: the text that was found, what stands before it and behind it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    word: str
    start: int
    end: int


def quotes(text: str, terms: Iterable[Term]) -> list[Quote]:
    """Every place of the text where a term stands, in order, none inside another; at most `MOST_QUOTES`."""
    places = [
        _Place(part, match.start(), match.end())
        for match in _WORD.finditer(text)
        for part in fold(match[0]).split()
    ]
    spans = sorted(
        {span for term in terms for span in _spans(places, term)}, key=lambda span: (span[0], -span[1])
    )
    found: list[Quote] = []
    reached = 0
    for start, end in spans:
        if start >= reached and len(found) < MOST_QUOTES:
            found.append(_quote(text, start, end))
            reached = end
    return found


def _spans(places: Sequence[_Place], term: Term) -> Iterator[tuple[int, int]]:
    words = term.words
    if not words:
        return
    for first in range(len(places) - len(words) + 1):
        here = places[first : first + len(words)]
        if all(
            _is(place.word, word, term.begins and place is here[-1])
            for place, word in zip(here, words, strict=True)
        ):
            yield here[0].start, here[-1].end


def _is(word: str, wanted: str, begins: bool) -> bool:  # noqa: FBT001 - two answers to one question
    return word.startswith(wanted) if begins else word == wanted


def _quote(text: str, start: int, end: int) -> Quote:
    """With the context cut between words."""
    before, behind = text[max(0, start - CONTEXT_CHARACTERS) : start], text[end : end + CONTEXT_CHARACTERS]
    if start > CONTEXT_CHARACTERS and " " in before:
        before = before[before.index(" ") + 1 :]
    if end + CONTEXT_CHARACTERS < len(text) and " " in behind:
        behind = behind[: behind.rindex(" ")]
    return Quote(text[start:end], before, behind)
