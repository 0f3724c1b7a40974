"""Servers that the guarded client is tried on: by a script, or with raw bytes; all of them on loopback."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import fetch as front
from fetch import Client, FetchError
from fetch.politeness import InMemory

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
