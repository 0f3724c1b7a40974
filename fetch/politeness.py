"""How we behave as a guest: few requests at a time to one host, and waiting when it asks us to."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Protocol

from django.core.cache import BaseCache

REQUESTS_PER_HOST = 4
FIRST_WAIT_S = 1.0
LONGEST_OWN_WAIT_S = 300.0
LONGEST_ASKED_WAIT_S = 86_400.0


class Politeness(Protocol):
    """What all processes know together about each host (`host` or `host:port`)."""

    def wait_s(self, host: str) -> float:
        """Seconds until the host may be asked again; 0 when now."""

    def claim(self, host: str, *, lease_s: float) -> str | None:
        """A token for one of the host's places, held for at most `lease_s`; None when all are taken."""

    def release(self, host: str, token: str) -> None:
        """Give the place back."""

    def refused(self, host: str, *, retry_after_s: float | None) -> float:
        """Note that the host was busy; returns the seconds that everybody now waits."""

    def answered(self, host: str) -> None:
        """Note that the host is well: the next wait begins small again."""


def own_wait_s(strikes: int) -> float:
    """How long to wait after `strikes` refusals in a row that named no time: 1, 2, 4… at most 300 seconds."""
    return min(FIRST_WAIT_S * 2.0 ** min(strikes - 1, 20), LONGEST_OWN_WAIT_S)


def retry_after_s(value: str | None, *, now: float) -> float | None:
    """Seconds of a `Retry-After` header (RFC 9110 §10.2.3: seconds or a date); None when unreadable."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return min(float(value), LONGEST_ASKED_WAIT_S)
    try:
        seconds = parsedate_to_datetime(value).timestamp() - now
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_ASKED_WAIT_S)


@dataclass
class _Host:
    not_before: float = 0.0
    strikes: int = 0
    places: dict[str, float] = field(default_factory=dict)


class InMemory:
    """Politeness within one process; for tests and single commands."""

    def __init__(self, *, places: int = REQUESTS_PER_HOST, now: Callable[[], float] = time.time) -> None:
        self._places = places
        self._now = now
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def wait_s(self, host: str) -> float:
        with self._lock:
            return max(self._host(host).not_before - self._now(), 0.0)

    def claim(self, host: str, *, lease_s: float) -> str | None:
        with self._lock:
            now = self._now()
            places = self._host(host).places
            for token in [token for token, until in places.items() if until <= now]:
                del places[token]
            if len(places) >= self._places:
                return None
            token = secrets.token_hex(8)
            places[token] = now + lease_s
            return token

    def release(self, host: str, token: str) -> None:
        with self._lock:
            self._host(host).places.pop(token, None)

    def refused(self, host: str, *, retry_after_s: float | None) -> float:
        with self._lock:
            known = self._host(host)
            known.strikes += 1
            wait = own_wait_s(known.strikes) if retry_after_s is None else retry_after_s
            known.not_before = max(known.not_before, self._now() + wait)
            return wait

    def answered(self, host: str) -> None:
        with self._lock:
            self._host(host).strikes = 0


class InCache:
    """Politeness shared by all processes through Django's cache; every entry expires by itself."""

    def __init__(
        self, cache: BaseCache, *, places: int = REQUESTS_PER_HOST, now: Callable[[], float] = time.time
    ) -> None:
        self._cache = cache
        self._places = places
        self._now = now

    def wait_s(self, host: str) -> float:
        return max(float(self._cache.get(f"fetch:wait:{host}", 0.0)) - self._now(), 0.0)

    def claim(self, host: str, *, lease_s: float) -> str | None:
        token = secrets.token_hex(8)
        for place in range(self._places):
            # `add` is atomic: of several processes one gets the place. The expiry frees it after a crash.
            if self._cache.add(f"fetch:place:{host}:{place}", token, timeout=max(1, round(lease_s + 1))):
                return f"{place}:{token}"
        return None

    def release(self, host: str, token: str) -> None:
        place, _, mine = token.partition(":")
        key = f"fetch:place:{host}:{place}"
        if self._cache.get(key) == mine:
            self._cache.delete(key)

    def refused(self, host: str, *, retry_after_s: float | None) -> float:
        key = f"fetch:strikes:{host}"
        strikes = int(self._cache.get(key, 0)) + 1
        self._cache.set(key, strikes, timeout=2 * int(LONGEST_OWN_WAIT_S))
        wait = own_wait_s(strikes) if retry_after_s is None else retry_after_s
        until = max(self._now() + wait, float(self._cache.get(f"fetch:wait:{host}", 0.0)))
        self._cache.set(f"fetch:wait:{host}", until, timeout=max(1, round(until - self._now()) + 1))
        return wait

    def answered(self, host: str) -> None:
        # Reading first spares a write per request: hosts are seldom in disgrace.
        if self._cache.get(f"fetch:strikes:{host}") is not None:
            self._cache.delete(f"fetch:strikes:{host}")
