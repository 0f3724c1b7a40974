"""What a stream of changes says, as frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: a JSON pointer (RFC 6901) into the document as received, and a sentence."""

    pointer: str
    sentence: str
    severity: Severity = "warning"


@dataclass(frozen=True, slots=True)
class Activity:
    """One change (Change Discovery 1.0 §2.1).

    `kind` is the type as written; `uri` and `object_kind` name what changed (empty for a Refresh), `target` where
    a Move went. `at` is `endTime`, aware, or None (level 0); `started_at` is `startTime`.
    """

    kind: str
    uri: str = ""
    object_kind: str = ""
    target: str = ""
    at: datetime | None = None
    started_at: datetime | None = None
    id: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """An OrderedCollection: where its newest page stands (`last`), its oldest (`first`), how many changes."""

    uri: str
    last: str = ""
    first: str = ""
    total: int | None = None
    rights: str = ""
    problems: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of changes, oldest first, as written."""

    uri: str
    activities: tuple[Activity, ...] = ()
    prev: str = ""
    next: str = ""
    part_of: str = ""
    problems: tuple[Flaw, ...] = ()
