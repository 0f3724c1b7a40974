"""A name is resolved once, and what was checked is what is connected to."""

import socket
import threading

import pytest

from fetch import FetchError
from tests.fetch.servers import JSON, Canary, client, refusal


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
