"""Refusals with a reason: the one error shape of the house (RFC 9457, problem details)."""

from problems.problem import (
    Conflict,
    Invalid,
    Malformed,
    Missing,
    NeedsPrecondition,
    Problem,
    Refused,
    Stale,
    TooLarge,
    TryLater,
    Unauthenticated,
)

__all__ = [
    "Conflict",
    "Invalid",
    "Malformed",
    "Missing",
    "NeedsPrecondition",
    "Problem",
    "Refused",
    "Stale",
    "TooLarge",
    "TryLater",
    "Unauthenticated",
]
