"""A library's web server on the loopback that can misbehave in every way that real ones do."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.annotation.conftest import p3_canvas

Answer = Callable[[BaseHTTPRequestHandler], None]


class Library(ThreadingHTTPServer):
    """Serves documents by path, with ETags; `misbehave` puts other answers before the right one."""

    daemon_threads = True

    def __init__(self) -> None:
        self.documents: dict[str, object] = {}
        self.spoilt: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.unchanged: list[str] = []
        self.closed_after: int | None = None
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str = "") -> str:
        return f"http://{self.host}/{path}"

    def misbehave(self, path: str, *answers: Answer) -> None:
        self.spoilt.setdefault(f"/{path}", []).extend(answers)

    def put(self, path: str, document: object) -> str:
        self.documents[f"/{path}"] = document
        return self.url(path)

    def manifest(self, name: str, pages: int = 1, **size: int) -> str:
        """Publish a small manifest with image services of this server; returns its address."""
        address = self.url(f"{name}.json")
        canvases = [p3_canvas(self.url(name), number, **size) for number in range(1, pages + 1)]
        for number in range(1, pages + 1):
            service = self.url(f"{name}/image/{number}")
            self.put(f"{name}/image/{number}/info.json", {"id": service, "width": 2000, "height": 2800})
        context = "http://iiif.io/api/presentation/3/context.json"
        document = {"@context": context, "id": address, "type": "Manifest", "label": {"en": [name]}}
        return self.put(f"{name}.json", {**document, "items": canvases})

    def collection(self, name: str, *members: str, **more: object) -> str:
        """Publish a collection; members that are addresses of collections (`c…`) are named as such."""
        items = [
            {"id": uri, "type": "Collection" if uri.rpartition("/")[2].startswith("c") else "Manifest",
             "label": {"en": [uri.rpartition("/")[2]]}}
            for uri in members
        ]  # fmt: skip
        context = "http://iiif.io/api/presentation/3/context.json"
        document = {"@context": context, "id": self.url(f"{name}.json"), "type": "Collection"}
        return self.put(f"{name}.json", {**document, "label": {"en": [name]}, "items": items, **more})


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer for `misbehave`."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"id": ')


WEB_PAGE = b"<!doctype html><html><head><title>Please sign in</title></head></html>"


class _Handler(BaseHTTPRequestHandler):
    server: Library

    def do_GET(self) -> None:
        library = self.server
        library.asked.append(self.path.lstrip("/"))
        if library.closed_after is not None and len(library.asked) > library.closed_after:
            self.close_connection = True
            self.connection.close()
            return
        waiting = library.spoilt.get(self.path)
        if waiting:
            waiting.pop(0)(self)
            return
        if self.path not in library.documents:
            says(404)(self)
            return
        body = json.dumps(library.documents[self.path]).encode()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            library.unchanged.append(self.path.lstrip("/"))
            says(304, ETag=etag)(self)
            return
        says(200, body, ETag=etag, Content_Type="application/json")(self)

    def log_message(self, *_args: Any) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a connection that this server has closed on purpose
            super().handle()


@contextmanager
def opened() -> Iterator[Library]:
    """The server, running."""
    server = Library()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
