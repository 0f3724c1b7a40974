"""Carries the talk between an adapter and its authority through the one way out, and keeps answers for an hour."""

import hashlib
import time
from collections.abc import Callable, Generator
from typing import TypeVar
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.core.cache import cache
from django.utils.text import slugify
from django.utils.translation import gettext as _

from fetch import FetchError, fetch
from problems import Invalid, TryLater
from taxonomy.authorities import AUTHORITIES, Authority, Request, Unusable, service

TIMEOUT_S = 8.0
KEPT_S = 3600
MAX_BYTES = 2_000_000
MOST_KEPT_BYTES = 200_000
FORM = "application/x-www-form-urlencoded"

Found = TypeVar("Found")


def authorities() -> dict[str, Authority]:
    """The authorities of this installation by name: those of the registry that are switched on, then its own."""
    known = {name: make() for name, make in AUTHORITIES.items() if name in settings.RUBRICATOR_AUTHORITIES}
    for label, address in settings.RUBRICATOR_RECONCILIATION.items():
        name = slugify(label)[:60] or "service"
        known[name] = service(name, label, address)
    return known


def authority_named(name: str) -> Authority:
    """One of them. Raises `Invalid`."""
    known = authorities()
    if name not in known:
        raise Invalid(
            _("No authority of this name can be asked from here; known are: %(names)s.")
            % {"names": ", ".join(known) or "–"},
            code="unknown-authority",
            pointer="/authority",
        )
    return known[name]


def held(
    talk: Generator[Request, object, Found],
    *,
    timeout_s: float,
    pause: Callable[[float], None] | None = None,
) -> Found:
    """Lead a talk to its end within `timeout_s`. Raises `FetchError` and `Unusable`.

    Answers are kept only when the adapter could use them.
    """
    end = time.monotonic() + timeout_s
    heard: dict[str, bytes] = {}
    try:
        request = next(talk)
        while True:
            request = talk.send(_answer(request, max(end - time.monotonic(), 0.1), heard, pause))
    except StopIteration as done:
        for key, body in heard.items():
            cache.set(key, body, timeout=KEPT_S)
        found: Found = done.value
        return found


def _answer(
    request: Request, left_s: float, heard: dict[str, bytes], pause: Callable[[float], None] | None
) -> object:
    key = _key(request)
    body = heard.get(key) or cache.get(key)
    if body is None:
        answer = fetch(
            request.url,
            accept="application/json",
            max_bytes=MAX_BYTES,
            timeout_s=left_s,
            headers={"Accept-Language": request.language},
            method="GET" if request.form is None and request.document is None else "POST",
            json=request.document,
            body=urlencode(request.form).encode() if request.form is not None else None,
            content_type=FORM if request.form is not None else None,
            pause=pause,
        )
        document: object = answer.json()
        if len(answer.body) <= MOST_KEPT_BYTES:
            heard[key] = orjson.dumps(document)
        return document
    return orjson.loads(body)


def _key(request: Request) -> str:
    said = repr((request.url, request.language, request.form, request.document))
    return f"look-up:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()}"


def sentence(authority: Authority, error: FetchError | Unusable) -> str:
    """What went wrong at an authority, for people."""
    if isinstance(error, FetchError):
        words, reason = _("%(authority)s could not be reached from here. %(reason)s"), str(error)
    elif error.reason:
        words, reason = _("%(authority)s could not answer: %(reason)s."), error.reason.rstrip(".")
    else:
        words, reason = (
            _("%(authority)s answered in a form that cannot be read here. Try again later."),
            "",
        )
    return words % {"authority": authority.label, "reason": reason}


def problem_at(authority: Authority, error: FetchError | Unusable) -> TryLater:
    """The same as a refusal: an authority that cannot be asked is no fault of who asks."""
    unusable = isinstance(error, Unusable)
    wait = str(error.facts.get("retry_after_s", "")) if isinstance(error, FetchError) else ""
    return TryLater(
        sentence(authority, error),
        code="authority-unreadable" if unusable else "authority-unreachable",
        headers={"Retry-After": wait} if wait else {},
    )
