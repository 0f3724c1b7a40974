"""Who is at a canvas just now: seats in the cache that free themselves, so nothing of it is ever in the database.

A seat lasts a few polls. What is lost with the cache comes back with the next poll; without a cache nobody is seen, and
everything else goes on.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from redis import RedisError

from accounts.models import User

SEATS = 24
# Longer than the slowest poll, and far less than a minute.
KEPT_S = 15


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at work: the number of their seat (from 0) is what sets them apart; `holds` is what they have picked."""

    seat: int
    client: str
    user_id: int
    name: str
    holds: UUID | None


def be_present(
    layer_id: UUID, canvas_id: UUID, *, person: User, client: UUID, holds: UUID | None
) -> Sequence[Present]:
    """Say that a window of the person's is open here, and hear who else is; two round trips to the cache.

    A window keeps its seat while it comes back in time. Where every seat is taken one is not seen, and sees the others.
    """
    keys = [f"presence:{layer_id}:{canvas_id}:{seat}" for seat in range(SEATS)]
    mine = {"client": str(client), "user": person.pk, "name": person.public_name, "holds": holds}
    with suppress(RedisError):
        taken: dict[str, Any] = cache.get_many(keys)
        _sit(keys, taken, mine)
        others = [(seat, taken[key]) for seat, key in enumerate(keys) if key in taken]
        return [
            Present(seat, one["client"], one["user"], one["name"], one["holds"])
            for seat, one in others
            if one["client"] != mine["client"]
        ]
    return []


def leave(layer_id: UUID, canvas_id: UUID, *, person: User, client: UUID) -> None:
    """Free the seat at once, when a window is closed; harmless to repeat, and without it the seat frees itself."""
    keys = [f"presence:{layer_id}:{canvas_id}:{seat}" for seat in range(SEATS)]
    with suppress(RedisError):
        for key, one in cache.get_many(keys).items():
            if one["client"] == str(client) and one["user"] == person.pk:
                cache.delete(key)


def _sit(keys: Sequence[str], taken: dict[str, Any], mine: dict[str, Any]) -> None:
    for key, one in taken.items():
        if one["client"] == mine["client"] and one["user"] == mine["user"]:
            cache.set(key, mine, KEPT_S)
            return
    for key in keys:
        if key not in taken and cache.add(key, mine, KEPT_S):
            return
