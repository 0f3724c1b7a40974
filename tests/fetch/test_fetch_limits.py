"""Servers that drip, swell, explode and break off are left in time."""

import gzip
import json
import time

import pytest

from fetch import FetchError
from tests.fetch.servers import JSON, Canary, client, get, raw, refusal

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
