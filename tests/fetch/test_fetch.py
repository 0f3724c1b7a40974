"""The guarded client against servers that move, drip, lie, explode and break off; all of them on loopback."""

import contextlib
import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache

import fetch as front
from fetch import BadStatus, Client, FetchError, HostBusy, HtmlInstead, NotJson
from fetch.politeness import InCache, InMemory, Politeness, own_wait_s, retry_after_s

JSON = "application/ld+json, application/json;q=0.9"


class Canary(ThreadingHTTPServer):
    """A server that answers by a script and remembers who came."""

    daemon_threads = True

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.script: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.authority}{path}"

    def says(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in headers:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.script[path] = answer


class _Handler(BaseHTTPRequestHandler):
    server: Canary

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        said = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, said, self.rfile.read(length)))
        with contextlib.suppress(OSError):  # the client may have had enough
            self.server.script[self.path](self)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def serving(server: Canary) -> Iterator[Canary]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def canary() -> Iterator[Canary]:
    with serving(Canary()) as server:
        yield server


@pytest.fixture
def other() -> Iterator[Canary]:
    with serving(Canary()) as server:
        yield server


@contextmanager
def raw(*pieces: bytes, pause_s: float = 0.0, hold_s: float = 0.0) -> Iterator[str]:
    """A socket that says these bytes to whoever connects first, whatever was asked; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                for piece in pieces:
                    connection.sendall(piece)
                    if pause_s and stop.wait(pause_s):
                        return
                stop.wait(hold_s)
        except OSError:
            pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.close()
        thread.join(5)


def client(*allowed: str, **replaced: Any) -> Client:
    settings: dict[str, Any] = {
        "user_agent": "Rubricator/0 (+https://example.org)",
        "politeness": InMemory(),
        "allowed_private": allowed,
        **replaced,
    }
    return Client(**settings)


def get(server: Canary | str, path: str = "/", **options: Any) -> front.Fetched:
    authority = server if isinstance(server, str) else server.authority
    options = {"accept": JSON, "max_bytes": 100_000, "timeout_s": 5.0, **options}
    return client(authority).fetch(f"http://{authority}{path}", **options)


def refusal(server: Canary | str, path: str = "/", **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(server, path, **options)
    assert str(caught.value).endswith(".")
    return caught.value


# --- what comes back ---------------------------------------------------------------------------------
def test_an_answer_says_what_it_is(canary: Canary) -> None:
    canary.says(
        "/m.json",
        body=b'\xef\xbb\xbf{"id": "x"}',
        Content_Type="application/ld+json; charset=utf-8",
        ETag='"v1"',
        Last_Modified="Tue, 01 Apr 2025 00:00:00 GMT",
    )
    fetched = get(canary, "/m.json")
    assert fetched.json() == {"id": "x"}
    assert (fetched.status, fetched.media_type, fetched.etag) == (200, "application/ld+json", '"v1"')
    assert fetched.last_modified == "Tue, 01 Apr 2025 00:00:00 GMT"
    assert fetched.url == canary.url("/m.json")


def test_we_say_who_we_are_and_never_more(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    canary.says("/", body=b"{}", Set_Cookie="a=b")
    get(canary)
    get(canary)
    for _method, _path, headers, _body in canary.seen:
        assert headers["user-agent"] == "Rubricator/0 (+https://example.org)"
        assert headers["host"] == canary.authority
        assert headers["accept"] == JSON
        assert not {"authorization", "cookie", "referer"} & set(headers)


def test_what_has_not_changed_is_not_sent_again(canary: Canary) -> None:
    canary.says("/", status=304)
    fetched = get(canary, etag='"v1"', if_modified_since="Tue, 01 Apr 2025 00:00:00 GMT")
    assert (fetched.status, fetched.body) == (304, b"")
    headers = canary.seen[0][2]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Tue, 01 Apr 2025 00:00:00 GMT"


def test_json_is_posted_and_the_answer_streamed(canary: Canary) -> None:
    def lines(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for line in (b'{"a":1}\n', b'{"b":2}\n'):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")

    canary.script["/predict"] = lines
    with client(canary.authority).stream(
        canary.url("/predict"),
        accept="application/x-ndjson",
        timeout_s=5,
        method="POST",
        json={"é": [1]},
        headers={"Authorization": "Bearer t"},
    ) as answer:
        assert b"".join(answer.chunks(max_bytes=1_000)) == b'{"a":1}\n{"b":2}\n'
    method, _path, headers, body = canary.seen[0]
    assert (method, headers["content-type"], headers["authorization"]) == (
        "POST",
        "application/json",
        "Bearer t",
    )
    assert json.loads(body) == {"é": [1]}


def test_a_large_body_is_posted_whole(canary: Canary) -> None:
    canary.says("/", body=b"{}")
    image = bytes(range(256)) * 4_000
    get(canary, method="POST", body=image, content_type="image/jpeg")
    assert canary.seen[0][3] == image
    assert canary.seen[0][2]["content-type"] == "image/jpeg"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil"},
        {"Content-Length": "3"},
        {"X": "a\r\nY: b"},
        {"X Y": "a"},
        {"X": "é"},
        {"X": ""},
        {"": "a"},
    ],
)
def test_a_header_that_would_change_the_request_is_refused(canary: Canary, headers: dict[str, str]) -> None:
    assert refusal(canary, headers=headers).code == "header-refused"
    assert canary.seen == []


def test_the_front_door_follows_the_settings(canary: Canary, settings: Any) -> None:
    canary.says("/", body=b'{"id": 1}')
    settings.RUBRICATOR_USER_AGENT = "Rubricator/9 (+https://example.org)"
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = []
    with pytest.raises(FetchError) as refused:
        front.fetch(canary.url())
    assert refused.value.code == "address-refused"
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = [canary.authority]
    assert front.fetch(canary.url()).json() == {"id": 1}
    with front.stream(canary.url(), accept="*/*", timeout_s=5) as answer:
        assert b"".join(answer.chunks(max_bytes=100)) == b'{"id": 1}'
    assert canary.seen[-1][2]["user-agent"] == "Rubricator/9 (+https://example.org)"


# --- statuses and redirects --------------------------------------------------------------------------
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_refusal_keeps_what_the_server_said(canary: Canary, status: int) -> None:
    canary.says("/", status=status, body=b'{"detail": "no such image"}')
    error = refusal(canary)
    assert isinstance(error, BadStatus)
    assert (error.status, error.retry) == (status, False)
    assert "no such image" in error.excerpt
    assert str(status) in str(error)
    assert len(canary.seen) == 1


def test_redirects_are_followed_to_the_end(canary: Canary, other: Canary) -> None:
    canary.says("/old", status=301, Location="/moved?x=1")
    canary.says("/moved?x=1", status=302, Location=other.url("/new"))
    other.says("/new", body=b"{}")
    found = client(canary.authority, other.authority).fetch(
        canary.url("/old"), accept=JSON, max_bytes=100, timeout_s=5, headers={"Authorization": "Bearer t"}
    )
    assert found.url == other.url("/new")
    assert [seen[2].get("authorization") for seen in canary.seen] == ["Bearer t", "Bearer t"]
    assert "authorization" not in other.seen[0][2]


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:{port}/secret", "address-refused"),
        ("//127.0.0.1:{port}/secret", "address-refused"),
        ("http://0x7f.1:{port}/secret", "address-refused"),
        ("http://[::ffff:127.0.0.1]:{port}/secret", "address-refused"),
        ("http://169.254.169.254/latest/meta-data/", "address-refused"),
        ("http://me:pw@127.0.0.1:{port}/secret", "credentials-in-url"),
        ("file:///etc/passwd", "scheme-refused"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme-refused"),
        ("http://[::1", "url-malformed"),
        ("http://127.0.0.1:22/", "port-refused"),
    ],
)
def test_a_redirect_to_the_inside_is_refused(canary: Canary, other: Canary, location: str, code: str) -> None:
    other.says("/secret", body=b"{}")
    canary.says("/", status=302, Location=location.format(port=other.server_port))
    assert refusal(canary).code == code
    assert other.seen == []


def test_a_ring_of_redirects_ends(canary: Canary) -> None:
    canary.says("/", status=302, Location="/")
    assert refusal(canary).code == "too-many-redirects"
    assert len(canary.seen) == 6


def test_a_post_is_not_sent_elsewhere(canary: Canary, other: Canary) -> None:
    canary.says("/", status=307, Location=other.url("/new"))
    error = refusal(canary, method="POST", json={})
    assert error.code == "redirect-refused"
    assert other.url("/new") in str(error)
    assert other.seen == []


# --- pinning -----------------------------------------------------------------------------------------
def test_a_name_is_resolved_once_and_the_checked_address_used(canary: Canary) -> None:
    """Rebinding: the second answer of the name server would lead inside, and is never asked for."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []
    connected: list[str] = []

    def look_up(host: str, _port: int, _timeout_s: float) -> list[str]:
        asked.append(host)
        return next(answers)

    def connect(address: str, _port: int, timeout_s: float) -> socket.socket:
        connected.append(address)
        return socket.create_connection(("127.0.0.1", canary.server_port), timeout_s)

    canary.says("/x", body=b"{}")
    rebound = client(look_up=look_up, connect=connect)
    url = f"http://rebind.example.org:{canary.server_port}/x"
    assert rebound.fetch(url, accept=JSON, max_bytes=100, timeout_s=5).json() == {}
    assert (asked, connected) == (["rebind.example.org"], ["93.184.216.34"])
    assert canary.seen[0][2]["host"] == f"rebind.example.org:{canary.server_port}"
    with pytest.raises(FetchError) as refused:
        rebound.fetch(url, accept=JSON, max_bytes=100, timeout_s=5)
    assert refused.value.code == "address-refused"
    assert len(connected) == 1


def test_every_hop_is_resolved_and_checked_anew(canary: Canary) -> None:
    names = {"a.example.org": ["93.184.216.34"], "b.example.org": ["10.0.0.7"]}
    canary.says("/", status=302, Location=f"http://b.example.org:{canary.server_port}/")
    with pytest.raises(FetchError) as refused:
        client(
            look_up=lambda host, *_: names[host],
            connect=lambda _a, _p, timeout_s: socket.create_connection(
                ("127.0.0.1", canary.server_port), timeout_s
            ),
        ).fetch(f"http://a.example.org:{canary.server_port}/", accept=JSON, max_bytes=100, timeout_s=5)
    assert refused.value.code == "address-refused"
    assert len(canary.seen) == 1


def test_the_next_address_is_tried_when_one_does_not_answer(canary: Canary) -> None:
    canary.says("/", body=b"{}")

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        if address != "8.8.8.8":
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", port), timeout_s)

    both = client(look_up=lambda *_: ["2a00:1450::1", "8.8.8.8"], connect=connect)
    assert (
        both.fetch(f"http://a.example.org:{canary.server_port}/", accept=JSON, max_bytes=9, timeout_s=5).body
        == b"{}"
    )


def test_a_name_that_nobody_knows(canary: Canary) -> None:
    def look_up(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FetchError) as unknown:
        client(look_up=look_up).fetch("https://galica.bnf.fr/", accept=JSON, max_bytes=9, timeout_s=5)
    assert unknown.value.code == "name-unknown"
    assert "galica.bnf.fr" in str(unknown.value)


def test_a_slow_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_args: object, **_options: object) -> list[object]:
        release.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(FetchError) as late:
        client().fetch("https://example.org/", accept=JSON, max_bytes=9, timeout_s=0.2)
    release.set()
    assert late.value.code == "timed-out"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        authority = f"127.0.0.1:{closed.getsockname()[1]}"
    assert refusal(authority).code == "unreachable"


# --- limits ------------------------------------------------------------------------------------------
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [HEAD + b"Content-Length: 1000\r\n\r\n", *[b"x"] * 200],  # a body that drips
        [HEAD, *[b"X: y\r\n"] * 200],  # headers that drip
        [*[bytes([letter]) for letter in HEAD * 10]],  # a status line that drips
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 200],
        [*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 200],
        [b""],  # says nothing at all
    ],
    ids=["body", "headers", "status", "chunks", "continue", "silence"],
)
def test_a_dripping_server_is_left_in_time(pieces: list[bytes]) -> None:
    begun = time.monotonic()
    with raw(*pieces, pause_s=0.05, hold_s=10) as authority:
        error = refusal(authority, timeout_s=0.4)
    assert error.code == "timed-out"
    assert error.retry
    assert time.monotonic() - begun < 5


def test_silence_after_the_tcp_connection_of_https() -> None:
    with raw(b"", hold_s=10) as authority, pytest.raises(FetchError) as late:
        client(authority).fetch(f"https://{authority}/", accept=JSON, max_bytes=9, timeout_s=0.3)
    assert late.value.code == "timed-out"


def test_an_announced_body_that_is_too_large_is_not_read(canary: Canary) -> None:
    canary.says("/", body=b"{}", Content_Length="5000000000")
    error = refusal(canary, max_bytes=1_000)
    assert error.code == "too-large"
    assert "1000" in str(error)


def test_an_unannounced_body_that_is_too_large_is_cut() -> None:
    with raw(HEAD + b"\r\n", *[b"x" * 10_000] * 20) as authority:
        assert refusal(authority, max_bytes=100_000).code == "too-large"
    with raw(HEAD + b"\r\n", *[b" " * 10_000] * 10) as authority:
        assert len(get(authority, max_bytes=100_000).body) == 100_000


@pytest.mark.parametrize("members", [1, 50])
def test_a_gzip_bomb_is_cut(canary: Canary, members: int) -> None:
    bomb = gzip.compress(b"\0" * (50_000_000 // members)) * members
    assert len(bomb) < 100_000
    canary.says("/", body=bomb, Content_Encoding="gzip")
    assert refusal(canary, max_bytes=100_000).code == "too-large"


def test_gzip_is_read_whole_in_one_or_several_members(canary: Canary) -> None:
    text = json.dumps({"a": ["ü" * 50_000]}).encode()
    half = len(text) // 2
    canary.says("/1", body=gzip.compress(text), Content_Encoding="gzip")
    canary.says(
        "/2",
        body=gzip.compress(text[:half]) + gzip.compress(text[half:]) + b"\0" * 9,
        Content_Encoding="x-gzip",
    )
    assert get(canary, "/1", max_bytes=1_000_000).body == get(canary, "/2", max_bytes=1_000_000).body == text


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (b"{}", "br", "encoding-refused"),
        (gzip.compress(gzip.compress(b"{}")), "gzip, gzip", "encoding-refused"),
        (b"{}", "gzip", "encoding-refused"),
        (gzip.compress(b"{}" * 1000)[:-9], "gzip", "truncated"),
    ],
    ids=["unknown", "twice", "not compressed", "cut off"],
)
def test_compression_that_cannot_be_read(canary: Canary, body: bytes, encoding: str, code: str) -> None:
    canary.says("/", body=body, Content_Encoding=encoding)
    assert refusal(canary).code == code


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ([HEAD + b"Content-Length: 10\r\n\r\n{}"], "truncated"),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"], "truncated"),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"], "truncated"),
        ([HEAD, *[b"X-%d: " % n + b"y" * 9_000 + b"\r\n" for n in range(20)]], "headers-too-large"),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" * 5_000], "headers-too-large"),
        ([HEAD, b"X: " + b"y" * 200_000], "headers-too-large"),
        ([HEAD, *[b"X: y\r\n"] * 150, b"\r\n"], "not-http"),
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "not-http"),
        ([b"HTTP/1.1 abc\r\n\r\n"], "not-http"),
        ([b""], "unreachable"),
    ],
)
def test_answers_that_are_none(pieces: list[bytes], code: str) -> None:
    with raw(*pieces) as authority:
        assert refusal(authority).code == code


# --- pages instead of data ---------------------------------------------------------------------------
PAGE = b"<!-- x -->\n<!DOCTYPE html><html><head><title>\n Please  log in </title></head></html>"


@pytest.mark.parametrize("label", ["text/html; charset=utf-8", "application/json", "application/ld+json", ""])
def test_a_page_that_claims_to_be_json_is_recognised(canary: Canary, label: str) -> None:
    canary.says("/", body=PAGE, Content_Type=label)
    error = refusal(canary)
    assert isinstance(error, HtmlInstead)
    assert "“Please log in”" in str(error)


def test_json_with_the_label_of_a_page_is_json(canary: Canary) -> None:
    canary.says("/", body=b'\n {"id": 1}', Content_Type="text/html")
    assert get(canary).json() == {"id": 1}


def test_a_page_in_place_of_an_image(canary: Canary) -> None:
    canary.says("/", body=b"<html>403</html>", Content_Type="image/jpeg")
    assert refusal(canary, accept="image/*").code == "html-instead"
    assert get(canary, accept="text/html").body == b"<html>403</html>"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'a': 1}", b"NaN", b"[" * 100_000, b"\xff\xfe{\0}\0", b'"\\ud800"']
)
def test_what_is_not_json_says_so(canary: Canary, body: bytes) -> None:
    canary.says("/", body=body, Content_Type="application/json")
    with pytest.raises(NotJson):
        get(canary, max_bytes=1_000_000).json()


def test_xml_in_place_of_json(canary: Canary) -> None:
    canary.says("/", body=b"<?xml version='1.0'?><error/>", Content_Type="application/json")
    with pytest.raises(HtmlInstead):
        get(canary).json()


# --- politeness --------------------------------------------------------------------------------------
class Clock:
    def __init__(self) -> None:
        self.time_s = 1_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time_s += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "cache"])
def manners(request: pytest.FixtureRequest, clock: Clock) -> Politeness:
    if request.param == "memory":
        return InMemory(places=2, now=clock.now)
    cache = LocMemCache(f"manners-{id(clock)}", {})
    cache.clear()
    return InCache(cache, places=2, now=clock.now)


def in_turn(canary: Canary, *statuses: int, **headers: str) -> None:
    """Answer with these statuses one after the other, the last for ever."""
    left = list(statuses)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        status = left.pop(0) if len(left) > 1 else left[0]
        handler.send_response(status)
        for name, value in headers.items() if status != 200 else ():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(b"{}")

    canary.script["/"] = answer


def polite(canary: Canary, manners: Politeness, clock: Clock) -> Client:
    return client(canary.authority, politeness=manners, sleep=clock.sleep, now=clock.now)


def test_a_busy_host_is_asked_again_when_it_wishes(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 429, 503, 200, Retry_After="7")
    found = polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert found.body == b"{}"
    assert clock.slept == pytest.approx([7, 7])


def test_without_a_wish_the_wait_doubles(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 503)
    with pytest.raises(HostBusy) as busy:
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert clock.slept == pytest.approx([1, 2])
    assert busy.value.retry_after_s == 4
    assert len(canary.seen) == 3


def test_a_long_wish_is_passed_on_and_holds_for_everybody(
    canary: Canary, manners: Politeness, clock: Clock
) -> None:
    in_turn(canary, 429, 200, Retry_After="3600")
    asking = polite(canary, manners, clock)
    for _ in range(2):
        with pytest.raises(HostBusy) as busy:
            asking.fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
        assert busy.value.retry_after_s == 3600
    assert len(canary.seen) == 1
    clock.time_s += 3600
    assert asking.fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30).body == b"{}"


def test_a_post_is_never_repeated(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 503, 200, Retry_After="1")
    with pytest.raises(HostBusy):
        polite(canary, manners, clock).fetch(
            canary.url(), accept=JSON, max_bytes=9, timeout_s=30, method="POST", json={}
        )
    assert len(canary.seen) == 1


def test_a_shaky_answer_is_asked_for_again_and_then_told(
    canary: Canary, manners: Politeness, clock: Clock
) -> None:
    in_turn(canary, 502)
    with pytest.raises(BadStatus) as failed:
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert failed.value.status == 502
    assert len(canary.seen) == 3


def test_places_are_few_and_come_back(manners: Politeness) -> None:
    first, second = manners.claim("h", lease_s=60), manners.claim("h", lease_s=60)
    assert None not in (first, second)
    assert first != second
    assert manners.claim("h", lease_s=60) is None
    assert manners.claim("other", lease_s=60) is not None
    manners.release("h", str(first))
    assert manners.claim("h", lease_s=60) is not None
    manners.release("h", str(first))  # twice is harmless
    assert manners.claim("h", lease_s=60) is None


def test_a_lost_place_frees_itself(clock: Clock) -> None:
    manners = InMemory(places=1, now=clock.now)
    assert manners.claim("h", lease_s=60)
    clock.time_s += 61
    assert manners.claim("h", lease_s=60)


def test_success_is_forgiveness(manners: Politeness) -> None:
    assert [manners.refused("h", retry_after_s=None) for _ in range(3)] == [1, 2, 4]
    manners.answered("h")
    assert manners.refused("h", retry_after_s=None) == 1
    assert own_wait_s(1_000) == 300


def test_every_place_is_given_back_whatever_happens(canary: Canary) -> None:
    manners = InMemory(places=1)
    asking = client(canary.authority, politeness=manners)
    canary.says("/404", status=404)
    canary.says("/302", status=302, Location="/302")
    canary.says("/big", body=b"x" * 1_000)
    canary.says("/html", body=PAGE)
    for path in ("/404", "/302", "/big", "/html", "/404"):
        with pytest.raises(FetchError):
            asking.fetch(canary.url(path), accept=JSON, max_bytes=100, timeout_s=5)
    assert manners.claim(canary.authority, lease_s=1) is not None


def test_a_full_house_is_waited_for(canary: Canary, clock: Clock) -> None:
    manners = InMemory(places=1, now=clock.now)
    canary.says("/", body=b"{}")
    manners.claim(canary.authority, lease_s=1.0)
    assert (
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30).body
        == b"{}"
    )
    assert sum(clock.slept) == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0),
        ("120", 120),
        ("999999999", 86_400),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, now=10.0) == seconds


# --- encryption --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for `iiif.example.org` alone, signed by itself."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is needed to make a certificate and is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem -out cert.pem"
    subprocess.run(
        [*command.split(), "-subj", "/CN=iiif.example.org", "-addext", "subjectAltName=DNS:iiif.example.org"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure(certificate: Path) -> Iterator[Canary]:
    server = Canary()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.says("/", body=b"{}")
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    with serving(server):
        yield server


def over_tls(server: Canary, host: str, context: Callable[[], ssl.SSLContext]) -> bytes:
    asking = client(
        look_up=lambda *_: ["93.184.216.34"],
        connect=lambda _a, port, timeout_s: socket.create_connection(("127.0.0.1", port), timeout_s),
        context=context,
    )
    return asking.fetch(f"https://{host}:{server.server_port}/", accept=JSON, max_bytes=9, timeout_s=5).body


def test_the_certificate_is_checked_against_the_name_not_the_pinned_address(
    secure: Canary, certificate: Path
) -> None:
    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=certificate / "cert.pem")

    assert over_tls(secure, "iiif.example.org", trusting) == b"{}"
    with pytest.raises(FetchError) as mismatch:
        over_tls(secure, "evil.example.org", trusting)
    assert mismatch.value.code == "tls-failed"


def test_an_unknown_authority_is_refused(secure: Canary) -> None:
    with pytest.raises(FetchError) as unknown:
        over_tls(secure, "iiif.example.org", Client.__dataclass_fields__["context"].default)
    assert unknown.value.code == "tls-failed"
    assert "self" in str(unknown.value)


def test_http_on_the_port_of_https(canary: Canary) -> None:
    with pytest.raises(FetchError) as failed:
        client(canary.authority).fetch(f"https://{canary.authority}/", accept=JSON, max_bytes=9, timeout_s=5)
    assert failed.value.code == "tls-failed"
