"""The exceptions that every room raises when it cannot do what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the input: where (a JSON pointer, RFC 6901), what, and a stable code."""

    pointer: str
    detail: str
    code: str = "invalid"

    def as_json(self) -> dict[str, str]:
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


@dataclass(eq=False)
class Problem(Exception):
    """A refusal that a person or a program can act on.

    `detail` is a sentence that says what happened and what to do; `code` is stable and becomes
    the `type` of the document (`/problems/<code>`); `faults` point into the input.
    """

    detail: str = "Something could not be done."
    code: str = ""
    pointer: str | None = None
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    status = 500
    default_code = "internal-error"
    title = "Something went wrong on our side"

    def __post_init__(self) -> None:
        super().__init__(self.detail)
        self.code = self.code or self.default_code
        if self.pointer is not None and not self.faults:
            self.faults = (Fault(self.pointer, str(self.detail), self.code),)

    def as_json(self) -> dict[str, object]:
        """The problem details object of RFC 9457, section 3."""
        document: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
        }
        if self.faults:
            document["errors"] = [fault.as_json() for fault in self.faults]
        return {**document, **self.extra}


class Malformed(Problem):
    """The request cannot be read: broken JSON, a wrong type, a parameter out of its range."""

    status, default_code, title = 400, "malformed", "The request could not be read"


class Unauthenticated(Problem):
    status, default_code, title = 401, "not-signed-in", "Sign in first"


class Refused(Problem):
    """The person is known and may not do this; the detail says why."""

    status, default_code, title = 403, "refused", "You may not do this"


class Missing(Problem):
    """It does not exist, or the person may not know that it does."""

    status, default_code, title = 404, "not-found", "Nothing is here"


class Conflict(Problem):
    """What is asked contradicts what stands: same id with another body, a closed campaign."""

    status, default_code, title = 409, "conflict", "This contradicts what is already there"


class NotAllowed(Problem):
    """The address exists, but takes other methods only: that of a form, opened like a page."""

    status, default_code, title = 405, "method-not-allowed", "This cannot be done here"


class NotAcceptable(Problem):
    """None of the forms that the client accepts can be given."""

    status, default_code, title = 406, "not-acceptable", "This is not available in such a form"


class Gone(Problem):
    """It was here and has been deleted; it will not come back."""

    status, default_code, title = 410, "gone", "This has been deleted"


class Unsupported(Problem):
    """The request comes in a form that is not read here."""

    status, default_code, title = 415, "unsupported-media-type", "This form is not read here"


class Stale(Problem):
    """`If-Match` names a revision that is no longer the current one."""

    status, default_code, title = 412, "stale", "It changed in the meantime"


class TooLarge(Problem):
    status, default_code, title = 413, "too-large", "This is too large"


class Invalid(Problem):
    """The request was read, but what it says cannot be accepted."""

    status, default_code, title = 422, "invalid", "Something in this cannot be accepted"


class NeedsPrecondition(Problem):
    """`If-Match` is missing where a blind write could lose somebody's work."""

    status, default_code, title = 428, "if-match-required", "Say which version you change"


class TryLater(Problem):
    """Busy or throttled; `Retry-After` says when to come back."""

    status, default_code, title = 503, "try-later", "Try again in a moment"
