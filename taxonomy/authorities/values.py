"""What is asked of an authority and what it offers, so that adapters need neither network nor models."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_LABEL = 500
LONGEST_DESCRIPTION = 2000
LONGEST_URI = 500


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for: a label of a concept (or words somebody typed) and its language, a BCP 47 tag."""

    text: str
    language: str
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Request:
    """One request to make: a GET, or a POST where there is a `form` or a `document` (sent as JSON)."""

    url: str
    language: str = "en"
    form: Mapping[str, str] | None = None
    document: object = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept of an authority that may be the one that is meant.

    `score` is what the authority gives, on its own scale, higher is better; None where it gives none.
    `language` is that of the label, `und` where the authority does not say.
    """

    uri: str
    label: str
    language: str = "und"
    description: str = ""
    score: float | None = None
    type: str = ""
    broader_label: str = ""


class Unusable(Exception):
    """The authority answered, but not in its documented form; `reason` is what it said itself, or ""."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


# An adapter talks: it yields requests, is sent each answer's JSON, and returns what it found. So it needs no
# network, and one authority may take one step where another takes two.
Search = Generator[Request, object, list[Candidate]]
Match = Generator[Request, object, list[list[Candidate]]]


@dataclass(frozen=True, slots=True)
class Authority:
    """A thesaurus or knowledge base elsewhere, and how it is asked.

    `search` looks one thing up for somebody who waits; `match` asks for at most `at_once` things together and
    returns their candidates in the same order. `spaces` are how the URIs of its concepts begin.
    """

    name: str
    label: str
    home: str
    licence: str
    search: Callable[[Question], Search]
    match: Callable[[Sequence[Question]], Match]
    spaces: tuple[str, ...] = field(default=())
    at_once: int = 1


def one_by_one(search: Callable[[Question], Search]) -> Callable[[Sequence[Question]], Match]:
    """A `match` for an authority that answers one question at a time."""

    def match(questions: Sequence[Question]) -> Match:
        found: list[list[Candidate]] = []
        for question in questions:
            found += [(yield from search(question))]
        return found

    return match


def first_of(match: Callable[[Sequence[Question]], Match]) -> Callable[[Question], Search]:
    """A `search` for an authority that is asked in the same way for one thing as for many."""

    def search(question: Question) -> Search:
        (found,) = yield from match([question])
        return found

    return search
