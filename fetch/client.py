"""The guarded client: checks, pins, follows redirects hop by hop, waits its turn, and reads with limits."""

import functools
import json as json_module
import math
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.cache import cache

from fetch import errors, transport
from fetch.addresses import is_allowed, is_public
from fetch.destination import Destination, parse
from fetch.politeness import InCache, Politeness, retry_after_s

Method = Literal["GET", "POST"]

MAX_REDIRECTS = 5
ATTEMPTS = 3
FULL_HOUSE_PAUSE_S = 0.2
EXCERPT_BYTES = 2_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
SHAKY = frozenset({500, 502, 504})  # worth one more try, never for a POST
_RESERVED = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "content-type"}
    | {"transfer-encoding", "te", "trailer", "upgrade", "expect", "proxy-authorization", "proxy-connection"}
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?")
_HTML = re.compile(rb"\s*(<!--.*?-->\s*)?<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole answer: `url` is where it finally came from, header names are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    media_type: str
    etag: str | None
    last_modified: str | None

    def json(self) -> Any:
        """The body as JSON; raises `HtmlInstead` or `NotJson`."""
        text = self.body.removeprefix(b"\xef\xbb\xbf")
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            host = urlsplit(self.url).netloc
            if text.lstrip()[:1] == b"<":
                raise errors.HtmlInstead(host=host, title=_title(text)) from error
            raise errors.NotJson(host=host, reason=str(error)[:120]) from error


@dataclass(frozen=True, slots=True)
class _Call:
    method: Method
    accept: str
    headers: Mapping[str, str]
    body: bytes | None
    content_type: str | None

    def for_origin(self, *, same: bool) -> "_Call":
        """What may be said to the next hop: another origin never learns headers that the caller added."""
        return self if same else replace(self, headers={})


@dataclass(frozen=True)
class Client:
    """A way out with its rules; by the last fields tests stand in for the network and the clock."""

    user_agent: str
    politeness: Politeness
    allowed_private: tuple[str, ...] = ()
    look_up: transport.Lookup = transport.look_up
    connect: transport.Connect = transport.connect
    context: Callable[[], ssl.SSLContext] = transport.tls
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    def fetch(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        timeout_s: float,
        headers: Mapping[str, str] | None = None,
        method: Method = "GET",
        json: object = None,
        body: bytes | None = None,
        content_type: str | None = None,
        etag: str | None = None,
        if_modified_since: str | None = None,
    ) -> Fetched:
        """The whole answer of `url`; see `fetch.fetch`."""
        with self.stream(
            url,
            accept=accept,
            timeout_s=timeout_s,
            headers=headers,
            method=method,
            json=json,
            body=body,
            content_type=content_type,
            etag=etag,
            if_modified_since=if_modified_since,
        ) as answer:
            content = b"" if answer.status == 304 else b"".join(answer.chunks(max_bytes=max_bytes))
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        _refuse_html(answer.destination.authority, accept, media_type, content)
        return Fetched(
            url=answer.url,
            status=answer.status,
            headers=answer.headers,
            body=content,
            media_type=media_type,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
        )

    @contextmanager
    def stream(
        self,
        url: str,
        *,
        accept: str,
        timeout_s: float,
        headers: Mapping[str, str] | None = None,
        method: Method = "GET",
        json: object = None,
        body: bytes | None = None,
        content_type: str | None = None,
        etag: str | None = None,
        if_modified_since: str | None = None,
    ) -> Iterator[transport.Answer]:
        """An answer whose body is still to be read with `.chunks(max_bytes=…)`; see `fetch.stream`."""
        if json is not None:
            body = json_module.dumps(json, ensure_ascii=False, allow_nan=False).encode()
            content_type = content_type or "application/json"
        said = dict(headers or {})
        if etag:
            said["If-None-Match"] = etag
        if if_modified_since:
            said["If-Modified-Since"] = if_modified_since
        _check_headers({**said, "Accept": accept, "Content-Type": content_type or "-"})
        call = _Call(method, accept, said, body, content_type)
        deadline = transport.Deadline(timeout_s)
        with ExitStack() as held:
            yield self._follow(parse(url), call, deadline, held)

    def _follow(
        self, destination: Destination, call: _Call, deadline: transport.Deadline, held: ExitStack
    ) -> transport.Answer:
        """Ask, and go where redirects lead; what the final answer holds open is left in `held`."""
        for _hop in range(MAX_REDIRECTS + 1):
            answer = self._ask(destination, call, deadline, held)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                _check_status(answer)
                return answer
            held.close()
            target = destination.moved(location)
            if call.method == "POST":
                raise errors.RedirectRefused(host=destination.authority, target=target.url)
            call = call.for_origin(same=target.origin == destination.origin)
            destination = target
        raise errors.TooManyRedirects(host=destination.authority, limit=MAX_REDIRECTS)

    def _ask(
        self, destination: Destination, call: _Call, deadline: transport.Deadline, held: ExitStack
    ) -> transport.Answer:
        """One hop, asked again while the host is busy and there is time."""
        host = destination.authority
        for attempt in range(1, ATTEMPTS + 1):
            held.enter_context(self._turn(destination, deadline))
            answer = self._exchange(destination, call, deadline)
            held.callback(answer.close)
            if answer.status not in BUSY | SHAKY:
                self.politeness.answered(host)
                return answer
            if answer.status in SHAKY and (call.method == "POST" or attempt == ATTEMPTS):
                return answer
            asked = retry_after_s(answer.headers.get("retry-after"), now=self.now())
            held.close()
            wait = self.politeness.refused(host, retry_after_s=asked)
            if call.method == "POST" or attempt == ATTEMPTS:
                raise errors.HostBusy(host=host, retry_after_s=math.ceil(wait))
        raise AssertionError("the last attempt returns or raises")

    def _exchange(
        self, destination: Destination, call: _Call, deadline: transport.Deadline
    ) -> transport.Answer:
        headers = {
            "Host": destination.authority,
            "User-Agent": self.user_agent,
            "Accept": call.accept,
            "Accept-Encoding": "gzip",
            **call.headers,
            "Connection": "close",
        }
        if call.method == "POST":
            headers["Content-Length"] = str(len(call.body or b""))
            headers["Content-Type"] = call.content_type or "application/octet-stream"
        return transport.exchange(
            destination,
            self._addresses(destination, deadline),
            method=call.method,
            headers=headers,
            body=call.body if call.method == "POST" else None,
            deadline=deadline,
            connect=self.connect,
            context=self.context,
        )

    def _addresses(self, destination: Destination, deadline: transport.Deadline) -> list[str]:
        """The checked addresses of the host; one that may not be visited among them refuses them all.

        A mix of public and private addresses is how rebinding begins, never how a museum is reached.
        """
        host = destination.authority
        try:
            found = self.look_up(destination.host, destination.port, deadline.left_s())
        except TimeoutError as error:
            raise errors.TimedOut(host=host, timeout_s=deadline.timeout_s) from error
        except (OSError, UnicodeError) as error:
            raise errors.NameUnknown(host=host) from error
        if not found:
            raise errors.NameUnknown(host=host)
        if not is_allowed(destination.host, destination.port, self.allowed_private):
            for address in found:
                if not is_public(address):
                    raise errors.AddressRefused(host=host, address=address)
        return found

    @contextmanager
    def _turn(self, destination: Destination, deadline: transport.Deadline) -> Iterator[None]:
        """One of the host's places, once the host may be asked; `HostBusy` when that would take too long."""
        host = destination.authority
        while True:
            with transport.told(destination, deadline.timeout_s):
                left_s = deadline.left_s()
            wait = self.politeness.wait_s(host)
            token = None if wait > 0 else self.politeness.claim(host, lease_s=left_s)
            if token is not None:
                break
            pause = wait or FULL_HOUSE_PAUSE_S
            if pause >= left_s:
                raise errors.HostBusy(host=host, retry_after_s=math.ceil(pause))
            self.sleep(pause)
        try:
            yield
        finally:
            self.politeness.release(host, token)


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        ours = name in {"Accept", "Content-Type"}
        reserved = name.lower() in _RESERVED and not ours
        if reserved or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise errors.HeaderRefused(name=name[:60])


def _check_status(answer: transport.Answer) -> None:
    if 200 <= answer.status < 300 or answer.status == 304:
        return
    excerpt = b""
    try:
        for piece in answer.chunks(max_bytes=EXCERPT_BYTES):
            excerpt += piece
    except errors.FetchError:
        pass  # the status is the news; what came with it is a courtesy
    raise errors.BadStatus(
        host=answer.destination.authority,
        status=answer.status,
        reason=answer.reason or "-",
        excerpt=excerpt.decode("utf-8", "replace"),
    )


def _refuse_html(host: str, accept: str, media_type: str, body: bytes) -> None:
    """Refuse a web page where data was asked for; body before label, which servers often get wrong."""
    if "html" in accept or not body:
        return
    start = body.removeprefix(b"\xef\xbb\xbf")[:EXCERPT_BYTES]
    looks_json = "json" in accept and start.lstrip()[:1] in {b"{", b"["}
    labelled = media_type in {"text/html", "application/xhtml+xml"}
    if not looks_json and (labelled or _HTML.match(start)):
        raise errors.HtmlInstead(host=host, title=_title(body))


def _title(body: bytes) -> str:
    found = _TITLE.search(body[:20_000].decode("utf-8", "replace"))
    title = " ".join(found.group(1).split())[:100] if found else ""
    return f"“{title}”" if title else "…"


@functools.cache
def _client(user_agent: str, allowed: tuple[str, ...]) -> Client:
    return Client(user_agent=user_agent, politeness=InCache(cache), allowed_private=allowed)


def guarded() -> Client:
    """The client that the settings describe."""
    return _client(settings.RUBRICATOR_USER_AGENT, tuple(settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE))
