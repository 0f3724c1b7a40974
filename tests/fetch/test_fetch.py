"""What the guarded client sends and gives back: answers, statuses, redirects, pages that claim to be data."""

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import fetch as front
from fetch import BadStatus, FetchError, HtmlInstead, NotJson
from tests.fetch.servers import JSON, Canary, client, get, refusal


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
