"""The one guarded way out to the network: every request that Rubricator makes passes here."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from fetch.client import Client, Fetched, Method, guarded
from fetch.errors import BadStatus, FetchError, HostBusy, HtmlInstead, NotJson, TooLarge
from fetch.transport import Answer

__all__ = [
    "Answer",
    "BadStatus",
    "Client",
    "FetchError",
    "Fetched",
    "HostBusy",
    "HtmlInstead",
    "NotJson",
    "TooLarge",
    "fetch",
    "stream",
]

MANIFEST = "application/ld+json, application/json;q=0.9"


def fetch(
    url: str,
    *,
    accept: str = MANIFEST,
    max_bytes: int = 50_000_000,
    timeout_s: float = 30.0,
    headers: Mapping[str, str] | None = None,
    method: Method = "GET",
    json: object = None,
    body: bytes | None = None,
    content_type: str | None = None,
    etag: str | None = None,
    if_modified_since: str | None = None,
    pause: Callable[[float], None] | None = None,
) -> Fetched:
    """The whole answer of `url`: status 2xx, or 304 (with an empty body) after `etag` or `if_modified_since`.

    `max_bytes` counts the wire and the decompressed body alike; `timeout_s` is wall time for everything:
    waiting for a turn, name, connection, redirects, slow bodies. A GET that meets a busy host (429, 503,
    `Retry-After`) is repeated while that fits into `timeout_s`; a POST is sent once and follows no redirect.
    `pause` spends the waits instead of sleeping: a job's writes heartbeats and can be stopped meanwhile.
    `headers` go to the first origin only. Raises a `FetchError`: `code`, a sentence, `retry`.
    """
    client = replace(guarded(), sleep=pause) if pause else guarded()
    return client.fetch(
        url,
        accept=accept,
        max_bytes=max_bytes,
        timeout_s=timeout_s,
        headers=headers,
        method=method,
        json=json,
        body=body,
        content_type=content_type,
        etag=etag,
        if_modified_since=if_modified_since,
    )


def stream(
    url: str,
    *,
    accept: str,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
    method: Method = "GET",
    json: object = None,
    body: bytes | None = None,
    content_type: str | None = None,
) -> AbstractContextManager[Answer]:
    """The same guard for a body read as it arrives: `with stream(…) as answer`, then `answer.chunks(…)`."""
    return guarded().stream(
        url,
        accept=accept,
        timeout_s=timeout_s,
        headers=headers,
        method=method,
        json=json,
        body=body,
        content_type=content_type,
    )
