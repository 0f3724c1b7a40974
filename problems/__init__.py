"""Refusals with a reason: the one error shape of the house (RFC 9457, problem details)."""

from problems.coded import CodedError
from problems.problem import (
    Conflict,
    Gone,
    Invalid,
    Malformed,
    Missing,
    NeedsPrecondition,
    NotAcceptable,
    NotAllowed,
    Problem,
    Refused,
    Stale,
    TooLarge,
    TryLater,
    Unauthenticated,
    Unsupported,
)

__all__ = [
    "CodedError",
    "Conflict",
    "Gone",
    "Invalid",
    "Malformed",
    "Missing",
    "NeedsPrecondition",
    "NotAcceptable",
    "NotAllowed",
    "Problem",
    "Refused",
    "Stale",
    "TooLarge",
    "TryLater",
    "Unauthenticated",
    "Unsupported",
]
